from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import BookCase


@tagged("post_install", "-at_install")
class TestSecondOpinion(BookCase):
    """Who has to act asks others; they advise, the folder comes back, he decides."""

    def setUp(self):
        super().setUp()
        self.folder = self._submitted()
        self.mine = self._as(self.folder, self.head)
        self.asked = self._as(self.folder, self.other)

    def ask(self, users=None, **how):
        users = users or self.other
        return self.mine.action_second_opinion(users.ids, "Is article 4 right?", **how)

    def test_asked_given_and_back(self):
        self.assertTrue(self.mine.can_second_opinion)
        step = self.env["gov.circuit.run.step"].browse(self.ask(days=3))
        self.assertEqual(step.kind, "opinion")
        self.assertEqual(step.state, "current")
        self.assertTrue(step.deadline)
        self.assertIn(self.other, self.folder.sudo().actor_ids)
        self.assertFalse(self.mine.can_second_opinion)
        with self.refused(UserError, "You asked Other Agent for an opinion"):
            self.mine.action_approve()
        with self.refused(UserError, "You asked Other Agent"):
            self.mine.action_refuse("No")
        with self.refused(UserError, "asks for an opinion: write it"):
            self.asked.run_id.action_act("approve", step_id=step.id)
        with self.refused(UserError, "there is no second opinion to ask for"):
            self.asked.action_second_opinion(self.signer.ids, "And you?")
        self.asked.action_approve("Article 4 is right.")
        told = self.folder.sudo().message_ids.filtered(
            lambda one: "second opinion you asked for" in (one.preview or "")
        )
        self.assertEqual(told.notified_partner_ids, self.head.partner_id)
        self.assertEqual(self.folder.sudo().run_id.current_user_ids, self.head)
        self.mine.action_approve()
        self.assertEqual(self.folder.sudo().run_id.current_user_ids, self.signer)

    def test_a_signature_waits_too(self):
        self.mine.action_approve()
        self._as(self.folder, self.signer).action_second_opinion(
            self.other.ids, "Before I sign?"
        )
        with self.refused(UserError, "You asked Other Agent"):
            self._sign(self.folder, self.signer)
        self.asked.action_approve("Sign.")
        self._sign(self.folder, self.signer)

    def test_withdrawn(self):
        step = self.env["gov.circuit.run.step"].browse(self.ask())
        with self.refused(UserError, "Say why"):
            self.mine.action_second_opinion_withdraw(" ")
        with self.refused(UserError, "You wait for no second opinion"):
            self.asked.action_second_opinion_withdraw("x")
        self.mine.action_second_opinion_withdraw("No answer")
        self.assertEqual(step.state, "skipped")
        with self.refused(UserError, "decided already"):
            self.asked.action_approve("Late words")
        self.mine.action_approve()
        self.assertEqual(
            len(self._events(self.folder, "circuit.second_opinion_left")), 1
        )

    def test_whom_and_what(self):
        for persons, words, sentence in (
            (self.other.ids, "  ", "Write what you ask"),
            (self.other.ids, ["x"], "Write what you ask"),
            (self.head.ids, "Me?", "ask somebody else"),
            (self.stranger.ids, "Far?", "active persons of"),
            ([], "Who?", "active persons of"),
            (["x"], "Who?", "active persons of"),
            (10**10, "Who?", "active persons of"),
        ):
            with self.refused(UserError, sentence):
                self.mine.action_second_opinion(persons, words)
        for user in (self.clerk, self.signer, self.supervisor):
            with self.refused(AccessError, "Only who has to act now|not have|access"):
                self._as(self.folder, user).action_second_opinion(self.other.ids, "?")

    def test_it_follows_who_receives_the_step(self):
        step = self.env["gov.circuit.run.step"].browse(self.ask())
        self.mine.action_transfer(self.mayor.id, "Yours")
        self.assertEqual(step.comes_back_to_id.user_id, self.mayor)
        with self.refused(UserError, "You asked Other Agent"):
            self._as(self.folder, self.mayor).action_approve()
        self.asked.action_approve("Fine.")
        self._as(self.folder, self.mayor).action_approve()

    def test_not_asked_again_after_a_return(self):
        self.ask()
        self.asked.action_approve("Fine.")
        self.mine.action_approve()
        run = self.folder.sudo().run_id
        first = run._live_steps().sorted("rank")[:1]
        self._as(self.folder, self.signer).action_return(first.id, "Again")
        self.assertEqual(run.current_user_ids, self.head)
        self.mine.action_approve()
        self.assertEqual(run.current_user_ids, self.signer)
