from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..lib.text import clean_line

STATES = [
    ("draft", "Being prepared"),
    ("published", "In use"),
    ("retired", "Withdrawn"),
]
MAX_NAME = 120


class GovForm(models.Model):
    """A form that an administration designs: the fields of its own that a letter or a folder carries.

    A form that is in use never changes: what was filled in must always be read with the questions that were asked. A
    change is a new version of the same lineage (`base_id`).
    """

    _name = "gov.form"
    _description = "Form"
    _inherit = ["gov.remembered"]
    _order = "name, version desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.company,
    )
    base_id = fields.Many2one(
        "gov.form",
        string="First version",
        readonly=True,
        copy=False,
        index=True,
        ondelete="cascade",
        check_company=True,
        help="All versions of a form have the same first version.",
    )
    version = fields.Integer(default=1, readonly=True, copy=False, required=True)
    state = fields.Selection(
        STATES, default="draft", required=True, readonly=True, copy=False, index=True
    )
    description = fields.Text(
        translate=True, help="What the form is for. Only its designers see it."
    )
    field_ids = fields.One2many("gov.form.field", "form_id", string="Fields", copy=True)
    field_count = fields.Integer("Number of fields", compute="_compute_field_count")
    version_ids = fields.One2many(
        "gov.form", compute="_compute_version_ids", string="Other versions"
    )
    preview_values = fields.Json(
        "Preview", compute="_compute_preview_values", readonly=False
    )

    _version_uniq = models.Constraint(
        "UNIQUE(base_id, version)", "This version of the form exists already."
    )
    _published_uniq = models.UniqueIndex(
        "(base_id) WHERE state = 'published'",
        "Another version of this form is in use: withdraw it first.",
    )
    _draft_uniq = models.UniqueIndex(
        "(base_id) WHERE state = 'draft'",
        "A new version of this form is being prepared already: open that one.",
    )

    @api.depends("name", "version")
    def _compute_display_name(self):
        for form in self:
            form.display_name = form.name
            if form.version > 1:
                form.display_name = self.env._(
                    "%(form)s (version %(number)s)",
                    form=form.name,
                    number=form.version,
                )

    @api.depends("field_ids")
    def _compute_field_count(self):
        counted = dict(
            self.env["gov.form.field"]._read_group(
                [("form_id", "in", self.ids)], ["form_id"], ["__count"]
            )
        )
        for form in self:
            form.field_count = counted.get(form._origin, 0)

    def _compute_version_ids(self):
        lineages = self.search([("base_id", "in", self.base_id.ids)]).grouped("base_id")
        for form in self:
            others = lineages.get(form.base_id, self.browse()) - form._origin
            form.version_ids = others

    def _compute_preview_values(self):
        self.preview_values = False

    @api.model_create_multi
    def create(self, vals_list):
        forms = super().create([self._clean_vals(vals) for vals in vals_list])
        for form in forms.filtered(lambda form: not form.base_id):
            form._gated().base_id = form
        return forms

    def copy_data(self, default=None):
        """A copy is another form, with the same questions."""
        copies = super().copy_data(default)
        for form, vals in zip(self, copies, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%(form)s (copy)", form=form.name)
        return copies

    @api.model
    def _clean_vals(self, vals):
        if "name" not in vals:
            return vals
        name = clean_line(vals["name"], MAX_NAME)
        if not name:
            raise ValidationError(self.env._("The form has no name: give it one."))
        return {**vals, "name": name}

    @api.readonly
    def get_definition(self):
        """Return what is needed to show or fill in the form, in the user's language.

        :return: ``{"id", "name", "version", "state", "fields": [{"key", "label", "help", "type", "required",
            "options": [{"value", "label"}]}]}``; ``type`` is one of text, long_text, integer, amount, date, boolean,
            choice, choices
        :rtype: dict
        :raise AccessError: the user may not read this form
        """
        self.ensure_one()
        self.check_access("read")
        return self._definition()

    def _definition(self):
        """As :meth:`get_definition`, for code that has decided who may see the form (a public page)."""
        self.ensure_one()
        # A copy: what the process remembers is nobody's to change.
        remembered = self._remembered_definition(self.id, self.env.lang or "en_US")
        return {
            **remembered,
            "fields": [
                {**field, "options": [dict(option) for option in field["options"]]}
                for field in remembered["fields"]
            ],
        }

    @api.model
    @tools.ormcache("form_id", "lang")
    def _remembered_definition(self, form_id, lang):
        # Kept for everybody: who may see a form is decided by the callers.
        form_sudo = self.sudo().with_context(lang=lang).browse(form_id)
        return {
            "id": form_id,
            "name": form_sudo.name,
            "version": form_sudo.version,
            "state": form_sudo.state,
            "fields": [field._definition() for field in form_sudo.field_ids],
        }

    def _current(self):
        """The version in use of each form of these lineages; a form that is withdrawn has none.

        What refers to a form for things to come (a category, a nature) may point to any version and asks this one.
        """
        return self.search(
            [("base_id", "in", self.base_id.ids), ("state", "=", "published")]
        )
