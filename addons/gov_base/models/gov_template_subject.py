from odoo import models
from odoo.exceptions import UserError


class GovTemplateSubject(models.AbstractModel):
    """What a template can be filled in with: a letter, a draft, a request for missing pieces.

    A model that leaves on paper or by e-mail mixes it in and gives its values; they are read with the rights of the
    user, and only those that ``gov.template._merge_keys`` and ``_merge_loops`` name for the kind are taken.
    """

    _name = "gov.template.subject"
    _description = "Subject of a template"

    def _template_values(self, template, lang):
        """Values of the merge fields of a template for this record, written in a language.

        :param template: the `gov.template`
        :param str lang: code of a language, e.g. ``ar_MA``
        :return: key -> text; name of a list -> list of dicts, key of an item -> text
        :rtype: dict
        """
        self.ensure_one()
        return template._merge_base_values(
            self._template_company(), author=self.env.user, lang=lang
        )

    def _template_company(self):
        """The administration that writes."""
        self.ensure_one()
        return self["company_id"]

    def _template_unit(self):
        """The unit that writes, or an empty record set; it chooses the letterhead."""
        return self.env["hr.department"]

    def _template_pdf(self, template):
        """This record as the template would set it, for a preview.

        :return: the PDF file
        :rtype: bytes
        """
        self.ensure_one()
        self.check_access("read")
        return template._typeset(
            self._template_company(),
            template._render_blocks(self, letterhead=False),
            unit=self._template_unit(),
        )

    def _template_check(self):
        """Raise unless this record can fill in a template."""
        if not self.exists():
            raise UserError(
                self.env._("This record is not there any more: choose another one.")
            )
        self.check_access("read")
