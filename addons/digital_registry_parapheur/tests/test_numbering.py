from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.e_parapheur.tests.common import BookCase


class NumberedCase(BookCase):
    """A nature whose acts take their number in the outgoing register."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.office = cls.env["registry.office"].create(
            {"name": "Bureau d’ordre", "code": "BO", "company_id": cls.company.id}
        )
        cls.office.action_create_registers()
        cls.register = cls.office._get_register("outgoing")
        cls.nature.register_id = cls.register

    def _draft(self, **kwargs):
        folder = super()._draft(**kwargs)
        folder.recipient_name = "M. Benallal"
        return folder

    def _drain(self):
        """Let the sequencer run as it does after a commit."""
        self.env.flush_all()
        self.env.cr.flush()
        self.env.invalidate_all()

    def _entries(self):
        return self.env["registry.entry"].search(
            [("register_id", "=", self.register.id)]
        )

    def _numbered(self):
        folder = self._signed()
        self._drain()
        self.env["registry.letter"]._process_closings()
        return folder


@tagged("post_install", "-at_install", "alone")
class TestNumbering(NumberedCase):
    """The number comes after the last signature; the closing seal prints it."""

    def test_number_after_the_last_signature(self):
        folder = self._submitted()
        self._as(folder, self.head).action_approve()
        self._sign(folder, self.signer)
        self.assertFalse(self._entries(), "one signature is missing: no number yet")
        self._sign(folder, self.mayor)
        self._drain()
        entry = self._entries()
        self.assertEqual(entry.sequence, 1)
        folder = folder.sudo()
        self.assertEqual(folder.state, "closing")
        self.env["registry.letter"]._process_closings()
        self.assertEqual(folder.state, "done")
        self.assertEqual(folder.number, entry.number)
        letter = folder.registry_letter_id
        self.assertEqual(letter.party_ids.mapped("name"), ["M. Benallal"])
        self.assertEqual(letter.subject, folder.title)

    def test_the_seal_closes_what_was_signed(self):
        folder = self._numbered()
        pdf = self._bytes(folder)
        act = self.env["gov.sign"]._check(pdf)
        self.assertTrue(act.closed)
        kinds = [found.kind for found in act.signatures]
        self.assertEqual(kinds, ["signature", "signature", "seal"])
        letter = folder.registry_letter_id
        self.assertEqual(pdf, letter.closing_version_id._read_content())
        registered = letter._current_versions()._read_content()
        self.assertTrue(pdf.startswith(registered), "the line holds what was signed")

    def test_refused_spends_no_number(self):
        folder = self._submitted()
        self._as(folder, self.head).action_approve()
        self._sign(folder, self.signer)
        self._as(folder, self.mayor).action_refuse("Not this year")
        self._drain()
        self.assertEqual(folder.sudo().state, "refused")
        self.assertFalse(self._entries())
        self.assertFalse(folder.sudo().registry_letter_id)

    def test_closed_year_refuses_the_last_signature_whole(self):
        folder = self._submitted()
        self._as(folder, self.head).action_approve()
        self._sign(folder, self.signer)
        self.register._open_year(self.register._local_year()).state = "closed"
        self.env.registry.clear_cache()
        before = folder.sudo()._circuit_base()
        with self.refused(UserError, "closed"), self.env.cr.savepoint():
            self._sign(folder, self.mayor)
        folder.invalidate_recordset()
        self.assertEqual(folder.sudo()._circuit_base(), before)
        self.assertFalse(self._entries())

    def test_what_a_number_needs(self):
        folder = self._draft(mains=2)
        folder.recipient_name = False
        with self.refused(UserError, "recipient is missing"):
            folder.action_submit()

    def test_recipient_of_a_submitted_folder_stays(self):
        folder = self._submitted()
        with self.refused(UserError, "was submitted"):
            folder.write({"recipient_name": "Somebody else"})
        self._as(folder, self.head).action_approve()
        with self.refused(UserError, "was submitted"):
            folder.recipient_name = "Somebody else"
        self.assertEqual(folder.recipient_name, "M. Benallal")

    def test_register_of_a_submitted_folder_stays(self):
        folder = self._submitted()
        self.nature.register_id = False
        self.assertEqual(folder.sudo().register_id, self.register)
        with self.refused(AccessError, "buttons"):
            folder.write({"register_id": False})

    def test_nature_without_register_closes_with_its_reference(self):
        self.nature.register_id = False
        folder = self._closed()
        self.assertEqual(folder.state, "done")
        self.assertFalse(folder.number)
        self.assertFalse(self._entries())

    def test_form_of_a_new_folder(self):
        folders = self.env["parapheur.folder"].with_user(self.clerk)
        with Form(folders.with_company(self.company)) as form:
            self.assertFalse(form.is_numbered)
            form.nature_id = self.nature
            self.assertTrue(form.is_numbered)
            form.title = "Decision 15"
            form.recipient_name = "M. Benallal"
        self.assertFalse(form.record.number)

    def test_who_has_no_role_in_the_register_reads_the_number(self):
        folder = self._numbered()
        for user in (self.clerk, self.mayor, self.auditor):
            told = self._as(folder, user).read(["number", "register_id"])
            self.assertEqual(told[0]["number"], folder.number)

    def test_incoming_register_is_refused(self):
        with self.refused(ValidationError, "outgoing or an internal register"):
            self.nature.register_id = self.office._get_register("incoming")
