from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.gov_base.lib import text

from .parapheur_nature_version import GATE, SETTINGS


class ParapheurNature(models.Model):
    """A type of act. Its name stays; its settings are published as versions.

    A folder keeps the version it was submitted with, so that changing a nature never moves
    what is under way. The settings that are shown here are those of the version in use; who
    writes one of them publishes the next version.
    """

    _name = "parapheur.nature"
    _description = "Nature of act"
    _inherit = ["gov.gated"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    description = fields.Text(
        string="When to use it",
        translate=True,
        help="Shown to whoever starts a folder of this nature.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    version_id = fields.Many2one(
        "parapheur.nature.version",
        string="Version in use",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    version_ids = fields.One2many(
        "parapheur.nature.version", "nature_id", string="Versions", readonly=True
    )
    draft_id = fields.Many2one(
        "parapheur.nature.version",
        string="Version in preparation",
        compute="_compute_draft_id",
    )
    is_offered = fields.Boolean(
        "Offered to me", compute="_compute_is_offered", search="_search_is_offered"
    )
    folder_count = fields.Integer(compute="_compute_folder_count", string="Folders")

    # ------------------------------------------------------------------
    # Settings of the version in use
    # ------------------------------------------------------------------
    circuit_id = fields.Many2one(related="version_id.circuit_id")
    creation_circuit_id = fields.Many2one(related="version_id.creation_circuit_id")
    form_id = fields.Many2one(related="version_id.form_id")
    amount_field_id = fields.Many2one(related="version_id.amount_field_id")
    confidentiality = fields.Selection(related="version_id.confidentiality")
    retention_years = fields.Integer(related="version_id.retention_years")
    not_eligible = fields.Boolean(related="version_id.not_eligible")
    not_eligible_reason = fields.Char(related="version_id.not_eligible_reason")
    level_min = fields.Selection(related="version_id.level_min")
    level_max = fields.Selection(related="version_id.level_max")
    reauth = fields.Selection(related="version_id.reauth")
    reauth_visa = fields.Selection(related="version_id.reauth_visa")
    timestamp_rule = fields.Selection(related="version_id.timestamp_rule")
    act_nature_id = fields.Many2one(related="version_id.act_nature_id")
    unit_ids = fields.Many2many(related="version_id.unit_ids")

    @api.depends("version_ids.state")
    def _compute_draft_id(self):
        for nature in self:
            nature.draft_id = nature.version_ids.filtered(
                lambda version: version.state == "draft"
            )[:1]

    @api.depends("version_id", "active")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_offered(self):
        offered = self.search(Domain("id", "in", self.ids) & self._offered_domain())
        for nature in self:
            nature.is_offered = nature in offered

    @api.model
    def _search_is_offered(self, operator, value):
        if operator != "in":
            return NotImplemented
        offered = self._offered_domain()
        return offered if True in value else ~offered

    @api.model
    def _offered_domain(self):
        """Natures in use that the user's units may use."""
        units = self.env["gov.access"]._units(self.env.user, own=True)
        # Units may be hidden from who works in them; only their places are compared.
        paths = units.sudo().mapped("parent_path")
        above = {
            int(part) for path in paths for part in (path or "").split("/") if part
        }
        return Domain("version_id", "!=", False) & (
            Domain("version_id.unit_ids", "=", False)
            | Domain("version_id.unit_ids", "in", list(above))
        )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_folder_count(self):
        folders = self.env["parapheur.folder"]
        counts = {}
        if folders.has_access("read"):
            counts = dict(
                folders._read_group(
                    [("nature_id", "in", self.ids)], ["nature_id"], ["__count"]
                )
            )
        for nature in self:
            nature.folder_count = counts.get(nature, 0)

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model
    def _gated_names(self):
        return super()._gated_names() | {"version_id", "version_ids"}

    @api.model_create_multi
    def create(self, vals_list):
        plain, settings = [], []
        for vals in vals_list:
            self._check_protected(vals)
            kept, taken = self._split(vals)
            plain.append(self._clean_vals(kept))
            settings.append(taken)
        natures = super().create(plain)
        for nature, taken in zip(natures, settings, strict=True):
            version = nature.version_ids.create({**taken, "nature_id": nature.id})
            # Whoever names the circuit at once has said what is needed to begin.
            if taken.get("circuit_id") and not self.env.context.get("nature_draft"):
                version.action_publish()
        return natures

    def write(self, vals):
        self._check_protected(vals)
        kept, taken = self._split(vals)
        result = super().write(self._clean_vals(kept)) if kept or not taken else True
        if "company_id" in kept:
            # Rules are checked before a change: nobody hands a nature to another company.
            self.check_access("write")
            self.version_ids._check_company()
            self.version_ids.way_ids._check_company()
        if taken:
            self.check_access("write")
            for nature in self:
                nature._change_settings(taken)
        return result

    def copy_data(self, default=None):
        copies = super().copy_data(default)
        for nature, vals in zip(self, copies, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%(name)s (copy)", name=nature.name)
            source = nature._latest()
            settings = source.copy_data()[0] if source else {}
            for name in SETTINGS:
                if name in settings:
                    vals.setdefault(name, settings[name])
        return copies

    def copy(self, default=None):
        """Copy natures.

        A bare copy is prepared first, and offered to nobody until it is published; one that is
        given settings of its own has them published, as a nature that is created with them.
        """
        draft = not SETTINGS & set(default or ())
        return super(ParapheurNature, self.with_context(nature_draft=draft)).copy(
            default
        )

    @api.model
    def _split(self, vals):
        """What belongs to the nature itself, and what to its version."""
        kept = {name: vals[name] for name in vals if name not in SETTINGS}
        return kept, {name: vals[name] for name in vals if name in SETTINGS}

    @api.model
    def _clean_vals(self, vals):
        if vals.get("name"):
            vals["name"] = text.clean_line(vals["name"]) or False
        if vals.get("description"):
            vals["description"] = text.clean_block(vals["description"]) or False
        return vals

    @api.model
    def _check_protected(self, vals):
        if self._gated_names() & vals.keys() and (
            self.env.context.get("nature_gate") is not GATE
        ):
            raise AccessError(
                self.env._(
                    "Versions of a nature change only with their buttons: New version, "
                    "Publish, Retire."
                )
            )

    def _change_settings(self, settings):
        """Change the version in preparation, or publish one more with these settings.

        :raise UserError: a next version is being prepared beside the one in use
        """
        self.ensure_one()
        if self.version_id and self.draft_id:
            raise UserError(
                self.env._(
                    "Version %(number)s of “%(nature)s” is being prepared: change that one, "
                    "and publish it.",
                    number=self.draft_id.number,
                    nature=self.name,
                )
            )
        version = self.draft_id or self._next_version()
        version.write(settings)
        if version.number > 1:
            version.action_publish()

    def _latest(self):
        """The version in use, else the last one."""
        return self.version_id or self.version_ids.sorted("number")[-1:]

    def _next_version(self):
        """The draft of the next version: the one there is, or a copy of the version in use."""
        self.ensure_one()
        if self.draft_id:
            return self.draft_id
        source = self._latest()
        if not source:
            return self.version_ids.create({"nature_id": self.id})
        return source.copy({"nature_id": self.id})

    # ------------------------------------------------------------------
    # Use
    # ------------------------------------------------------------------
    def _published(self):
        """The version that new folders follow.

        :raise UserError: none is published
        """
        self.ensure_one()
        if not self.version_id:
            raise UserError(
                self.env._(
                    "No version of the nature “%(nature)s” is published: choose another "
                    "nature, or ask a functional administrator to publish it.",
                    nature=self.name,
                )
            )
        return self.version_id

    def action_new_version(self):
        """Prepare the next version of the settings, or open the one being prepared.

        :return: window action on that version
        :raise AccessError: not a functional administrator of this administration
        """
        self.ensure_one()
        self.check_access("write")
        return self._next_version()._action_open()

    def action_duplicate(self):
        """Make another nature with the same settings, to be changed and published.

        :return: window action on the new nature
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.copy().id,
            "views": [(False, "form")],
        }

    def action_open_folders(self):
        """Open the folders of this nature that the user may see.

        :return: window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "e_parapheur.parapheur_folder_action"
        )
        return {**action, "domain": [("nature_id", "=", self.id)], "context": {}}
