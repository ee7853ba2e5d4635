from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DeskCase


@tagged("post_install", "-at_install")
class TestOpinion(DeskCase):
    def _asked(self, users=None, **vals):
        letter = self._assigned()
        letter.with_user(self.au).action_ask_opinion(
            user_ids=(users or self.al).ids,
            question="La parcelle est-elle constructible ?",
            **vals,
        )
        return letter

    def test_asked_given_and_seen(self):
        letter = self._arrived()
        self.assertFalse(letter.with_user(self.al).has_access("read"))
        letter = self._asked(self.al | self.hl, days=5)
        asked = letter.with_user(self.al)
        self.assertTrue(asked.has_access("read"))
        self.assertTrue(asked.desk_can_answer)
        self.assertEqual(asked.desk_next, "answer")
        self.assertIn("asks your opinion by", asked.desk_todo)
        self.assertIn("constructible", asked.desk_todo)
        asked.action_give_opinion("Oui, zone UB.")
        self.assertIn(
            "Oui, zone UB.",
            letter.with_user(self.au).opinion_actor_ids.mapped("comment"),
        )
        lines = " ".join(self._sentences(letter, self.au))
        self.assertIn("AU Desk asked AL Desk, HL Desk for an opinion", lines)
        self.assertIn("AL Desk gave an opinion – Oui, zone UB.", lines)
        with self.refused(UserError, "No opinion of yours"):
            asked.action_give_opinion("Encore")
        # He still reads it after; the letter is treated by the same agent meanwhile.
        self.assertTrue(asked.has_access("read"))
        self.assertEqual(letter.desk_user_id, self.au)
        self.assertEqual(letter.run_ids.state, "running")
        letter.with_user(self.hl).action_give_opinion("Non.")
        self.assertEqual(letter.run_ids.state, "done")

    def test_documents_follow(self):
        letter = self._asked()
        self.assertEqual(letter.with_user(self.al).document_ids, letter.document_ids)

    def test_refusals(self):
        letter = self._assigned()
        agent = letter.with_user(self.au)
        with self.refused(UserError, "at least one person"):
            agent.action_ask_opinion(user_ids=[], question="x")
        with self.refused(UserError, "Write what you ask"):
            agent.action_ask_opinion(user_ids=self.al.ids, question=" ")
        with self.refused(UserError, "administration of the letter only"):
            agent.action_ask_opinion(user_ids=self.stranger.ids, question="x")
        with self.refused(UserError, "somebody else"):
            agent.action_ask_opinion(user_ids=self.au.ids, question="x")
        with self.refused(AccessError, "asks for an opinion"):
            letter.with_user(self.au2).action_ask_opinion(
                user_ids=self.al.ids, question="x"
            )
        self.al.active = False
        with self.refused(UserError, "administration of the letter only"):
            agent.action_ask_opinion(user_ids=self.al.ids, question="x")
        letter.with_user(self.hu).action_close("Simple information")
        with self.refused(UserError, "closed"):
            agent.action_ask_opinion(user_ids=self.hl.ids, question="x")
        self.assertFalse(letter.run_ids)

    def test_journal_and_several_rounds(self):
        letter = self._asked()
        letter.with_user(self.au).action_ask_opinion(
            user_ids=self.hl.ids, question="Et en droit ?"
        )
        self.assertEqual(len(letter.run_ids), 2)
        letter.with_user(self.hl).action_give_opinion("Rien à signaler")
        letter.with_user(self.al).action_give_opinion("Oui")
        self.assertEqual(set(letter.run_ids.mapped("state")), {"done"})
        kinds = (
            self.env["gov.journal.event"]
            .search([("journal_id", "=", self.register.journal_id.id)])
            .mapped("kind")
        )
        self.assertIn("circuit.acted", kinds)
        self.assertTrue(self.register._verify()["ok"])
