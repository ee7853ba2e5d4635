from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_circuit import SUBJECT, CircuitCase

BIG = [{"field": "amount", "operator": "at_least", "value": 5000}]


@tagged("alone", "standard", "at_install")
class TestCircuitDesign(CircuitCase):
    """Drawing a circuit: the picture beside the steps, the rehearsal on a sample, the library."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        circuits = cls.env["gov.circuit"].with_user(cls.admin)
        cls.circuit = circuits.with_company(cls.agdal).create(
            {
                "name": "Act",
                "company_id": cls.agdal.id,
                "subject_model": SUBJECT,
                "step_ids": [
                    Command.create({"rank": 1, "name": "Up", "actor_rule": "up_to"}),
                    Command.create(
                        {
                            "rank": 2,
                            "name": "Money",
                            "actor_rule": "subject_unit_head",
                            "conditions": BIG,
                        }
                    ),
                    Command.create(
                        {
                            "rank": 3,
                            "name": "Owner",
                            "actor_rule": "subject_user",
                            "subject_field": "owner",
                        }
                    ),
                ],
            }
        )

    def boxes(self, picture):
        return [step for group in picture["groups"] for step in group["steps"]]

    def test_the_picture_follows_what_is_typed(self):
        with Form(self.circuit) as form:
            before = self.boxes(form.picture)
            self.assertEqual(before[1]["condition"], "Amount is at least 5,000")
            self.assertEqual([box["key"] for box in before], self.circuit.step_ids.ids)
            with form.step_ids.edit(0) as step:
                step.name = "Above"
            self.assertEqual(self.boxes(form.picture)[0]["name"], "Above")

    def test_what_may_be_picked(self):
        editor = self.circuit.step_ids[0].editor
        self.assertEqual(
            [field["key"] for field in editor["fields"]], ["amount", "unit", "text"]
        )
        self.assertEqual(editor["form_fields"][0]["key"], "budget")
        self.assertEqual(editor["user_fields"][0]["key"], "owner")

    def test_a_rehearsal_on_a_sample(self):
        fields = self.circuit.get_sample_fields()
        self.assertEqual(
            [field["key"] for field in fields],
            ["amount", "circuit:unit", "circuit:user:owner"],
        )
        nothing = self.circuit.action_simulate(user=self.clerk.id, facts={})
        up, money, owner = self.boxes(nothing)
        self.assertEqual([one["name"] for one in up["people"]], [self.head.name])
        self.assertEqual(up["people"][0]["why"], f"N+1 of {self.clerk.name}")
        self.assertEqual(money["state"], "left_out")
        self.assertIn("this is not so: Amount is at least 5,000", money["left_out"])
        self.assertTrue(owner["problem"])
        self.assertIn("“Owner” of the document", nothing["problems"][0])
        told = self.circuit.action_simulate(
            user=self.clerk.id,
            facts={
                "amount": 5000,
                "circuit:unit": self.town.ids,
                "circuit:user:owner": self.clerk.ids,
            },
        )
        self.assertFalse(told["problems"])
        self.assertEqual(
            [[one["name"] for one in box["people"]] for box in self.boxes(told)],
            [[self.head.name], [self.director.name], [self.clerk.name]],
        )
        self.assertIn("decides on it at the step “Owner”", told["alerts"][0])

    def test_odd_samples(self):
        for facts in (
            {"amount": "5000; DROP"},
            {"amount": [5000]},
            {"amount": {"a": 1}},
            {"amount": float("nan")},
            {"circuit:unit": "x"},
            {"circuit:unit": [10**12]},
            {"circuit:unit": self.town.id},
            {"circuit:user:owner": self.stranger.ids},
            {"circuit:user:password": [1]},
            [1],
            "x",
            {1: 2},
        ):
            with self.subTest(facts=facts):
                found = self.circuit.action_simulate(user=self.clerk.id, facts=facts)
                self.assertEqual(self.boxes(found)[1]["state"], "left_out")
                self.assertTrue(found["problems"])

    def test_the_wizard(self):
        simulation = (
            self.env["gov.circuit.simulation"]
            .with_user(self.admin)
            .create(
                {
                    "circuit_id": self.circuit.id,
                    "user_id": self.clerk.id,
                    "facts": {"amount": 9000, "circuit:unit": self.town.ids},
                }
            )
        )
        self.assertIn("“Owner”", simulation.problems)
        self.assertEqual(len(simulation.editor["fields"]), 3)

    def test_the_library(self):
        with self.assertRaises(AccessError):
            self.circuit.with_user(self.clerk).action_duplicate()
        action = self.circuit.action_duplicate()
        copy = self.env["gov.circuit"].browse(action["res_id"])
        self.assertEqual((copy.name, copy.state), ("Act (copy)", "draft"))
        self.assertEqual(copy.step_ids.mapped("conditions")[1], BIG)
        copy.step_ids[2].unlink()
        copy.action_publish()
        copy.action_new_version()
        self.assertEqual(copy.version_count, 2)
        self.assertEqual(
            copy.action_open_versions()["domain"][0][2], copy._family().ids
        )
        self.subject.with_user(self.clerk)._circuit_start(copy)
        copy.invalidate_recordset(["running_count"])
        self.assertEqual(copy.running_count, 1)
        found = self.env["gov.circuit.run"].search(copy.action_open_runs()["domain"])
        self.assertEqual(found.circuit_id, copy)

    def test_what_is_missing_is_said_while_it_is_drawn(self):
        self.assertFalse(self.circuit.to_do)
        fresh = self.env["gov.circuit"].new({"name": "Nothing in it yet"})
        self.assertIs(fresh.to_do, False)
        self.circuit.step_ids[2].subject_field = False
        self.circuit.invalidate_recordset()
        self.assertIn("say which field of the document", self.circuit.to_do)
