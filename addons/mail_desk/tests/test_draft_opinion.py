from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_outgoing import OutgoingCase


@tagged("post_install", "-at_install")
class TestDraftOpinion(OutgoingCase):
    """Opinions on a draft, beside the validation: they agree to nothing."""

    def _asked(self, reply, users=None):
        reply.action_ask_opinion(
            user_ids=(users or self.al).ids, question="Base légale ?", days=3
        )
        return reply.with_user(self.al)

    def test_asked_on_a_draft_and_given(self):
        reply = self._reply()
        self.assertFalse(reply.with_user(self.al).has_access("read"))
        asked = self._asked(reply)
        self.assertTrue(asked.has_access("read"))
        self.assertFalse(asked.has_access("write"))
        self.assertIn("AU Desk asks your opinion: Base légale ?", asked.todo)
        basket = self.env.ref("mail_desk.desk_basket_draft_opinions")
        self.assertEqual(basket.with_user(self.al).count, 1)
        letter = reply.answers_id.with_user(self.al)
        self.assertEqual(letter.desk_next, "validate")
        self.assertIn("Base légale", letter.desk_todo)
        wizard = Form(
            self.env["desk.answer.wizard"]
            .with_user(self.al)
            .with_context(**asked.action_give_opinion()["context"])
        )
        self.assertEqual(wizard.question, "Base légale ?")
        wizard.opinion = "Article 5."
        wizard.save().action_confirm()
        self.assertEqual(reply.state, "draft")
        self.assertIn("Article 5.", reply.opinion_actor_ids.mapped("comment"))
        lines = " ".join(self._sentences(reply.answers_id, self.au))
        self.assertIn("AL Desk gave an opinion on the draft – Article 5.", lines)
        self.assertEqual(basket.with_user(self.al).count, 0)

    def test_an_opinion_is_about_the_words_that_were_read(self):
        reply = self._reply()
        asked = self._asked(reply)
        read = asked._circuit_base()
        reply.body = "<p>Autre chose.</p>"
        with self.refused(UserError, "changed since you opened it"):
            asked.action_give_opinion("Article 5.", base=read)
        asked.action_give_opinion("Article 5.", base=asked._circuit_base())

    def test_it_validates_and_holds_nothing(self):
        reply = self._reply()
        asked = self._asked(reply)
        reply.action_submit(levels=1)
        self.assertEqual(reply.run_id.current_user_ids, self.hu)
        asked.action_give_opinion("Non.")
        self.assertEqual(reply.state, "validating")
        reply.action_ask_opinion(user_ids=self.hl.ids, question="Et vous ?")
        self.assertEqual(reply.run_id.current_user_ids, self.hu)
        with self.refused(UserError, "asks for an opinion|not among those|opinion"):
            reply.with_user(self.hl).action_decide("approve", base=reply.base)
        reply.action_leave_opinions("Absent")
        self.assertEqual(reply.state, "validating")
        reply.action_ask_opinion(user_ids=self.hl.ids, question="Alors ?")
        reply.with_user(self.hu).action_decide("approve", base=reply.base)
        self.assertEqual(reply.state, "validated")
        reply.action_number()
        self.assertNotIn("running", reply.run_ids.mapped("state"))
        with self.refused(UserError, "not a draft any more"):
            reply.action_ask_opinion(user_ids=self.al.ids, question="x")

    def test_refusals(self):
        reply = self._reply()
        with self.refused(AccessError, "Only the author"):
            reply.with_user(self.au2).action_ask_opinion(
                user_ids=self.al.ids, question="x"
            )
        with self.refused(UserError, "at least one person"):
            reply.action_ask_opinion(user_ids=[], question="x")
        with self.refused(UserError, "Write what you ask"):
            reply.action_ask_opinion(user_ids=self.al.ids, question=" ")
        with self.refused(UserError, "administration of the letter only"):
            reply.action_ask_opinion(user_ids=self.stranger.ids, question="x")
        for odd in (-1, 10**30, "1", [[1]], {"a": 1}, True):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                reply.action_ask_opinion(user_ids=odd, question="x")
        with self.refused(UserError, "No opinion is waited for"):
            reply.action_leave_opinions()
        with self.refused(UserError, "No opinion of yours"):
            reply.action_give_opinion("x")
        reply.action_abandon()
        with self.refused(UserError, "not a draft"):
            reply.action_ask_opinion(user_ids=self.al.ids, question="x")
