import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.e_parapheur.tests.common import pdf

from .common import SignedCase


@tagged("post_install", "-at_install", "alone")
class TestSignedReply(SignedCase):
    """A validated reply is signed by two persons, then numbered, and comes back."""

    def test_from_the_reply_to_the_sealed_letter(self):
        reply = self._signing()
        folder = reply.sudo().folder_id
        self.assertEqual((reply.state, folder.state), ("signing", "running"))
        self._sign(folder, self.hu)
        self.assertFalse(self._outgoing_entries())
        self._sign(folder, self.dg)
        self.assertEqual(reply.state, "numbering")
        self._drain()
        self.env["registry.letter"]._process_closings()
        reply.invalidate_recordset()
        self.assertEqual((reply.state, folder.state), ("sealed", "done"))
        self.assertEqual(reply.number, self._outgoing_entries().number)
        self.assertEqual(reply.sudo().letter_id.answers_id, reply.answers_id)
        pdf = reply.sudo().final_version_id._read_content()
        act = self.env["gov.sign"]._check(pdf)
        self.assertTrue(act.closed)
        self.assertEqual(len(act.signatures), 3)
        reply.action_send("post", "RR 123 456 789 MA")
        self.assertEqual(reply.state, "sent")
        self.assertEqual(reply.answers_id.sudo().desk_state, "closed")

    def test_no_number_before_the_last_signature(self):
        reply = self._validated()
        self.assertFalse(reply.can_number)
        with self.refused(UserError, "must be signed first"):
            reply.action_number()
        reply.action_to_sign()
        with self.refused(UserError, "after it"):
            reply.action_number()
        self.assertFalse(self._outgoing_entries())

    def test_refused_spends_no_number_and_comes_back_as_a_draft(self):
        reply = self._signing()
        folder = reply.sudo().folder_id
        self._sign(folder, self.hu)
        folder.with_user(self.dg).with_company(self.company).action_refuse("Rephrase")
        self._drain()
        self.assertEqual(reply.state, "draft")
        self.assertFalse(self._outgoing_entries())
        reply.write({"body": "<p>Avis favorable, sous conditions.</p>"})
        reply.action_submit(levels=1)
        reply.with_user(self.hu).action_decide("approve", base=reply.base)
        reply.action_to_sign()
        self.assertNotEqual(reply.sudo().folder_id, folder)

    def test_given_up_folder_leaves_the_letter_validated(self):
        reply = self._signing()
        folder = reply.folder_id
        folder.action_recall("A mistake in the circuit")
        self.assertEqual(reply.state, "signing")
        folder.action_cancel()
        self.assertEqual(reply.state, "validated")

    def test_who_sends_to_the_signature_book(self):
        reply = self._validated()
        self.assertTrue(reply.can_sign)
        with self.refused(AccessError, "."):
            reply.with_user(self.al).action_to_sign()
        with self.refused(AccessError, "."):
            reply.with_user(self.stranger).action_to_sign()
        reply.action_to_sign()
        with self.refused(UserError, "signature book already"):
            reply.action_to_sign()

    def test_read_without_a_role_in_the_signature_book(self):
        reply = self._signing()
        for user in (self.supervisor, self.desk_auditor):
            with self.subTest(user=user.login):
                shown = Form(reply.with_user(user))
                self.assertTrue(shown.folder_id)
                self.assertIn(reply.folder_id.reference, shown.todo)

    def test_address_that_was_approved_stays(self):
        reply = self._validated()
        with self.refused(UserError, "was submitted"):
            reply.write({"recipient_address": "Elsewhere"})
        reply.write({"recipient_email": "corrected@example.org"})
        self.assertEqual(reply.recipient_email, "corrected@example.org")

    def test_before_validation(self):
        reply = self._reply()
        with self.refused(UserError, "not validated"):
            reply.action_to_sign()

    def test_office_without_nature_numbers_by_itself(self):
        self.office.desk_nature_id = False
        reply = self._validated()
        with self.refused(UserError, "No nature"):
            reply.action_to_sign()
        reply.action_number()
        self._drain()
        self.env["registry.letter"]._process_closings()
        reply.invalidate_recordset()
        self.assertEqual(reply.state, "sealed")

    def test_defaults_of_the_context_are_not_heard(self):
        outgoing = self.env["desk.outgoing"].with_user(self.au)
        forged = outgoing.with_company(self.company).with_context(
            default_state="validated", default_user_id=self.dg.id
        )
        letter = forged.create({"kind": "letter", "unit_id": self.urbanism.id})
        self.assertEqual((letter.state, letter.user_id), ("draft", self.au))
        folders = self.env["parapheur.folder"].with_user(self.au)
        forged = folders.with_company(self.company).with_context(
            default_state="done",
            default_initiator_id=self.dg.id,
            default_reference="PF-1",
            default_desk_outgoing_id=letter.id,
        )
        folder = forged.create({"title": "Forged", "nature_id": self.nature.id})
        self.assertEqual((folder.state, folder.initiator_id), ("draft", self.au))
        self.assertNotEqual(folder.reference, "PF-1")
        self.assertFalse(folder.desk_outgoing_id)

    def test_link_is_not_made_by_hand(self):
        reply = self._signing()
        folder = reply.folder_id
        with self.refused(AccessError, "buttons"):
            folder.write({"desk_outgoing_id": False})

    def test_a_folder_taken_back_signs_the_validated_letter_or_nothing(self):
        """A draft again, it takes neither another file, nor other signers, nor is it lost."""
        reply = self._signing()
        folder = reply.folder_id
        folder.action_recall("A doubt")
        self.assertEqual(folder.state, "draft")
        document = folder.main_ids
        easy = self.nature.copy({"name": "Easy"})
        other = base64.b64encode(pdf(["Another letter"])).decode()
        for change in (
            lambda: folder.action_remove_document(document.id),
            lambda: folder.action_add_document("other.pdf", other),
            lambda: folder.write({"nature_id": easy.id}),
            lambda: folder.write({"recipient_name": "Somebody else"}),
            lambda: folder.write({"title": "Something else"}),
            lambda: folder.write({"unit_id": False}),
            folder.unlink,
        ):
            with self.refused(UserError, "as it was validated there"):
                change()
        self.assertEqual(folder.main_ids, document)
        folder.write({"nature_id": self.nature.id, "note": "Please"})
        annex = folder.action_add_document("plan.pdf", other, role="annex")
        folder.action_remove_document(annex)
        folder.action_submit()
        self._sign(folder, self.hu)
        self._sign(folder, self.dg)
        self.assertEqual(reply.state, "numbering")

    def test_cancelled_while_it_is_signed(self):
        """The letter answered is cancelled in the register: nobody signs its reply any more."""
        reply = self._signing()
        folder, letter = reply.sudo().folder_id, reply.answers_id
        self._sign(folder, self.hu)
        letter.with_user(self.head).action_cancel("Erreur de saisie", "Chef du bureau")
        self.env.invalidate_all()
        self.assertEqual((folder.state, reply.state), ("cancelled", "cancelled"))
        with self.assertRaises(UserError):
            self._sign(folder, self.dg)
        self.assertFalse(self._outgoing_entries())

    def test_the_office_may_allow_other_ways_too(self):
        """Signature book, paper and validation alone, as the administrator ticks them."""
        self.assertFalse(self.office.desk_allow_internal)
        reply = self._validated()
        self.assertTrue(reply.can_sign)
        self.assertFalse(reply.can_print or reply.can_number)
        self.office.write({"desk_allow_paper": True, "desk_allow_internal": True})
        reply.invalidate_recordset()
        self.assertTrue(reply.can_sign and reply.can_print and reply.can_number)
        nature = self.env["registry.nature"].create(
            {"name": "Arrêté", "company_id": self.company.id, "desk_signing": "book"}
        )
        reply.action_take_back()
        reply.nature_id = nature
        reply.action_submit(levels=1)
        reply.with_user(self.hu).action_decide("approve", base=reply.base)
        self.assertTrue(reply.can_sign)
        self.assertFalse(reply.can_print or reply.can_number)
        reply.action_to_sign()
        self._sign(reply.sudo().folder_id, self.hu)
        self._sign(reply.sudo().folder_id, self.dg)
        self.assertEqual(reply.signing_way, "book")
