from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_circuit import CircuitCase


@tagged("alone", "standard", "at_install")
class TestCircuitResume(CircuitCase):
    """A return that comes straight back: what is done again, what stays, what can be taken back then."""

    def four(self):
        run = self.start(
            ("First", "visa", self.head),
            ("Second", "visa", self.director),
            ("Third", "visa", self.clerk),
            ("Fourth", "visa", self.admin),
            user=self.clerk,
        )
        for user in (self.head, self.director, self.clerk):
            self.act(run, user)
        return run

    def step(self, run, name):
        return run._live_steps().filtered(lambda step: step.name == name)

    def test_it_comes_straight_back(self):
        run = self.four()
        first = self.step(run, "First")
        run.with_user(self.admin).action_return(first.id, "Amount?", resume="here")
        self.assertEqual(
            self.states(run),
            {
                "First": "current",
                "Second": "done",
                "Third": "done",
                "Fourth": "waiting",
            },
        )
        self.assertEqual(first.state, "returned")
        self.assertEqual(self.waits_for(run), self.head)
        self.act(run, self.head)
        self.assertEqual(self.waits_for(run), self.admin)
        # Who has just acted may take it back; those who stayed valid may not.
        with self.refused(UserError, "cannot take your act back"):
            run.with_user(self.clerk).action_recall("Oh")
        run.with_user(self.head).action_recall("Oh")
        self.act(run, self.head)
        self.act(run, self.admin)
        self.assertEqual(run.state, "done")

    def test_effects_are_said_before(self):
        run = self.four().with_user(self.admin)
        second = self.step(run, "Second")

        def names(effects):
            return {
                key: [step["name"] for step in steps] for key, steps in effects.items()
            }

        self.assertEqual(
            names(run.get_return_effects(second.id, "all")),
            {"again": ["Second", "Third", "Fourth"], "valid": ["First"]},
        )
        effects = run.get_return_effects(second.id, "here")
        self.assertEqual(
            names(effects),
            {"again": ["Second", "Fourth"], "valid": ["First", "Third"]},
        )
        self.assertEqual(effects["valid"][0]["people"], [self.head.name])

    def test_the_dialog_says_what_happens(self):
        run = self.four().with_user(self.admin)
        action = run.action_open_return()
        dialogs = self.env["gov.circuit.dialog"].with_user(self.admin)
        form = Form(dialogs.with_context(**action["context"]))
        self.assertEqual(form.step_id.name, "Third")
        form.step_id = self.step(run, "Second")
        self.assertTrue(form.again.startswith("Second ("))
        self.assertIn("Fourth", form.again)
        form.resume = "here"
        self.assertEqual(
            form.valid, f"First ({self.head.name}); Third ({self.clerk.name})"
        )
        form.reason = "Amount?"
        form.save().action_confirm()
        self.assertEqual(self.waits_for(run), self.director)

    def test_a_way_that_does_not_exist(self):
        run = self.four().with_user(self.admin)
        first = self.step(run, "First")
        for odd in ("", None, "start", 1, ["here"], {}):
            with self.subTest(odd=odd), self.refused(UserError, "done again"):
                run.action_return(first.id, "why", resume=odd)

    def test_votes_of_others_at_the_same_step_stay(self):
        run = self.start(
            ("First", "visa", self.head),
            ("Both", "visa", self.director | self.admin),
        )
        self.act(run, self.head)
        self.act(run, self.director)
        run.with_user(self.admin).action_return(
            self.step(run, "First").id, "Amount?", resume="here"
        )
        self.act(run, self.head)
        self.assertEqual(self.waits_for(run), self.admin)
        # The return itself is not taken back.
        with self.refused(UserError, "have not acted"):
            run.with_user(self.admin).action_recall("Oh")
        self.act(run, self.admin)
        self.assertEqual(run.state, "done")

    def test_steps_beside_wait_and_stay(self):
        run = self.start(
            ("First", "visa", self.head, {"rank": 1}),
            ("Left", "visa", self.director, {"rank": 2}),
            ("Right", "visa", self.admin, {"rank": 2}),
        )
        self.act(run, self.head)
        run.with_user(self.director).action_return(
            self.step(run, "First").id, "?", resume="here"
        )
        self.assertEqual(
            self.states(run),
            {"First": "current", "Left": "waiting", "Right": "waiting"},
        )
        self.act(run, self.head)
        self.assertEqual(self.waits_for(run), self.director | self.admin)
        self.act(run, self.director)
        self.act(run, self.admin)
        self.assertEqual(run.state, "done")
