from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import DeskCase


@tagged("post_install", "-at_install")
class TestMoves(DeskCase):
    """Refusing, taking back, going round in circles, keeping a copy."""

    def _given(self, **vals):
        """A letter that the secretariat dispatched to urbanism."""
        letter = self._register()
        vals = {"unit_id": self.urbanism.id, **vals}
        self._row(letter, self.hs).action_dispatch(**vals)
        return letter

    def test_a_unit_refuses_what_was_dispatched(self):
        letter = self._given()
        first = self._row(letter).parent_id
        row = self._row(letter, self.hu)
        with self.refused(UserError, "Say why"):
            row.action_refuse(" ")
        self.assertEqual(row.action_refuse()["context"]["default_act"], "refuse")
        row.action_refuse("Relève de la voirie")
        self.assertEqual((row.state, row.reason), ("refused", "Relève de la voirie"))
        self.assertEqual((self._row(letter), first.state), (first, "to_dispatch"))
        self.assertEqual(letter.desk_unit_id, self.secretariat)
        self.assertIn(
            "HU Desk refused the letter for Urbanisme: it is with Bureau d’ordre again",
            self._sentences(letter, self.hs)[0],
        )
        self.assertFalse(letter.with_user(self.hu).has_access("read"))
        with self.refused(UserError, "refused already"):
            row.with_user(self.supervisor).action_refuse("encore")

    def test_an_agent_does_not_refuse_for_the_unit(self):
        letter = self._given(user_id=self.au.id)
        with self.refused(AccessError, "An agent returns it"):
            self._row(letter, self.au).action_refuse("non")
        # The head refuses over the agent's head: back to who gave it to the unit.
        self._row(letter, self.hu).action_refuse("Ne nous concerne pas")
        self.assertEqual(letter.desk_unit_id, self.secretariat)
        self.assertFalse(letter.desk_user_id)

    def test_refused_where_it_arrived(self):
        letter = self._arrived()
        self._row(letter, self.hu).action_refuse("Pas pour nous")
        self.assertEqual(letter.desk_unit_id, self.secretariat)
        with self.refused(UserError, "it arrived here"):
            self._row(letter, self.hs).action_refuse("Encore")

    def test_taken_back_at_once(self):
        letter = self._given(user_id=self.au.id, copy_unit_ids=self.legal.ids)
        child = self._row(letter)
        with self.refused(AccessError, "Only the head of Bureau d’ordre"):
            child.with_user(self.au).action_withdraw()
        self.assertTrue(letter.with_user(self.hs).desk_can_withdraw)
        letter.with_user(self.hs).action_withdraw()
        self.assertEqual(child.state, "withdrawn")
        self.assertEqual(letter.desk_state, "to_dispatch")
        self.assertEqual(letter.desk_unit_id, self.secretariat)
        self.assertFalse(letter.with_user(self.au).has_access("read"))
        with self.refused(UserError, "nothing to take back"):
            letter.with_user(self.hs).action_withdraw()
        with self.refused(UserError, "taken back already"):
            child.with_user(self.supervisor).action_withdraw()
        copy = letter.assignment_ids.filtered(lambda row: row.role == "copy")
        copy.with_user(self.hs).action_withdraw("Erreur")
        self.assertEqual(copy.state, "withdrawn")
        self.assertFalse(letter.with_user(self.al).has_access("read"))

    def test_taken_back_within_the_unit(self):
        letter = self._assigned()
        self._row(letter, self.hu).action_withdraw()
        self.assertEqual(letter.desk_state, "to_dispatch")
        self.assertEqual(letter.desk_unit_id, self.urbanism)

    def test_not_taken_back_once_a_reply_is_begun(self):
        letter = self._given(user_id=self.au.id)
        letter.with_user(self.au).action_reply()
        with self.refused(UserError, "AU Desk began a reply"):
            letter.with_user(self.hs).action_withdraw()

    def test_round_in_circles(self):
        letter = self._given()
        self._row(letter, self.hu).action_redirect(self.legal.id, "Contentieux")
        with self.refused(UserError, "round in circles. Return it to Bureau d’ordre"):
            self._row(letter, self.hl).action_redirect(self.urbanism.id, "Permis")
        self.assertEqual(letter.desk_unit_id, self.legal)
        # Whoever stands above decides, and so does a supervisor.
        self._row(letter, self.hl).action_return("Permis, pas contentieux")
        self._row(letter, self.hs).action_dispatch(unit_id=self.urbanism.id)
        self.assertEqual(letter.desk_unit_id, self.urbanism)
        again = self._given()
        self._row(again, self.hu).action_redirect(self.legal.id, "Contentieux")
        self._row(again, self.supervisor).action_redirect(self.urbanism.id, "Décidé")
        self.assertEqual(again.desk_unit_id, self.urbanism)

    def test_the_agent_who_had_it_keeps_a_copy(self):
        letter = self._assigned()
        self._row(letter, self.hu).action_redirect(
            self.legal.id, "Contentieux", keep_copy=True
        )
        copy = letter.assignment_ids.filtered(lambda row: row.role == "copy")
        self.assertEqual((copy.unit_id, copy.user_id), (self.urbanism, self.au))
        with self.refused(UserError, "No copy"):
            letter.with_user(self.au2).action_seen()
        letter.with_user(self.au).action_seen()
        self.assertEqual(copy.state, "done")

    def test_misrouting_is_measured(self):
        letter = self._given()
        self._row(letter, self.hu).action_refuse("Non")
        self._row(letter, self.hs).action_dispatch(unit_id=self.legal.id)
        self._row(letter, self.hl).action_return("Non plus")
        self.assertEqual(
            letter._desk_misrouted().mapped("state"), ["returned", "refused"]
        )


@tagged("post_install", "-at_install")
class TestParts(DeskCase):
    """Copies, opinions, visas and signatory, asked when a letter is dispatched."""

    def _dispatch(self, letter, **vals):
        row = self._row(letter, self.hs)
        return row.action_dispatch(unit_id=self.urbanism.id, user_id=self.au.id, **vals)

    def test_everything_at_once(self):
        letter = self._register()
        today = fields.Date.context_today(letter)
        self._dispatch(
            letter,
            copy_user_ids=self.dg.ids,
            opinion_user_ids=[self.al.id, self.hl.id],
            opinion_question="Recevable ?",
            opinion_due=today + timedelta(days=4),
            visa_user_ids=self.hl.ids,
            sign_user_id=self.dg.id,
        )
        step = letter.run_id.step_ids
        self.assertEqual((step.kind, step.state), ("opinion", "current"))
        self.assertEqual(step.actor_ids.user_id, self.al | self.hl)
        self.assertEqual(step.deadline, today + timedelta(days=4))
        roles = {
            row.role: row.user_id for row in letter.assignment_ids if row.role != "to"
        }
        self.assertEqual(roles, {"copy": self.dg, "visa": self.hl, "sign": self.dg})
        self.assertEqual(letter.with_user(self.al).desk_next, "answer")
        self.assertEqual(letter.desk_user_id, self.au)
        letter.with_user(self.al).action_give_opinion("Oui")
        letter.with_user(self.hl).action_give_opinion("Non")
        self.assertEqual(letter.run_id.state, "done")
        said = " ".join(self._sentences(letter, self.au))
        self.assertIn("wants the visa of HL Desk on the reply", said)
        self.assertIn("wants the reply signed by DG Desk", said)
        self.assertIn("asked AL Desk, HL Desk for an opinion", said)

    def test_a_visa_lets_nobody_else_read(self):
        letter = self._register()
        self._dispatch(letter, visa_user_ids=self.hl.ids)
        self.assertTrue(letter.with_user(self.hl).has_access("read"))
        self.assertFalse(letter.with_user(self.al).has_access("read"))

    def test_the_reply_asks_who_was_named(self):
        letter = self._register()
        self._dispatch(letter, visa_user_ids=self.hl.ids, sign_user_id=self.dg.id)
        steps = letter.with_user(self.au)._desk_reply_steps(self.hu)
        self.assertEqual(
            [(step["kind"], step["users"]) for step in steps],
            [("visa", self.hl), ("validation", self.dg)],
        )
        # Whoever validates anyhow is not asked twice.
        self.assertEqual(
            [step["users"] for step in letter._desk_reply_steps(self.dg)], [self.hl]
        )
        sign = letter.assignment_ids.filtered(lambda row: row.role == "sign")
        sign.with_user(self.hs).action_withdraw()
        self.assertEqual(len(letter._desk_reply_steps(self.hu)), 1)

    def test_a_circuit_does_not_drop_who_was_named(self):
        circuit = self.env["gov.circuit"].create(
            {
                "name": "Réponses",
                "company_id": self.company.id,
                "step_ids": [
                    Command.create(
                        {
                            "name": "Validation",
                            "kind": "validation",
                            "actor_rule": "person",
                            "user_ids": self.hu.ids,
                        }
                    )
                ],
            }
        )
        circuit.action_publish()
        self.env["desk.circuit.choice"].create(
            {
                "company_id": self.company.id,
                "circuit_id": circuit.id,
                "purpose": "reply",
            }
        )
        letter = self._register()
        self._dispatch(letter, visa_user_ids=self.hl.ids, sign_user_id=self.dg.id)
        reply = letter.with_user(self.au).env["desk.outgoing"]
        reply = reply.create({"kind": "reply", "answers_id": letter.id})
        reply.body = "<p>Bonjour, voici notre réponse.</p>"
        wizard = self.env["desk.submit.wizard"].with_user(self.au)
        wizard = wizard.create({"outgoing_id": reply.id})
        self.assertEqual(wizard.circuit_id, circuit)
        self.assertIn("2. Visa – HL Desk", wizard.preview)
        wizard.action_confirm()
        steps = reply.sudo().run_id.step_ids.sorted("rank")
        self.assertEqual(
            [step.actor_ids.user_id for step in steps], [self.hu, self.hl, self.dg]
        )

    def test_hostile_parts(self):
        letter = self._register()
        row = self._row(letter)
        for values, words in (
            ({"copy_user_ids": self.stranger.ids}, "active people"),
            ({"opinion_user_ids": [self.al.id, self.stranger.id]}, "active people"),
            ({"visa_user_ids": "x"}, "active people"),
            ({"sign_user_id": "x"}, "active people"),
            ({"sign_user_id": {"id": 1}}, "active people"),
            ({"copy_unit_ids": self.other_unit.ids}, "not one of the administration"),
            ({"opinion_user_ids": self.hs.ids}, "somebody else"),
            (
                {"opinion_user_ids": self.al.ids, "opinion_due": "2001-01-01"},
                "is past",
            ),
            ({"opinion_user_ids": self.al.ids, "opinion_due": "soon"}, "no date"),
            (
                {"opinion_user_ids": self.al.ids, "opinion_due": "9999-12-31"},
                "whole number from 1",
            ),
            (
                {
                    "opinion_user_ids": self.al.ids,
                    "opinion_due": fields.Date.context_today(letter),
                },
                "tomorrow at the earliest",
            ),
            ({"circuit_id": 10**6}, "Choose a published circuit"),
            ({"circuit_id": "x"}, "Choose a published circuit"),
            ({"copy_user_ids": self.supervisor.ids}, "works in no unit"),
        ):
            with self.refused(UserError, words):
                self._dispatch(letter, **values)
        self.assertEqual(row.state, "to_dispatch")
        self.assertFalse(letter.run_ids)

    def test_a_signatory_replaces_the_one_before(self):
        letter = self._register()
        self._dispatch(letter, sign_user_id=self.hl.id)
        self._row(letter, self.au).action_return("x")
        filing = self.env.ref("mail_desk.desk_instruction_filing")
        self._dispatch(letter, sign_user_id=self.dg.id, instruction_id=filing.id)
        rows = letter.assignment_ids.filtered(lambda row: row.role == "sign")
        self.assertEqual(rows.mapped("state"), ["withdrawn", "assigned"])
        self._row(letter, self.au).action_done("Fait")
        self.assertEqual(rows[-1].state, "done")

    def test_a_part_is_no_letter_to_treat(self):
        letter = self._register()
        self._dispatch(letter, visa_user_ids=self.hl.ids)
        row = letter.assignment_ids.filtered(lambda row: row.role == "visa")
        for user in (self.hl, self.hs, self.supervisor):
            with self.refused(UserError, "who agrees to the reply"):
                row.with_user(user).action_dispatch(user_id=self.au.id)
            with self.refused(UserError, "who agrees to the reply"):
                row.with_user(user).action_done("x")
