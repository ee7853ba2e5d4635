import logging
from dataclasses import dataclass

from psycopg2 import OperationalError

from odoo import api, models, tools
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Acting:
    """The rule that acts now; set in the context by the engine only: a plain object cannot come by RPC."""

    rule_id: int
    name: str


class GovRule(models.Model):
    """Rules at work: what happened is noted at once, rules look at it just after."""

    _inherit = "gov.rule"

    @api.model
    def _acting(self):
        """The rule in whose name the platform acts now (``Acting``), or None."""
        acting = self.env.context.get("gov_rule_acting")
        return acting if isinstance(acting, Acting) else None

    @api.model
    @tools.ormcache("company_id", "event")
    def _rules_of(self, company_id, event):
        """The rules in use of an administration for an event, in order, as plain data that nobody changes."""
        # Known by heart, whoever acts: the event itself was allowed.
        rules_sudo = self.sudo().search(
            [
                ("company_id", "=", company_id),
                ("event", "=", event),
                ("in_use", "=", True),
            ]
        )
        return tuple(rule._plain() for rule in rules_sudo)

    def _plain(self):
        """This rule as plain data."""
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "conditions": self.conditions or [],
            "actions": self.actions or [],
            "stop": self.stop,
            "date_from": self.date_from,
            "date_to": self.date_to,
        }

    @api.model
    def _fire(self, event, records):
        """Note that ``event`` happened to ``records``; rules look at them after the commit.

        Where no rule waits for it, this costs nothing. What a rule does itself is no event: there is no loop.
        """
        if self._acting():
            return
        waiting = [
            record for record in records if self._rules_of(record.company_id.id, event)
        ]
        if not waiting:
            return
        self.env["gov.rule.task"]._note(event, waiting)
        if not self.env.cr.precommit.data.get("gov_rule_triggered"):
            self.env.cr.precommit.data["gov_rule_triggered"] = True
            self.env.ref("gov_base.ir_cron_gov_rule_process")._trigger()

    @api.model
    def _due(self, company, event):
        """The rules that are valid today in ``company``."""
        rules = self._rules_of(company.id, event)
        if not any(rule["date_from"] or rule["date_to"] for rule in rules):
            return list(rules)
        today = company._gov_today()
        return [
            rule
            for rule in rules
            if (not rule["date_from"] or rule["date_from"] <= today)
            and (not rule["date_to"] or today <= rule["date_to"])
        ]

    @api.model
    def _answers(self, rule, record):
        """Whether ``record`` meets all conditions of a rule (plain data), and its verdicts."""
        verdicts = self._conditions_test(rule["conditions"], record)
        return all(verdict.holds for verdict in verdicts), verdicts

    @api.model
    def _apply_all(self, event, record):
        """Apply the rules of ``event`` to one record, as the platform."""
        for rule in self._due(record.company_id, event):
            holds, verdicts = self._answers(rule, record)
            if not holds:
                continue
            self._apply(rule, event, record, verdicts)
            if rule["stop"]:
                break

    @api.model
    def _apply(self, rule, event, record, verdicts):
        acting = Acting(rule["id"], rule["name"])
        subject = record.with_context(gov_rule_acting=acting)
        for action in rule["actions"]:
            state, error = self._attempt(subject, action, rule)
            self.env["gov.rule.log"]._write_log(
                rule, event, record, action, verdicts, state, error
            )
            if state != "done":
                subject._rule_refused(rule["name"], error)

    @api.model
    def _attempt(self, subject, action, rule):
        """Do one action: (state, sentence). What fails leaves nothing behind and stops nothing."""
        try:
            with self.env.cr.savepoint():
                subject._rule_act(
                    action["action"],
                    action.get("params") or {},
                    self.browse(rule["id"]),
                )
        except UserError as error:
            subject.invalidate_recordset()
            return "refused", str(error)
        except OperationalError:
            # Somebody else changed the same rows: the whole task is done again.
            raise
        except Exception:
            subject.invalidate_recordset()
            _logger.exception(
                "rule %s: %s on %s", rule["id"], action["action"], subject
            )
            return "failed", self.env._(
                "An error of the platform: the system administrator finds it in the log "
                "of the server."
            )
        return "done", False

    @api.model
    def _simulate(self, rules, record):
        """What ``rules`` (plain data, in order) would do to ``record``: list of (rule, holds, verdicts)."""
        outcome = []
        for rule in rules:
            holds, verdicts = self._answers(rule, record)
            outcome.append((rule, holds, verdicts))
            if holds and rule["stop"]:
                break
        return outcome

    @api.model
    def _insert_tasks_query(self, rows):
        columns = ("event", "res_model", "res_id", "company_id", "attempts")
        return SQL(
            "INSERT INTO gov_rule_task (%s, create_date) VALUES %s RETURNING id",
            SQL(", ").join(map(SQL.identifier, columns)),
            SQL(", ").join(
                SQL("(%s, %s, %s, %s, 0, now() AT TIME ZONE 'UTC')", *row)
                for row in rows
            ),
        )
