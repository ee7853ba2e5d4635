from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import DeskCase


@tagged("post_install", "-at_install")
class TestCircuit(DeskCase):
    """Circuits on a letter: from a template of the unit or category, and ad hoc."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.circuit = cls._circuit("Permis", ("opinion", cls.al), ("visa", cls.dg))

    @classmethod
    def _circuit(cls, name, *steps):
        circuit = cls.env["gov.circuit"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "step_ids": [
                    Command.create(
                        {
                            "rank": rank,
                            "name": f"{kind} {rank}",
                            "kind": kind,
                            "actor_rule": "person" if user else "chosen",
                            "user_ids": user.ids if user else [],
                        }
                    )
                    for rank, (kind, user) in enumerate(steps, 1)
                ],
            }
        )
        circuit.action_publish()
        return circuit

    def _choice(self, **vals):
        return (
            self.env["desk.circuit.choice"]
            .with_user(self.desk_admin)
            .create(
                {
                    "company_id": self.company.id,
                    "circuit_id": self.circuit.id,
                    **vals,
                }
            )
        )

    def test_a_circuit_goes_its_way(self):
        letter = self._assigned()
        letter.with_user(self.au).action_start_circuit(self.circuit.id)
        self.assertEqual(letter.with_user(self.al).desk_next, "answer")
        letter.with_user(self.al).action_give_opinion("Conforme")
        reader = letter.with_user(self.dg)
        reader.invalidate_recordset()
        self.assertEqual(reader.desk_next, "visa")
        self.assertIn("asks your visa", reader.desk_todo)
        self.assertTrue(reader.desk_can_visa)
        with self.refused(UserError, "No visa of yours"):
            letter.with_user(self.au).action_give_visa("approve")
        reader.action_give_visa("approve")
        self.assertEqual(letter.run_id.state, "done")
        self.assertIn("“Permis” is finished", self._sentences(letter, self.au)[0])

    def test_a_visa_is_refused_with_a_reason(self):
        letter = self._assigned()
        circuit = self._circuit("Visa", ("visa", self.dg))
        letter.with_user(self.au).action_start_circuit(circuit.id)
        with self.refused(UserError, "reason of your refusal"):
            letter.with_user(self.dg).action_give_visa("refuse")
        letter.with_user(self.dg).action_give_visa("refuse", "Dossier incomplet")
        self.assertEqual(letter.run_id.state, "refused")
        self.assertIn("Dossier incomplet", self._sentences(letter, self.au)[0])
        self.assertEqual(letter.desk_state, "assigned")

    def test_a_step_more_in_a_running_circuit(self):
        letter = self._assigned()
        letter.with_user(self.au).action_start_circuit(self.circuit.id)
        agent = letter.with_user(self.au)
        self.assertTrue(agent.desk_can_add_step)
        self.assertEqual(agent.action_add_step()["res_model"], "gov.circuit.dialog")
        agent.action_add_step("opinion", self.hl.ids, "Et le délai ?", 3)
        self.assertEqual(letter.with_user(self.hl).desk_next, "answer")
        with self.refused(UserError, "No circuit that you started"):
            letter.with_user(self.hu).action_add_step("opinion", self.hl.ids)
        with self.refused(UserError, "Choose one or several active"):
            agent.action_add_step("opinion", self.stranger.ids, "?")
        with self.refused(UserError, "no such kind"):
            agent.action_add_step("signature", self.hl.ids, "?")

    def test_the_closest_template_comes_first(self):
        other = self._circuit("Autre", ("visa", self.hl))
        heading = self.env["registry.category"].create(
            {"name": "Urbanisme", "company_id": self.company.id}
        )
        category = self.env["registry.category"].create(
            {
                "name": "Permis",
                "parent_id": heading.id,
                "company_id": self.company.id,
            }
        )
        anything = self._choice(circuit_id=other.id)
        above = self._choice(unit_id=self.direction.id)
        here = self._choice(unit_id=self.urbanism.id)
        self._choice(unit_id=self.legal.id)
        by_heading = self._choice(category_id=heading.id)
        by_category = self._choice(category_id=category.id, circuit_id=other.id)
        self._choice(purpose="reply")
        choices = self.env["desk.circuit.choice"].with_user(self.au)
        plain = self._arrived()
        self.assertEqual(
            choices._for_letter(plain, "letter").ids, (here | above | anything).ids
        )
        letter = self._arrived(category_id=category.id)
        self.assertEqual(
            choices._for_letter(letter, "letter").ids,
            (by_category + by_heading + here + above + anything).ids,
        )
        self.assertEqual(len(choices._for_letter(letter, "reply")), 1)

    def test_one_starts_by_itself(self):
        self._choice(unit_id=self.urbanism.id, automatic=True)
        letter = self._assigned()
        self.assertEqual(letter.run_ids.circuit_id, self.circuit)
        self._row(letter, self.au).action_return("x")
        self._row(letter, self.hu).action_dispatch(user_id=self.au2.id)
        self.assertEqual(len(letter.run_ids), 1)

    def test_a_vacant_place_does_not_stop_a_dispatch(self):
        vacant = self._circuit("Vacant", ("visa", self.hl))
        self._choice(automatic=True, circuit_id=vacant.id)
        self.hl.active = False
        letter = self._assigned()
        self.assertEqual(letter.desk_user_id, self.au)
        self.assertIn(
            "“Vacant” could not start – Nobody can act",
            " ".join(self._sentences(letter, self.au)),
        )

    def test_who_starts_and_what(self):
        letter = self._assigned()
        with self.refused(AccessError, "Only the agent"):
            letter.with_user(self.au2).action_start_circuit(1)
        agent = letter.with_user(self.au)
        for wrong in (10**6, "x", -1, [self.circuit.id]):
            with self.refused(UserError, "Choose a published circuit"):
                agent.action_start_circuit(wrong)
        self.assertEqual(
            agent.action_start_circuit()["res_model"], "desk.circuit.wizard"
        )
        chosen = self._circuit("Au choix", ("opinion", None))
        with self.refused(UserError, "Choose who acts"):
            agent.action_start_circuit(chosen.id, "nonsense")
        step = chosen.step_ids
        agent.action_start_circuit(chosen.id, {str(step.id): self.hl.ids})
        self.assertEqual(letter.run_id.current_user_ids, self.hl)

    def test_what_may_be_usual(self):
        with self.refused(ValidationError, "starts when the reply is submitted"):
            self._choice(purpose="reply", automatic=True)
        chosen = self._circuit("Au choix", ("opinion", None))
        with self.refused(ValidationError, "the sender chooses"):
            self._choice(automatic=True, circuit_id=chosen.id)
        choice = self._choice(unit_id=self.legal.id)
        for user in (self.hu, self.supervisor, self.desk_auditor):
            with self.assertRaises(AccessError):
                choice.with_user(user).automatic = True
        self.assertFalse(choice.with_user(self.stranger).search([]) & choice)
        wizard = (
            self.env["desk.circuit.wizard"]
            .with_user(self.au)
            .create({"letter_id": self._assigned().id})
        )
        self.assertFalse(wizard.circuit_id)
        self._choice(unit_id=self.urbanism.id)
        wizard = wizard.create({"letter_id": wizard.letter_id.id})
        self.assertEqual(wizard.circuit_id, self.circuit)
        wizard.action_confirm()
        self.assertEqual(wizard.letter_id.sudo().run_id.circuit_id, self.circuit)
