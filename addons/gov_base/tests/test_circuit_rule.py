import json

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_circuit import SUBJECT, CircuitCase

BIG = [{"field": "amount", "operator": "at_least", "value": 5000}]


@tagged("alone", "standard", "at_install")
class TestCircuitRule(CircuitCase):
    """Conditions of steps, offices, superiors up to a head, persons of the document, alerts before the start."""

    def circuit(self, *steps, publish=True, **vals):
        circuits = self.env["gov.circuit"].with_user(self.admin)
        circuit = circuits.with_company(self.agdal).create(
            {
                "name": "Act",
                "company_id": self.agdal.id,
                "subject_model": SUBJECT,
                **vals,
                "step_ids": [
                    Command.create({"rank": number, **step})
                    for number, step in enumerate(steps, 1)
                ],
            }
        )
        if publish:
            circuit.action_publish()
        return circuit

    def launch(self, circuit, user=None, **options):
        subject = self.subject.with_user(user or self.clerk)
        return subject._circuit_start(circuit, **options).with_env(self.env)

    def named(self, name, user, **vals):
        step = {"name": name, "actor_rule": "person", "user_ids": user.ids}
        return {**step, **vals}

    # -- conditions

    def test_groups_of_digits_are_held_together(self):
        """A space between them turns them round where one reads from right to left."""
        language = self.env["res.lang"].search([("code", "=", "en_US")])
        language.thousands_sep = " "
        step = self.circuit(self.named("Money", self.head, conditions=BIG)).step_ids
        self.assertIn("5\u00a0000", step.condition_text)

    def test_a_step_is_left_out_with_its_reason(self):
        circuit = self.circuit(
            self.named("Visa", self.head),
            self.named("Money", self.director, conditions=BIG),
        )
        self.subject.amount = 100
        run = self.launch(circuit)
        money = run.step_ids.filtered(lambda step: step.name == "Money")
        self.assertEqual(money.state, "left_out")
        self.assertEqual(money.conditions, BIG)
        self.assertFalse(money.actor_ids)
        boxes = [
            step for group in run.get_picture()["groups"] for step in group["steps"]
        ]
        self.assertEqual(
            boxes[1]["left_out"],
            "Left out, because this is not so: Amount is at least 5,000",
        )
        self.act(run, self.head)
        self.assertEqual(run.state, "done")

    def test_a_step_whose_condition_holds_is_done(self):
        circuit = self.circuit(
            self.named("Visa", self.head),
            self.named("Money", self.director, conditions=BIG),
        )
        self.subject.amount = 5000
        run = self.launch(circuit)
        self.act(run, self.head)
        self.assertEqual(self.waits_for(run), self.director)
        self.assertEqual(
            run._current_steps()._box()["condition"], "Amount is at least 5,000"
        )
        # What changes later does not: the snapshot stays.
        self.subject.amount = 1
        self.act(run, self.director)
        self.assertEqual(run.state, "done")

    def test_nothing_left_starts_nothing(self):
        circuit = self.circuit(self.named("Money", self.director, conditions=BIG))
        with self.refused(UserError, "No step of this circuit concerns this document"):
            self.launch(circuit)

    def test_a_condition_is_picked(self):
        step = self.named("Money", self.director)
        for conditions in (
            [{"field": "salary", "operator": "at_least", "value": 5}],
            [{"field": "amount", "operator": "=", "value": 5}],
            [{"field": "amount", "operator": "at_least", "value": "5 or 1=1"}],
            [{"field": ["amount"], "operator": {}, "value": 5}],
            ["amount"],
            "amount > 5",
            {"field": "amount"},
            5,
        ):
            with (
                self.subTest(conditions=conditions),
                self.refused(ValidationError, "."),
            ):
                self.circuit({**step, "conditions": conditions}, publish=False)
        with self.refused(ValidationError, "for which documents"):
            self.circuit(
                {**step, "conditions": BIG}, publish=False, subject_model=False
            )
        circuit = self.circuit({**step, "conditions": BIG}, publish=False)
        with self.refused(ValidationError, "for which documents"):
            circuit.subject_model = False

    def test_a_condition_that_is_gone_leaves_nobody_out(self):
        draft = self.circuit(
            self.named("Money", self.director, conditions=BIG), publish=False
        )
        circuit = draft.copy()
        circuit.action_publish()
        for step in (draft | circuit).step_ids:
            self.env.cr.execute(
                "UPDATE gov_circuit_step SET conditions = %s WHERE id = %s",
                [json.dumps([{**BIG[0], "field": "form:gone"}]), step.id],
            )
        (draft | circuit).step_ids.invalidate_recordset()
        with self.refused(UserError, "does not exist any more"):
            self.launch(circuit)
        with self.refused(UserError, "does not exist any more"):
            draft.action_publish()

    def test_made_for_other_documents(self):
        circuit = self.circuit(self.named("Visa", self.head))
        circuit = circuit.copy({"name": "Other", "subject_model": False})
        circuit.action_publish()
        self.assertEqual(self.launch(circuit).state, "running")
        self.assertIn(SUBJECT, dict(circuit._selection_subject_model()))
        # Another model than the one it is made for.
        other = self.circuit(self.named("Visa", self.head), publish=False)
        other.invalidate_recordset()
        self.env.cr.execute(
            "UPDATE gov_circuit SET subject_model = 'gov.other' WHERE id = %s",
            [other.id],
        )
        other.invalidate_recordset()
        other.action_publish()
        with self.refused(UserError, "made for other documents"):
            self.launch(other)

    # -- who acts

    def test_an_office_whoever_holds_it(self):
        job = self.env["hr.job"].create(
            {"name": "Treasurer", "company_id": self.agdal.id}
        )
        circuit = self.circuit(
            {"name": "Visa", "actor_rule": "office", "job_id": job.id}
        )
        with self.refused(UserError, "the place is vacant"):
            self.launch(circuit)
        for user in (self.head, self.director):
            self.staff[user].job_id = job
        run = self.launch(circuit)
        self.assertEqual(self.waits_for(run), self.head | self.director)
        self.assertEqual(
            set(run.actor_ids.mapped("reason")), {"Holds the office Treasurer"}
        )
        below = self.circuit(
            {
                "name": "Visa",
                "actor_rule": "office",
                "job_id": job.id,
                "unit_id": self.permits.id,
            }
        )
        run = self.launch(below)
        self.assertEqual(self.waits_for(run), self.head)
        self.assertEqual(run.actor_ids.reason, "Holds the office Treasurer, Permits")

    def test_superiors_up_to_the_head_of_a_unit(self):
        step = {
            "name": "Up",
            "actor_rule": "up_to_head",
            "unit_id": self.town.id,
        }
        circuit = self.circuit(step, self.named("Then", self.admin))
        run = self.launch(circuit)
        ups = run.step_ids.filtered(lambda one: one.name == "Up").sorted("rank")
        self.assertEqual(
            [row.user_id for row in ups.actor_ids], [self.head, self.director]
        )
        # The head himself needs nobody above him.
        run = self.launch(circuit, self.director)
        up = run.step_ids.filtered(lambda one: one.name == "Up")
        self.assertEqual((up.state, up.left_out_code), ("left_out", "is_head"))
        self.assertEqual(up._box()["left_out"], "Left out: the sender heads Town")
        elsewhere = self.circuit({**step, "unit_id": self.finance.id})
        with self.refused(UserError, "do not lead to the head of Finance"):
            self.launch(elsewhere)

    def test_a_person_that_the_document_names(self):
        circuit = self.circuit(
            {"name": "Visa", "actor_rule": "subject_user", "subject_field": "owner"}
        )
        with self.refused(UserError, "“Owner” of the document names no active person"):
            self.launch(circuit)
        self.subject.owner_id = self.stranger
        with self.refused(UserError, "names no active person"):
            self.launch(circuit)
        self.subject.owner_id = self.director
        run = self.launch(circuit)
        self.assertEqual(run.actor_ids.reason, "Named in the document: Owner")
        with self.refused(UserError, "say which field of the document"):
            self.circuit(
                {"name": "Visa", "actor_rule": "subject_user", "subject_field": "no"}
            )

    def test_what_cannot_work_is_not_published(self):
        for step, words in (
            ({"actor_rule": "office"}, "say which office"),
            ({"actor_rule": "up_to_head"}, "say which persons, role or unit"),
            ({"actor_rule": "platform"}, "is an act of a person"),
            (
                {"actor_rule": "up_to", "mode": "quorum", "quorum": 2},
                "needs several persons at once",
            ),
            (
                {
                    "actor_rule": "person",
                    "user_ids": self.head.ids,
                    "mode": "quorum",
                    "quorum": 2,
                },
                "2 persons must agree, and only 1 can act",
            ),
            (
                {
                    "actor_rule": "person",
                    "user_ids": self.head.ids,
                    "mode": "quorum",
                    "chair_id": self.director.id,
                },
                "is not one of those who act",
            ),
        ):
            with self.subTest(step=step), self.refused(UserError, words):
                self.circuit({"name": "Visa", **step})

    def test_replacements_of_a_published_circuit_stay(self):
        circuit = self.circuit(
            self.named(
                "Board",
                self.head,
                replacement_ids=[Command.create({"user_id": self.clerk.id})],
            )
        )
        listed = circuit.step_ids.replacement_ids
        for change in (
            lambda: listed.write({"user_id": self.director.id}),
            lambda: listed.unlink(),
            lambda: listed.create(
                {"step_id": circuit.step_ids.id, "user_id": self.director.id}
            ),
        ):
            with self.refused(UserError, "does not change any more"):
                change()

    # -- alerts

    def test_alerts_before_the_start(self):
        circuit = self.circuit(
            self.named("First", self.clerk),
            {"name": "Board", "actor_rule": "office", "job_id": self._nobody().id},
            self.named("Again", self.clerk),
        )
        plan = circuit.step_ids._plan(self.subject, self.clerk, self.agdal)
        alerts = circuit._alerts(plan, self.clerk)
        self.assertEqual(
            [(alert["code"], alert["level"], alert["step"]) for alert in alerts],
            [
                ("vacancy", "danger", "Board"),
                ("self", "warning", "First"),
                ("self", "warning", "Again"),
                ("twice", "warning", "Again"),
            ],
        )
        self.assertTrue(all(alert["text"] for alert in alerts))

    def _nobody(self):
        return self.env["hr.job"].create(
            {"name": "Mediator", "company_id": self.agdal.id}
        )

    def test_an_absent_person_is_said(self):
        self.env["gov.absence"].create(
            {
                "user_id": self.head.id,
                "company_id": self.agdal.id,
                "date_from": self.agdal._gov_today(),
                "date_to": self.agdal._gov_today(),
            }
        )
        steps = self.subject._circuit_steps(
            [
                {
                    "name": "Board",
                    "kind": "visa",
                    "users": self.head | self.director,
                    "mode": "quorum",
                    "quorum": 2,
                }
            ]
        )
        plan = steps._plan(self.subject, self.clerk, self.agdal)
        alerts = (
            self.env["gov.circuit"].with_company(self.agdal)._alerts(plan, self.clerk)
        )
        self.assertEqual([one["code"] for one in alerts], ["absent", "quorum"])

    def test_the_sender_does_not_decide(self):
        circuit = self.circuit(
            self.named("Visa", self.head),
            self.named("Sign", self.director),
            no_self_approval=True,
        )
        with self.refused(UserError, "this circuit does not allow it"):
            self.launch(circuit, self.head)
        run = self.launch(circuit)
        with self.refused(UserError, "does not let its sender decide"):
            run.with_user(self.head).action_transfer(self.clerk.id, "For you")
        with self.refused(UserError, "does not let its sender decide"):
            run.with_user(self.head).action_add_step("visa", self.clerk.ids)
        run.with_user(self.head).action_add_step(
            "opinion", self.clerk.ids, question="Is it right?"
        )
