import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import LockError
from odoo.fields import Domain
from odoo.modules import module as odoo_module

_logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 6
MAX_PAUSE_MINUTES = 60
BATCH = 500


class GovRuleTask(models.Model):
    """Something happened and rules wait for it: one row until they have looked at it."""

    _name = "gov.rule.task"
    _description = "Event that rules look at"
    _log_access = False
    _order = "id"

    event = fields.Char(required=True, readonly=True)
    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        model_field="res_model", required=True, readonly=True
    )
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    create_date = fields.Datetime("Happened", readonly=True)
    attempts = fields.Integer(readonly=True)
    next_at = fields.Datetime("Next attempt", readonly=True)

    @api.model
    def _note(self, event, records):
        """Write a row a record: one plain INSERT."""
        rows = [
            (event, record._name, record.id, record.company_id.id) for record in records
        ]
        self.env.execute_query(self.env["gov.rule"]._insert_tasks_query(rows))

    @api.model
    def _process_tasks(self, limit=BATCH):
        """Let rules look at what happened; called by cron, as the platform.

        Each event is committed on its own: what stands is done once, whatever happens to the process.
        """
        due = Domain("next_at", "=", False) | Domain(
            "next_at", "<=", fields.Datetime.now()
        )
        tasks = self.search(due, limit=limit)
        remaining = self.search_count(due)
        for task in tasks:
            if not task._lock_alone():
                continue
            task._process_one()
            remaining = max(remaining - 1, 0)
            if not self._progress(1, remaining):
                break

    @api.model
    def _progress(self, processed, remaining):
        """Commit between two events; a test cursor never commits."""
        if odoo_module.current_test:
            return True
        return self.env["ir.cron"]._commit_progress(processed, remaining=remaining)

    def _lock_alone(self):
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError:
            return False
        return bool(self.exists())

    def _process_one(self):
        """Apply rules to the record of this event, all or nothing but what they could not do."""
        self.ensure_one()
        record = self._record()
        if not record:
            self.unlink()
            return
        try:
            with self.env.cr.savepoint():
                taken = record._rule_lock()
                if taken:
                    self.env["gov.rule"]._apply_all(self.event, record)
        except Exception as error:
            self.env.invalidate_all()
            _logger.exception("rules: %s on %s,%s", self.event, record._name, record.id)
            self._postpone(record, str(error).split("\n")[0])
            return
        if taken:
            self.unlink()
        else:
            self._postpone(record, None)

    def _record(self):
        """The record, in the language of its administration, as the platform; empty when it is gone."""
        lang = self.company_id.partner_id.lang
        model = self.env[self.res_model].with_context(
            lang=lang, tz=self.company_id.gov_tz
        )
        return model.with_company(self.company_id).browse(self.res_id).exists()

    def _postpone(self, record, error):
        """Try again later and later; after the last attempt it is written in the log of rules."""
        attempts = self.attempts + (1 if error else 0)
        if attempts >= MAX_ATTEMPTS:
            self.env["gov.rule.log"]._write_given_up(self.event, record, error)
            self.unlink()
            return
        minutes = min(2**attempts, MAX_PAUSE_MINUTES)
        self.write(
            {
                "attempts": attempts,
                "next_at": fields.Datetime.now() + timedelta(minutes=minutes),
            }
        )
