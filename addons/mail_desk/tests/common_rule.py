from .common import DeskCase


class RuleCase(DeskCase):
    """A functional administrator who makes rules on letters, and what they leave."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env["registry.category"].create(
            {"name": "Urbanisme", "company_id": cls.company.id}
        )
        cls.below = cls.env["registry.category"].create(
            {
                "name": "Permis",
                "company_id": cls.company.id,
                "parent_id": cls.category.id,
            }
        )

    def _rule(self, conditions=(), actions=(), used=True, **vals):
        rule = (
            self.env["gov.rule"]
            .with_user(self.desk_admin)
            .create(
                {
                    "name": "Permis",
                    "company_id": self.company.id,
                    "event": "desk_registered",
                    "conditions": [
                        dict(zip(("field", "operator", "value"), one, strict=True))
                        for one in conditions
                    ],
                    "actions": [
                        {"action": action, "params": params}
                        for action, params in actions
                    ],
                    **vals,
                }
            )
        )
        if used:
            rule.action_use()
        return rule

    def _assign(self, unit=None, **params):
        return ("assign", {"unit": (unit or self.urbanism).id, **params})

    def _process(self):
        self.env["gov.rule.task"]._process_tasks()
        self.env.invalidate_all()

    def _logs(self, rule):
        return rule.with_user(self.desk_admin).log_ids
