from odoo import api, models
from odoo.exceptions import UserError

from ..lib import condition, given

#: whose answer about a document is not one of its own fields: the unit, and the person that a field names
UNIT = "circuit:unit"
USER = "circuit:user:"


class GovCircuit(models.Model):
    """A rehearsal: who would act and why, what is left out and why, what is wrong. Nothing starts."""

    _inherit = "gov.circuit"

    def action_simulate(self, subject=None, user=None, facts=None):
        """Say who would act and why, without starting anything.

        :param subject: record of ``gov.circuit.subject``, or ``"model,id"`` by RPC; without it the unit of the document is
            not known
        :param user: ``res.users`` or its id, the sender; oneself by default
        :param dict facts: in the place of a document, what it would have: {key of ``get_sample_fields``: value}
        :return: a picture (see ``get_picture``) with ``problems``: sentences on steps where nobody can act, and ``alerts``:
            sentences on what the sender should know
        :raise AccessError: no right to read the circuit or the subject
        :raise UserError: the subject cannot go through circuits
        """
        self.ensure_one()
        self.check_access("read")
        subject = self._simulated_subject(subject)
        company = subject.company_id if subject else self.company_id
        sender = self._simulated_sender(user, company)
        facts = None if facts is None else self._simulated_facts(facts)
        plan = self.step_ids._plan(subject, sender, company, facts=facts)
        alerts = [
            alert
            for alert in self._alerts(plan, sender)
            # Where the sender chooses, he has not yet.
            if alert["code"] != "vacancy" or not self._not_chosen_yet(alert, plan)
        ]
        return {
            **self._plan_picture(self.name, plan),
            "problems": [one["text"] for one in alerts if one["level"] == "danger"],
            "alerts": [one["text"] for one in alerts if one["level"] != "danger"],
        }

    def get_sample_fields(self):
        """What a rehearsal may be told about a document: what the conditions and the rules of this circuit look at.

        :return: list of ``{"key", "label", "kind", …}``, as ``gov.condition`` describes fields
        :raise AccessError: no right to read the circuit
        """
        self.ensure_one()
        self.check_access("read")
        return self._sample_fields()

    def _sample_fields(self):
        known = self.env["gov.circuit.step"]._condition_fields(
            self._condition_model(), self.company_id
        )
        keys = [
            one["field"]
            for step in self.step_ids
            for one in step.conditions or ()
            if one["field"] in known
        ]
        listed = [known[key] for key in dict.fromkeys(keys)]
        if "subject_unit_head" in self.step_ids.mapped("actor_rule"):
            listed.append(
                {
                    "key": UNIT,
                    "label": self.env._("Unit of the document"),
                    "kind": "record",
                    "model": "hr.department",
                    "domain": [["company_id", "=", self.company_id.id]],
                }
            )
        named = self.step_ids.filtered(lambda step: step.actor_rule == "subject_user")
        for step in named:
            label = step._subject_field_label()
            listed.append(
                {
                    "key": f"{USER}{step.subject_field}",
                    "label": label,
                    "kind": "record",
                    "model": "res.users",
                    "domain": [
                        ["share", "=", False],
                        ["company_ids", "in", self.company_id.ids],
                    ],
                }
            )
        return list({one["key"]: one for one in listed}.values())

    def _simulated_facts(self, facts):
        """What was told about a document, in the shape that conditions compare; what is none is not told."""
        facts = facts if isinstance(facts, dict) else {}
        found = {}
        for definition in self._sample_fields():
            value = facts.get(definition["key"])
            if value in (None, "", []):
                continue
            found[definition["key"]] = self._simulated_fact(definition, value)
        return found

    def _simulated_fact(self, definition, value):
        kind = definition["kind"]
        try:
            if kind == "flag":
                return bool(value)
            if kind == "words":
                return value if isinstance(value, str) else None
            if kind == "number":
                return condition.clean(kind, "equal", value)
            if kind == "date":
                return given.day(value)
            ids = condition.clean(kind, "in", value)
        except (condition.Wrong, ValueError):
            return None
        if kind == "choice":
            return ids
        return self._simulated_records(definition["model"], ids)

    def _simulated_records(self, model, ids):
        """Ids of records of this administration, and of those they are within."""
        records_sudo = self.env["gov.circuit.step"]._known(model, ids, self.company_id)
        within = [
            int(part)
            for record in records_sudo
            if "parent_path" in record._fields
            for part in (record.parent_path or "").split("/")
            if part
        ]
        return list(dict.fromkeys([*records_sudo.ids, *within]))

    @api.model
    def _not_chosen_yet(self, alert, plan):
        return any(
            planned.problem == alert["text"] and planned.step.actor_rule == "chosen"
            for planned in plan
        )

    def _simulated_sender(self, user, company):
        """Nothing is said of people of another administration."""
        sender = self.env["gov.circuit.run"]._persons(
            getattr(user, "id", user) or self.env.uid
        )
        present = self.env["gov.access"]._present(sender.exists(), company)
        if sender != self.env.user and (len(sender) != 1 or present != sender):
            raise UserError(
                self.env._(
                    "Choose an active person of %(company)s as sender.",
                    company=company.name,
                )
            )
        return sender

    def _simulated_subject(self, subject):
        if not subject:
            return None
        if isinstance(subject, str):
            model, _comma, record_id = subject.partition(",")
            known = model in self.env and record_id.isdecimal()
            if not known or len(record_id) > 10:
                raise UserError(
                    self.env._("This is not a document: nothing was simulated.")
                )
            subject = self.env[model].browse(int(record_id))
        if not hasattr(subject, "_circuit_unit"):
            raise UserError(
                self.env._("Documents of this kind do not go through circuits.")
            )
        subject.check_access("read")
        return subject
