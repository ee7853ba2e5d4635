from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import html2plaintext

from ..lib import compare


class GovTemplateVersion(models.Model):
    """A text that a template had: what was sent last year can be looked up, and put back."""

    _name = "gov.template.version"
    _description = "Version of a template"
    _order = "template_id, number desc"
    _log_access = False

    template_id = fields.Many2one(
        "gov.template", required=True, index=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="template_id.company_id", store=True, precompute=True, index=True
    )
    number = fields.Integer(required=True, readonly=True)
    subject = fields.Char(readonly=True)
    body = fields.Html("Text", readonly=True, sanitize_style=False)
    blocks = fields.Json("Document", readonly=True)
    second_lang = fields.Char("Other language", readonly=True)
    changes = fields.Html(
        "Compared with the one before", compute="_compute_changes", sanitize=False
    )
    author_id = fields.Many2one(
        "res.users", string="Account", readonly=True, ondelete="set null"
    )
    author_name = fields.Char("Author", readonly=True)
    date = fields.Datetime("Saved at", readonly=True)
    is_current = fields.Boolean(compute="_compute_is_current")

    _number_uniq = models.Constraint(
        "UNIQUE(template_id, number)", "This version of the template exists already."
    )

    @api.depends("number", "template_id.version")
    def _compute_is_current(self):
        for version in self:
            version.is_current = version.number == version.template_id.version

    def _compute_changes(self):
        for version in self:
            before = version.template_id.version_ids.filtered(
                lambda other, version=version: other.number == version.number - 1
            )
            version.changes = Markup(
                '<div class="o_gov_compared" dir="auto">%s</div>'
            ) % (
                compare.compared(
                    before._outline() if before else "", version._outline()
                )
            )

    def _outline(self):
        """This version as lines of text, its blocks named, for a comparison."""
        self.ensure_one()
        lines = [self.subject or ""]
        for mark, html in self.template_id._outline(self._document()["blocks"]):
            lines += [f"[{mark}]"] if mark else []
            lines += [html2plaintext(html).strip()] if html else []
        return "\n".join(lines)

    def _document(self):
        """What a template is written with to become this version again."""
        self.ensure_one()
        template = self.template_id
        return {
            "subject": self.subject,
            "second_lang": self.second_lang,
            "blocks": self.blocks
            or template._document_vals(
                {"body": self.body or ""}, template.kind, template.blocks
            )["blocks"],
        }

    def _is(self, template):
        """Whether a template is as it was in this version."""
        return self._document() == {
            "subject": template.subject,
            "second_lang": template.second_lang,
            "blocks": template.blocks,
        }

    def action_restore(self):
        """Put this text back in its template; the text of now stays among the versions.

        :raise AccessError: the user may not write the template
        """
        self.ensure_one()
        return self.template_id.action_restore_version(self.id)

    def _vals_of(self, template, number):
        return {
            "template_id": template.id,
            "number": number,
            "subject": template.subject,
            "body": template.body,
            "blocks": template.blocks,
            "second_lang": template.second_lang,
            "author_id": self.env.uid,
            "author_name": self.env.user.name,
            "date": fields.Datetime.now(),
        }
