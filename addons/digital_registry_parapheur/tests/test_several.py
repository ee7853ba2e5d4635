import base64
import json

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_numbering import NumberedCase


@tagged("post_install", "-at_install", "alone")
class TestSeveral(NumberedCase):
    """Several main documents, annexes, links between the folder and the register."""

    def _closed_letters(self, folder):
        self._drain()
        self.env["registry.letter"]._process_closings()
        self.env["parapheur.folder"]._process_closings()
        folder.invalidate_recordset()
        return folder.piece_ids.registry_letter_id

    def test_one_number_each(self):
        folder = self._signed(mains=2)
        letters = self._closed_letters(folder)
        self.assertEqual(folder.state, "done", folder.closing_error)
        self.assertEqual(len(letters), 2)
        self.assertEqual(folder.number, ", ".join(letters.mapped("number")))
        self.assertEqual(
            letters.mapped("subject"), ["Decision 14 (1/2)", "Decision 14 (2/2)"]
        )
        for piece in folder.piece_ids:
            self.assertEqual(
                piece.final_id.sha256,
                piece.registry_letter_id.closing_version_id.sha256,
            )
            told = self.env["gov.proof"]._verify_digest(piece.final_id.sha256)
            self.assertEqual(
                told["document"]["number"], piece.registry_letter_id.number
            )

    def test_one_number_for_the_act(self):
        self.nature.register_mode = "act"
        folder = self._signed(mains=2)
        letters = self._closed_letters(folder)
        self.assertEqual(folder.state, "done", folder.closing_error)
        self.assertEqual(len(letters), 1)
        first, second = folder.piece_ids
        self.assertEqual(second.proof_id.number, f"{letters.number} (2/2)")
        body = json.loads(
            self.env["gov.journal.event"]
            .search([("uid", "=", letters.entry_id.event_uid)])
            .body
        )
        signed = [one["sha256"] for one in body["documents"]]
        # The line holds what persons signed, of both.
        for piece in folder.piece_ids:
            last = folder.signature_ids.filtered(
                lambda one, piece=piece: one.piece_id == piece
            )[-1:]
            self.assertIn(last.sha256, signed)
        self.assertTrue(self.env["gov.sign"]._check(self._bytes(folder, 1)).closed)

    def test_annexes_go_along_once(self):
        folder = self._draft(mains=2)
        folder.action_add_document(
            "plan.txt", base64.b64encode(b"plan of the site").decode(), "annex"
        )
        folder.action_submit()
        annex = folder.sudo().annex_ids.sha256
        self._as(folder, self.head).action_approve()
        self._sign(folder, self.signer)
        self._sign(folder, self.mayor)
        letters = self._closed_letters(folder.sudo())
        held = [letter.document_ids.mapped("sha256") for letter in letters]
        self.assertEqual([annex in one for one in held], [True, False])
        self.assertEqual(
            folder.sudo().annex_ids.sha256, annex, "the folder keeps its own"
        )

    def test_links_both_ways(self):
        folder = self._numbered()
        letter = folder.registry_letter_id
        self.assertEqual(letter.parapheur_folder_id, folder)
        action = letter.with_user(self.auditor).sudo().action_open_parapheur_folder()
        self.assertEqual(action["res_id"], folder.id)

    def test_the_code_of_the_block_and_that_of_the_seal(self):
        folder = self._numbered()
        piece = folder.piece_ids
        block = piece._promised_url().rpartition("/")[2]
        seal = folder.registry_letter_id.closing_proof_id._code()
        for code in (block, seal):
            told = self.env["gov.proof"]._verify_code(code)
            self.assertEqual(told["state"], "authentic")
            self.assertEqual(told["document"]["number"], folder.number)
            self.assertEqual((told["act"]["present"], told["act"]["needed"]), (2, 2))

    def test_refused_with_two_documents_spends_no_number(self):
        folder = self._submitted(mains=2)
        self._as(folder, self.head).action_approve()
        self._sign(folder, self.signer)
        self._as(folder, self.mayor).action_refuse("Not this year")
        self._drain()
        self.assertFalse(self._entries())

    def test_second_document_refused_by_the_register_takes_all_back(self):
        folder = self._submitted(mains=2)
        self._as(folder, self.head).action_approve()
        self._sign(folder, self.signer)
        self.register._open_year(self.register._local_year()).state = "closed"
        self.env.registry.clear_cache()
        with self.refused(UserError, "closed"), self.env.cr.savepoint():
            self._sign(folder, self.mayor)
        folder.invalidate_recordset()
        self.assertFalse(folder.sudo().piece_ids.registry_letter_id)
