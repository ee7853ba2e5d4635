from pathlib import Path
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lib import dsn
from .common_smtp import SmtpCase

FILES = Path(__file__).parent / "files"
MAIL = "odoo.addons.mail.models.mail_mail"


@tagged("post_install", "-at_install")
class TestBounce(SmtpCase):
    """Letters by e-mail: what the mail server says at once, and what comes back later."""

    def _report(self, name, mail_from, message_id="<none@example.com>", **words):
        content = (FILES / name).read_text("utf-8")
        words = {"action": "failed", "status": "5.1.1", **words}
        return content.format(to=mail_from, message_id=message_id, **words)

    def _gateway(self, content):
        self.env["mail.thread"].message_process(False, content)
        self.env.invalidate_all()

    def _waiting(self, reply):
        kind = self.env.ref("mail_desk.mail_activity_type_send_again")
        return reply.sudo().activity_ids.filtered(lambda a: a.activity_type_id == kind)

    def test_each_message_has_its_own_way_back(self):
        reply, (mail_from, recipients, message) = self._sent_by_mail()
        token = reply.sudo().sending_ids.token
        self.assertEqual(recipients, ["citizen@example.ma"])
        self.assertEqual(mail_from, f"bounce+{token}@commune.example.ma")
        self.assertEqual(
            message["Message-Id"], f"<{token}.desk-sending@commune.example.ma>"
        )
        attached = next(message.iter_attachments()).get_content()
        self.assertEqual(attached, reply.final_version_id._read_content())
        self.assertNotIn("token", reply.sending_ids.fields_get())

    def test_bounced_then_sent_another_way(self):
        reply, (mail_from, _recipients, _message) = self._sent_by_mail()
        letter = reply.answers_id
        self.assertEqual(letter.desk_state, "closed")
        self._gateway(self._report("dsn_failed.eml", mail_from))
        sending = reply.sending_ids
        self.assertEqual(sending.state, "bounced")
        self.assertIn("550 5.1.1", sending.reason)
        self.assertEqual(reply.state, "sealed", "it has to leave another way")
        self.assertEqual(self._waiting(reply).user_id, self.au)
        self.assertNotIn("citizen", self._waiting(reply).summary)
        # The letter was not answered after all.
        self.assertEqual(
            (letter.desk_state, letter.desk_user_id), ("assigned", self.au)
        )
        self.assertFalse(letter.desk_closing)
        lines = self._sentences(letter, self.hu)
        self.assertTrue(any("came back undelivered" in line for line in lines), lines)
        kinds = (
            self.env["gov.journal.event"]
            .sudo()
            .search(
                [("subject_model", "=", reply._name), ("subject_id", "=", reply.id)]
            )
            .mapped("kind")
        )
        self.assertIn("desk.bounced", kinds)
        self.assertTrue(sending.can_resend)
        sending.action_resend("post", "RR 123 456 789 MA")
        self.assertEqual(reply.state, "sent")
        again = reply.sending_ids - sending
        self.assertEqual((again.resend_of_id, again.state), (sending, "sent"))
        self.assertFalse(self._waiting(reply))
        with self.refused(UserError, "sent again already"):
            sending.action_resend("post", "RR 1")

    def test_told_twice_written_once(self):
        reply, (mail_from, _recipients, message) = self._sent_by_mail()
        self._gateway(self._report("dsn_failed.eml", mail_from))
        before = reply.sending_ids.ended_at
        lines = len(reply.event_ids)
        self._gateway(
            self._report("dsn_exchange.eml", mail_from, message["Message-Id"])
        )
        self.assertEqual(reply.sending_ids.ended_at, before)
        self.assertEqual(len(reply.event_ids), lines)

    def test_found_by_the_message_that_came_back(self):
        """Some servers answer to the author of the message, not to its return path."""
        reply, (_mail_from, _recipients, message) = self._sent_by_mail()
        self._gateway(
            self._report("dsn_exchange.eml", "agdal@example.ma", message["Message-Id"])
        )
        self.assertEqual(reply.sending_ids.state, "bounced")
        self.assertIn("5.2.2 mailbox full", reply.sending_ids.reason)

    def test_what_is_no_bounce(self):
        reply, (mail_from, _recipients, message) = self._sent_by_mail()
        for name in ("auto_reply.eml", "qmail.eml"):
            self._gateway(self._report(name, mail_from, message["Message-Id"]))
            self.assertEqual(reply.sending_ids.state, "sent", name)
        self._gateway(
            self._report("dsn_failed.eml", mail_from, action="delayed", status="4.4.1")
        )
        self.assertEqual(reply.state, "sent")
        self.assertIn("delayed", reply.sending_ids.error)
        lines = " ".join(self._sentences(reply.answers_id, self.au))
        self.assertIn("an automatic answer came: Absence du bureau", lines)
        self.assertIn("failure notice", lines)

    def test_a_report_of_delivery(self):
        reply, (mail_from, _recipients, _message) = self._sent_by_mail()
        self._gateway(
            self._report(
                "dsn_failed.eml", mail_from, action="delivered", status="2.0.0"
            )
        )
        self.assertEqual(reply.sending_ids.state, "delivered")
        self.assertTrue(reply.sending_ids.delivered_at)

    def test_a_stranger_bounces_nothing(self):
        reply, (mail_from, _recipients, _message) = self._sent_by_mail()
        forged = mail_from.replace(reply.sudo().sending_ids.token, "0" * 24)
        for target in (
            forged,
            "bounce@commune.example.ma",
            "bounce+@commune.example.ma",
        ):
            self._gateway(self._report("dsn_failed.eml", target, f"<{'f' * 24}@x>"))
        self.assertEqual(reply.sending_ids.state, "sent")

    def test_two_ways_one_bounce(self):
        """The letter stays sent while one of its sendings stands."""
        reply, (mail_from, _recipients, _message) = self._sent_by_mail()
        reply.action_send("post", "RR 1")
        self._gateway(self._report("dsn_failed.eml", mail_from))
        self.assertEqual(reply.state, "sent")
        self.assertEqual(reply.answers_id.desk_state, "closed")

    def test_refused_for_good_is_not_tried_again(self):
        _controller, received, answers = self._smtp()
        answers["gone@example.ma"] = "550 5.1.1 No such user"
        answers["busy@example.ma"] = "451 4.3.2 Try later"
        gone = self._sealed(recipient_email="gone@example.ma")
        busy = self._sealed(recipient_email="busy@example.ma")
        gone.action_send("email")
        busy.action_send("email")
        with mute_logger(MAIL):
            self._process()
        self.assertFalse(received)
        self.assertEqual((gone.sending_ids.state, gone.state), ("failed", "sealed"))
        self.assertIn("550", gone.sending_ids.reason)
        self.assertTrue(self._waiting(gone))
        self.assertEqual(
            (busy.sending_ids.state, busy.sending_ids.attempts), ("pending", 1)
        )
        answers.clear()
        busy.sudo().sending_ids._desk_gated().next_attempt_at = fields.Datetime.now()
        self._process()
        self.assertEqual((busy.sending_ids.state, busy.state), ("sent", "sent"))
        self.assertEqual(len(received), 1)

    def test_a_server_that_is_down(self):
        controller, received, _answers = self._smtp(started=False)
        reply = self._sealed(recipient_email="citizen@example.ma")
        reply.action_send("email")
        with mute_logger(MAIL):
            self._process()
        self.assertEqual(reply.sending_ids.state, "pending")
        self.assertTrue(reply.sending_ids.error)
        controller.start()
        self.addCleanup(controller.stop)
        reply.sudo().sending_ids._desk_gated().next_attempt_at = fields.Datetime.now()
        self._process()
        self.assertEqual(len(received), 1)
        self.assertEqual(reply.state, "sent")

    def test_over_after_the_last_attempt(self):
        self._smtp(started=False)
        reply = self._sealed(recipient_email="citizen@example.ma")
        reply.action_send("email")
        with (
            mute_logger(MAIL),
            patch("odoo.addons.mail_desk.models.desk_sending_mail.ATTEMPTS", 2),
        ):
            self._process()
            reply.sudo().sending_ids._desk_gated().next_attempt_at = False
            self._process()
        self.assertEqual(reply.sending_ids.state, "failed")
        self.assertTrue(self._waiting(reply))
        self.assertEqual(reply.state, "sealed")

    def test_cancelled_before_it_leaves(self):
        _controller, received, _answers = self._smtp()
        reply = self._sealed(recipient_email="citizen@example.ma")
        reply.action_send("email")
        with self.refused(UserError, "why"):
            reply.sending_ids.action_cancel(" \u200b")
        reply.sending_ids.action_cancel("Mauvaise adresse")
        self._process()
        self.assertFalse(received)
        self.assertEqual(
            (reply.sending_ids.state, reply.state), ("cancelled", "sealed")
        )

    def test_reports_of_strangers_are_read_without_harm(self):
        import email
        import email.policy

        for content in (
            "",
            "Content-Type: multipart/report\n\nx",
            "Content-Type: message/delivery-status\n\nAction: failed\n\nAction: \x00failed",
            "Content-Type: text/rfc822-headers\n\nMessage-Id: <" + "a" * 5000 + ">",
            "From: x\nAuto-Submitted: auto-replied\nSubject: =?x?q?=00?=\n\n",
            "Content-Type: message/rfc822\n\nMessage-Id: <[\n\nx",
            "Content-Type: message/delivery-status\n\nMessage-Id: <[\n\nAction: failed",
            "Content-Type: message/delivery-status\n" + "\n\na: b" * 3 * dsn.MOST,
        ):
            report = dsn.read(
                email.message_from_string(content, policy=email.policy.SMTP)
            )
            self.assertLessEqual(len(report.reason), dsn.REASON)
