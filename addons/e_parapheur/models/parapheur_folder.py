import secrets

from odoo import api, fields, models

from odoo.addons.gov_base.lib import text

#: Crockford base 32: nothing that is read for something else
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
STATES = [
    ("draft", "Draft"),
    ("running", "In circuit"),
    ("signed", "Every act done"),
    ("closing", "Being closed"),
    ("done", "Finished"),
    ("refused", "Refused"),
    ("cancelled", "Cancelled"),
]


class ParapheurFolder(models.Model):
    """A folder of the signature book: documents that circulate until they are closed."""

    _name = "parapheur.folder"
    _description = "Folder"
    _inherit = [
        "gov.gated",
        "gov.circuit.subject",
        "gov.form.owner",
        "gov.document.owner",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_name = "reference"
    _rec_names_search = ["reference", "title"]
    _check_company_auto = True
    # Who reads a folder may comment it.
    _mail_post_access = "read"

    reference = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self._default_reference(),
        help="Working reference of the folder; it is no register number.",
    )
    title = fields.Char(size=240, index="trigram")
    note = fields.Text(
        string="Message", help="What those who act should know. Not in the documents."
    )
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    nature_id = fields.Many2one(
        "parapheur.nature",
        required=True,
        check_company=True,
        ondelete="restrict",
        index=True,
        domain="[('is_offered', '=', True), ('company_id', '=', company_id)]",
    )
    nature_description = fields.Text(related="nature_id.description")
    is_restricted = fields.Boolean(
        string="Restricted",
        compute="_compute_is_restricted",
        store=True,
        readonly=True,
        help="Seen by the people of the circuit only, and by auditors.",
    )
    form_id = fields.Many2one(readonly=True)
    initiator_id = fields.Many2one(
        "res.users",
        string="Started by",
        required=True,
        readonly=True,
        index=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    unit_id = fields.Many2one(
        "hr.department",
        check_company=True,
        index="btree_not_null",
        default=lambda self: self._default_unit(),
    )
    deadline = fields.Date(copy=False, index="btree_not_null")
    language = fields.Selection(
        [("ar", "Arabic"), ("fr", "French"), ("en", "English")],
        string="Language of the blocks",
        required=True,
        default=lambda self: self._default_language(),
        help="Language of the signature blocks and of the seal on the documents.",
    )
    state = fields.Selection(
        STATES,
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    actor_ids = fields.Many2many(
        "res.users",
        "parapheur_folder_actor_rel",
        "folder_id",
        "user_id",
        string="Asked so far",
        readonly=True,
        copy=False,
        help="People whose turn has come: they read the folder from then on.",
    )
    piece_ids = fields.One2many("parapheur.piece", "folder_id", readonly=True)
    signature_ids = fields.One2many("parapheur.signature", "folder_id", readonly=True)
    submitted_at = fields.Datetime("Submitted on", readonly=True, copy=False)
    acted_at = fields.Datetime("Last act", readonly=True, copy=False)
    ended_at = fields.Datetime("Ended on", readonly=True, copy=False)
    end_reason = fields.Text("Reason", readonly=True, copy=False)
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")

    _reference_uniq = models.UniqueIndex("(company_id, reference)")
    _company_state_idx = models.Index("(company_id, state, id)")

    @api.model
    def _default_reference(self):
        """A working reference from randomness: no counter, nobody waits."""
        signs = "".join(secrets.choice(ALPHABET) for _position in range(7))
        return f"PF-{fields.Date.today().year}-{signs}"

    @api.model
    def _default_unit(self):
        units = self.env["gov.access"]._units(
            self.env.user, roles=["member", "head"], company=self.env.company
        )
        return self._own_unit(units)

    @api.model
    def _own_unit(self, units):
        """Of the units of a person, the one he works in: the highest that he heads."""
        return units.sorted(lambda unit: (unit.parent_path or "").count("/"))[:1]

    @api.model
    def _default_language(self):
        code = (self.env.lang or "fr")[:2]
        return code if code in ("ar", "fr", "en") else "fr"

    @api.depends("reference")
    def _compute_display_name(self):
        for folder in self:
            folder.display_name = folder.reference

    @api.depends("deadline", "state")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for folder in self:
            folder.is_late = bool(
                folder.state == "running"
                and folder.deadline
                and folder.deadline < today
            )

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = fields.Domain("state", "=", "running") & fields.Domain(
            "deadline", "<", fields.Date.context_today(self)
        )
        return late if True in value else ~late

    @api.onchange("nature_id")
    def _onchange_nature_id(self):
        self.form_id = self.nature_id.form_id._current()

    @api.onchange("company_id")
    def _onchange_company_id(self):
        if self.nature_id.company_id != self.company_id:
            self.nature_id = False
        if self.unit_id.company_id != self.company_id:
            self.unit_id = self.with_company(self.company_id)._default_unit()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._clean_vals(vals)
            self._check_protected(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._clean_vals(vals)
        self._check_protected(vals)
        return super().write(vals)

    @api.model
    def _clean_vals(self, vals):
        if vals.get("title"):
            vals["title"] = text.clean_line(vals["title"]) or False
        if vals.get("note"):
            vals["note"] = text.clean_block(vals["note"]) or False
        if not self._gate_is_open():
            # Nobody chooses another form than the one of the nature, or none.
            vals.pop("form_id", None)
        if "nature_id" in vals:
            nature = self.env["parapheur.nature"].browse(vals["nature_id"])
            vals["form_id"] = nature.form_id._current().id

    def action_open_desk(self):
        """Open this folder at the signatory's desk.

        :return: client action
        """
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "e_parapheur.parapheur_desk_action"
        )
        return {**action, "context": {"active_folder_id": self.id}}
