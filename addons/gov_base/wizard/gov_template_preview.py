import base64

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class GovTemplatePreview(models.TransientModel):
    """A template typeset, on sample values or on a real record that the user may read."""

    _name = "gov.template.preview"
    _description = "Preview of a template"

    template_id = fields.Many2one("gov.template", readonly=True, ondelete="cascade")
    letterhead_id = fields.Many2one("gov.letterhead", readonly=True, ondelete="cascade")
    template_kind = fields.Selection(related="template_id.kind")
    record_ref = fields.Reference(
        "_selection_models",
        string="Fill in with",
        help="A real record that you may read. Empty: sample values.",
    )
    has_models = fields.Boolean(compute="_compute_has_models")
    pdf = fields.Binary("Page", compute="_compute_pdf", attachment=False)
    notice = fields.Char(compute="_compute_pdf")
    missing = fields.Char("Without value", compute="_compute_pdf")

    @api.model
    def _selection_models(self):
        kind = self.env.context.get("template_kind")
        templates = self.env["gov.template"]
        kinds = [kind] if kind else list(dict(templates._fields["kind"].selection))
        names = dict.fromkeys(
            name for one in kinds for name in templates._merge_models(one)
        )
        return [(name, self.env["ir.model"]._get(name).display_name) for name in names]

    @api.depends("template_id")
    def _compute_has_models(self):
        for preview in self:
            kind = preview.template_id.kind
            preview.has_models = bool(
                kind and self.env["gov.template"]._merge_models(kind)
            )

    # Not of ``record_ref``: the reader fetches the page of what is saved, `action_refresh` saves it.
    @api.depends("template_id", "letterhead_id")
    def _compute_pdf(self):
        for preview in self:
            preview.pdf = preview.notice = preview.missing = False
            try:
                content = preview._page()
            except (UserError, AccessError) as error:
                preview.notice = error.args[0]
                continue
            preview.pdf = base64.b64encode(content)
            preview.missing = preview._missing()

    @api.model
    def _open(self, vals):
        return self.create(vals).action_refresh()

    def action_refresh(self):
        """Set the page, with the record that is chosen.

        :return: the action that shows it
        :raise AccessError: the preview is that of somebody else
        """
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"template_kind": self.template_id.kind},
        }

    def _page(self):
        """The page as a PDF file."""
        template = self.template_id
        if template:
            template.check_access("read")
            return self._template_page(template)
        letterhead = self.letterhead_id
        letterhead.check_access("read")
        company = letterhead.company_id
        return self.env["gov.template"]._typeset_page(
            letterhead,
            company,
            Markup('<div class="words"><p>…</p></div>'),
            self.env.lang or "en_US",
            letterhead.name,
        )

    def _template_page(self, template):
        if refusal := template._merge_refusal():
            raise UserError(refusal)
        record = self.record_ref
        if record:
            self._check_record(record, template)
            return record._template_pdf(template)
        values = template._samples(template.lang)
        other = template.second_lang
        second = template._samples(other) if other else None
        subject, body = template._merge(values, second)
        page = Markup('<p class="subject"><b>%s</b></p><div class="words">%s</div>%s')
        return template._typeset(
            template.company_id or self.env.company,
            page % (subject, body, template._room(values)),
        )

    def _check_record(self, record, template):
        if record._name not in self.env["gov.template"]._merge_models(template.kind):
            raise UserError(
                self.env._("This kind of template is not filled in with such a record.")
            )
        record._template_check()
        company = record._template_company()
        if template.company_id and company != template.company_id:
            raise UserError(
                self.env._(
                    "This record is one of another administration: choose one of %(company)s.",
                    company=template.company_id.gov_name or template.company_id.name,
                )
            )

    def _missing(self):
        """Labels of the merge fields that gave nothing, or False."""
        template, record = self.template_id, self.record_ref
        if not template or not record:
            return False
        values, _second = template._values_for(record)
        labels = template._merge_keys(template.kind)
        return (
            ", ".join(labels[key] for key in template._merge_missing(values)) or False
        )
