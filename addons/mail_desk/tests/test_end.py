from unittest.mock import patch

from odoo.exceptions import LockError, UserError
from odoo.tests import tagged

from .common_end import EndCase


@tagged("post_install", "-at_install")
class TestEnd(EndCase):
    """How a letter ends, what holds it open, how it is opened again."""

    def test_the_final_reply_closes(self):
        reply, letter = self._closed_by_reply()
        self.assertEqual(
            (letter.desk_state, letter.desk_closing), ("closed", "answered")
        )
        self.assertEqual(letter.assignment_ids.mapped("state"), ["done"])
        self.assertEqual(self._kinds(letter)[:2], ["closed", "sent"])
        self.assertEqual(letter.desk_closed_by_id, self.au)
        with self.refused(UserError, "submitted|does not change"):
            reply.write({"is_final": False})

    def test_a_first_answer_closes_nothing(self):
        reply = self._sealed(is_final=False)
        reply.action_send("post", "RR 1")
        letter = reply.answers_id
        self.assertEqual(letter.desk_state, "assigned")
        with self.refused(UserError, "No reply .* was sent"):
            letter.action_close("x", kind="answered")
        final = self._sealed(letter=letter)
        final.action_send("post", "RR 2")
        self.assertEqual(letter.desk_closing, "answered")

    def test_what_is_open_holds_it_open(self):
        reply = self._sealed()
        letter = reply.answers_id.with_user(self.au)
        letter.action_take_original("Diplôme de M. Alami")
        letter.action_ask_opinion(user_ids=self.al.ids, question="Avis ?")
        second = self._reply(letter=letter.with_env(self.env))
        reply.action_send("post", "RR 1")
        self.assertEqual(letter.desk_state, "replied")
        self.assertEqual(letter.desk_next, "close")
        for words in ("begun and not sent", "opinion is waited for from AL", "Diplôme"):
            self.assertIn(words, letter.desk_pending)
            self.assertIn(words, letter.desk_todo)
            with self.refused(UserError, words):
                letter.action_close()
        second.action_abandon()
        with self.refused(UserError, "Say why"):
            letter.action_leave_opinions(" ")
        letter.action_leave_opinions("Absent")
        self.assertNotIn("running", letter.run_ids.mapped("state"))
        with self.refused(UserError, "No opinion is waited for"):
            letter.action_leave_opinions("Absent")
        with self.refused(UserError, "original paper is not given back"):
            letter.action_close()
        letter.action_return_original("Remis à l’intéressé contre décharge")
        letter.action_close()
        self.assertEqual(letter.desk_closing, "answered")
        lines = " ".join(self._sentences(letter, self.au))
        self.assertIn("AU Desk gave the original back – Remis à", lines)

    def test_original_twice_and_by_others(self):
        letter = self._assigned().with_user(self.au)
        with self.refused(UserError, "No original"):
            letter.action_return_original("x")
        self.assertEqual(letter.action_take_original()["res_model"], "desk.end.wizard")
        letter.action_take_original("Diplôme")
        with self.refused(UserError, "to be given back already: Diplôme"):
            letter.action_take_original("Autre")
        with self.refused(Exception, "closes it|Only"):
            letter.with_user(self.au2).action_return_original("x")

    def test_no_reply_is_approved_by_the_head(self):
        letter = self._assigned()
        agent, head = letter.with_user(self.au), letter.with_user(self.hu)
        agent.action_close("Doublon", kind="no_reply")
        self.assertEqual(letter.desk_state, "assigned")
        self.assertIn("Waits for the head", agent.desk_todo)
        self.assertEqual(head.desk_next, "approve")
        self.assertIn("AU Desk asks to close", head.desk_todo)
        self.assertIn("Doublon", head.desk_todo)
        basket = self.env.ref("mail_desk.desk_basket_to_approve")
        self.assertEqual(basket.with_user(self.hu).count, 1)
        self.assertEqual(basket.with_user(self.au).count, 0)
        with self.refused(UserError, "asked for already, by AU Desk"):
            agent.action_close("Encore", kind="no_reply")
        head.action_approve_no_reply()
        self.assertEqual(letter.desk_closing, "no_reply")
        self.assertEqual(letter.desk_closing_reason, "Doublon")
        self.assertEqual(letter.desk_closed_by_id, self.hu)
        self.assertFalse(letter.desk_no_reply_at)
        lines = " ".join(self._sentences(letter, self.au))
        self.assertIn("AU Desk asked to close the letter without a reply", lines)
        self.assertIn("HU Desk approved that no reply is needed, as AU Desk", lines)
        with self.refused(UserError, "closed already"):
            head.action_approve_no_reply()
        self.assertTrue(self.register._verify()["ok"])

    def test_no_reply_refused_withdrawn_lapsed(self):
        letter = self._assigned()
        agent, head = letter.with_user(self.au), letter.with_user(self.hu)
        agent.action_close("Doublon", kind="no_reply")
        with self.refused(UserError, "Say why"):
            head.action_refuse_no_reply("")
        head.action_refuse_no_reply("Répondez-lui")
        self.assertEqual(agent.desk_next, "reply")
        with self.refused(UserError, "decided already, or withdrawn"):
            head.action_approve_no_reply()
        agent.action_close("Doublon", kind="no_reply")
        agent.action_withdraw_no_reply()
        with self.refused(UserError, "decided already, or withdrawn"):
            agent.action_withdraw_no_reply()
        agent.action_close("Doublon", kind="no_reply")
        self._row(letter, self.au).action_redirect(self.legal.id, "Contentieux")
        self.assertFalse(letter.desk_no_reply_at)
        self.assertIn("no_reply_lapsed", self._kinds(letter))

    def test_joined_and_those_joined_to_it_follow(self):
        first, second, third = (self._assigned() for _n in range(3))
        second.with_user(self.au).action_join(first.id, "Même affaire")
        self.assertEqual((second.desk_state, second.desk_closing), ("closed", "joined"))
        self.assertIn(first.number, second.with_user(self.au).desk_todo)
        with self.refused(UserError, "to itself"):
            first.with_user(self.au).action_join(first.id, "x")
        with self.refused(UserError, "not being treated any more"):
            third.with_user(self.au).action_join(second.id, "x")
        first.with_user(self.au).action_join(third.id, "Même affaire")
        self.assertEqual(second.joined_to_id, third)
        self.assertEqual(second._desk_lead(), third)
        second.with_user(self.hu).action_reopen("Autre affaire")
        self.assertFalse(second.joined_to_id)
        self.assertIn("left", self._kinds(third))
        third.with_user(self.hu).action_close("x", kind="no_reply")
        self.assertEqual(first.desk_state, "closed")

    def test_join_to_what_one_may_not_read(self):
        letter, hidden = self._assigned(), self._register(unit_id=self.legal.id)
        for odd in (hidden.id, -1, 10**30, "1", [1], {"a": 1}, 1.5, True):
            with self.refused(UserError, "that you may read"):
                letter.with_user(self.au).action_join(odd, "x")
        with self.refused(UserError, "Say why"):
            letter.with_user(self.au).action_join(self._assigned().id, "")

    def test_transferred_once_accepted_there(self):
        letter = self._arrived()
        head = letter.with_user(self.hu)
        found = self.env["registry.exchange"].with_user(self.hu).find_offices("MEDINA")
        self.assertEqual([one["id"] for one in found], self.other_office.ids)
        for odd in (0, -1, "x", [1], self.office.id):
            with self.refused(UserError, "receives no letters"):
                head.action_transfer(odd, "x")
        head.action_transfer(self.other_office.id, "De votre ressort")
        self.assertEqual(letter.desk_state, "to_dispatch")
        with self.refused(UserError, "its transfer waits"):
            head.action_close("x", kind="no_reply")
        with self.refused(UserError, "being transferred"):
            head.action_reply()
        exchange = letter.sudo().exchange_ids
        there = exchange.with_user(self.users["registrar2"]).with_company(
            self.other_company
        )
        there.action_reject("Pas de chez nous")
        self.assertEqual(letter.desk_state, "to_dispatch")
        self.assertIn("transfer_rejected", self._kinds(letter))
        head.action_transfer(self.other_office.id, "Si")
        there = (letter.sudo().exchange_ids - exchange).with_env(there.env)
        there.action_accept()
        self.env.invalidate_all()
        self.assertEqual(
            (letter.desk_state, letter.desk_closing), ("closed", "transferred")
        )
        copy = there.sudo().to_letter_id
        self.assertIn(letter.sender_name, copy.party_ids.mapped("name"))
        line = letter.desk_event_ids.filtered(lambda event: event.kind == "closed")
        self.assertNotIn("registrar", (line.actor_name or "").lower())

    def test_open_again_asks_for_another_answer(self):
        reply, letter = self._closed_by_reply()
        with self.refused(UserError, "Say why"):
            letter.with_user(self.hu).action_reopen("")
        letter.with_user(self.hu).action_reopen("Recours")
        self.assertEqual(letter.desk_state, "to_dispatch")
        self.assertTrue(reply.is_superseded)
        self._row(letter, self.hu).action_dispatch(user_id=self.au.id)
        self.assertEqual(letter.desk_state, "assigned")
        with self.refused(UserError, "No reply .* was sent"):
            letter.with_user(self.au).action_close("x", kind="answered")
        self._sealed(letter=letter).action_send("post", "RR 2")
        self.assertEqual(letter.desk_closing, "answered")

    def test_cancelled_while_it_is_worked_on(self):
        letter = self._assigned()
        joined = self._assigned()
        joined.with_user(self.au).action_join(letter.id, "Même affaire")
        letter.with_user(self.au).action_ask_opinion(
            user_ids=self.al.ids, question="Avis ?"
        )
        draft = self._reply(letter)
        submitted = (
            self.env["desk.outgoing"]
            .with_user(self.au)
            .create({"kind": "reply", "answers_id": letter.id, "body": "<p>x</p>"})
        )
        submitted.action_submit(levels=1)
        letter.with_user(self.head).action_cancel("Erreur de saisie", "Chef du bureau")
        self.env.invalidate_all()
        self.assertEqual((draft.state, submitted.state), ("cancelled", "cancelled"))
        self.assertNotIn("running", letter.run_ids.mapped("state"))
        self.assertNotIn("running", submitted.run_ids.mapped("state"))
        self.assertEqual(joined.desk_state, "to_dispatch")
        self.assertFalse(joined.joined_to_id)
        self.assertIn("cancelled", self._kinds(letter))
        with self.refused(UserError, "was cancelled"):
            letter.with_user(self.hu).action_reopen("x")

    def test_at_the_same_moment(self):
        letter = self._informed()
        with (
            patch.object(
                self.env.registry["desk.assignment"],
                "lock_for_update",
                side_effect=LockError("locked"),
            ),
        ):
            for act in (
                lambda: letter.with_user(self.au).action_close("x", kind="treated"),
                lambda: letter.with_user(self.hu).action_close("x", kind="no_reply"),
                lambda: letter.with_user(self.au).action_reply(),
            ):
                with self.refused(UserError, "at this very moment"):
                    act()
        self.assertEqual(letter.desk_state, "assigned")
