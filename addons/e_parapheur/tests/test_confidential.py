import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import BookCase, pdf


@tagged("post_install", "-at_install")
class TestConfidential(BookCase):
    """A confidential folder is read by its people alone, and its mails say nothing of it."""

    def test_who_reads_it(self):
        folder = self._draft(user=self.clerk)
        folder.is_confidential = True
        folder.action_submit()
        self.assertTrue(folder.is_restricted)
        for user in (self.supervisor, self.other):
            with self.assertRaises(AccessError):
                folder.with_user(user).read(["title"])
        self.env.invalidate_all()
        self.assertTrue(folder.with_user(self.head).read(["title"]))
        self.assertTrue(folder.with_user(self.auditor).read(["title"]))
        with self.refused(UserError, "is fixed"):
            folder.is_confidential = False

    def test_its_mails_say_nothing(self):
        folder = self._draft()
        folder.is_confidential = True
        folder.action_submit()
        mails = self.env["mail.mail"].sudo()
        last = mails.search([("id", ">", 0)], order="id desc", limit=1).id or 0
        self.signer.notification_type = "email"
        for words in ("The minister fell ill",):
            folder.message_post(
                body=words,
                subject="About the minister",
                partner_ids=self.signer.partner_id.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_note",
            )
        (mail,) = mails.search([("id", ">", last)])
        self.assertNotIn("minister", f"{mail.body_html} {mail.subject}")
        self.assertIn("not sent by mail", mail.body_html)
        self.assertEqual(mail.subject, folder.reference)
        self.assertIn("minister", folder.message_ids[0].body, "kept in the folder")
        plain = self._submitted()
        plain.message_post(
            body="About a fence",
            partner_ids=self.signer.partner_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )
        self.assertIn(
            "About a fence",
            mails.search([("id", ">", 0)], order="id desc", limit=1).body_html,
        )


@tagged("post_install", "-at_install")
class TestOrder(BookCase):
    """Several main documents are read, prepared and signed in the order of their sender."""

    def test_in_the_order_of_the_sender(self):
        folder = self._draft(mains=3)
        ids = folder._in_order(folder.main_ids).ids
        wanted = [ids[2], ids[0], ids[1]]
        folder.action_order_documents(wanted)
        self.assertEqual(folder._in_order(folder.main_ids).ids, wanted)
        self.assertEqual(folder.main_id.id, ids[2])
        folder.action_submit()
        self.assertEqual(folder.sudo().piece_ids.document_id.ids, wanted)
        with self.refused(UserError, "was submitted"):
            folder.action_order_documents(ids)

    def test_odd_orders(self):
        folder, other = self._draft(mains=2), self._draft(title="Other")
        annex = folder.action_add_document(
            "annex.pdf", base64.b64encode(pdf()).decode(), role="annex"
        )
        ids = folder.main_ids.ids
        for odd in (
            ids[:1],
            [*ids, annex],
            [*ids, *other.main_ids.ids],
            [ids[0], ids[0]],
            "ab",
            None,
            7,
            [{}],
            [2**70],
        ):
            with self.refused(UserError, "changed meanwhile"):
                folder.action_order_documents(odd)
        for user in (self.head, self.other, self.supervisor):
            with self.assertRaises(AccessError):
                folder.with_user(user).action_order_documents(ids)
