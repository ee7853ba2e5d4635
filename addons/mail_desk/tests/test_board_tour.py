from odoo.tests import HttpCase, tagged

from .common import DeskCase


@tagged("post_install", "-at_install")
class TestBoardTour(HttpCase, DeskCase):
    """The board in a browser: by the keyboard, several at once, back again."""

    def _passwords(self, *users):
        for user in users:
            user.password = user.login

    def test_the_board(self):
        letters = [self._register(subject=f"Courrier {number}") for number in range(6)]
        self._passwords(self.hs, self.hu)
        self.start_tour("/odoo/dispatch", "mail_desk_board", login=self.hs.login)
        self.env.invalidate_all()
        states = [
            (letter.desk_unit_id, letter.desk_user_id.id, letter.desk_state)
            for letter in letters
        ]
        self.assertNotIn(self.secretariat, [unit for unit, *_rest in states])
        self.assertEqual({state for *_rest, state in states}, {"to_dispatch"})
        # What urbanism got last goes back, with the reason of its head.
        kept = next(one for one in letters if one.desk_unit_id == self.urbanism)
        for letter in letters:
            if letter != kept and letter.desk_unit_id == self.urbanism:
                self._row(letter, self.hu).action_dispatch(user_id=self.au.id)
        self.start_tour("/odoo/dispatch", "mail_desk_board_return", login=self.hu.login)
        self.env.invalidate_all()
        self.assertEqual(kept.desk_unit_id, self.secretariat)
        self.assertEqual(kept._desk_misrouted().reason, "Pas de ma compétence")
