from odoo import models
from odoo.exceptions import UserError

from odoo.addons.gov_base.exceptions import IntakeRefused

MIB = 1024 * 1024
ANSWERED, UNKNOWN = "answered", "unknown"


class GovDeposit(models.Model):
    """The answer to a request for completion, from whoever follows the deposit."""

    _inherit = "gov.deposit"

    def _clock_sentence(self):
        """Return what the sender reads of the legal clock; nothing once it is answered."""
        run = self.letter_id.clock_run_id
        return run._public_sentence() if run else ""

    def _completion_bounds(self):
        limits = self.env["gov.intake"]._limits()
        return {
            "answer_typed": "",
            "answer_accept": ",".join(
                f".{name}" for name in limits.allowed_extensions()
            ),
            "answer_files": limits.max_files,
            "answer_file_mb": limits.max_file_bytes // MIB,
            "answer_total_mb": limits.max_total_bytes // MIB,
        }

    def _answer_completion(self, number, answer, uploads):
        """Take the sender's answer to request ``number``: once.

        :param int number: of the request
        :param str answer: what he wrote
        :param uploads: list of (file name, bytes)
        :return: "answered" (now or before), "unknown", or a list of mistakes: field and sentence
        """
        self.ensure_one()
        letter = self.letter_id
        known = letter.completion_ids.filtered(lambda one: one.number == number)
        if not known:
            return UNKNOWN
        if known.state == "answered":
            return ANSWERED
        if known != letter._portal_completion():
            return self._completion_mistake("answer", self._completion_gone(known))
        try:
            known._answer_online(answer, uploads)
        except IntakeRefused as refusal:
            return self._completion_mistake("files", refusal.sentence)
        except UserError as refusal:
            return self._completion_mistake("answer", refusal.args[0])
        return ANSWERED

    def _completion_gone(self, completion):
        refusal = completion._transition_refusal("answered", "sender")
        if refusal:
            return refusal.args[0]
        return self.env._("Answer the newer request of the administration.")

    def _too_large(self):
        """Return the sentence for files that are too large together."""
        limits = self.env["gov.intake"]._limits()
        return self.env._(
            "The files must be smaller than %(limit)s MB together: nothing was sent.",
            limit=limits.max_total_bytes // MIB,
        )

    @staticmethod
    def _completion_mistake(field, sentence):
        return [{"field": field, "sentence": sentence}]
