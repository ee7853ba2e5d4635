from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SignedCase


@tagged("post_install", "-at_install", "alone")
class TestSignedMailing(SignedCase):
    """Letters to many where a signature is due: one, or one each."""

    def _mailing(self, numbering, body="<p>Bienvenue.</p>"):
        draft = (
            self.env["desk.outgoing"]
            .with_user(self.au)
            .with_company(self.company)
            .create({"kind": "letter", "subject": "Invitation", "body": body})
        )
        mailing = (
            self.env["desk.mailing"]
            .with_user(self.au)
            .browse(draft.action_mailing()["res_id"])
        )
        mailing.numbering = numbering
        mailing.action_add_recipients("M. Alami\nMme Idrissi")
        draft.action_submit(levels=1)
        draft.with_user(self.hu).action_decide("approve", base=draft.base)
        return draft, mailing

    def _close_all(self):
        self._drain()
        self.env["registry.letter"].sudo()._process_closings()
        self.env.invalidate_all()

    def test_one_signature_for_all(self):
        draft, mailing = self._mailing("one")
        draft.action_to_sign()
        for user in (self.hu, self.dg):
            self._sign(draft.sudo().folder_id, user)
        self._close_all()
        mailing.action_start()
        self.env["desk.mailing.recipient"].sudo()._process_mailings()
        self.assertEqual(set(mailing.recipient_ids.mapped("state")), {"manual"})
        mailing.action_posted("Bordereau 12")
        self.assertEqual((mailing.state, draft.state), ("done", "sent"))
        self.assertEqual(len(self._outgoing_entries()), 1)

    def test_each_letter_is_signed(self):
        draft, mailing = self._mailing("each", "<p>Cher {{recipient}},</p>")
        with self.refused(UserError, "signed by itself"):
            draft.action_to_sign()
        mailing.action_start()
        self.env["desk.mailing.recipient"].sudo()._process_mailings()
        rows = mailing.recipient_ids
        self.assertEqual(
            set(rows.mapped("state")), {"numbering"}, rows.mapped("reason")
        )
        self.assertFalse(self._outgoing_entries(), "no number before the signatures")
        for letter in rows.outgoing_id:
            self.assertEqual(letter.state, "signing")
            for user in (self.hu, self.dg):
                self._sign(letter.sudo().folder_id, user)
        self._close_all()
        self.assertEqual(set(rows.mapped("state")), {"manual"})
        self.assertEqual(len(self._outgoing_entries()), 2)
