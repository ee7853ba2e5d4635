import datetime

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_datetime

LEVELS = [("B-B", "B-B"), ("B-T", "B-T"), ("B-LT", "B-LT"), ("B-LTA", "B-LTA")]
#: Documents that are completed while somebody waits; the cron takes the others.
AT_ONCE = 5
_RANK = [level for level, _label in LEVELS]


class GovCompletion(models.Model):
    """A signed document that lacks its timestamp or its proof for the long run.

    One line a record. Written by the platform alone; see ``gov.completed``.
    """

    _name = "gov.completion"
    _description = "Document to complete"
    _order = "id desc"
    _rec_name = "document"

    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    res_model = fields.Char(string="Kind of document", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document number", model_field="res_model", required=True, readonly=True
    )
    document = fields.Char(readonly=True, help="As it was called when it was asked.")
    wanted = fields.Selection(LEVELS, string="To reach", required=True, readonly=True)
    level = fields.Selection(LEVELS, string="Has", readonly=True)
    non_probant = fields.Boolean(
        string="Non probant",
        readonly=True,
        help="A timestamp in it is of the platform's own authority.",
    )
    state = fields.Selection(
        [("pending", "Waiting"), ("done", "Complete"), ("stopped", "Stopped")],
        required=True,
        readonly=True,
        default="pending",
    )
    reason = fields.Text(string="Why", readonly=True)
    attempts = fields.Integer(readonly=True, aggregator=None)
    asked_at = fields.Datetime(string="Waits since", required=True, readonly=True)
    next_at = fields.Datetime(string="Next attempt", readonly=True)
    done_at = fields.Datetime(string="Completed on", readonly=True)
    sentence = fields.Char(string="Today", compute="_compute_sentence")

    _record_uniq = models.UniqueIndex("(res_model, res_id)")
    _due_idx = models.Index("(next_at, id) WHERE state = 'pending'")

    @api.depends("state", "level", "reason", "asked_at")
    def _compute_sentence(self):
        for completion in self:
            completion.sentence = completion._sentence()

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------
    @api.model
    def _request(
        self, record, company, level="B-LTA", *, reached=None, non_probant=None
    ):
        """Note that a record's PDF is to be taken to a level. Idempotent.

        Call it in the transaction that stores the signed PDF, whatever the level that
        was reached: it is also what ``signature_level`` tells. What is complete already
        is noted as such, what has no authority to ask as stopped.

        :param record: record of a model with ``gov.completed``
        :param company: ``res.company`` whose authorities are asked
        :param str level: B-T, B-LT or B-LTA
        :param str reached: level the file has; None reads the file
        :param bool non_probant: whether it has a timestamp of the own authority; None
            reads the file
        :return: the line (superuser)
        """
        record.ensure_one()
        # Nobody writes this list: the platform does, for whoever signs or seals.
        completions_sudo = self.sudo()
        if reached == "B-B":
            non_probant = False
        if reached is None or non_probant is None:
            reached, non_probant = completions_sudo._read_file(record, company)
        vals = {
            "level": reached,
            "wanted": level,
            "non_probant": non_probant,
            "document": (record._completion_name() or "")[:200],
            "attempts": 0,
            "asked_at": fields.Datetime.now(),
            **completions_sudo._first_state(company, reached, level),
        }
        found_sudo = completions_sudo._latest(record._name, record.ids).get(record.id)
        if found_sudo:
            found_sudo.write(vals)
            return found_sudo
        return completions_sudo.create(
            {
                **vals,
                "company_id": company.id,
                "res_model": record._name,
                "res_id": record.id,
            }
        )

    @api.model
    def _first_state(self, company, reached, level):
        now = fields.Datetime.now()
        if reached and _RANK.index(reached) >= _RANK.index(level):
            return {"state": "done", "reason": False, "next_at": False, "done_at": now}
        if not self.env["gov.tsa"]._in_use(company):
            return {
                "state": "stopped",
                "reason": self._no_authority(),
                "next_at": False,
                "done_at": False,
            }
        wait = now + datetime.timedelta(minutes=1)
        return {"state": "pending", "reason": False, "next_at": wait, "done_at": False}

    @api.model
    def _latest(self, model, ids):
        """Return {record id: line} for records of a model."""
        found = self.search([("res_model", "=", model), ("res_id", "in", ids)])
        return {completion.res_id: completion for completion in found}

    # ------------------------------------------------------------------
    # Telling
    # ------------------------------------------------------------------
    def _is_time_pending(self):
        """Whether a proof of time is waited for (never told of what is B-T)."""
        return self.state == "pending" and self.level in (False, "B-B")

    @api.model
    def _no_authority(self):
        return self.env._("No timestamp configured.")

    def _sentence(self):
        """Return one sentence about the time of this document."""
        if not self:
            return False
        self.ensure_one()
        level = self.level or self.env._("unknown")
        if self._is_time_pending():
            told = self.env._(
                "%(level)s, timestamp pending since %(since)s.",
                level=level,
                since=self._local(self.asked_at),
            )
        elif self.level in (False, "B-B") and not self.attempts:
            told = self.env._("%(level)s, no timestamp configured.", level=level)
        elif self.state == "done":
            told = self.env._("%(level)s.", level=level)
        else:
            told = self.env._(
                "%(level)s; %(wanted)s is not reached: %(reason)s",
                level=level,
                wanted=self.wanted,
                reason=self.reason or self.env._("it waits."),
            )
        if self.non_probant:
            told = self.env._("%(sentence)s Timestamp NON PROBANT.", sentence=told)
        return told

    def _local(self, moment):
        tz = self.env.user.tz or self.env["gov.seal"]._issuer(self.company_id)["tz"]
        zone = tz if tz in pytz.all_timezones_set else "UTC"
        return format_datetime(self.env, moment, tz=zone, dt_format="short")

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------
    def action_try_now(self):
        """Take these documents further at once, as far as it goes.

        :return: a notification with what was reached
        :rtype: dict
        :raise AccessError: the caller looks after neither keys nor the platform
        :raise UserError: nothing to complete
        """
        self.check_access("read")
        if not self.env.su and not (
            self.env.user.has_group("gov_trust.group_gov_trust_officer")
            or self.env.user.has_group("gov_trust.group_gov_trust_operator")
        ):
            raise AccessError(
                self.env._("Trust officers and operators complete documents.")
            )
        waiting = self.filtered(lambda one: one.state != "done")
        if not waiting:
            raise UserError(self.env._("Nothing waits here: all is complete."))
        # The caller may write neither the list nor the document: the platform does.
        waiting_sudo = waiting.sudo()
        for completion_sudo in waiting_sudo[:AT_ONCE]:
            completion_sudo.attempts += 1
            completion_sudo._complete()
        if later_sudo := waiting_sudo[AT_ONCE:]:
            later_sudo.write({"state": "pending", "next_at": fields.Datetime.now()})
            self.env.ref("gov_trust.ir_cron_complete")._trigger()
        waiting.invalidate_recordset()
        complete = all(one.state == "done" for one in waiting)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if complete else "warning",
                "message": "\n".join(
                    f"{one.document}: {one.sentence}" for one in waiting[:AT_ONCE]
                ),
                "sticky": not complete,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_document(self):
        """Open the document, with the rights of whoever asks.

        :return: an action on its form
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        if self.res_model not in self.env:
            raise UserError(self.env._("The application of this document is gone."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
