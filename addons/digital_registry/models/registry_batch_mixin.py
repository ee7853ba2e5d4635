from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import LockError
from odoo.fields import Domain
from odoo.modules import module as odoo_module

MAX_BACK_OFF_MINUTES = 60


class RegistryBatchMixin(models.AbstractModel):
    """Work that is left after the number: tried again by itself, later and later.

    What fails (fonts, keys, disk) never takes back the number: it is written on the
    record as a sentence, with the moment of the next attempt.
    """

    _name = "registry.batch.mixin"
    _description = "Work after the number"

    @api.model
    def _progress(self, processed, remaining):
        """Commit between two records; a test cursor never commits."""
        if odoo_module.current_test:
            return True
        return self.env["ir.cron"]._commit_progress(processed, remaining=remaining)

    @api.model
    def _due_domain(self, next_field):
        """Return the domain of what was never tried, or whose pause is over."""
        return Domain(next_field, "=", False) | Domain(
            next_field, "<=", fields.Datetime.now()
        )

    def _lock_alone(self):
        """Lock this record and read it again; False when another process has it."""
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError:
            return False
        self.invalidate_recordset()
        return True

    def _attempt(self, work, names, sentence, logger):
        """Do ``work`` in one piece; write what went wrong and when to try again.

        :param work: method without arguments; all of it stands, or nothing
        :param names: fields that count the attempts, say when, and say why
        :param sentence: method that turns the error into what a person reads
        :param logger: logger of the caller
        :return: whether it succeeded
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                work()
        except Exception as error:
            attempts_field, next_field, error_field = names
            attempts = self[attempts_field] + 1
            minutes = min(2 ** min(attempts, 10), MAX_BACK_OFF_MINUTES)
            self._write_attempt(
                {
                    attempts_field: attempts,
                    error_field: sentence(error),
                    next_field: fields.Datetime.now() + timedelta(minutes=minutes),
                }
            )
            logger.warning(
                "%s %s: not sealed (attempt %s), again in %s min",
                self._name,
                self.id,
                attempts,
                minutes,
                exc_info=True,
            )
            return False
        return True

    def _write_attempt(self, vals):
        """Write what an attempt left; a model that guards these fields overrides it."""
        self.write(vals)

    @staticmethod
    def _reason(error):
        """Return the first line of an error as the end of a sentence."""
        reason = str(error).strip().split("\n")[0][:200] or type(error).__name__
        return reason if reason.endswith(".") else f"{reason}."
