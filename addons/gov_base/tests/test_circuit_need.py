from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_circuit import SUBJECT, CircuitCase


@tagged("alone", "standard", "at_install")
class TestCircuitNeed(CircuitCase):
    """What a step asks before it is passed, whom it tells, and steps that the application does itself."""

    def launch(self, *steps):
        circuits = self.env["gov.circuit"].with_user(self.admin)
        circuit = circuits.with_company(self.agdal).create(
            {
                "name": "Act",
                "company_id": self.agdal.id,
                "subject_model": SUBJECT,
                "step_ids": [
                    Command.create(
                        {
                            "rank": number,
                            "name": f"Step {number}",
                            "actor_rule": "person",
                            "user_ids": self.head.ids,
                            **step,
                        }
                    )
                    for number, step in enumerate(steps, 1)
                ],
            }
        )
        circuit.action_publish()
        subject = self.subject.with_user(self.clerk)
        return subject._circuit_start(circuit).with_env(self.env)

    def test_fields_to_fill_in_before_agreeing(self):
        run = self.launch({"required_on_approve": ["budget"]})
        # The button stays: the sentence says what to do.
        self.assertTrue(run.with_user(self.head).can_act)
        self.assertEqual(
            run._missing(run.step_ids, self.head, "approve")["labels"], ["Budget line"]
        )
        for call in (
            lambda: self.act(run, self.head),
            lambda: run.with_user(self.head)._act(self.head, "approve"),
            lambda: run.with_user(self.head)._check("act", self.head),
        ):
            with self.refused(UserError, "fill in “Budget line”"):
                call()
        self.subject.answers = {"budget": "61.1"}
        self.act(run, self.head)
        self.assertEqual(run.state, "done")

    def test_refusing_asks_for_its_own_fields(self):
        run = self.launch({"required_on_refuse": ["budget"]})
        with self.refused(UserError, "fill in “Budget line”"):
            self.act(run, self.head, "refuse", "No")
        run = self.launch({"required_on_approve": ["budget"]})
        self.act(run, self.head, "refuse", "No")
        self.assertEqual(run.state, "refused")

    def test_a_document_to_attach(self):
        run = self.launch({"attachment_required": True})
        with self.refused(UserError, "asks for a document"):
            self.act(run, self.head)
        self.subject.attached = True
        self.act(run, self.head)
        self.assertEqual(run.state, "done")

    def test_fields_are_picked(self):
        for keys in (["salary"], "budget", [1], {"budget": 1}, ["budget"] * 60):
            with self.subTest(keys=keys), self.refused(ValidationError, "."):
                self.launch({"required_on_approve": keys})

    def test_people_told_when_it_is_passed(self):
        run = self.launch(
            {"notify_user_ids": (self.director | self.admin).ids},
            {"user_ids": self.director.ids},
        )
        self.admin.active = False
        self.act(run, self.head)
        self.assertIn(f"told Step 1 {self.director.login}", self.heard())
        self.assertEqual(
            self.events(run), ["started", "opened", "acted", "told", "opened"]
        )

    # -- the application

    def platform(self, answer):
        self.subject.platform = answer
        return self.start(
            ("Visa", "visa", self.head),
            {"name": "Seal", "kind": "visa", "rule": "platform"},
            ("After", "visa", self.director),
        )

    def test_the_application_does_it_at_once(self):
        run = self.platform("done")
        self.act(run, self.head)
        self.assertEqual(
            self.states(run), {"Visa": "done", "Seal": "done", "After": "current"}
        )
        self.assertEqual(
            self.events(run)[2:], ["acted", "opened", "platform_done", "opened"]
        )
        # Its act is not taken back by who acted before it.
        with self.refused(UserError, "cannot take your act back"):
            run.with_user(self.head).action_recall("Oh")

    def test_the_application_fails_and_tries_again(self):
        run = self.platform("The authority does not answer.")
        self.act(run, self.head)
        seal = run._current_steps()
        self.assertEqual(seal.platform_error, "The authority does not answer.")
        self.assertEqual(seal._box()["problem"], "The authority does not answer.")
        with self.refused(AccessError, "done by the application itself"):
            self.act(run, self.admin)
        with self.refused(AccessError, "a supervisor or a functional administrator"):
            run.with_user(self.head).action_platform_retry(seal.id)
        self.assertTrue(run.with_user(self.clerk).can_platform_retry)
        run.with_user(self.clerk).action_platform_retry(seal.id)
        self.assertEqual(seal.platform_tries, 2)
        self.subject.platform = "done"
        run.with_user(self.clerk).action_platform_retry(seal.id)
        self.assertEqual(seal.state, "done")
        with self.refused(UserError, "has not failed"):
            run.with_user(self.clerk).action_platform_retry(seal.id)

    def test_the_last_step_of_the_application_ends_the_run(self):
        self.subject.platform = False
        run = self.start({"name": "Seal", "kind": "visa", "rule": "platform"})
        self.assertEqual(run.state, "running")
        self.assertTrue(run._platform_done(run.step_ids))
        self.assertEqual(run.state, "done")
        # Late or twice: nothing more happens.
        self.assertFalse(run._platform_done(run.step_ids))
        self.assertFalse(run._platform_failed(run.step_ids, "Too late"))

    def test_a_step_of_a_person_is_not_done_by_the_application(self):
        run = self.start(("Visa", "visa", self.head))
        self.assertFalse(run._platform_done(run.step_ids))
        self.assertEqual(run.state, "running")
