from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import text

STATES = [
    ("draft", "Being prepared"),
    ("published", "In use"),
    ("retired", "Withdrawn"),
]
LOCKS = [
    ("none", "Nothing: it may be changed, and the difference is shown"),
    ("fields", "The values that are ticked above"),
    ("record", "The whole record"),
]


class ParapheurSource(models.Model):
    """“Send to the signature book” on the records of a model: set up by picking, without a line of code.

    A version that is in use never changes: folders that were made with it are written back, locked and compared as it
    says. A change is a new version of the same lineage (``origin_id``).
    """

    _name = "parapheur.source"
    _description = "Sending from a record"
    _inherit = ["gov.versioned", "gov.document.owner"]
    _order = "name, version desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        translate=True,
        help="What people choose when they press “Send to the signature book”.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    state = fields.Selection(
        STATES, default="draft", required=True, readonly=True, copy=False, index=True
    )
    version = fields.Integer(default=1, readonly=True, copy=False, required=True)
    origin_id = fields.Many2one(
        "parapheur.source",
        "First version",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    published_at = fields.Datetime("In use since", readonly=True, copy=False)
    model = fields.Selection(
        "_selection_model",
        string="Records",
        required=True,
        index=True,
        help="The kind of record that gets the button.",
    )
    nature_id = fields.Many2one(
        "parapheur.nature",
        required=True,
        check_company=True,
        ondelete="restrict",
        help="What kind of act it becomes: circuit, form, retention.",
    )
    form_id = fields.Many2one(related="nature_id.form_id")
    title = fields.Char(
        "Title of the folder",
        help="Values may stand in it, written {{ value }}. Empty: the name and the record.",
    )
    lang = fields.Selection(
        "_selection_lang",
        string="Language",
        required=True,
        default=lambda self: self._default_lang(),
        help="The language in which values, dates and numbers are written.",
    )
    unit_path = fields.Char(
        "Unit of the folder", help="Empty: the unit of whoever sends it."
    )
    field_ids = fields.One2many(
        "parapheur.source.field", "source_id", string="Values", copy=True
    )
    lock = fields.Selection(
        LOCKS,
        "Locked while in signature",
        required=True,
        default="fields",
        help="From the submission of the folder until it is finished, refused or stopped.",
    )
    back_ids = fields.One2many(
        "parapheur.source.back", "source_id", string="Written back", copy=True
    )
    attach_signed = fields.Boolean(
        "Attach the signed file",
        default=True,
        help="Whoever reads the record then reads the signed file.",
    )
    can_publish = fields.Boolean(compute="_compute_can")
    can_retire = fields.Boolean(compute="_compute_can")
    folder_count = fields.Integer(compute="_compute_folder_count", string="Folders")

    _one_published = models.UniqueIndex(
        "(COALESCE(origin_id, id)) WHERE state = 'published'",
        "Another version of this sending is in use: only one can be.",
    )
    _one_draft = models.UniqueIndex(
        "(COALESCE(origin_id, id)) WHERE state = 'draft'",
        "This sending already has a version in preparation: open that one.",
    )

    @api.model
    def _selection_lang(self):
        return self.env["res.lang"].get_installed()

    @api.model
    def _default_lang(self):
        codes = [code for code, _name in self._selection_lang()]
        return self.env.lang if self.env.lang in codes else codes[0]

    @api.depends("state")
    def _compute_can(self):
        for source in self:
            source.can_publish = not source._transition_refusal("published")
            source.can_retire = not source._transition_refusal("retired")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_folder_count(self):
        counts = {}
        folders = self.env["parapheur.folder"]
        if folders.has_access("read"):
            counts = dict(
                folders._read_group(
                    [("source_id", "in", self.ids)], ["source_id"], ["__count"]
                )
            )
        for source in self:
            source.folder_count = counts.get(source._origin, 0)

    @api.depends("name", "version")
    def _compute_display_name(self):
        for source in self:
            source.display_name = source.name
            if source.version > 1:
                source.display_name = self.env._(
                    "%(name)s (version %(number)s)",
                    name=source.name,
                    number=source.version,
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self.browse()._check_protected(vals)
        # Defaults may come by RPC: it begins as a draft, whatever they say.
        first = {
            "state": "draft",
            "version": 1,
            "origin_id": False,
            "published_at": False,
            "docx_id": False,
        }
        sources = super().create(
            [{**first, **self._clean_vals(vals)} for vals in vals_list]
        )
        sources._check_picked()
        return sources

    def write(self, vals):
        self._check_protected(vals)
        result = super().write(self._clean_vals(vals))
        if "company_id" in vals:
            # rules are checked before a change: nobody hands it to a company he may not change
            self.check_access("write")
        if {"model", "unit_path", "title", "field_ids", "nature_id"} & vals.keys():
            self._check_picked()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if self.filtered(lambda source: source.state != "draft"):
            raise UserError(
                self.env._(
                    "A sending that was in use is never deleted: folders refer to it. Use "
                    "“Withdraw”."
                )
            )

    @api.model
    def _clean_vals(self, vals):
        cleaned = dict(vals)
        for name, limit in (("name", 120), ("title", 240)):
            if vals.get(name):
                cleaned[name] = text.clean_line(vals[name], limit) or False
        return cleaned
