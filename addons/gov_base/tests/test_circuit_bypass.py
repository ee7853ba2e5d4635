from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_circuit import CircuitCase


@tagged("alone", "standard", "at_install")
class TestCircuitBypass(CircuitCase):
    """Passing a step over needs two persons; somebody is named in the place of who left."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chief = cls.person("gov_chief", cls.town)
        cls.subject.supervisor_id = cls.chief

    def two(self):
        return self.start(("First", "visa", self.head), ("Then", "visa", self.director))

    def test_two_persons(self):
        run = self.two()
        first = run.step_ids[0]
        run.with_user(self.clerk).action_bypass_ask(first.id, "The head is in hospital")
        self.assertEqual(first.state, "current")
        self.assertIn("The head is in hospital", run.bypass_note)
        with self.refused(UserError, "asked it yourself"):
            run.with_user(self.clerk).action_bypass_confirm(first.id)
        with self.refused(UserError, "has asked that already"):
            run.with_user(self.chief).action_bypass_ask(first.id, "Me too")
        run.with_user(self.chief).action_bypass_confirm(first.id)
        self.assertEqual(self.states(run), {"First": "bypassed", "Then": "current"})
        self.assertEqual(
            (first.bypass_asked_id, first.bypass_confirmed_id), (self.clerk, self.chief)
        )
        box = first._box()
        self.assertEqual(
            box["question"],
            f"Passed over by {self.clerk.name} and {self.chief.name}: The head is in "
            "hospital",
        )
        self.assertEqual(
            [one for one in self.heard() if "bypass" in one],
            ["bypass asked First", "bypassed First"],
        )
        self.assertEqual(
            self.events(run),
            ["started", "opened", "bypass_asked", "bypassed", "opened"],
        )
        with self.refused(UserError, "It is not|decided already"):
            self.act(run, self.head)

    def test_who_may_not(self):
        run = self.two()
        first, then = run.step_ids
        with self.refused(AccessError, "Only the sender"):
            run.with_user(self.head).action_bypass_ask(first.id, "why")
        with self.refused(UserError, "waits now"):
            run.with_user(self.clerk).action_bypass_ask(then.id, "why")
        with self.refused(UserError, "Say why first"):
            run.with_user(self.clerk).action_bypass_ask(first.id, "  ")
        with self.refused(UserError, "Nobody has asked"):
            run.with_user(self.chief).action_bypass_confirm(first.id)
        for odd in (None, "1", [first.id], 10**12):
            with self.refused(UserError, "no longer, part of the circuit"):
                run.with_user(self.clerk).action_bypass_ask(odd, "why")
        run.with_user(self.clerk).action_bypass_ask(first.id, "why")
        # Who acts later in the same circuit does not confirm, whatever his role.
        self.subject.supervisor_id = self.director
        with self.refused(UserError, "You act in this circuit"):
            run.with_user(self.director).action_bypass_confirm(first.id)
        with self.refused(UserError, "have not asked"):
            run.with_user(self.admin).action_bypass_withdraw(first.id)
        run.with_user(self.clerk).action_bypass_withdraw(first.id)
        with self.refused(UserError, "Nobody has asked"):
            run.with_user(self.admin).action_bypass_confirm(first.id)

    def test_a_kind_that_is_never_passed_over(self):
        self.subject.never = "visa"
        run = self.two()
        self.assertFalse(run.with_user(self.clerk).can_bypass_ask)
        with self.refused(UserError, "is never passed over"):
            run.with_user(self.clerk).action_bypass_ask(run.step_ids[0].id, "why")

    def test_a_request_goes_with_its_step(self):
        run = self.two()
        self.act(run, self.head)
        then = run._current_steps()
        run.with_user(self.clerk).action_bypass_ask(then.id, "why")
        run.with_user(self.director).action_return(run.step_ids[0].id, "Again")
        self.act(run, self.head)
        with self.refused(UserError, "Nobody has asked|no longer"):
            run.with_user(self.chief).action_bypass_confirm(run._current_steps().id)

    # -- naming somebody

    def test_who_left_is_replaced_before_his_turn(self):
        run = self.two()
        row = run.step_ids[1].actor_ids
        with self.refused(UserError, "can act"):
            run.with_user(self.chief).action_replace(row.id, self.admin.id, "why")
        self.director.active = False
        self.assertTrue(run.with_user(self.chief).can_replace)
        self.assertFalse(run.with_user(self.head).can_replace)
        with self.refused(AccessError, "Only the sender"):
            run.with_user(self.head).action_replace(row.id, self.admin.id, "why")
        run.with_user(self.chief).action_replace(row.id, self.admin.id, "Retired")
        self.assertEqual((row.state, row.comment), ("replaced", "Retired"))
        new = run.step_ids[1].actor_ids - row
        self.assertEqual(
            new.reason,
            f"Named by {self.chief.name} in the place of {self.director.name}",
        )
        self.act(run, self.head)
        self.assertEqual(self.waits_for(run), self.admin)
        self.act(run, self.admin)
        self.assertEqual(run.state, "done")

    def test_who_left_while_it_waits_is_said(self):
        run = self.two()
        self.head.active = False
        row = run.step_ids[0].actor_ids
        self.assertIn("account of", run.step_ids[0]._box()["problem"])
        # The sender chose this person: he may choose another one.
        run.with_user(self.clerk).action_replace(row.id, self.admin.id, "Retired")
        self.assertEqual(self.waits_for(run), self.admin)

    def test_odd_replacements(self):
        run = self.two()
        self.head.active = False
        row = run.step_ids[0].actor_ids
        chief = run.with_user(self.chief)
        for odd in (None, "x", [row.id], 10**12):
            with self.refused(UserError, "no longer, part of the circuit"):
                chief.action_replace(odd, self.admin.id, "why")
        for odd in (None, "x", self.stranger.id, 10**12):
            with self.refused(UserError, "active person of"):
                chief.action_replace(row.id, odd, "why")
