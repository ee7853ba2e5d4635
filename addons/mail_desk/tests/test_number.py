from unittest.mock import patch

import pypdfium2

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.digital_registry.tests.common import pdf_file
from odoo.addons.gov_base.lib import placement
from odoo.addons.mail_desk.models.desk_outgoing_number import SEAL_SIZE

from .common_outgoing import OutgoingCase


@tagged("post_install", "-at_install")
class TestNumber(OutgoingCase):
    def test_no_number_before_the_last_approval(self):
        reply = self._reply()
        with self.refused(UserError, "not validated yet"):
            reply.action_number()
        reply.action_submit(levels=1)
        with self.refused(UserError, "not validated yet"):
            reply.action_number()
        self.assertFalse(reply.letter_id)

    def test_the_bridge_may_hold_the_number_back(self):
        reply = self._validated()
        refusal = UserError("Waits for the signature book.")
        with (
            patch.object(
                self.env.registry["desk.outgoing"],
                "_number_refusal",
                lambda self: refusal,
            ),
            self.refused(UserError, "signature book"),
        ):
            self.assertFalse(reply.can_number)
            reply.action_number()

    def test_number_seal_and_send(self):
        reply = self._validated()
        pdf = reply.sudo()._signable_pdf()
        self.assertTrue(reply.can_number)
        reply.action_number()
        self.assertEqual(reply.state, "numbering")
        with self.refused(UserError, "number already"):
            reply.action_number()
        self._close()
        self.assertEqual(reply.state, "sealed")
        letter = reply.letter_id.sudo()
        self.assertRegex(letter.number, r"^\d{4}/\d{6}$")
        self.assertEqual(letter.direction, "outgoing")
        self.assertEqual(letter.answers_id, reply.answers_id.sudo())
        self.assertEqual(letter.sender_name, reply.recipient_name)
        self.assertEqual(reply.display_name, letter.number)
        sealed = reply.final_version_id._read_content()
        self.assertTrue(len(sealed) > len(pdf))
        with self.refused(UserError, "proof in one line"):
            reply.action_send("post")
        with self.refused(UserError, "no e-mail address"):
            reply.action_send("email")
        with self.refused(UserError, "does not leave this way"):
            reply.action_send("pigeon", "x")
        reply.action_send("post", "RR 123 456 789 MA")
        self.assertEqual(reply.state, "sent")
        proof = reply.sending_ids
        self.assertEqual(
            (proof.channel, proof.note, proof.user_id, proof.state),
            ("post", "RR 123 456 789 MA", self.au, "sent"),
        )
        self.assertTrue(proof.sent_at)
        self.assertEqual(reply.answers_id.desk_state, "closed")
        self.assertEqual(reply.answers_id.desk_closing, "answered")
        self.assertTrue(letter.register_id._verify()["ok"])

    def test_by_mail(self):
        reply = self._sealed(recipient_email="citizen@example.ma")
        reply.action_send("email")
        self.assertEqual((reply.state, reply.sending_ids.state), ("sealed", "pending"))
        with self.refused(UserError, "by e-mail already"):
            reply.action_send("email")
        sent = []
        with patch.object(
            self.env.registry["mail.mail"],
            "send",
            lambda mails, **_how: (
                sent.extend(
                    (m.email_to, m.attachment_ids.raw, m.body_html) for m in mails
                ),
                mails.write({"state": "sent"}),
            ),
        ):
            self.env["desk.sending"].sudo()._process_sendings()
        self.assertEqual(len(sent), 1)
        self.assertEqual(sent[0][0], "citizen@example.ma")
        self.assertEqual(sent[0][1], reply.final_version_id._read_content())
        self.assertIn(reply.number, sent[0][2])
        self.assertEqual(reply.state, "sent")
        self.assertEqual(reply.sending_ids.address, "citizen@example.ma")
        self.assertEqual(reply.answers_id.desk_state, "closed")

    def test_mail_that_fails_is_tried_again(self):
        reply = self._sealed(recipient_email="citizen@example.ma")
        reply.action_send("email")
        with patch.object(
            self.env.registry["mail.mail"],
            "send",
            lambda mails, **_how: mails.write(
                {"state": "exception", "failure_reason": "550 no such user"}
            ),
        ):
            self.env["desk.sending"].sudo()._process_sendings()
        self.assertEqual(reply.state, "sealed")
        self.assertEqual(reply.sending_ids.state, "pending")
        self.assertIn("550", reply.sending_ids.error)
        self.assertTrue(reply.sending_ids.next_attempt_at)

    def test_letter_from_nothing(self):
        draft = (
            self.env["desk.outgoing"]
            .with_user(self.au)
            .create(
                {
                    "kind": "letter",
                    "recipient_name": "Association Amal",
                    "recipient_kind": "company",
                    "subject": "Invitation",
                    "body": "<p>Vous êtes invités.</p>",
                }
            )
        )
        self.assertEqual(draft.unit_id, self.urbanism)
        self.assertEqual(draft.office_id, self.office)
        draft.action_submit(levels=1)
        draft.with_user(self.hu).action_decide("approve", base=draft.base)
        draft.action_number()
        self._close()
        draft.action_send("hand", "Remis à M. Alami")
        self.assertEqual(draft.state, "sent")
        self.assertTrue(draft.number)

    def test_a_unit_of_ones_own(self):
        with self.refused(UserError, "unit you work in"):
            self.env["desk.outgoing"].with_user(self.au).create(
                {"kind": "letter", "unit_id": self.legal.id, "subject": "x"}
            )

    def test_annexes_are_part_of_the_line(self):
        reply = self._reply()
        reply._add_annex(pdf_file("Plan"), "plan.pdf")
        reply.action_submit(levels=1)
        reply.with_user(self.hu).action_decide("approve", base=reply.base)
        reply.action_number()
        self._close()
        letter = reply.letter_id.sudo()
        self.assertEqual(letter.entry_id.document_count, 2)
        self.assertIn("plan.pdf", letter.document_ids.mapped("name"))

    def test_no_closing_while_a_reply_is_under_way(self):
        reply = self._reply()
        reply.action_submit(levels=1)
        with self.refused(UserError, "under way"):
            reply.answers_id.action_close("plus besoin")
        reply.action_take_back()
        reply.action_abandon()
        self.assertEqual(reply.state, "cancelled")
        reply.answers_id.action_close("plus besoin")
        self.assertEqual(reply.answers_id.desk_no_reply_by_id, self.au)
        reply.answers_id.with_user(self.hu).action_approve_no_reply()
        self.assertEqual(reply.answers_id.desk_closing, "no_reply")

    def test_who_validates_reads_the_letter_and_its_seal(self):
        reply = self._reply()
        outsider = self.hl
        circuit = self.env["gov.circuit"].create(
            {
                "name": "Visa juridique",
                "company_id": self.company.id,
                "step_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Visa",
                            "kind": "visa",
                            "rank": 1,
                            "actor_rule": "person",
                            "user_ids": [(6, 0, outsider.ids)],
                        },
                    )
                ],
            }
        )
        circuit.action_publish()
        self.assertFalse(reply.answers_id.with_user(outsider).has_access("read"))
        reply.action_submit(circuit_id=circuit.id)
        self.assertTrue(reply.answers_id.with_user(outsider).has_access("read"))
        self.assertTrue(reply.with_user(outsider).pdf_version_id._is_readable())
        reply.with_user(outsider).action_decide("approve", base=reply.base)
        reply.action_number()
        self._close()
        self.assertTrue(reply.with_user(outsider).final_version_id._is_readable())
        self.assertFalse(reply.with_user(self.al).has_access("read"))

    def test_a_circuit_that_is_stopped_gives_the_draft_back(self):
        reply = self._reply()
        reply.action_submit(levels=1)
        reply.run_id.action_cancel("Plus besoin")
        self.assertEqual(reply.state, "draft")

    def test_files_do_not_escape_the_intake(self):
        reply = self._reply()
        with self.refused(UserError, "Add them as annexes"):
            self.env["ir.attachment"].with_user(self.au).create(
                {"name": "x", "raw": b"x", "res_model": reply._name, "res_id": reply.id}
            )

    def test_the_page_in_two_languages(self):
        """Room for the seal at the top right, right direction, nothing fetched."""
        for lang, words in (("fr_FR", "Objet"), ("ar_MA", "الموضوع")):
            reply = self._reply(lang=lang, signatory_name="N. Idrissi")
            reply.body = (
                '<p>x</p><img src="http://example.com/x.png"/><script>1</script>'
            )
            pdf = reply._render_pdf()
            self.assertTrue(pdf.startswith(b"%PDF"))
            document = pypdfium2.PdfDocument(pdf)
            self.addCleanup(document.close)
            self.assertEqual(len(document), 1)
            page = document[0]
            text = page.get_textpage().get_text_bounded()
            self.assertIn(words if lang == "fr_FR" else "2026", text)
            width, height = page.get_size()
            place = placement.place(pdf, [placement.Wanted("Seal", "seal", *SEAL_SIZE)])
            number, (left, bottom, _right, _top) = place[1]["Seal"]
            self.assertEqual(number, 0)
            self.assertGreater(left, width / 2)
            self.assertGreater(bottom, height * 0.7)
