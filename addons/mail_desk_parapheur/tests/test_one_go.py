import base64

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BOOK, SignedCase


@tagged("post_install", "-at_install", "alone")
class TestOneGo(SignedCase):
    """Reply, circuit, number, sending without anybody in between; words that come back."""

    def _kinds(self, outgoing):
        events = self.env["desk.event"].sudo()
        return events.search([("outgoing_id", "=", outgoing.id)]).mapped("kind")

    def _sentences(self, outgoing):
        events = (
            self.env["desk.event"]
            .sudo()
            .search([("outgoing_id", "=", outgoing.id)], order="id")
        )
        return "\n".join(events.mapped("sentence"))

    def _close_all(self):
        self._drain()
        self.env["registry.letter"].sudo()._process_closings()
        self.env.invalidate_all()

    def test_sent_by_itself_as_the_office_says(self):
        self.office.write({"desk_sign_at_once": True, "desk_auto_send": True})
        reply = self._reply()
        reply.recipient_email = "citizen@example.org"
        reply.action_submit(levels=1)
        reply.with_user(self.hu).action_decide("approve", base=reply.base)
        self.assertEqual(reply.state, "signing")
        folder = reply.sudo().folder_id
        self.assertEqual((folder.state, folder.initiator_id), ("running", self.au))
        for user in (self.hu, self.dg):
            self._sign(folder, user)
        self._close_all()
        sending = reply.sudo().sending_ids
        self.assertEqual(sending.mapped("channel"), ["email"])
        self.assertEqual(sending.user_id, self.au)

    def test_the_author_says_otherwise(self):
        self.office.desk_auto_send = True
        reply = self._signing()
        reply.write({"recipient_email": "citizen@example.org", "send_after": "none"})
        for user in (self.hu, self.dg):
            self._sign(reply.sudo().folder_id, user)
        self._close_all()
        self.assertEqual(reply.state, "sealed")
        self.assertFalse(reply.sudo().sending_ids)

    def test_what_cannot_leave_by_itself_says_so(self):
        self.office.desk_auto_send = True
        reply = self._signing()
        reply.recipient_email = "citizen@example.org"
        folder = reply.sudo().folder_id
        for user in (self.hu, self.dg):
            self._sign(folder, user)
        # The author has no role in the desk any more when the seal comes.
        self.au.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        self._close_all()
        self.assertEqual(reply.sudo().state, "sealed")
        self.assertIn("not_sent_by_itself", self._kinds(reply))

    def test_no_address_is_sent_by_hand(self):
        self.office.desk_auto_send = True
        reply = self._signing()
        for user in (self.hu, self.dg):
            self._sign(reply.sudo().folder_id, user)
        self._close_all()
        self.assertEqual(reply.state, "sealed")

    def test_words_of_the_signature_book_come_back(self):
        reply = self._signing()
        folder = reply.sudo().folder_id
        self._sign(folder, self.hu)
        mine = folder.with_user(self.dg).with_company(self.company)
        step = folder.run_id._live_steps().sorted("rank")[:1]
        mine.action_return(step.id, "Corriger la date")
        self._sign(folder, self.hu)
        mine.action_refuse("Ton trop sec")
        self.assertEqual(reply.state, "draft")
        text = self._sentences(reply)
        for words in ("Corriger la date", "Ton trop sec", "Signature 1"):
            self.assertIn(words, text)

    def test_who_has_it_and_what_is_signed(self):
        reply = self._signing()
        self.assertIn(self.hu.name, reply.todo)
        self.assertIn(reply.sudo().pdf_version_id.sha256[:16], reply.signed_sentence)
        today = self.env["gov.absence"]._today(self.company)
        self.env["gov.absence"].with_user(self.hu).create(
            {
                "user_id": self.hu.id,
                "company_id": self.company.id,
                "date_from": today,
                "date_to": today,
            }
        )
        reply.invalidate_recordset()
        self.assertIn("absent until", reply.todo)
        self._sign(reply.sudo().folder_id, self.hu)
        reply.invalidate_recordset()
        self.assertIn(self.dg.name, reply.todo)

    def test_annexes_of_the_folder_leave_with_the_letter(self):
        reply = self._validated()
        reply.action_to_sign()
        folder = reply.folder_id
        folder.action_recall("An annex")
        folder.action_add_document(
            "plan.txt", base64.b64encode(b"plan of the site").decode(), "annex"
        )
        folder.action_submit()
        for user in (self.hu, self.dg):
            self._sign(folder.sudo(), user)
        self._close_all()
        held = reply.sudo().letter_id.document_ids.mapped("name")
        self.assertIn("plan.txt", " ".join(held))

    def test_internal_note_that_is_signed(self):
        self.office.desk_note_nature_id = self.nature
        note = (
            self.env["desk.outgoing"]
            .with_user(self.au)
            .with_company(self.company)
            .create(
                {
                    "kind": "note",
                    "recipient_unit_id": self.legal.id,
                    "subject": "Note de service",
                    "body": "<p>À compter de lundi.</p>",
                }
            )
        )
        note.action_submit(levels=1)
        note.with_user(self.hu).action_decide("approve", base=note.base)
        with self.refused(UserError, "must be signed first"):
            note.action_number()
        note.action_to_sign()
        for user in (self.hu, self.dg):
            self._sign(note.sudo().folder_id, user)
        self._close_all()
        self.assertEqual(note.state, "sent")
        self.assertEqual(note.sudo().letter_id.direction, "internal")
        self.assertEqual(note.signing_way, "book")

    def test_signatures_are_handed_over(self):
        reply = self._signing()
        folder = reply.sudo().folder_id
        self.al.group_ids = [Command.link(self.env.ref(BOOK).id)]
        handover = (
            self.env["desk.handover"]
            .with_user(self.supervisor)
            .with_company(self.company)
            .create(
                {
                    "user_id": self.hu.id,
                    "reason": "Left",
                    "company_id": self.company.id,
                    "target_ids": [
                        Command.create({"user_ids": [Command.set(self.al.ids)]})
                    ],
                }
            )
        )
        handover.action_process()
        line = handover.line_ids.filtered(lambda one: one.what == "signature")
        self.assertFalse(line.moved)
        self.supervisor.group_ids = [
            Command.link(self.env.ref("e_parapheur.group_e_parapheur_supervisor").id)
        ]
        handover = handover.copy({"reason": "Left the office"})
        handover.target_ids = [Command.create({"user_ids": [Command.set(self.al.ids)]})]
        handover.action_process()
        line = handover.line_ids.filtered(lambda one: one.what == "signature")
        self.assertTrue(line.moved, line.sentence)
        self.assertEqual(
            folder.run_id._current_steps()._current_actors().user_id, self.al
        )
