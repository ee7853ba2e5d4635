from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_outgoing import OutgoingCase


@tagged("post_install", "-at_install")
class TestNote(OutgoingCase):
    def test_from_unit_to_unit(self):
        note = (
            self.env["desk.outgoing"]
            .with_user(self.au)
            .create(
                {
                    "kind": "note",
                    "recipient_unit_id": self.legal.id,
                    "subject": "Avis sur le contentieux 12",
                    "body": "<p>Merci de votre avis.</p>",
                }
            )
        )
        note.action_submit(levels=1)
        note.with_user(self.hu).action_decide("approve", base=note.base)
        note.action_number()
        letter = note.letter_id.sudo()
        self.assertEqual(letter.direction, "internal")
        self.assertEqual(letter.register_id, self.office._get_register("internal"))
        # Before its unit at once; number and seal follow.
        self.assertEqual(letter.desk_state, "to_dispatch")
        self.assertEqual(letter.desk_unit_id, self.legal)
        self._close()
        self.assertTrue(letter.number)
        self.assertEqual(note.state, "sent")
        self.assertEqual(note.sending_ids.channel, "internal")
        head = letter.with_user(self.hl)
        self.assertEqual(head.desk_next, "dispatch")
        self.assertTrue(head.desk_main_version_id)
        self._row(letter, self.hl).action_dispatch(user_id=self.al.id)
        self.assertEqual(letter.desk_user_id, self.al)
        # Who wrote it reads it too; nobody else of his administration.
        self.assertTrue(letter.with_user(self.au).has_access("read"))
        self.assertFalse(letter.with_user(self.hs).has_access("read"))

    def test_a_note_needs_its_unit(self):
        note = (
            self.env["desk.outgoing"]
            .with_user(self.au)
            .create({"kind": "note", "subject": "x", "body": "<p>x</p>"})
        )
        with self.refused(UserError, "the unit it is for"):
            note.action_submit(levels=1)
        with self.refused(UserError, "."):
            note.recipient_unit_id = self.other_unit
