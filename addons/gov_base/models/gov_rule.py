from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib.text import clean_line

#: what makes a rule: checked together whenever one of them changes
PARTS = {"event", "conditions", "actions", "company_id", "in_use"}


class GovRule(models.Model):
    """When something happens, if it is so, then do this: what an administration wants done by itself.

    Event, conditions and actions are picked in closed lists that applications extend. A rule works only once it was put
    in use; what it does starts no other rule, so there is no loop.
    """

    _name = "gov.rule"
    _description = "Rule"
    _inherit = ["mail.thread", "gov.condition"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    event = fields.Selection(
        "_selection_event",
        "When",
        required=True,
        default=lambda self: self._default_event(),
        tracking=True,
    )
    actions = fields.Json("Then", copy=True)
    stop = fields.Boolean(
        "Then stop",
        help="Where this rule applies, the rules below it are not looked at.",
    )
    in_use = fields.Boolean(readonly=True, copy=False, tracking=True)
    date_from = fields.Date("From", tracking=True)
    date_to = fields.Date("Until", tracking=True)
    note = fields.Text(help="Why this rule exists, for those who come after.")
    editor = fields.Json(compute="_compute_editor")
    sentence = fields.Text("What it does", compute="_compute_sentence")
    problems = fields.Text(compute="_compute_problems")
    log_ids = fields.One2many("gov.rule.log", "rule_id", string="What it did")
    applied_count = fields.Integer("Applied", compute="_compute_counts")
    trouble_count = fields.Integer("Not done", compute="_compute_counts")

    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
        "A rule ends on the day it begins, or later.",
    )

    @api.model
    def _rule_events(self):
        """What rules answer to: {event: {"label", "model"}}. Applications add theirs."""
        return {}

    @api.model
    def _rule_actions(self, model, company):
        """What rules may do to records of ``model``: {key: definition}."""
        if not model:
            return {}
        listed = self.env[model]._rule_actions(company)
        return {definition["key"]: definition for definition in listed}

    @api.model
    def _selection_event(self):
        return [(key, event["label"]) for key, event in self._rule_events().items()]

    @api.model
    def _default_event(self):
        return next(iter(self._rule_events()), False)

    def _condition_target(self):
        return self._rule_events().get(self.event, {}).get("model")

    @api.depends("event", "company_id")
    def _compute_editor(self):
        for rule in self:
            rule.editor = rule._editor()

    def _compute_counts(self):
        counts = {
            (rule.id, state): count
            for rule, state, count in self.env["gov.rule.log"]._read_group(
                [("rule_id", "in", self.ids)], ["rule_id", "state"], ["__count"]
            )
        }
        for rule in self:
            rule.applied_count = counts.get((rule.id, "done"), 0)
            rule.trouble_count = sum(
                counts.get((rule.id, state), 0) for state in ("refused", "failed")
            )

    @api.depends("actions", "conditions", "event", "company_id")
    def _compute_problems(self):
        for rule in self:
            rule.problems = "\n".join(rule._problems()) or False

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create([self._clean_vals(vals) for vals in vals_list])
        rules._check_parts()
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        before = {rule.id: rule.sentence for rule in self}
        result = super().write(self._clean_vals(vals))
        if "company_id" in vals:
            # Rules are checked before a change: nobody hands a rule to an administration he may not change.
            self.check_access("write")
        if PARTS & vals.keys():
            self._check_parts()
            self._note_change(before)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def copy_data(self, default=None):
        copies = super().copy_data(default)
        for rule, vals in zip(self, copies, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%(name)s (copy)", name=rule.name)
        return copies

    @api.model
    def _clean_vals(self, vals):
        cleaned = dict(vals)
        if "name" in vals:
            cleaned["name"] = clean_line(vals["name"], 120)
            if not cleaned["name"]:
                raise ValidationError(self.env._("The rule has no name: give it one."))
        return cleaned

    def _write_plain(self, vals):
        return super().write(vals)

    def _check_parts(self):
        """Put conditions and actions in their canonical form, or refuse them by name."""
        for rule in self:
            model, company = rule._condition_target(), rule.company_id
            clean = {
                "conditions": self._conditions_clean(rule.conditions, model, company),
                "actions": self._actions_clean(rule.actions, model, company),
            }
            changed = {
                name: value for name, value in clean.items() if rule[name] != value
            }
            if changed:
                rule._write_plain(changed)
            if rule.in_use and (problems := rule._problems()):
                raise ValidationError("\n".join(problems))

    def _note_change(self, before):
        for rule in self:
            if before.get(rule.id) != rule.sentence:
                rule._message_log(
                    body=self.env._(
                        "It was: %(before)s Now: %(after)s",
                        before=before.get(rule.id) or "–",
                        after=rule.sentence or "–",
                    )
                )

    def action_use(self):
        """Put these rules in use: from now on they act by themselves.

        :raise ValidationError: no action, or something it names is gone (one sentence each)
        :raise AccessError: not a functional administrator of the rule's administration
        """
        self.check_access("write")
        for rule in self:
            if problems := rule._problems():
                raise ValidationError("\n".join(problems))
        self.write({"in_use": True})
        return True

    def action_stop_using(self):
        """Stop using these rules: they do nothing more; what they did stays done.

        :raise AccessError: not a functional administrator of the rule's administration
        """
        self.check_access("write")
        self.write({"in_use": False})
        return True

    def action_simulate(self):
        """Try these rules, in order, on the last 100 records to which their event happened. Nothing is done.

        :return: window action on the rehearsal
        :raise UserError: rules of several events or administrations
        :raise AccessError: not a functional administrator
        """
        self.check_access("write")
        simulation = self.env["gov.rule.simulation"]._run(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What it would have done"),
            "res_model": simulation._name,
            "res_id": simulation.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_open_log(self):
        """Open what this rule did.

        :return: window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "gov_base.gov_rule_log_action"
        )
        return {**action, "domain": [("rule_id", "=", self.id)]}
