import datetime
import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.modules import module as odoo_module
from odoo.tools import SQL

from ..lib import lta, tsp
from ..lib.proofs import FileRefused, Proofs

_logger = logging.getLogger(__name__)

BATCH = 50
#: Seconds to the second attempt, and the longest wait between two.
FIRST_WAIT, LONGEST_WAIT = 60, 3600
#: Attempts of what no authority can help (a revocation list that is not there).
MAX_ATTEMPTS = 30


class GovCompletion(models.Model):
    """Taking documents further: one a transaction, so that nothing is done by halves.

    The timestamp, the file and the line are committed together: killed in between,
    nothing of the three is there and the next run begins again.
    """

    _inherit = "gov.completion"

    @api.model
    def _process_completions(self, limit=BATCH):
        """Cron: complete what is due, one document a transaction.

        Each attempt is noted and committed before it is made: a document that kills its
        worker waits like any other that failed, and does not stop the queue.

        :param int limit: at most so many in one run
        """
        if not self.env["gov.trust.identity"]._may_seal():
            return
        testing = odoo_module.current_test
        for _turn in range(limit):
            completion = self._take_due()
            if not completion:
                return
            if not testing:
                self.env.cr.commit()  # pylint: disable=invalid-commit
            completion._complete()
            if testing:
                continue
            if not self.env["ir.cron"]._commit_progress(1, remaining=self._count_due()):
                return

    @api.model
    def _take_due(self):
        """Note an attempt on the line that is due first, and return it."""
        self.env.flush_all()
        now = fields.Datetime.now()
        rows = self.env.execute_query(
            SQL(
                """UPDATE gov_completion c SET attempts = c.attempts + 1,
                          next_at = %s + interval '1s' * least(
                              %s * 2 ^ least(c.attempts, 10), %s)
                    WHERE c.id = (
                       SELECT id FROM gov_completion
                        WHERE state = 'pending' AND next_at <= %s
                     ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
                RETURNING id""",
                now,
                FIRST_WAIT,
                LONGEST_WAIT,
                now,
            )
        )
        found = self.browse([row[0] for row in rows])
        found.invalidate_recordset(["attempts", "next_at"])
        return found

    @api.model
    def _count_due(self):
        return self.search_count(
            [("state", "=", "pending"), ("next_at", "<=", fields.Datetime.now())]
        )

    def _complete(self):
        """Take one document as far as it goes; what stops it is written, not raised.

        The attempt was counted before.
        """
        self.ensure_one()
        self.lock_for_update()
        self.invalidate_recordset()
        if self.state == "done":
            return
        try:
            with self.env.cr.savepoint():
                self._step()
        except OperationalError:
            # Another transaction came first, or the database went: all begins again.
            raise
        except UserError as error:
            self._wait(str(error))
        except Exception as error:
            _logger.exception("Document %s, %s: not completed", self.res_model, self.id)
            self._wait(
                self.env._(
                    "An unexpected error (%(error)s); the log of the server says more.",
                    error=type(error).__name__,
                )
            )

    def _step(self):
        record = self._record()
        if not record:
            self._stop(self.env._("The document is gone."))
            return
        record._completion_locked()
        pdf = record._completion_pdf()
        if not pdf:
            self._stop(self.env._("The document has no signed file."))
            return
        stamper = self.env["gov.tsa"]._stamper(self.company_id)
        if stamper is None:
            self._stop(self._no_authority())
            return
        store = self.env["gov.anchor"]._store(self.company_id)
        try:
            before = lta.level(pdf, store)
            lacking = self._lacking(pdf, store)
            target = "B-T" if lacking else self.wanted
            reached = lta.reach(pdf, store, stamper, target)
        except lta.LtaRefused as error:
            self._stop(
                self.env._(
                    "The file cannot be completed: %(reason)s.", reason=str(error)
                )
            )
            return
        # Half a step (validation data alone) is no version of its own.
        if reached.pdf != pdf and self._is_further(reached.level, before):
            record._completion_done(reached.pdf, reached.level)
            self.non_probant = self.non_probant or stamper.non_probant
        self.level = reached.level
        if self._enough(reached.level):
            self.write(
                {
                    "state": "done",
                    "reason": False,
                    "next_at": False,
                    "done_at": fields.Datetime.now(),
                }
            )
            return
        why = dict.fromkeys((*reached.missing, *lacking))
        self._wait("; ".join(why), helpless=not reached.unavailable)

    def _lacking(self, pdf, store):
        """What keeps a file from B-LT beside its time: no timestamp is spent on it."""

        def nobody(_digest):
            raise tsp.TimestampUnavailable("")

        if self.wanted == "B-T":
            return []
        found = lta.reach(pdf, store, nobody, "B-LT")
        return [sentence for sentence in found.missing if sentence]

    def _record(self):
        if self.res_model not in self.env:
            return None
        record = self.env[self.res_model].browse(self.res_id).exists()
        return record if "timestamp_pending" in record._fields else None

    def _enough(self, level):
        return level == self.wanted or self._is_further(level, self.wanted)

    @api.model
    def _is_further(self, level, than):
        ranks = [None, *lta.LEVELS]
        return ranks.index(level) > ranks.index(than)

    def _wait(self, reason, helpless=True):
        """Try again later: in one minute, then longer, then each hour."""
        if helpless and self.attempts >= MAX_ATTEMPTS:
            self._stop(reason)
            return
        turns = min(max(self.attempts - 1, 0), 10)
        wait = min(FIRST_WAIT * 2**turns, LONGEST_WAIT)
        self.write(
            {
                "state": "pending",
                "reason": (reason or "")[:1000],
                "next_at": fields.Datetime.now() + datetime.timedelta(seconds=wait),
            }
        )

    def _stop(self, reason):
        self.write(
            {"state": "stopped", "reason": (reason or "")[:1000], "next_at": False}
        )

    @api.model
    def _read_file(self, record, company):
        """Return (level, whether a timestamp says NON PROBANT) of a record's file.

        Judged by what the administration believes: a timestamp of anybody is none.
        """
        store = self.env["gov.anchor"]._store(company)
        pdf = record._completion_pdf()
        if not pdf:
            return None, False
        try:
            level = lta.level(pdf, store)
            marked = level != "B-B" and any(
                proof.token and proof.token.non_probant
                for proof in Proofs(pdf, store).all
            )
        except (lta.LtaRefused, FileRefused) as error:
            _logger.info("%s %s: no level read (%s)", record._name, record.id, error)
            return None, False
        return level, marked

    @api.model
    def _wake(self):
        """An authority answers again: what waits is due now.

        Lines that somebody works on are left alone, they are being completed.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """UPDATE gov_completion SET next_at = %s WHERE id IN (
                       SELECT id FROM gov_completion
                        WHERE state = 'pending' AND next_at > %s
                          FOR UPDATE SKIP LOCKED) RETURNING id""",
                fields.Datetime.now(),
                fields.Datetime.now(),
            )
        )
        self.browse([row[0] for row in rows]).invalidate_recordset(["next_at"])
        if rows:
            self.env.ref("gov_trust.ir_cron_complete")._trigger()
