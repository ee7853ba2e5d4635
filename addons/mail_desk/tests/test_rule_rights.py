from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common_rule import RuleCase


@tagged("post_install", "-at_install")
class TestRuleRights(RuleCase):
    """What a rule is given, who makes one, and its rehearsal."""

    # Hostile values

    def test_what_is_given_is_checked(self):
        good = {"field": "subject", "operator": "any", "value": ["x"]}
        for conditions in (
            "x",
            {"field": "subject"},
            [[]],
            [None],
            [{**good, "field": "sudo"}],
            [{**good, "field": "_rule_do_assign"}],
            [{**good, "field": ["subject"]}],
            [{**good, "operator": "ilike"}],
            [{**good, "operator": {"a": 1}}],
            [{**good, "value": "permis"}],
            [{**good, "value": []}],
            [{**good, "value": ["‏"]}],
            [{**good, "value": [1]}],
            [{"field": "category", "operator": "in", "value": [True]}],
            [{"field": "category", "operator": "in", "value": [10**9]}],
            [{"field": "category", "operator": "in", "value": [[1]]}],
            [{"field": "language", "operator": "in", "value": ["xx"]}],
            [good] * 21,
        ):
            with self.assertRaises(ValidationError, msg=conditions):
                self.env["gov.rule"].create(
                    {
                        "name": "x",
                        "company_id": self.company.id,
                        "event": "desk_registered",
                        "conditions": conditions,
                    }
                )
        for actions in (
            "x",
            [["assign"]],
            [{"action": "unlink"}],
            [{"action": ["assign"]}],
            [{"action": "assign"}],
            [{"action": "assign", "params": {"unit": "1"}}],
            [{"action": "assign", "params": {"unit": True}}],
            [{"action": "assign", "params": {"unit": self.other_unit.id}}],
            [{"action": "copy", "params": {"units": self.legal.id}}],
            [{"action": "deadline", "params": {"days": 10**6}}],
            [{"action": "deadline", "params": {"days": True}}],
            [{"action": "notify", "params": {"who": "everybody"}}],
        ):
            with self.assertRaises(ValidationError, msg=actions):
                self.env["gov.rule"].create(
                    {
                        "name": "x",
                        "company_id": self.company.id,
                        "event": "desk_registered",
                        "actions": actions,
                    }
                )

    def test_nothing_of_another_administration(self):
        with self.refused(ValidationError, "is not one of"):
            self._rule(
                [],
                [
                    (
                        "notify",
                        {"who": "persons", "users": [self.stranger.id]},
                    )
                ],
            )
        rule = self._rule([], [self._assign()])
        stranger = self._user("admin3", "admin", self.other_company)
        with self.assertRaises(AccessError):
            rule.with_user(stranger).name = "x"
        with self.assertRaises(AccessError):
            rule.with_user(stranger).action_simulate()
        letter = self.env["registry.letter"]._register_deposit(
            {"office_id": self.other_office.id, "subject": "S", "name": "N"}
        )
        self._drain()
        self.assertFalse(self.env["gov.rule.task"].search([("res_id", "=", letter.id)]))
        with self.assertRaises(ValidationError):
            # Its unit is none of the other administration.
            rule.sudo().company_id = self.other_company

    def test_a_form_names_nobody_of_another_administration(self):
        def said(unit, user):
            rule = (
                self.env["gov.rule"]
                .with_user(self.desk_admin)
                .new(
                    {
                        "event": "desk_registered",
                        "company_id": self.company.id,
                        "conditions": [
                            {"field": "unit", "operator": "in", "value": unit.ids}
                        ],
                        "actions": [
                            {
                                "action": "assign",
                                "params": {"unit": unit.id, "user": user.id},
                            }
                        ],
                    }
                )
            )
            return rule.sentence

        self.assertIn("AU Desk", said(self.urbanism, self.au))
        foreign = said(self.other_unit, self.stranger)
        self.assertNotIn(self.other_unit.name, foreign)
        self.assertNotIn("STRANGER", foreign)

    def test_who_may_make_rules(self):
        for user in (self.au, self.hu, self.supervisor, self.desk_auditor):
            with self.assertRaises(AccessError, msg=user.login):
                self.env["gov.rule"].with_user(user).create(
                    {"name": "x", "event": "desk_registered"}
                )
        rule = self._rule([], [self._assign()])
        self._register()
        self._process()
        self.assertTrue(rule.with_user(self.desk_auditor).has_access("read"))
        for method in ("action_use", "action_stop_using", "action_simulate"):
            with self.assertRaises(AccessError, msg=method):
                getattr(rule.with_user(self.desk_auditor), method)()
        with self.assertRaises(AccessError):
            self.env["gov.rule.log"].with_user(self.desk_admin).create(
                {"company_id": self.company.id, "state": "done"}
            )
        with self.assertRaises(AccessError):
            rule.log_ids.with_user(self.desk_admin).write({"state": "done"})
        with self.assertRaises(AccessError):
            self.env["gov.rule.task"].with_user(self.desk_admin).search([])

    def test_an_empty_rule_is_never_in_use(self):
        empty = self._rule([], [], used=False)
        for act in (
            lambda: empty.action_use(),
            lambda: empty.with_user(self.desk_admin).write({"in_use": True}),
            lambda: self._rule([], [], used=False, in_use=True),
        ):
            with self.refused(ValidationError, "at least one action"):
                act()

    def test_changes_of_a_rule_are_kept(self):
        rule = self._rule([], [self._assign()])
        rule.with_user(self.desk_admin).write(
            {"actions": [{"action": "deadline", "params": {"days": 3}}]}
        )
        bodies = " ".join(rule.message_ids.mapped("body"))
        self.assertIn("assign to Urbanisme", bodies)
        self.assertIn("in 3 days", bodies)
        with self.refused(ValidationError, "at least one action"):
            rule.with_user(self.desk_admin).actions = []

    # Rehearsal

    def test_rehearsal(self):
        first = self._register(category_id=self.below.id)
        second = self._register(subject="Facture", category_id=self.category.id)
        rule = self._rule(
            [("category", "in", [self.category.id]), ("subject", "any", ["permis"])],
            [self._assign()],
            used=False,
        )
        action = rule.action_simulate()
        simulation = (
            self.env[action["res_model"]]
            .with_user(self.desk_admin)
            .browse(action["res_id"])
        )
        mine = {line.res_id: line for line in simulation.line_ids}
        self.assertTrue(mine[first.id].holds)
        self.assertEqual(mine[first.id].what, "assign to Urbanisme")
        self.assertIn("the subject contains “permis”", mine[first.id].why)
        self.assertFalse(mine[second.id].holds)
        self.assertEqual(mine[second.id].why, "Not so: the subject contains “permis”")
        # A functional administrator treats no letter: numbers and reasons, no subject.
        self.assertFalse(mine[first.id].subject)
        self.assertIn("1 would have been concerned", simulation.summary)
        self.assertEqual(first.desk_unit_id, self.secretariat)
        self.assertFalse(self._logs(rule))
        with self.assertRaises(AccessError):
            simulation.with_user(self._user("admin4", "admin", self.company)).read(
                ["summary"]
            )

    def test_rehearsal_of_several_in_order(self):
        letter = self._register(category_id=self.category.id)
        rules = self._rule([], [self._assign()], stop=True, used=False) | self._rule(
            [], [self._assign(self.legal)], sequence=20, used=False
        )
        action = rules.action_simulate()
        lines = self.env[action["res_model"]].browse(action["res_id"]).line_ids
        mine = lines.filtered(lambda line: line.res_id == letter.id)
        self.assertEqual(mine.mapped("what"), ["assign to Urbanisme"])
        other = self._rule([], [self._assign()], event="desk_closed", used=False)
        with self.refused(UserError, "same event"):
            (rules | other).action_simulate()

    def test_a_registration_costs_nothing_without_rules(self):
        """One statement to know that there are none, remembered by the process."""
        rules = self.env["gov.rule"]
        letter = self._register()
        rules._fire("desk_registered", letter)
        before = self.env.cr.sql_log_count
        rules._fire("desk_registered", letter)
        self.assertEqual(self.env.cr.sql_log_count, before)
