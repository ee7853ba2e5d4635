from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date


class DeskCompletion(models.Model):
    """The request on paper: the letter that asks, in the words of the administration's template."""

    _name = "desk.completion"
    _inherit = ["desk.completion", "gov.template.subject"]

    def action_print_letter(self):
        """Open the letter that asks the sender for what is missing, to be posted or handed over.

        :return: action that opens the PDF
        :raise UserError: no template of such a letter, or one that cannot be filled in
        :raise AccessError: the user may not read the letter
        """
        self.ensure_one()
        self.check_access("read")
        self._letter_template()
        return {
            "type": "ir.actions.act_url",
            "url": f"/desk/completion/{self.id}/letter.pdf",
            "target": "new",
        }

    def _letter_template(self):
        """Return the template of this request: in the language of the letter, else in the first that has one."""
        templates = self.env["gov.template"]
        letter = self.letter_id
        wanted = {"ar": "ar_MA", "fr": "fr_FR", "en": "en_US"}.get(letter.language)
        codes = [code for code, _name in templates._selection_lang()]
        for code in sorted(codes, key=lambda code: code != wanted):
            template = templates._pick("completion", self.company_id, code)
            if template:
                if refusal := template._merge_refusal():
                    raise UserError(refusal)
                return template
        raise UserError(
            self.env._(
                "There is no template of a request to complete: the functional administrator adds one in “Forms and "
                "templates”."
            )
        )

    def _letter_pdf(self):
        return self._template_pdf(self._letter_template())

    def _template_unit(self):
        return self.letter_id.desk_unit_id

    def _template_values(self, template, lang):
        """Return {key: text} for templates; each line of what is missing is a piece."""
        letter = self.letter_id
        lines = [line for line in (self.question or "").split("\n") if line.strip()]
        due = self.due_date
        return {
            **letter._template_values(template, lang),
            "question": self.question or "",
            "due_date": format_date(self.env, due, lang_code=lang) if due else "",
            "pieces": [
                {"piece_number": str(number), "piece_name": line, "piece_note": ""}
                for number, line in enumerate(lines, 1)
            ],
        }
