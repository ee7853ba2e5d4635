from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .test_numbering import NumberedCase


@tagged("post_install", "-at_install", "alone")
class TestRegisterAfter(NumberedCase):
    """A finished act that was not numbered is registered afterwards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nature.register_id = False

    def test_registered_afterwards(self):
        folder = self._closed()
        mine = self._as(folder, self.clerk)
        self.assertTrue(mine.can_register)
        before = self._bytes(folder)
        dialog = self.env["parapheur.register"].with_user(self.clerk)
        with Form(dialog.with_context(default_folder_id=folder.id)) as form:
            form.register = str(self.register.id)
            form.recipient_name = "Préfecture"
        form.record.action_confirm()
        self._drain()
        self.env["registry.letter"]._process_closings()
        letter = folder.registry_letter_id
        self.assertEqual(folder.number, letter.number)
        self.assertEqual(letter.party_ids.mapped("name"), ["Préfecture"])
        self.assertEqual(letter.closing_state, "none")
        self.assertEqual(
            self._bytes(folder), before, "nothing is drawn on what is closed"
        )
        self.assertIn(
            folder.piece_ids.final_id.sha256, letter.document_ids.mapped("sha256")
        )
        self.assertEqual(letter.parapheur_folder_id, folder)
        self.assertEqual(len(self._entries()), 1)
        with self.refused(UserError, "registered already"):
            mine.action_register(self.register.id)
        self.assertFalse(mine.can_register)

    def test_refusals(self):
        folder = self._closed()
        mine = self._as(folder, self.clerk)
        with self.refused(AccessError, "who started the folder"):
            self._as(folder, self.signer).action_register(self.register.id, "X")
        with self.assertRaises(AccessError):
            self._as(folder, self.other).action_register(self.register.id, "X")
        incoming = self.office._get_register("incoming")
        elsewhere = self.env["registry.office"].create(
            {"name": "Elsewhere", "code": "EL", "company_id": self.elsewhere.id}
        )
        elsewhere.action_create_registers()
        for odd in (
            incoming.id,
            elsewhere._get_register("outgoing").id,
            False,
            "1",
            {"id": 1},
            [self.register.id],
            -1,
            2**40,
        ):
            with self.refused(UserError, "Choose an outgoing or an internal register"):
                mine.action_register(odd, "X")
        folder._gated().recipient_name = False
        for nobody in (None, "", "  ", 5, {"a": 1}):
            with self.refused(UserError, "recipient is missing"):
                mine.action_register(self.register.id, nobody)
        self.assertFalse(self._entries())

    def test_a_letter_of_the_register_is_not_written_back(self):
        sources = self.env["parapheur.source"]
        for name in ("state", "entry_id", "received_at", "reference", "closing_state"):
            with self.refused(UserError, "cannot be written back"):
                sources._back_field("registry.letter", name)

    def test_not_before_the_end(self):
        folder = self._submitted()
        with self.refused(UserError, "not finished"):
            folder.action_register(self.register.id, "X")
        self._as(folder, self.head).action_refuse("No")
        with self.refused(UserError, "not finished"):
            folder.action_register(self.register.id, "X")
        for vals in (
            {"registry_letter_id": 1},
            {"register_mode": "act"},
            {"register_id": self.register.id},
        ):
            with self.refused(AccessError, "buttons"):
                folder.write(vals)
