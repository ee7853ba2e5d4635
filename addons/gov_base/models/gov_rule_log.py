from odoo import api, fields, models

STATES = [("done", "Done"), ("refused", "Not done"), ("failed", "Error")]


class GovRuleLog(models.Model):
    """What a rule did to a record, and why; or what it could not do."""

    _name = "gov.rule.log"
    _description = "What rules did"
    _log_access = False
    _order = "id desc"

    rule_id = fields.Many2one(
        "gov.rule",
        "Rule as it is now",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    rule_name = fields.Char("Rule", readonly=True)
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    event = fields.Char(readonly=True)
    event_label = fields.Char("When", compute="_compute_texts")
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    res_name = fields.Char("Letter or file", readonly=True)
    happened_at = fields.Datetime(
        "On", readonly=True, default=fields.Datetime.now, required=True
    )
    state = fields.Selection(STATES, readonly=True, required=True, index=True)
    facts = fields.Json(readonly=True)
    error = fields.Text("Why not", readonly=True)
    what = fields.Text(compute="_compute_texts")
    why = fields.Text("Because", compute="_compute_texts")

    _owner_idx = models.Index("(res_model, res_id)")

    @api.depends("facts", "event")
    @api.depends_context("lang")
    def _compute_texts(self):
        rules, memo = self.env["gov.rule"], {}
        events = rules._rule_events()
        for log in self:
            event = events.get(log.event) or {}
            facts = log.facts or {}
            log.event_label = event.get("label", log.event)
            # A rule of an app that is gone: its words are gone too.
            model = event.get("model") if event.get("model") == log.res_model else None
            actions = [facts["action"]] if facts.get("action") else []
            log.what = "; ".join(
                rules._actions_texts(actions, model, log.company_id, memo)
            )
            log.why = rules._joined(
                rules._conditions_texts(
                    facts.get("because"), model, log.company_id, memo
                ),
                self.env._("%(before)s and %(last)s"),
            ) or self.env._("no condition")

    @api.model
    def _write_log(self, rule, event, record, action, verdicts, state, error):
        """Write a row about one action of a rule (plain data); the engine is the only writer."""
        because = [
            {**one, "value": list(verdict.found) or one["value"]}
            if one["operator"] in ("in", "any", "all")
            else one
            for one, verdict in zip(rule["conditions"], verdicts, strict=True)
        ]
        # Nobody may write the log: the engine just did what it says.
        return self.sudo().create(
            {
                "rule_id": rule["id"],
                "rule_name": rule["name"],
                "company_id": record.company_id.id,
                "event": event,
                "res_model": record._name,
                "res_id": record.id,
                "res_name": record._rule_name(),
                "state": state,
                "facts": {"action": action, "because": because},
                "error": error,
            }
        )

    @api.model
    def _write_given_up(self, event, record, error):
        """Write that rules could not look at an event, after the last attempt."""
        # Nobody may write the log: the engine just failed for good.
        self.sudo().create(
            {
                "company_id": record.company_id.id,
                "event": event,
                "res_model": record._name,
                "res_id": record.id,
                "res_name": record._rule_name(),
                "state": "failed",
                "error": self.env._(
                    "Rules could not be applied, after several attempts: %(error)s",
                    error=error,
                ),
            }
        )

    def action_open_record(self):
        """Open the record this row is about.

        :return: window action; the record's own rights decide whether it is shown
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
