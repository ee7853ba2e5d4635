from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.mail_desk.models.desk_outgoing_gate import TRANSITIONS

from .common_outgoing import OutgoingCase

#: (act, button, state it leads to)
ACTS = (
    ("action_submit", "can_submit", "validating"),
    ("action_abandon", "can_abandon", "cancelled"),
    ("action_take_back", "can_take_back", "draft"),
    ("action_number", "can_number", "numbering"),
    ("action_print_to_sign", "can_print", "paper"),
    ("action_leave_paper", "can_leave_paper", "validated"),
    ("action_send", "can_send", "sent"),
    ("action_decide", "can_decide", "validated"),
)
GIVEN = {
    "action_submit": {"levels": 1},
    "action_send": {"channel": "post", "note": "RR 1"},
}


@tagged("post_install", "-at_install", "gov_acl")
class TestOutgoingGate(OutgoingCase):
    """States × acts × persons of a letter being prepared: buttons and calls agree."""

    def _letters(self):
        """A letter in each state, as its author sees it."""
        self.office.desk_allow_paper = True
        submitted = self._reply()
        submitted.action_submit(levels=1)
        abandoned = self._reply()
        abandoned.action_abandon()
        printed = self._validated()
        printed.action_print_to_sign()
        sent = self._sealed()
        sent.action_send("post", "RR 0")
        sealed = self._sealed()
        numbering = self._validated()
        numbering.action_number()
        return {
            "draft": self._reply(),
            "validating": submitted,
            "validated": self._validated(),
            "paper": printed,
            "numbering": numbering,
            "sealed": sealed,
            "sent": sent,
            "cancelled": abandoned,
        }

    def _try(self, letter, act, user):
        mine = letter.with_user(user)
        how = dict(GIVEN.get(act, {}))
        if act == "action_decide":
            how = {"decision": "approve", "base": letter.sudo().base or ""}
        with self.env.cr.savepoint(flush=True) as savepoint:
            try:
                getattr(mine, act)(**how)
                self.env.flush_all()
                return letter.sudo().state
            except (AccessError, UserError) as refusal:
                self.assertGreater(len(str(refusal)), 12)
                return None
            finally:
                savepoint.rollback()
                self.env.invalidate_all()

    def test_buttons_say_what_the_calls_do(self):
        persons = (self.au, self.hu, self.supervisor, self.au2, self.al)
        reached = set()
        for state, letter in self._letters().items():
            self.assertEqual(letter.state, state)
            for user in persons:
                mine = letter.with_user(user)
                mine.invalidate_recordset()
                shown = {}
                if mine.has_access("read"):
                    shown = {button: mine[button] for _act, button, _new in ACTS}
                for act, button, new in ACTS:
                    # Who stands above may send a sealed letter again: another button.
                    led = self._try(letter, act, user)
                    again = act == "action_send" and state == "sent"
                    printed = act == "action_print_to_sign" and state == "paper"
                    if again or printed:
                        continue
                    self.assertEqual(
                        led is not None,
                        bool(shown.get(button)),
                        (state, act, user.login),
                    )
                    if led:
                        self.assertEqual(led, new, (state, act, user.login))
                        reached.add((state, led))
        by_a_person = {
            pair for pair, roles in TRANSITIONS.items() if "platform" not in roles
        }
        # A scan takes a letter from paper to its number: TestSignedPaper.
        self.assertLessEqual(by_a_person - {("paper", "numbering")}, reached)
