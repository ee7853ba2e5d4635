from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.gov_base.lib import text

from .desk_completion_send import LANGUAGES


class DeskCompletion(models.Model):
    """A request on paper, by the administration's template: for the post or the counter."""

    _name = "desk.completion"
    _inherit = ["desk.completion", "gov.template.subject"]

    def action_print(self):
        """Download this request as a letter; it is made once and kept with the request.

        :return: action that downloads the PDF
        :raise UserError: the administration has no template for it
        :raise AccessError: the user may not read the letter
        """
        self.ensure_one()
        self.check_access("read")
        document = self.gov_document_ids.filtered(
            lambda document: document.role == "rendition"
        )[:1]
        return (document or self._print()).action_download()

    def _print(self):
        lang = LANGUAGES.get(self.letter_id.language, "fr_FR")
        template = self.env["gov.template"]._pick("completion", self.company_id, lang)
        if not template or (refusal := template._merge_refusal()):
            raise UserError(
                refusal
                if template
                else self.env._(
                    "There is no template for requests to senders: ask the functional "
                    "administrator to add one."
                )
            )
        # Nobody writes requests: their letter is made once, by whoever may read them.
        owner_sudo = self.sudo()
        version_sudo = owner_sudo.env["gov.document"]._store_generated(
            self._template_pdf(template),
            self.env._("request-%(number)s.pdf", number=self.number),
            "application/pdf",
            company=owner_sudo.company_id,
            owner=owner_sudo,
        )
        return version_sudo.with_env(self.env).document_id

    def _template_unit(self):
        return self.letter_id.desk_unit_id

    def _template_values(self, template, lang):
        values = super()._template_values(template, lang)
        letter = self.letter_id
        pieces = [line for line in text.clean_block(self.question).split("\n") if line]
        due = self.due_date
        return {
            **values,
            **letter._template_values(template, lang),
            "question": self.question,
            "due_date": format_date(self.env, due, lang_code=lang) if due else "",
            "pieces": [
                {"piece_number": str(number), "piece_name": line, "piece_note": ""}
                for number, line in enumerate(pieces, 1)
            ],
        }
