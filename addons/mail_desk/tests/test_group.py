from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_smtp import SmtpCase

TEXT = (
    "Nous soussignés, habitants du quartier, demandons que la décharge sauvage de la rue "
    "des Oliviers soit fermée et que le terrain soit nettoyé avant la rentrée scolaire."
)


@tagged("post_install", "-at_install")
class TestGroup(SmtpCase):
    """One answer to many like letters."""

    def _petition(self, name, email=None, **vals):
        party = {"name": name, "email": email, "address": "Rabat", "role": "sender"}
        letter = self._arrived(
            **{
                "subject": "Pétition contre la décharge",
                "sender_name": name,
                "body": TEXT,
                "party_ids": [(0, 0, party)],
                **vals,
            }
        )
        self._row(letter, self.hu).action_dispatch(user_id=self.au.id)
        return letter

    def _begin(self, letters, user=None):
        action = letters.with_user(user or self.au).action_answer_together()
        draft = self.env["desk.outgoing"].with_user(self.au).browse(action["res_id"])
        draft.body = "<p>La décharge sera fermée.</p>"
        return draft, draft.mailing_id

    def _seal(self, draft):
        draft.action_submit(levels=1)
        draft.with_user(self.hu).action_decide("approve", base=draft.base)
        draft.action_number()
        self._close()

    def _run(self):
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            self.env["desk.mailing.recipient"].sudo()._process_mailings()
            self._close()
            self._process()

    def test_like_letters_are_proposed(self):
        first = self._petition("Alami")
        near = self._petition("Idrissi", subject="Demande de fermeture de la décharge")
        self._petition(
            "Tazi", subject="Permis de construire", body="Je demande un permis."
        )
        foreign = self._arrived(subject="Pétition contre la décharge", body=TEXT)
        self._row(foreign, self.hu).action_redirect(self.legal.id, "Pour eux")
        action = first.with_user(self.au).action_answer_together()
        wizard = Form(
            self.env["desk.group.wizard"]
            .with_user(self.au)
            .with_context(**action["context"])
        )
        proposed = wizard.save()
        self.assertEqual(proposed.letter_ids.ids, near.ids)
        self.assertEqual(proposed.action_confirm()["res_model"], "desk.outgoing")

    def test_answered_once_each_closed_with_its_proof(self):
        _controller, received, answers = self._smtp()
        answers["gone@example.ma"] = "550 5.1.1 unknown"
        letters = (
            self._petition("Alami", "alami@example.ma")
            | self._petition("Idrissi")
            | self._petition("Tazi", "gone@example.ma")
        )
        one, two, three = letters
        draft, mailing = self._begin(letters)
        self.assertEqual(
            mailing.recipient_ids.mapped("name"), ["Alami", "Idrissi", "Tazi"]
        )
        with self.refused(UserError, "answered together with others"):
            one.with_user(self.au).action_close("plus besoin")
        with self.refused(UserError, "together with others already"):
            (one | two).with_user(self.au).action_answer_together()
        self._seal(draft)
        mailing.action_start()
        self._run()
        self.assertEqual(
            mailing.recipient_ids.mapped("state"), ["sent", "manual", "failed"]
        )
        self.assertEqual(one.desk_state, "closed")
        self.assertEqual(one.desk_closing, "answered")
        self.assertEqual(two.desk_state, "assigned")
        self.assertEqual(three.desk_state, "assigned")
        mailing.action_posted("RR 5")
        self.assertEqual(two.desk_closing, "answered")
        sendings = draft.sudo().sending_ids
        self.assertEqual(sendings.filtered(lambda s: s.answers_id == two).note, "RR 5")
        self.assertEqual(len(received), 1)
        # Not one bounce more: the other letters stay answered.
        bounced = sendings.filtered(lambda s: s.answers_id == one)
        bounced._desk_gated()._set_state("bounced", reason="550")
        self.assertEqual(one.desk_state, "assigned")
        self.assertFalse(one.desk_closing)
        self.assertEqual(two.desk_closing, "answered")
        lines = " ".join(self._sentences(one, self.hu))
        self.assertIn("began one answer to 3 letters", lines)
        self.assertIn("opened the letter again", lines)
        bounced.with_user(self.au).action_resend("post", "RR 6")
        self.assertIn(one.desk_state, ("replied", "closed"))

    def test_each_gets_a_letter_of_its_own(self):
        letters = self._petition("Alami") | self._petition("Idrissi")
        draft, mailing = self._begin(letters)
        mailing.numbering = "each"
        draft.body = "<p>En réponse à votre lettre {{letter_number}}, {{sender}}.</p>"
        draft.action_submit(levels=1)
        draft.with_user(self.hu).action_decide("approve", base=draft.base)
        mailing.action_start()
        self._run()
        rows = mailing.recipient_ids
        self.assertEqual(
            rows.mapped("state"), ["manual", "manual"], rows.mapped("reason")
        )
        for row, letter in zip(rows, letters, strict=True):
            own = row.outgoing_id
            self.assertEqual((own.kind, own.answers_id), ("reply", letter))
            self.assertIn(letter.number, own.body)
            self.assertEqual(own.letter_id.sudo().answers_id, letter)
        mailing.action_posted("Bordereau 4", rows[0].ids)
        self.assertEqual(letters[0].desk_closing, "answered")
        self.assertNotEqual(letters[1].desk_state, "closed")
        self.assertEqual(mailing.state, "running")

    def test_cancelled_or_closed_meanwhile(self):
        self._smtp()
        letters = self._petition("Alami", "alami@example.ma") | self._petition(
            "Idrissi", "idrissi@example.ma"
        )
        draft, mailing = self._begin(letters)
        self._seal(draft)
        letters[0].with_user(self.registry_head).action_cancel(
            "Doublon", "Note 3"
        ) if hasattr(self, "registry_head") else letters[0]._gated().write(
            {"state": "cancelled"}
        )
        mailing.action_start()
        self._run()
        self.assertEqual(mailing.recipient_ids.mapped("state"), ["failed", "sent"])
        self.assertIn("was cancelled", mailing.recipient_ids[0].reason)
        self.assertEqual(mailing.state, "done")

    def test_abandoned(self):
        """Letters whose common answer is given up are free again."""
        letters = self._petition("Alami") | self._petition("Idrissi")
        draft, mailing = self._begin(letters)
        self.assertIn("answered together", letters[0].desk_pending)
        draft.action_abandon()
        self.assertIn("abandoned", mailing.sentence)
        self.assertFalse(mailing.can_start)
        letters.invalidate_recordset()
        self.assertFalse(letters[0].desk_pending)
        self._begin(letters)

    def test_who_may(self):
        letters = self._petition("Alami") | self._petition("Idrissi")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            letters.with_user(self.al).action_answer_together()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            letters.with_user(self.au2).action_answer_together()
        mine = letters[0].with_user(self.au)
        for odd in ([], [-1], "x", [[1]], {"a": 1}, [10**30], 7):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                mine.action_answer_together(odd)
        closed = self._petition("Tazi")
        closed.with_user(self.hu).action_close("Sans objet", "no_reply")
        with self.refused(UserError, "closed"):
            (mine | closed.with_user(self.au)).action_answer_together()
