import datetime

from odoo import models

from odoo.addons.digital_registry.lib import words

from ..lib import clock_words


class RegistryReceipt(models.Model):
    """What a receipt says of the legal clock: only of a rule that the administration confirmed."""

    _inherit = "registry.receipt"

    def _snapshot_clock(self):
        clock = super()._snapshot_clock()
        # The receipt tells its sender the clock of his letter.
        run_sudo = self.sudo().letter_id.clock_run_id
        if not (run_sudo.confirmed and run_sudo.reference and run_sudo.due_date):
            return clock
        return {
            **clock,
            "confirmed": True,
            "legal_basis": run_sudo.reference,
            "start_date": self._day(run_sudo.started_on),
            "maximum_days": run_sudo.length if run_sudo.unit == "days" else None,
            "expected_silence_date": self._day(run_sudo.due_date),
            "effect_of_silence": run_sudo._legal_effect(),
        }

    def _notes(self, snapshot):
        notes = super()._notes(snapshot)
        clock = snapshot["clock"]
        if not clock["confirmed"]:
            return notes
        day = datetime.date.fromisoformat(clock["expected_silence_date"])
        said = {
            language: clock_words.sentences(
                language,
                words.local_date(day, language),
                clock["legal_basis"],
                clock["effect_of_silence"],
            )
            for language in snapshot["languages"]
        }
        return [(title, said if title == "clock" else lines) for title, lines in notes]
