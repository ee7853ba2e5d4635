from odoo import api, models

MAX_DAYS = 3650


class RegistryLetter(models.Model):
    """The list of what rules may do to a letter, as its screen offers it."""

    _inherit = "registry.letter"

    @api.model
    def _rule_actions(self, company):
        env = self.env
        own = ["|", ["company_id", "=", company.id], ["company_id", "=", False]]
        unit = {
            "key": "unit",
            "label": env._("Unit"),
            "kind": "record",
            "required": True,
            "model": "hr.department",
            "domain": [["company_id", "=", company.id]],
        }
        person = {
            "label": env._("Agent"),
            "kind": "record",
            "model": "res.users",
            "domain": [["share", "=", False], ["company_ids", "in", company.id]],
        }
        user = {**person, "key": "user"}
        note = {"key": "note", "label": env._("Note"), "kind": "text"}
        return [
            *super()._rule_actions(company),
            {
                "key": "assign",
                "label": env._("Assign"),
                "sentence": env._("assign to %(unit)s"),
                "params": [
                    unit,
                    user,
                    {
                        "key": "instruction",
                        "label": env._("Instruction"),
                        "kind": "record",
                        "model": "desk.instruction",
                        "domain": own,
                    },
                    note,
                ],
            },
            {
                "key": "propose",
                "label": env._("Propose only"),
                "sentence": env._("propose %(unit)s to who dispatches it"),
                "params": [unit, user],
            },
            {
                "key": "copy",
                "label": env._("Send a copy"),
                "sentence": env._("send a copy to %(units)s"),
                "params": [
                    {
                        **unit,
                        "key": "units",
                        "label": env._("Units"),
                        "kind": "records",
                    }
                ],
            },
            {
                "key": "deadline",
                "label": env._("Set the due date"),
                "sentence": env._("set the due date in %(days)s days"),
                "params": [
                    {
                        "key": "days",
                        "label": env._("Days"),
                        "kind": "number",
                        "required": True,
                        "min": 0,
                        "max": MAX_DAYS,
                    },
                    {
                        "key": "working",
                        "label": env._("working days only"),
                        "kind": "flag",
                    },
                ],
            },
            {
                "key": "notify",
                "label": env._("Tell somebody"),
                "sentence": env._("tell %(who)s"),
                "params": [
                    {
                        "key": "who",
                        "label": env._("Whom"),
                        "kind": "choice",
                        "required": True,
                        "options": [
                            {
                                "value": "head",
                                "label": env._("the head of the unit it is with"),
                            },
                            {
                                "value": "holder",
                                "label": env._("the agent who has it"),
                            },
                            {"value": "persons", "label": env._("these persons")},
                        ],
                    },
                    {
                        **person,
                        "key": "users",
                        "label": env._("Persons"),
                        "kind": "records",
                    },
                    note,
                ],
            },
            {
                "key": "circuit",
                "label": env._("Start a circuit"),
                "sentence": env._("start the circuit %(circuit)s"),
                "params": [
                    {
                        "key": "circuit",
                        "label": env._("Circuit"),
                        "kind": "record",
                        "required": True,
                        "model": "gov.circuit",
                        "domain": [
                            ["company_id", "=", company.id],
                            ["state", "=", "published"],
                        ],
                    }
                ],
            },
            {
                "key": "complete",
                "label": env._("Ask the sender"),
                "sentence": env._("ask the sender: %(question)s"),
                "params": [
                    {
                        "key": "question",
                        "label": env._("What is missing, as the sender reads it"),
                        "kind": "text",
                        "required": True,
                    },
                    {
                        "key": "days",
                        "label": env._("Working days to answer"),
                        "kind": "number",
                        "min": 1,
                        "max": MAX_DAYS,
                    },
                ],
            },
        ]
