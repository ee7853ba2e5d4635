from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DeskCase


@tagged("post_install", "-at_install")
class TestTimeline(DeskCase):
    """One thread, notes for those they are meant for."""

    def _lines(self, letter, user):
        letter = letter.with_user(user)
        letter.invalidate_recordset(["desk_timeline", "desk_event_ids"])
        return letter.desk_timeline

    def test_from_the_register_to_the_desk(self):
        letter = self._assigned()
        lines = self._lines(letter, self.au)
        self.assertEqual(
            lines, sorted(lines, key=lambda line: line["at"], reverse=True)
        )
        kinds = [line["kind"] for line in lines]
        self.assertIn("register", kinds)
        self.assertIn("move", kinds)
        self.assertTrue(all(line["sentence"] and line["when"] for line in lines))
        self.assertTrue(any(letter.number in line["sentence"] for line in lines))

    def test_a_note_for_persons(self):
        letter = self._assigned()
        letter.with_user(self.au).action_add_note(
            "For the head alone", audience="people", user_ids=self.hu.ids
        )

        def read_by(user):
            return [line["text"] for line in self._lines(letter, user)]

        self.assertIn("For the head alone", read_by(self.hu))
        self.assertIn("For the head alone", read_by(self.au))
        self.assertNotIn("For the head alone", read_by(self.dg))
        self.assertNotIn("For the head alone", read_by(self.supervisor))
        message = self.env["mail.message"].search(
            [("partner_ids", "in", self.hu.partner_id.ids)], limit=1, order="id desc"
        )
        self.assertNotIn("alone", message.body)

    def test_nobody_learns_of_a_letter_by_a_note(self):
        letter = self._assigned().with_user(self.au)
        for people in (self.al.ids, self.stranger.ids, [], [-1], "x", [10**12]):
            with self.subTest(people=people), self.refused(UserError, "."):
                letter.action_add_note("x", audience="people", user_ids=people)
        with self.refused(UserError, "Say who may read"):
            letter.action_add_note("x", audience="everybody")

    def test_as_the_sender_sees_it(self):
        letter = self._assigned()
        view = letter.with_user(self.au).desk_sender_view()
        self.assertTrue(view["sentence"])
        with self.assertRaises(AccessError):
            letter.with_user(self.al).desk_sender_view()
