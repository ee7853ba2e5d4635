from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..lib import merge


class GovTemplate(models.Model):
    """Merge fields: the closed list, the filling in, the preview."""

    _inherit = "gov.template"

    merge_fields = fields.Json(compute="_compute_merge_fields")
    preview_subject = fields.Char(compute="_compute_preview")
    preview_body = fields.Html(
        "Preview", compute="_compute_preview", sanitize_style=False
    )
    preview_notice = fields.Char(compute="_compute_preview")

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_merge_fields(self):
        for template in self:
            keys = self._merge_keys(template.kind)
            template.merge_fields = [
                {"key": key, "label": label} for key, label in keys.items()
            ]

    @api.depends("subject", "body", "kind", "lang", "company_id")
    def _compute_preview(self):
        for template in self:
            refusal = template._merge_refusal()
            template.preview_notice = refusal
            samples = {} if refusal else template._samples()
            template.preview_subject = merge.merge_line(template.subject, samples)
            try:
                clean = merge.clean_html(template.body)
            except merge.TooLong:
                clean = ""
            template.preview_body = merge.merge_html(clean, samples)

    @api.model
    def _merge_keys(self, kind):
        """The merge fields that a template of this kind may hold. An app adds its own for the kinds it fills in.

        :param str kind: ``letter``, ``note`` or ``other``
        :return: key -> label in the user's language, in the order in which they are offered
        :rtype: dict[str, str]
        """
        return {
            "date": self.env._("Date"),
            "administration": self.env._("Administration"),
            "unit": self.env._("Unit"),
            "author": self.env._("Author"),
        }

    @api.model
    def _merge_samples(self, kind):
        """A value for each merge field of this kind, as it could be; the environment has the language of the template.

        :rtype: dict[str, str]
        """
        return {
            "date": format_date(self.env, fields.Date.context_today(self)),
            "administration": self._company_name(self.env.company),
            "unit": self.env._("Legal affairs"),
            "author": self.env.user.name,
        }

    def _merge_base_values(self, company, *, unit=None, author=None, date=None):
        """Values of the merge fields that every kind has, in the language of this template.

        :param company: the administration that writes
        :param unit: its `hr.department`, or None
        :param author: the `res.users` who writes, or None
        :param datetime.date date: day of the letter; today when not given
        :rtype: dict[str, str]
        """
        self.ensure_one()
        here = self.with_context(lang=self.lang)
        day = date or fields.Date.context_today(self)
        return {
            "date": format_date(here.env, day, lang_code=self.lang),
            "administration": here._company_name(company),
            "unit": unit.with_context(lang=self.lang).name if unit else "",
            "author": author.name if author else "",
        }

    @api.model
    def _company_name(self, company):
        company = company.with_context(lang=self.env.lang)
        return company.gov_name or company.name

    def _merge(self, values):
        """Fill in the merge fields. Values are text, whatever they hold; one without value gives nothing.

        :param dict values: key -> text (str, or what ``str()`` writes as people read it)
        :return: (subject as plain text, body as HTML that may be stored and set)
        :rtype: tuple[str, markupsafe.Markup]
        :raise UserError: a key of the template or of ``values`` is not a merge field of this kind
        """
        self.ensure_one()
        refusal = self._merge_refusal(values)
        if refusal:
            raise UserError(refusal)
        return (
            merge.merge_line(self.subject, values),
            merge.merge_html(self.body, values),
        )

    def _merge_missing(self, values):
        """The merge fields of this template that would give nothing.

        :param dict values: as for :meth:`_merge`
        :return: their keys, in the order of the text; labels are in :meth:`_merge_keys`
        :rtype: list[str]
        """
        self.ensure_one()
        return [
            key
            for key in merge.keys_of(self.subject, self.body)
            if not merge.merge_line(f"{{{{ {key} }}}}", values)
        ]

    def _merge_refusal(self, values=()):
        """Return why this template cannot be filled in, or None."""
        self.ensure_one()
        allowed = self._merge_keys(self.kind)
        used = [*merge.keys_of(self.subject, self.body), *values]
        unknown = [key for key in used if key not in allowed]
        if unknown:
            return self.env._(
                "“%(key)s” is not a merge field of this kind of template. You may use: %(allowed)s.",
                key=unknown[0],
                allowed=self._merge_list(allowed),
            )
        broken = merge.broken_fields(self.subject, self.body)
        if broken:
            return self.env._(
                "“%(piece)s” is not a merge field that can be read: write it in one piece, without bold or another style "
                "inside. You may use: %(allowed)s.",
                piece=broken[0],
                allowed=self._merge_list(allowed),
            )
        return None

    @api.model
    def _merge_list(self, allowed):
        return ", ".join(f"{{{{ {key} }}}} ({label})" for key, label in allowed.items())

    def _samples(self):
        company = self.company_id or self.env.company
        here = self.with_context(lang=self.lang).with_company(company)
        samples = here._merge_samples(self.kind)
        return {
            key: samples.get(key) or f"[{key}]" for key in self._merge_keys(self.kind)
        }
