from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_circuit import CircuitCase


@tagged("alone", "standard", "at_install")
class TestCircuit(CircuitCase):
    """Templates: drawn by the functional administrator, published, frozen, replaced, rehearsed; rules that find people."""

    def circuit(self, *steps, publish=True, company=None):
        circuit = (
            self.env["gov.circuit"]
            .with_user(self.admin)
            .with_company(self.agdal)
            .create(
                {
                    "name": "Reply",
                    "company_id": (company or self.agdal).id,
                    "step_ids": [
                        Command.create({"rank": number, **step})
                        for number, step in enumerate(steps, 1)
                    ],
                }
            )
        )
        if publish:
            circuit.action_publish()
        return circuit

    def launch(self, circuit, user=None, **options):
        subject = self.subject.with_user(user or self.clerk)
        return subject._circuit_start(circuit, **options).with_env(self.env)

    def people(self, run):
        return {
            step.name: {(row.user_id, row.reason) for row in step.actor_ids}
            for step in run.step_ids
        }

    # -- versions

    def test_published_is_frozen(self):
        circuit = self.circuit({"name": "Visa", "actor_rule": "initiator_manager"})
        self.assertEqual((circuit.state, circuit.version), ("published", 1))
        for change in (
            lambda: circuit.write({"name": "Other"}),
            lambda: circuit.step_ids.write({"name": "Other"}),
            lambda: circuit.step_ids.unlink(),
            lambda: circuit.write({"step_ids": [Command.clear()]}),
            lambda: circuit.step_ids.create({"circuit_id": circuit.id, "name": "More"}),
            lambda: circuit.sudo().write({"description": "Other"}),
        ):
            with self.refused(UserError, "does not change any more"):
                change()
        with self.refused(UserError, "never deleted"):
            circuit.unlink()
        for vals in ({"state": "draft"}, {"version": 9}, {"origin_id": circuit.id}):
            with self.refused(AccessError, "only with its buttons"):
                circuit.write(vals)
        with self.refused(AccessError, "only with its buttons"):
            circuit.create({"name": "New", "state": "published"})
        forged = circuit.with_context(
            default_state="published",
            default_version=9,
            default_origin_id=circuit.id,
            circuit_gate=True,
        ).create({"name": "New"})
        self.assertEqual((forged.state, forged.version), ("draft", 1))
        self.assertFalse(forged.origin_id)

    def test_words_of_a_published_circuit_stay_in_each_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        circuit = self.circuit(
            {"name": "Visa", "actor_rule": "initiator_manager"}, publish=False
        )
        circuit.step_ids.update_field_translations("name", {"fr_FR": "En français"})
        circuit.action_publish()
        for record in (circuit, circuit.step_ids):
            with self.refused(UserError, "does not change any more"):
                record.update_field_translations("name", {"fr_FR": "Autre"})
        step = self.launch(circuit).step_ids
        self.assertEqual(step.name, "Visa")
        self.assertEqual(step.with_context(lang="fr_FR").name, "En français")

    def test_a_step_does_not_move_into_a_published_circuit(self):
        frozen = self.circuit({"name": "Visa", "actor_rule": "initiator_manager"})
        draft = self.circuit(
            {"name": "Visa", "actor_rule": "initiator_manager"}, publish=False
        )
        with self.refused(UserError, "does not change any more"):
            draft.step_ids.write({"circuit_id": frozen.id})

    def test_new_version_replaces_the_old_one(self):
        first = self.circuit({"name": "Visa", "actor_rule": "initiator_manager"})
        second = first.browse(first.action_new_version()["res_id"])
        self.assertEqual((second.state, second.version), ("draft", 2))
        self.assertEqual(second.name, "Reply")
        self.assertEqual(second.step_ids.mapped("name"), ["Visa"])
        self.assertEqual(first.action_new_version()["res_id"], second.id)
        second.step_ids.name = "Second look"
        running = self.launch(first)
        second.action_publish()
        self.assertEqual((first.state, second.state), ("retired", "published"))
        # What runs goes on as it began; what starts takes the new one, whichever version is named.
        self.assertEqual(running.step_ids.name, "Visa")
        self.assertEqual(running.version, 1)
        again = self.launch(first)
        self.assertEqual(again.step_ids.name, "Second look")
        self.assertEqual((again.circuit_id, again.version), (second, 2))
        self.act(running, self.head)
        self.assertEqual(running.state, "done")

    def test_retired_starts_nothing(self):
        circuit = self.circuit({"name": "Visa", "actor_rule": "initiator_manager"})
        circuit.action_retire()
        with self.refused(UserError, "No version of the circuit"):
            self.launch(circuit)
        with self.refused(UserError, "cannot take this step"):
            circuit.action_publish()
        with self.refused(UserError, "cannot take this step"):
            circuit.action_retire()

    def test_a_copy_is_a_new_circuit(self):
        first = self.circuit({"name": "Visa", "actor_rule": "initiator_manager"})
        other = first.copy()
        self.assertEqual((other.state, other.version), ("draft", 1))
        self.assertFalse(other.origin_id)
        self.assertEqual(other.name, "Reply (copy)")

    def test_what_cannot_work_is_not_published(self):
        with self.refused(UserError, "at least one step"):
            self.circuit()
        with self.refused(UserError, "“Visa”: say which"):
            self.circuit({"name": "Visa", "actor_rule": "person"})
        with self.refused(UserError, "“Role”: choose a role of the mail office"):
            self.circuit(
                {
                    "name": "Role",
                    "actor_rule": "group",
                    "group_id": self.env.ref("base.group_system").id,
                }
            )
        with self.refused(UserError, "“Up”: superiors act one after the other"):
            self.circuit(
                {"name": "Up", "actor_rule": "up_to", "rank": 1},
                {"name": "Beside", "actor_rule": "initiator_manager", "rank": 1},
            )

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_who_draws_circuits(self):
        circuit = self.circuit({"name": "Visa", "actor_rule": "initiator_manager"})
        self.assertEqual(circuit.with_user(self.clerk).name, "Reply")
        with self.assertRaises(AccessError):
            circuit.with_user(self.clerk).action_retire()
        with self.assertRaises(AccessError):
            circuit.with_user(self.clerk).create({"name": "Mine"})
        with self.assertRaises(AccessError):
            circuit.with_user(self.stranger).read(["name"])
        with self.refused(Exception, "company|companies"):
            self.circuit(
                {
                    "name": "Visa",
                    "actor_rule": "person",
                    "user_ids": [Command.set(self.stranger.ids)],
                }
            )

    def test_drawn_in_the_form(self):
        form = Form(
            self.env["gov.circuit"].with_user(self.admin).with_company(self.agdal),
            view="gov_base.gov_circuit_view_form",
        )
        form.name = "Permit"
        with form.step_ids.new() as step:
            step.name = "Visa"
            step.actor_rule = "initiator_manager"
        with form.step_ids.new() as step:
            step.name = "Agreement"
            step.actor_rule = "unit_head"
            step.unit_id = self.town
        circuit = form.save()
        self.assertEqual(circuit.step_ids.mapped("rank"), [1, 2])
        self.assertEqual(len(circuit.picture["groups"]), 2)
        self.assertIn("Town", circuit.picture["groups"][1]["steps"][0]["who"])

    # -- rules

    def test_rules_find_people_and_say_why(self):
        circuit = self.circuit(
            {"name": "Person", "actor_rule": "person", "user_ids": self.agent.ids},
            {"name": "Head", "actor_rule": "unit_head", "unit_id": self.town.id},
            {"name": "Subject", "actor_rule": "subject_unit_head"},
            {"name": "Sender", "actor_rule": "initiator_manager"},
            {"name": "Above", "actor_rule": "previous_manager"},
            {"name": "Chosen", "actor_rule": "chosen"},
        )
        chosen = circuit.step_ids[-1]
        run = self.launch(circuit, chosen={chosen: self.agent})
        clerk, head = self.clerk.name, self.head.name
        self.assertEqual(
            self.people(run),
            {
                "Person": {(self.agent, "Named in the circuit")},
                "Head": {(self.director, "Head of the unit Town")},
                "Subject": {(self.head, "Head of the unit Permits")},
                "Sender": {
                    (
                        self.head,
                        f"N+1 of {clerk}. Also acts just before, at “Subject”",
                    )
                },
                "Above": {(self.director, f"N+1 of {head}")},
                "Chosen": {(self.agent, f"Chosen by {clerk}")},
            },
        )
        self.assertEqual(run.step_ids.mapped("rank"), [1, 2, 3, 4, 5, 6])
        again = self.launch(circuit, chosen={chosen.id: self.agent.ids})
        self.assertEqual(again.step_ids[-1].actor_ids.user_id, self.agent)

    def test_role(self):
        group = self.env.ref("gov_base.group_gov_base_admin")
        circuit = self.circuit(
            {
                "name": "Role",
                "actor_rule": "group",
                "group_id": group.id,
                "mode": "any",
            }
        )
        run = self.launch(circuit)
        self.assertEqual(
            self.people(run)["Role"],
            {(self.admin, "Has the role Functional administrator")},
        )

    def test_deputy_and_unit_above(self):
        self.permits.manager_id = False
        self.permits.gov_deputy_ids = self.staff[self.clerk]
        circuit = self.circuit({"name": "Head", "actor_rule": "subject_unit_head"})
        self.assertEqual(
            self.people(self.launch(circuit))["Head"],
            {(self.clerk, "Deputy in the unit Permits")},
        )
        self.permits.gov_deputy_ids = [Command.clear()]
        self.assertEqual(
            self.people(self.launch(circuit))["Head"],
            {
                (
                    self.director,
                    "Head of the unit Town, above Permits which has no head",
                )
            },
        )

    def test_up_to_makes_one_step_a_level(self):
        circuit = self.circuit(
            {"name": "Up", "actor_rule": "up_to", "levels": 4},
            {"name": "Last", "actor_rule": "unit_head", "unit_id": self.town.id},
        )
        run = self.launch(circuit)
        self.assertEqual(
            [(s.rank, s.name, s.actor_ids.user_id) for s in run.step_ids],
            [
                (1, "Up", self.head),
                (2, "Up", self.director),
                (3, "Last", self.director),
            ],
        )
        self.assertEqual(run.step_ids[1].actor_ids.reason, f"N+2 of {self.clerk.name}")

    def test_rules_without_a_circuit(self):
        run = self.start({"name": "Up", "kind": "visa", "rule": "up_to", "levels": 1})
        self.assertEqual(self.waits_for(run), self.head)
        run = self.start(
            {"name": "Head", "kind": "visa", "rule": "unit_head", "unit": self.town}
        )
        self.assertEqual(self.waits_for(run), self.director)

    def test_vacancy_names_the_step(self):
        circuit = self.circuit(
            {"name": "Visa", "actor_rule": "initiator_manager"},
            {
                "name": "Money",
                "actor_rule": "unit_head",
                "unit_id": self.finance.id,
            },
            {"name": "Pick", "actor_rule": "chosen"},
        )
        with self.refused(
            UserError, "(?s)at the step “Money”.*vacant.*Choose who acts.*“Pick”"
        ):
            self.launch(circuit)
        self.assertFalse(self.subject.run_ids)
        with self.refused(UserError, "“Visa”.*vacant"):
            # The director has nobody above.
            self.launch(circuit, self.director)

    def test_closed_account_is_a_vacancy(self):
        circuit = self.circuit(
            {"name": "Person", "actor_rule": "person", "user_ids": self.agent.ids}
        )
        self.agent.active = False
        with self.refused(UserError, "“Person”.*account is closed"):
            self.launch(circuit)

    def test_people_are_frozen_at_the_start(self):
        circuit = self.circuit(
            {"name": "First", "actor_rule": "initiator_manager"},
            {"name": "Head", "actor_rule": "unit_head", "unit_id": self.town.id},
        )
        run = self.launch(circuit)
        self.town.manager_id = self.staff[self.clerk]
        self.act(run, self.head)
        self.assertEqual(self.waits_for(run), self.director)

    def test_above_whom_really_acted(self):
        circuit = self.circuit(
            {
                "name": "One",
                "actor_rule": "person",
                "user_ids": (self.clerk | self.head).ids,
                "mode": "any",
            },
            {"name": "Above", "actor_rule": "previous_manager"},
        )
        run = self.launch(circuit)
        self.act(run, self.head)
        self.assertEqual(self.waits_for(run), self.director)
        run = self.launch(circuit)
        self.act(run, self.clerk)
        self.assertEqual(self.waits_for(run), self.head)

    def test_circuit_of_another_administration(self):
        circuit = self.circuit({"name": "Visa", "actor_rule": "initiator_manager"})
        with self.refused(UserError, "belongs to another administration"):
            self.other_subject._circuit_start(circuit)

    # -- rehearsal

    def test_simulate(self):
        circuit = self.circuit(
            {"name": "Visa", "actor_rule": "initiator_manager"},
            {"name": "Money", "actor_rule": "unit_head", "unit_id": self.finance.id},
            {"name": "Pick", "actor_rule": "chosen"},
            publish=False,
        )
        before = self.env["gov.circuit.run"].search_count([])
        found = circuit.action_simulate(user=self.clerk.id)
        self.assertEqual(
            found["groups"][0]["steps"][0]["people"],
            [{"name": self.head.name, "why": f"N+1 of {self.clerk.name}"}],
        )
        self.assertEqual(len(found["problems"]), 1)
        self.assertIn("“Money”", found["problems"][0])
        self.assertTrue(found["groups"][1]["steps"][0]["problem"])
        self.assertFalse(found["groups"][2]["steps"][0]["problem"])
        with self.refused(UserError, "active person of"):
            circuit.action_simulate(user=self.stranger.id)
        self.assertEqual(self.env["gov.circuit.run"].search_count([]), before)

    def test_simulate_on_a_document(self):
        circuit = self.circuit({"name": "Head", "actor_rule": "subject_unit_head"})
        own = circuit.with_user(self.clerk)
        for subject in (
            self.subject.with_user(self.clerk),
            f"{self.subject._name},{self.subject.id}",
        ):
            found = own.action_simulate(subject)
            self.assertEqual(
                found["groups"][0]["steps"][0]["people"][0]["name"], self.head.name
            )
        self.assertTrue(own.action_simulate()["problems"])
        for wrong in ("res.partner,1", "nothing,1", "res.partner"):
            with self.refused(UserError, "not a document|do not go through"):
                own.action_simulate(wrong)
        with mute_logger("odoo.addons.base.models.ir_rule"):
            with self.assertRaises(AccessError):
                own.action_simulate(f"{self.subject._name},{self.other_subject.id}")

    def test_rehearsal_dialog(self):
        circuit = self.circuit({"name": "Visa", "actor_rule": "initiator_manager"})
        form = Form(
            self.env["gov.circuit.simulation"]
            .with_user(self.admin)
            .with_context(default_circuit_id=circuit.id)
        )
        self.assertIn("“Visa”", form.problems)
        form.user_id = self.clerk
        self.assertFalse(form.problems)
