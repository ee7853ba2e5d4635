from odoo import api, fields, models


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
            "author_id": self.env.uid,
            "author_name": self.env.user.name,
            "date": fields.Datetime.now(),
        }
