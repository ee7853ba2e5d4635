import email
import email.policy
import socket
from datetime import timedelta
from unittest.mock import patch

from aiosmtpd.controller import Controller

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.gov_trust.exceptions import SealUnavailable

from .common import RegistryCommon

PROCESS = "odoo.addons.digital_registry.models.registry_receipt_process"
MAIL = "odoo.addons.gov_base.models.mail_mail"


@tagged("post_install", "-at_install")
class TestReceiptFailures(RegistryCommon):
    """A registration stands whatever fails after it, and is repaired later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.office.email = "agdal@example.ma"

    @property
    def receipts(self):
        return self.env["registry.receipt"].sudo()

    def _assert_pending_then_repaired(self, model, method, error):
        letter = self._deposit()
        receipt = letter.receipt_id.sudo()
        with (
            patch.object(type(self.env[model]), method, side_effect=error),
            mute_logger(PROCESS),
        ):
            self.receipts._process_sequenced(10)
        self.assertTrue(letter.number)
        self.assertEqual(letter.state, "registered")
        self.assertEqual((receipt.state, receipt.attempts), ("pending", 1))
        self.assertIn("its receipt is pending", receipt.error)
        self.assertGreater(receipt.next_attempt_at, fields.Datetime.now())
        self.assertFalse(receipt.proof_id)
        # Not before the back-off…
        self.receipts._process_sequenced(10)
        self.assertEqual(receipt.state, "pending")
        # …then the watchdog repairs.
        receipt.next_attempt_at = fields.Datetime.now() - timedelta(minutes=1)
        self.receipts._watchdog()
        self.assertEqual(receipt.state, "sealed")
        self.assertFalse(receipt.error)

    def test_pdf_engine_down(self):
        self._assert_pending_then_repaired(
            "gov.typeset", "_render_pdf", UserError("The fonts are missing")
        )

    def test_seal_down(self):
        self._assert_pending_then_repaired(
            "gov.seal", "_seal_pdf", SealUnavailable("The key is locked")
        )

    def test_disk_full(self):
        self._assert_pending_then_repaired(
            "gov.document", "_store_generated", OSError("No space left on device")
        )

    def test_a_download_makes_the_pdf(self):
        letter = self._register()
        action = letter.receipt_id.action_download()
        self.assertEqual(action["url"], f"/registry/receipt/{letter.receipt_id.id}/pdf")
        self.assertEqual(letter.receipt_id.state, "sealed")

    def test_a_download_says_what_is_pending(self):
        letter = self._draft()
        letter.action_register()
        action = letter.receipt_id.action_download()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(letter.receipt_id.state, "pending")

    def _smtp(self):
        """Start a real SMTP server on loopback and let Odoo send through it."""
        received = []

        class Handler:
            async def handle_DATA(self, _server, _session, envelope):
                message = email.message_from_bytes(
                    envelope.content, policy=email.policy.default
                )
                received.append((envelope.rcpt_tos, message))
                return "250 kept"

        controller = Controller(Handler(), hostname="127.0.0.1", port=0)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            controller.port = probe.getsockname()[1]
        server = self.env["ir.mail_server"].create(
            {
                "name": "loopback",
                "smtp_host": "127.0.0.1",
                "smtp_port": controller.port,
                "sequence": -10,
            }
        )
        self.startPatcher(
            patch.object(
                self.env.registry["ir.mail_server"],
                "_disable_send",
                classmethod(lambda _cls: False),
            )
        )
        return controller, server, received

    def test_mail_is_sent_with_a_neutral_title(self):
        letter = self._deposit(subject="Plainte contre X")
        controller, _server, received = self._smtp()
        controller.start()
        self.addCleanup(controller.stop)
        self.receipts._watchdog()
        receipt = letter.receipt_id.sudo()
        self.assertEqual(receipt.mail_state, "sent", receipt.mail_error)
        self.assertEqual(len(received), 1)
        recipients, message = received[0]
        self.assertEqual(recipients, ["citizen@example.ma"])
        self.assertNotIn("Plainte", message["Subject"])
        attached = next(message.iter_attachments())
        self.assertEqual(attached.get_content(), receipt._stored_pdf())
        self.receipts._watchdog()
        self.assertEqual(len(received), 1, "sent once")
        self.assertFalse(
            self.env["mail.mail"].search([("email_to", "=", "citizen@example.ma")])
        )

    def test_mail_server_down(self):
        letter = self._deposit()
        controller, _server, received = self._smtp()
        receipt = letter.receipt_id.sudo()
        with mute_logger("odoo.addons.mail.models.mail_mail", MAIL):
            self.receipts._watchdog()
        self.assertEqual(receipt.state, "sealed")
        self.assertEqual((receipt.mail_state, receipt.mail_attempts), ("failed", 1))
        self.assertTrue(receipt.mail_error)
        self.assertGreater(receipt.mail_next_at, fields.Datetime.now())
        controller.start()
        self.addCleanup(controller.stop)
        self.receipts._watchdog()
        self.assertEqual(receipt.mail_state, "failed", "not before the back-off")
        receipt.mail_next_at = fields.Datetime.now() - timedelta(minutes=1)
        self.receipts._watchdog()
        self.assertEqual(receipt.mail_state, "sent", receipt.mail_error)
        self.assertEqual(len(received), 1)

    def test_no_address(self):
        letter = self._deposit(email=False)
        self.receipts._watchdog()
        self.assertEqual(letter.receipt_id.mail_state, "none")

    def test_retry_by_hand(self):
        letter = self._deposit()
        receipt = letter.receipt_id
        with (
            patch.object(
                type(self.env["gov.seal"]),
                "_seal_pdf",
                side_effect=SealUnavailable("x"),
            ),
            mute_logger(PROCESS),
        ):
            receipt.with_user(self.registrar).action_retry()
        self.assertEqual(receipt.state, "pending")
        receipt.with_user(self.registrar).action_retry()
        self.assertEqual(receipt.state, "sealed")

    def test_idempotent(self):
        letter = self._deposit()
        self.receipts._process_sequenced(10)
        before = letter.message_ids
        self.receipts._process_sequenced(10)
        self.receipts._watchdog()
        self.assertEqual(len(letter.receipt_ids), 1)
        self.assertEqual(letter.message_ids, before)
