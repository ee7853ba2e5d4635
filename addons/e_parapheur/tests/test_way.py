from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import BookCase


@tagged("post_install", "-at_install")
class TestWay(BookCase):
    """The circuit is the first whose conditions hold, after its preparation; shown before it starts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.form = cls.env["gov.form"].create(
            {
                "name": "Order",
                "company_id": cls.company.id,
                "field_ids": [
                    Command.create({"label": "Amount", "type": "amount"}),
                    Command.create({"label": "Beneficiary", "type": "text"}),
                ],
            }
        )
        cls.form.action_publish()
        cls.small = cls._circuit(
            "Small", [{"name": "Signature", "kind": "signature", "users": cls.signer}]
        )
        cls.large = cls._circuit(
            "Large",
            [
                {"name": "Council", "kind": "visa", "rule": "chosen"},
                {"name": "Signature", "kind": "signature", "users": cls.mayor},
            ],
        )
        cls.check = cls._circuit(
            "Check", [{"name": "Budget", "kind": "visa", "users": cls.head}]
        )
        cls.orders = cls.env["parapheur.nature"].create(
            {
                "name": "Order",
                "company_id": cls.company.id,
                "circuit_id": cls.small.id,
                "form_id": cls.form.id,
                "amount_field_id": cls.form.field_ids[0].id,
                "way_ids": [
                    Command.create(
                        {
                            "conditions": [
                                {
                                    "field": "amount",
                                    "operator": "at_least",
                                    "value": 50000,
                                }
                            ],
                            "creation_circuit_id": cls.check.id,
                            "circuit_id": cls.large.id,
                        }
                    )
                ],
            }
        )

    def _order(self, amount, **kwargs):
        folder = self._draft(nature=self.orders, **kwargs)
        folder.form_values = {"amount": amount}
        return folder

    def test_a_circuit_says_which_folders_take_it(self):
        self.assertIn(
            "Order, version 1 – the amount is at least 50,000", self.large.uses
        )
        self.assertNotIn("parapheur.", self.large.uses)

    def test_the_first_that_fits(self):
        small = self._order("1200")
        small.action_submit()
        self.assertEqual(small.run_id.circuit_id, self.small)
        large = self._order("50000")
        self.assertEqual(large.choice_ids.step_id.name, "Council")
        with self.refused(UserError, "Choose who acts at the step “Council”"):
            large.action_submit()
        large.choice_ids.user_ids = self.other
        large.action_submit()
        steps = large.run_id.sudo().step_ids
        self.assertEqual(steps.mapped("name"), ["Budget", "Council", "Signature"])
        self.assertEqual(steps.mapped("rank"), [1, 2, 3], "preparation first")
        self.assertEqual(large.run_id.circuit_id, self.large)
        self._as(large, self.head).action_approve()
        self._as(large, self.other).action_approve()
        self._sign(large, self.mayor)
        self.assertEqual(large.sudo().state, "closing")

    def test_steps_to_choose_follow_what_is_written(self):
        folder = self._order("70000")
        folder.choice_ids.user_ids = self.other
        folder.form_values = {"amount": "80000"}
        self.assertEqual(folder.choice_ids.user_ids, self.other, "kept")
        folder.form_values = {"amount": "10"}
        self.assertFalse(folder.choice_ids)

    def test_conditions_look_at_what_the_nature_asks(self):
        version = self.orders.version_id
        draft = version.browse(self.orders.action_new_version()["res_id"])
        for odd in (
            [{"field": "nothing", "operator": "in", "value": [1]}],
            [{"field": "amount", "operator": "any", "value": ["x"]}],
            [{"field": "amount", "operator": "at_least", "value": "DROP"}],
            [{"field": ["amount"], "operator": "at_least", "value": 1}],
            "amount > 3",
            {"amount": 3},
            [[("amount", ">", 3)]],
        ):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                draft.way_ids.conditions = odd
        draft.way_ids.conditions = []
        with self.refused(UserError, "is for some folders only"):
            draft.action_publish()
        draft.way_ids.conditions = [
            {"field": "form:beneficiary", "operator": "any", "value": ["Bennani"]},
            {"field": "unit", "operator": "in", "value": [self.town.id]},
        ]
        self.assertIn("“Bennani”", draft.way_ids.sentence)
        draft.action_publish()
        folder = self._order("10")
        folder.form_values = {"beneficiary": "M. BENNANI"}
        self.assertEqual(folder._way()[1], self.large, "the unit is below the town")
        other = self.env["gov.form"].create(
            {
                "name": "Leave",
                "company_id": self.company.id,
                "field_ids": [Command.create({"label": "Days", "type": "integer"})],
            }
        )
        other.action_publish()
        third = version.browse(self.orders.action_new_version()["res_id"])
        third.way_ids.conditions = [
            {"field": "form:days", "operator": "at_least", "value": 3}
        ]
        with self.refused(UserError, "does not ask"):
            third.action_publish()

    def test_what_would_happen_is_shown_before(self):
        folder = self._order("70000")
        found = folder.get_preview()
        self.assertIn("because the amount is at least 50,000", found["way"])
        names = [
            step["name"]
            for group in found["picture"]["groups"]
            for step in group["steps"]
        ]
        self.assertEqual(names, ["Budget", "Council", "Signature"])
        first = found["picture"]["groups"][0]["steps"][0]["people"][0]
        self.assertEqual(first["name"], self.head.name)
        self.assertTrue(first["why"])
        self.assertIn("Choose who acts at the step “Council”", found["dangers"][0])
        folder.choice_ids.user_ids = self.clerk
        found = folder.get_preview()
        self.assertFalse(found["dangers"])
        self.assertTrue(
            any("decides on it" in words for words in found["warnings"]),
            "who sends decides on his own folder",
        )
        folder.action_submit()
        with self.refused(UserError, "its circuit is shown as it is"):
            folder.get_preview()
        self.assertFalse(folder.preview)

    def test_the_preview_follows_the_form(self):
        folder = self._order("10")
        with Form(folder) as form:
            self.assertIn("Circuit: Small", form.preview_way)
            form.unit_id = self.town
        self.assertIn("Circuit: Small", folder.preview_way)
        nobody = self._user("book_nobody", "base.group_user", name="Nobody")
        large = self._order("60000")
        large.choice_ids.user_ids = nobody
        self.assertIn("no role in the signature book", large.preview_dangers)

    def test_others_may_not_look(self):
        folder = self._order("10")
        with self.assertRaises(AccessError):
            folder.with_user(self.other).get_preview()
