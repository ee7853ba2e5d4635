import base64
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.digital_registry.tests.common import pdf_file

from ..models.desk_sending import STATES
from ..models.desk_sending_gate import TRANSITIONS
from .common_outgoing import OutgoingCase

#: what a person asks for → the action and arguments that are complete
ACTS = {
    "delivered": ("action_delivered", {"note": "AR signé"}),
    "returned": ("action_returned", {"reason": "unknown"}),
    "cancelled": ("action_cancel", {"reason": "Erreur"}),
}


@tagged("post_install", "-at_install")
class TestSending(OutgoingCase):
    """Each way a letter leaves has its own state and its own proof."""

    def _posted(self, channel="post", note="RR 123 456 789 MA"):
        reply = self._sealed()
        reply.action_send(channel, note)
        return reply

    def test_several_ways(self):
        reply = self._posted()
        self.assertTrue(reply.can_send_again)
        reply.action_send("hand", "Remis à M. Alami")
        self.assertEqual(set(reply.sending_ids.mapped("channel")), {"post", "hand"})
        self.assertEqual(set(reply.sending_ids.mapped("state")), {"sent"})
        with self.refused(UserError, "sent this way already"):
            reply.action_send("hand", " Remis à   M. Alami")
        with self.refused(AccessError, "Only the author"):
            reply.with_user(self.au2).action_send("hand", "x")
        self.assertFalse(reply.with_user(self.au2).can_send_again)
        posted = reply.sending_ids.filtered(lambda s: s.channel == "post")
        self.assertEqual(posted.recipient_name, reply.recipient_name)
        self.assertEqual(posted.answers_id, reply.answers_id)
        # One comes back: the letter stays sent by the other.
        posted.action_returned("moved")
        self.assertEqual(reply.state, "sent")
        self.assertEqual(reply.answers_id.desk_state, "closed")

    def test_delivered_with_its_proof(self):
        reply = self._posted()
        sending = reply.sending_ids
        with self.refused(UserError, "proof in one line"):
            sending.action_delivered(fields.Date.today(), "")
        tomorrow = fields.Date.today() + timedelta(days=2)
        for day in (tomorrow, "2001-01-01", "soon", 7, [1], "2026-13-45"):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                sending.action_delivered(day, "AR")
        scan = base64.b64encode(pdf_file("Avis de réception")).decode()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            sending.action_delivered(None, "AR", proof="§§§", filename="ar.pdf")
        wizard = Form(
            self.env["desk.sending.wizard"]
            .with_user(self.au)
            .with_context(**sending.action_delivered()["context"])
        )
        wizard.note = "AR signé le 30"
        wizard.proof = scan
        wizard.save().action_confirm()
        self.assertEqual(
            (sending.state, sending.delivery_note), ("delivered", "AR signé le 30")
        )
        self.assertEqual(sending.gov_document_ids.name, "Proof of delivery")
        # Who reads the letter reads the proof; nobody deletes it.
        self.assertTrue(sending.gov_document_ids.with_user(self.hu).has_access("read"))
        self.assertFalse(
            self.env["gov.document"]
            .with_user(self.al)
            .search([("res_model", "=", "desk.sending")])
        )
        with self.assertRaises(UserError), self.env.cr.savepoint():
            sending.sudo().gov_document_ids.unlink()
        with self.refused(UserError, "proof stays"):
            sending.action_returned("unknown")

    def test_returned(self):
        reply = self._posted()
        sending = reply.sending_ids
        for reason in ("", "x", "other", [1], {"a": 1}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                sending.action_returned(reason)
        sending.action_returned("unknown", "Inconnu à l’adresse")
        self.assertEqual((sending.state, reply.state), ("returned", "sealed"))
        self.assertEqual(reply.answers_id.desk_state, "assigned")
        lines = " ".join(self._sentences(reply.answers_id, self.au))
        self.assertIn("came back: Post – Unknown at this address – Inconnu", lines)
        sending.action_resend("hand", "Remis")
        self.assertEqual(reply.state, "sent")
        self.assertEqual(reply.answers_id.desk_state, "closed")

    def test_presented_and_not_claimed_may_stand(self):
        reply = self._posted()
        sending = reply.sending_ids
        sending.action_returned("unclaimed", again=False)
        self.assertTrue(sending.presented)
        self.assertEqual(reply.state, "sent")
        # An unknown address was presented to nobody.
        other = self._posted(note="RR 2")
        other.sending_ids.action_returned("unknown", again=False)
        self.assertEqual(other.state, "sealed")

    def test_cancelled_by_mistake(self):
        reply = self._posted(note="RR 9")
        reply.sending_ids.action_cancel("Mauvais numéro")
        self.assertEqual(reply.state, "sealed")
        reply.action_send("post", "RR 10")
        self.assertEqual(len(reply.sending_ids), 2)
        self.assertEqual(reply.state, "sent")

    def test_every_pair_of_states(self):
        """Buttons and gate agree, and RPC does not do what the screen would not offer."""
        reply = self._posted()
        sending = reply.sending_ids
        for state, _label in STATES:
            for user, ours in ((self.au, True), (self.hu, True), (self.au2, False)):
                for new, (action, arguments) in ACTS.items():
                    sending.sudo()._desk_gated().write({"state": state})
                    reply._desk_write({"state": "sent"})
                    allowed = ours and "ours" in TRANSITIONS.get((state, new), ())
                    seen = sending.with_user(user)
                    name = {
                        "delivered": "can_deliver",
                        "returned": "can_return",
                        "cancelled": "can_cancel",
                    }[new]
                    with self.subTest(state=state, user=user.login, new=new):
                        self.assertEqual(seen[name], allowed)
                        if allowed:
                            getattr(seen, action)(**arguments)
                            self.assertEqual(sending.state, new)
                            continue
                        with self.assertRaises(UserError), self.env.cr.savepoint():
                            getattr(seen, action)(**arguments)
                        self.assertEqual(sending.state, state)

    def test_nobody_writes_a_proof(self):
        reply = self._posted()
        sending = reply.sending_ids
        for user in (self.au, self.hu, self.supervisor, self.desk_admin):
            mine = sending.with_user(user).with_context(desk_gate=True)
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                mine.write({"state": "delivered"})
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                mine.create({"outgoing_id": reply.id, "channel": "post"})
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                mine.unlink()

    def test_an_address_is_one(self):
        for address in ("a@example.ma, b@example.ma", "nobody", "a@b@c"):
            reply = self._sealed(recipient_email=address)
            with self.refused(UserError, "not one e-mail address"):
                reply.action_send("email")

    def test_odd_arguments(self):
        reply = self._sealed()
        for odd in (-1, 1.5, True, "pigeon", "internal", [[1]], {"id": 1}, ("post",)):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                reply.action_send(odd, "x")
        for odd in ("", "\x00", " \u200b", [], {}, False):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                reply.action_send("post", odd)
        self.assertFalse(reply.sending_ids)
