import base64

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.gov_base.tests import intake_files as files

from .common import BookCase, pdf


def b64(content):
    return base64.b64encode(content).decode()


@tagged("post_install", "-at_install")
class TestFolder(BookCase):
    """From the draft to the circuit: documents, form, checks, gate."""

    def test_a_draft(self):
        folder = self._draft(title=" Un\u202e titre ")
        self.assertEqual(folder.title, "Un titre")
        self.assertRegex(folder.reference, r"^PF-\d{4}-[0-9A-Z]{7}$")
        self.assertEqual(folder.display_name, folder.reference)
        self.assertEqual(folder.initiator_id, self.clerk)
        self.assertEqual(folder.unit_id, self.permits)
        self.assertTrue(folder.can_submit)
        folder.unlink()

    def test_what_a_main_document_may_be(self):
        folder = self._draft(mains=0)
        with self.refused(UserError, "A main document is a PDF.*convert scan.png"):
            folder.action_add_document("scan.png", b64(files.png()))
        folder.action_add_document("scan.png", b64(files.png()), role="annex")
        with self.refused(UserError, "password protected"):
            folder.action_add_document("x.pdf", b64(files.encrypted_pdf()))
        with self.refused(UserError, "did not arrive whole"):
            folder.action_add_document("x.pdf", "not base64!")
        with self.refused(UserError, "The selected file is empty"):
            folder.action_add_document("x.pdf", "")
        with self.refused(UserError, "main document or an annex"):
            folder.action_add_document("x.pdf", b64(pdf()), role="rendition")
        self.assertEqual(len(folder.annex_ids), 1)
        self.assertFalse(folder.main_ids)

    def test_documents_are_taken_out_of_a_draft(self):
        folder = self._draft(mains=2)
        folder.action_remove_document(folder.main_ids[0].id)
        self.assertEqual(len(folder.main_ids), 1)
        other = self._draft(title="Other")
        with self.refused(UserError, "not in the folder any more"):
            folder.action_remove_document(other.main_ids.id)
        with self.assertRaises(AccessError):
            self._as(folder, self.head).action_remove_document(folder.main_ids.id)
        folder.action_submit()
        with self.refused(UserError, "its documents are fixed"):
            folder.action_remove_document(folder.main_ids.id)
        with self.refused(UserError, "its documents are fixed"):
            folder.action_add_document("late.pdf", b64(pdf()))
        with self.refused(UserError, "cannot be deleted"):
            folder.sudo().main_ids.unlink()

    def test_what_is_missing_is_named_at_once(self):
        folder = self._draft(mains=0)
        folder.title = False
        with self.refused(UserError, "title is missing.*\n.*no main document"):
            folder.action_submit()

    def test_active_content_is_taken_out(self):
        script = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
        folder = self._draft(content=files.pdf(catalog=f"/OpenAction {script}"))
        folder.action_submit()
        self.assertIn(
            "Scripts were taken out (1).",
            [row["sentence"] for row in folder.get_hygiene()[0]["rows"]],
        )
        self.assertNotIn(b"JavaScript", self._bytes(folder))

    def test_signed_elsewhere_is_refused(self):
        done = self._closed(title="First")
        folder = self._draft(title="Again", content=self._bytes(done))
        with self.refused(UserError, "cannot be signed: .*signed already"):
            folder.action_submit()
        self.assertEqual(folder.state, "draft")
        self.assertFalse(folder.run_id)

    def test_a_file_that_waits_or_is_in_quarantine(self):
        folder = self._draft()
        version = folder.sudo().main_ids.current_version_id
        version._write_pipeline({"state": "bounded", "av_state": "pending"})
        with self.refused(UserError, "still being checked"):
            folder.action_submit()
        version._write_pipeline({"state": "quarantined", "av_state": "infected"})
        with self.refused(UserError, "in quarantine"):
            folder.action_submit()

    def test_the_form_of_the_nature(self):
        form = self.env["gov.form"].create(
            {
                "name": "Travel",
                "company_id": self.company.id,
                "field_ids": [
                    Command.create(
                        {
                            "key": "amount",
                            "label": "Amount",
                            "type": "amount",
                            "required": True,
                        }
                    )
                ],
            }
        )
        form.action_publish()
        nature = self.nature.copy({"form_id": form.id})
        folder = self._draft(nature=nature)
        self.assertEqual(folder.form_id, form)
        with self.refused(UserError, "Amount"):
            folder.action_submit()
        folder.form_values = {"amount": "1 250,50"}
        folder.action_submit()
        self.assertEqual(folder._form_display(), [("Amount", "1,250.50")])
        self.assertIn(
            folder,
            self.env["parapheur.folder"].search([("form_text", "ilike", "1250")])
            | folder,
        )

    def test_the_sender_chooses(self):
        circuit = self._circuit(
            "Chosen", [{"name": "Visa of", "kind": "visa", "rule": "chosen"}]
        )
        folder = self._draft(nature=self.nature.copy({"circuit_id": circuit.id}))
        self.assertEqual(folder.choice_ids.step_id, circuit.step_ids)
        with self.refused(UserError, "Choose who acts at the step “Visa of”"):
            folder.action_submit()
        folder.choice_ids.user_ids = self.other
        folder.action_submit()
        self.assertEqual(folder.run_id.current_user_ids, self.other)
        with self.refused(UserError, "is fixed"):
            folder.write({"choice_ids": [Command.clear()]})
        for change in (
            lambda: folder.choice_ids.write({"user_ids": [Command.clear()]}),
            folder.choice_ids.unlink,
        ):
            with self.refused(UserError, "submitted with the persons you chose"):
                change()

    def test_people_without_a_role(self):
        plain = self._user("book_plain", "gov_base.group_gov_base_agent", name="Plain")
        circuit = self._circuit(
            "Plain", [{"name": "Visa", "kind": "visa", "users": plain | self.head}]
        )
        folder = self._draft(nature=self.nature.copy({"circuit_id": circuit.id}))
        with self.refused(UserError, "Plain: no role in the signature book"):
            folder.action_submit()
        self.assertEqual(folder.state, "draft")
        folder = self._submitted(title="Other")
        run = self._as(folder, self.head).run_id
        with self.refused(UserError, "Plain has no role in the signature book"):
            run.action_transfer(plain.id, "Away")
        with self.refused(UserError, "Plain: no role"):
            run.action_add_step("opinion", plain.ids, question="?")

    def test_submitted(self):
        folder = self._draft()
        original = folder.sudo().main_ids.current_version_id
        folder.action_submit()
        folder_sudo = folder.sudo()
        self.assertEqual(folder.state, "running")
        piece = folder_sudo.piece_ids
        self.assertEqual(piece.original_id, original)
        self.assertEqual(piece._current(), piece.prepared_id)
        self.assertEqual([box[0] for box in piece.boxes], ["Sign1", "Sign2", "Seal"])
        self.assertEqual(folder_sudo.actor_ids, self.head)
        self.assertEqual(folder_sudo.activity_ids.user_id, self.head)
        self.assertEqual(
            self._events(folder)[-1].kind, "folder.submitted", "after the run started"
        )

    def test_submitted_twice_or_by_another(self):
        folder = self._draft()
        with self.assertRaises(AccessError):
            self._as(folder, self.head).action_submit()
        folder.action_submit()
        with self.refused(UserError, "was submitted already"):
            folder.action_submit()

    def test_signers_without_a_key_are_named(self):
        self.env["gov.key"]._personal(self.mayor).sudo()._end("retired", "test")
        folder = self._submitted()
        self.assertIn(self.mayor.name, folder.message_ids[0].preview)
        self.assertNotIn(self.signer.name, folder.message_ids[0].preview)

    def test_fixed_once_submitted(self):
        folder = self._submitted()
        for vals in (
            {"title": "x"},
            {"nature_id": self.nature.copy().id},
            {"note": "x"},
            {"form_values": {}},
        ):
            with self.refused(UserError, "what its circuit sees of it is fixed"):
                folder.write(vals)
        folder.deadline = fields.Date.today()
        with self.refused(UserError, "never deleted"):
            folder.unlink()

    def test_protected_for_every_hand(self):
        folder = self._draft()
        for vals in (
            {"state": "done"},
            {"reference": "PF-1"},
            {"initiator_id": self.other.id},
            {"actor_ids": [Command.link(self.other.id)]},
            {"submitted_at": fields.Datetime.now()},
        ):
            with self.refused(AccessError, "change only with its buttons"):
                folder.write(vals)
        folders = self.env["parapheur.folder"].with_user(self.clerk)
        for vals in ({"state": "done"}, {"initiator_id": self.other.id}):
            with self.assertRaises(AccessError):
                folders.create({"title": "x", "nature_id": self.nature.id, **vals})
        with self.assertRaises(AccessError):
            folder.write({"run_id": False, "run_ids": []})

    def test_given_up_and_stopped(self):
        folder = self._draft()
        folder.action_cancel()
        self.assertEqual(folder.state, "cancelled")
        with self.refused(UserError, "ended"):
            folder.action_cancel()
        folder = self._submitted(title="Running")
        with self.refused(UserError, "Say why"):
            folder.action_cancel()
        with self.assertRaises(AccessError):
            self._as(folder, self.head).action_cancel("x")
        folder.action_cancel("Overtaken")
        self.assertEqual(folder.state, "cancelled")
        self.assertEqual(folder.run_id.state, "cancelled")
        with self.refused(UserError, "not in circuit"):
            self._as(folder, self.head).action_approve()

    @mute_logger("odoo.http")
    def test_chatter_takes_no_file(self):
        folder = self._submitted()
        with self.refused(UserError, "not attached to messages of a folder"):
            self.env["ir.attachment"].create(
                {
                    "name": "x",
                    "raw": b"x",
                    "res_model": folder._name,
                    "res_id": folder.id,
                }
            )

    def test_late(self):
        folder = self._submitted()
        folder.deadline = fields.Date.subtract(fields.Date.today(), days=1)
        self.assertTrue(folder.is_late)
        folders = self.env["parapheur.folder"]
        self.assertIn(folder, folders.search([("is_late", "=", True)]))
        self.assertNotIn(folder, folders.search([("is_late", "=", False)]))
