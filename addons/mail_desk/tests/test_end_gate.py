from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.mail_desk.models.registry_letter_end_gate import ENDINGS

from .common_end import EndCase


@tagged("post_install", "-at_install", "gov_acl")
class TestEndGate(EndCase):
    """Acts × states × persons: the screen offers what the calls allow, and nothing else."""

    def _letters(self):
        """A letter in each state that matters; {name: (letter, acts of whom)}."""
        type(self).lead = self._assigned()
        pending = self._assigned()
        pending.with_user(self.au).action_close("Sans objet", kind="no_reply")
        closed = self._informed()
        closed.with_user(self.au).action_close("Vu", kind="treated")
        _reply, answered = self._closed_by_reply()
        answered.with_user(self.hu).action_reopen("Nouvelle pièce")
        blocked = self._informed()
        blocked.with_user(self.au).action_take_original("Diplôme")
        return {
            "to_dispatch": self._arrived(),
            "assigned": self._assigned(),
            "informed": self._informed(),
            "pending": pending,
            "closed": closed,
            "reopened": answered,
            "blocked": blocked,
        }

    def test_who_may_what_in_which_state(self):
        head, holder = {self.hu, self.dg, self.supervisor}, {self.au}
        deciding = {
            "treated": head,
            "no_reply": head,
            "joined": head,
            "transfer": head,
        }
        expected = {
            "to_dispatch": deciding,
            "assigned": {
                **deciding,
                "no_reply": head | holder,
                "joined": head | holder,
            },
            "informed": {
                **deciding,
                "treated": head | holder,
                "no_reply": head | holder,
                "joined": head | holder,
            },
            "pending": {
                **deciding,
                "joined": head | holder,
                "approve_no_reply": head,
                "refuse_no_reply": head,
                "withdraw_no_reply": holder,
            },
            "closed": {"reopen": head},
            "reopened": deciding,
            "blocked": {},
        }
        persons = (
            *(self.hu, self.dg, self.supervisor, self.au, self.au2, self.hl),
            *(self.desk_auditor, self.desk_admin, self.registrar, self.stranger),
        )
        for name, letter in self._letters().items():
            for act in self.acts:
                allowed = expected[name].get(act, set())
                for user in persons:
                    state = self._try(letter, act, user)
                    self.assertEqual(
                        state is not None, user in allowed, (name, act, user.login)
                    )
                    if state and not (act == "no_reply" and user == self.au):
                        self.assertEqual(
                            state,
                            ENDINGS[act][1] or letter.desk_state,
                            (name, act, user.login),
                        )

    def test_buttons_say_what_the_gate_says(self):
        buttons = {
            "approve_no_reply": "desk_can_agree",
            "refuse_no_reply": "desk_can_insist",
            "withdraw_no_reply": "desk_can_unask",
            "joined": "desk_can_join",
            "transfer": "desk_can_transfer",
            "reopen": "desk_can_reopen",
            "treated": "desk_can_done",
        }
        closing = ("answered", "treated", "no_reply", "transferred")
        for name, letter in self._letters().items():
            for user in (self.hu, self.au, self.au2, self.supervisor):
                mine = letter.with_user(user)
                mine.invalidate_recordset()
                shown = {button: mine[button] for button in buttons.values()}
                close = mine.desk_can_close
                for act, button in buttons.items():
                    self.assertEqual(
                        shown[button],
                        self._try(letter, act, user) is not None,
                        (name, act, user.login),
                    )
                self.assertEqual(
                    close,
                    any(self._try(letter, act, user) for act in closing),
                    (name, user.login),
                )

    def test_nothing_by_write(self):
        letter = self._assigned()
        lead = self._assigned()
        values = (
            {"joined_to_id": lead.id},
            {"desk_no_reply_at": "2026-01-01 10:00:00"},
            {"desk_no_reply_by_id": self.hu.id},
            {"desk_original_state": "back"},
            {"desk_closing": "joined"},
        )
        for user in (self.au, self.hu, self.supervisor, self.desk_admin, self.head):
            for vals in values:
                with self.assertRaises(AccessError):
                    letter.with_user(user).write(vals)
                with self.assertRaises(AccessError):
                    letter.sudo().with_context(desk_gate=True).write(vals)
        reply = self._reply(letter)
        with self.assertRaises(AccessError):
            reply.write({"is_superseded": True})

    def test_every_act_of_the_table_was_tried(self):
        named = {*self.acts, "ask_no_reply", "cancelled"}
        self.assertEqual(named, set(ENDINGS))
