from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.digital_registry.lib import words
from odoo.addons.gov_base.lib.sign_block import seal_block

#: of a label for the paper original, in points: 99 × 38 mm
SIZE = (280, 107)


class DeskOutgoing(models.Model):
    """The number on the paper original: a label, printed once the number is there."""

    _inherit = "desk.outgoing"

    can_label = fields.Boolean(compute="_compute_can_label")

    @api.depends("signing_way", "state")
    def _compute_can_label(self):
        for outgoing in self:
            outgoing.can_label = (
                outgoing.signing_way == "paper" and outgoing.closing_state == "closed"
            )

    def action_print_label(self):
        """Print the label for the paper original: number, date and the code that checks it.

        :return: action that opens the PDF
        :raise UserError: not signed on paper, or not numbered and sealed yet
        """
        self.ensure_one()
        self.check_access("read")
        if not self.can_label:
            raise UserError(
                self.env._(
                    "The letter %(letter)s was not signed on paper, or has no number and "
                    "seal yet: there is no label to print.",
                    letter=self.display_name,
                )
            )
        # The label repeats what the seal shows; the reader's right was checked.
        letter_sudo, outgoing_sudo = self.letter_id.sudo(), self.sudo()
        names = letter_sudo.company_id._gov_identity()["name"]
        lang = self._label_lang()
        moment = letter_sudo.register_id._to_local(letter_sudo.registered_at)
        label = seal_block(
            *SIZE,
            number=letter_sudo.number,
            date_text=words.local_instant(moment, lang),
            administration=names.get(lang) or next(iter(names.values())),
            qr_url=letter_sudo.closing_proof_id._qr_url(),
            lang=lang,
        )
        version = outgoing_sudo.env["gov.document"]._store_generated(
            label,
            f"{self.reference}-label.pdf",
            "application/pdf",
            company=outgoing_sudo.company_id,
            owner=outgoing_sudo,
            name=self.env._("Label of the paper original"),
        )
        self._log("label_printed", {"number": self.number})
        return version.with_env(self.env).action_download()

    def _label_lang(self):
        return self.lang[:2] if self.lang[:2] in ("ar", "fr", "en") else "fr"
