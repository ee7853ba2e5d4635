import random

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_end import EndCase

STEPS = 40


@tagged("post_install", "-at_install")
class TestEndWalk(EndCase):
    """Whatever people do, in whatever order: what must always hold, holds."""

    def _moves(self):
        return {
            **self.acts,
            "close": lambda letter: letter.action_close("x"),
            "dispatch": lambda letter: letter._desk_rows().action_dispatch(
                user_id=self.au.id
            ),
            "inform": lambda letter: letter._desk_rows().action_dispatch(
                user_id=self.au.id, instruction_id=self.information.id
            ),
            "return": lambda letter: letter._desk_rows().action_return("x"),
            "original": lambda letter: letter.action_take_original("Diplôme"),
            "given back": lambda letter: letter.action_return_original("x"),
            "ask": lambda letter: letter.action_ask_opinion(
                user_ids=self.al.ids, question="?"
            ),
            "opinion": lambda letter: letter.with_user(self.al).action_give_opinion(
                "x"
            ),
            "go on": lambda letter: letter.action_leave_opinions("x"),
            "reply": lambda letter: letter.action_reply(),
            "abandon": lambda letter: letter.outgoing_ids.filtered(
                lambda one: one.state == "draft"
            )[:1].action_abandon(),
        }

    def _check(self, letter, before, after):
        letter = letter.sudo()
        row = letter._desk_row()
        if letter.desk_state == "closed":
            self.assertFalse(row)
            self.assertFalse(letter.desk_no_reply_at)
            self.assertTrue(letter.desk_closing and letter.desk_closed_by_id)
            self.assertFalse(letter._desk_open_opinions())
            self.assertNotEqual(letter.desk_original_state, "out")
            self.assertNotIn("draft", letter.outgoing_ids.mapped("state"))
        else:
            self.assertTrue(row)
            self.assertFalse(letter.desk_closing or letter.joined_to_id)
            self.assertEqual(letter.desk_unit_id, row.unit_id)
        if before[0] != after[0]:
            # A change of state says who and, where it is a decision, why.
            event = letter.desk_event_ids.sorted("id")[-1]
            self.assertGreater(len(letter.desk_event_ids), before[1])
            self.assertTrue(event.actor_name)

    def test_any_order(self):
        done = set()
        for seed in range(3):
            dice = random.Random(seed)
            type(self).lead = self._assigned()
            letter, moves = self._assigned(), self._moves()
            for _step in range(STEPS):
                name = dice.choice(sorted(moves))
                user = dice.choice((self.au, self.hu, self.dg, self.supervisor))
                before = letter.desk_state, len(letter.sudo().desk_event_ids)
                with self.env.cr.savepoint(flush=True) as savepoint:
                    try:
                        moves[name](letter.with_user(user))
                        self.env.flush_all()
                        done.add(name)
                    except (AccessError, UserError):
                        savepoint.rollback()
                self.env.invalidate_all()
                with self.subTest(seed=seed, act=name, user=user.login):
                    after = letter.desk_state, len(letter.sudo().desk_event_ids)
                    self._check(letter, before, after)
        self.assertGreater(len(done), 8, sorted(done))
