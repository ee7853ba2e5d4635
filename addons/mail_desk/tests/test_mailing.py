import base64
from unittest.mock import patch

import pypdfium2

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lib import recipients
from ..models.desk_mailing_recipient import STATES, TRANSITIONS
from .common_smtp import SmtpCase

PROCESS = "odoo.addons.mail_desk.models.desk_mailing_process"
LIST = (
    "Nom;E-mail;Adresse\nM. Alami;alami@example.ma;\nAssociation Amal;;12, rue de Fès"
)


@tagged("post_install", "-at_install")
class TestMailing(SmtpCase):
    """One letter to many recipients."""

    def _letter_to_many(
        self, numbering="one", words=LIST, body="<p>Vous êtes invités.</p>"
    ):
        draft = (
            self.env["desk.outgoing"]
            .with_user(self.au)
            .create({"kind": "letter", "subject": "Invitation", "body": body})
        )
        action = draft.action_mailing()
        mailing = self.env["desk.mailing"].with_user(self.au).browse(action["res_id"])
        mailing.numbering = numbering
        mailing.action_add_recipients(words)
        return draft, mailing

    def _approve(self, draft):
        draft.action_submit(levels=1)
        draft.with_user(self.hu).action_decide("approve", base=draft.base)
        self.assertEqual(draft.state, "validated")

    def _run(self):
        self.env["desk.mailing.recipient"].sudo()._process_mailings()
        self._close()
        self._process()

    def _states(self, mailing):
        return mailing.recipient_ids.mapped("state")

    def test_one_number_for_all(self):
        _controller, received, _answers = self._smtp()
        draft, mailing = self._letter_to_many()
        self.assertIn("2 recipients", mailing.sentence)
        self.assertFalse(mailing.can_start)
        with self.refused(UserError, "not sealed yet"):
            mailing.action_start()
        self._approve(draft)
        draft.action_number()
        self._close()
        self.assertIn("start the mailing", mailing.sentence)
        with self.refused(UserError, "sent from its mailing"):
            draft.action_send("post", "RR 1")
        self.assertFalse(draft.can_send)
        mailing.action_start()
        self._run()
        self.assertEqual(self._states(mailing), ["sent", "manual"])
        self.assertEqual([to for _from, to, _m in received], [["alami@example.ma"]])
        self.assertEqual(draft.state, "sent")
        self.assertEqual(mailing.state, "running")
        with self.refused(UserError, "proof in one line"):
            mailing.action_posted(" ")
        mailing.action_posted("Bordereau de dépôt n° 12")
        self.assertEqual(mailing.state, "done")
        self.assertEqual(len(draft.sending_ids), 2)
        self.assertEqual(
            set(draft.sending_ids.mapped("recipient_name")),
            {"M. Alami", "Association Amal"},
        )
        self.assertEqual(mailing.progress, 100)

    def test_one_number_each(self):
        _controller, received, _answers = self._smtp()
        draft, mailing = self._letter_to_many(
            "each", body="<p>Cher {{recipient}}, soyez le bienvenu.</p>"
        )
        draft._add_annex(self._pdf(), "plan.pdf")
        self._approve(draft)
        with self.refused(UserError, "number of his own"):
            draft.action_number()
        mailing.action_start()
        self._run()
        self.assertEqual(self._states(mailing), ["sent", "manual"])
        first, second = mailing.recipient_ids
        self.assertTrue(first.number)
        self.assertTrue(second.number)
        self.assertNotEqual(first.number, second.number)
        self.assertIn("M. Alami", first.outgoing_id.body)
        self.assertNotIn("{{", first.outgoing_id.body)
        registered = first.outgoing_id.letter_id.sudo()
        self.assertIn("plan.pdf", registered.document_ids.mapped("name"))
        self.assertEqual(first.outgoing_id.user_id, self.au)
        self.assertEqual(second.outgoing_id.recipient_address, "12, rue de Fès")
        self.assertEqual(received[0][1], ["alami@example.ma"])
        self.assertFalse(draft.letter_id, "the one that was approved has no number")
        mailing.action_posted("Bordereau 12")
        self.assertEqual((mailing.state, draft.state), ("done", "sent"))
        self.assertEqual(second.outgoing_id.state, "sent")

    def _pdf(self):
        from odoo.addons.digital_registry.tests.common import pdf_file

        return pdf_file("Plan")

    def test_what_is_approved_shows_where_the_names_stand(self):
        draft, _mailing = self._letter_to_many(
            "each", body="<p>Cher {{recipient}},</p>"
        )
        self._approve(draft)
        document = pypdfium2.PdfDocument(draft.sudo()._signable_pdf())
        self.addCleanup(document.close)
        words = document[0].get_textpage().get_text_bounded()
        self.assertNotIn("{{", words)
        self.assertIn("[", words)

    def test_one_number_wants_one_text(self):
        draft, mailing = self._letter_to_many("one", body="<p>Cher {{recipient}},</p>")
        with self.refused(UserError, "differs from one recipient"):
            draft.action_submit(levels=1)
        mailing.numbering = "each"
        draft.body = "<p>Cher {{recipient}}, {{secret_key}}</p>"
        with self.refused(UserError, "unknown here: {{secret_key}}"):
            draft.action_submit(levels=1)

    def test_the_office_decides(self):
        self.office.desk_mailing_numbering = "each"
        draft = (
            self.env["desk.outgoing"]
            .with_user(self.au)
            .create({"kind": "letter", "subject": "x", "body": "<p>x</p>"})
        )
        mailing = (
            self.env["desk.mailing"]
            .with_user(self.au)
            .browse(draft.action_mailing()["res_id"])
        )
        self.assertEqual(mailing.numbering, "each")
        with self.refused(AccessError, "set for this office"):
            mailing.numbering = "one"

    def test_failures_are_resumed(self):
        _controller, received, answers = self._smtp()
        answers["gone@example.ma"] = "550 5.1.1 No such user"
        draft, mailing = self._letter_to_many(
            words="Alami;alami@example.ma\nGone;gone@example.ma\nX;x@example.ma"
        )
        self._approve(draft)
        draft.action_number()
        self._close()
        mailing.action_start()
        mailing.action_pause()
        self._run()
        self.assertEqual(set(self._states(mailing)), {"waiting"})
        mailing.recipient_ids[2].action_exclude()
        mailing.action_resume()
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            self._run()
        self.assertEqual(self._states(mailing), ["sent", "failed", "excluded"])
        self.assertEqual(mailing.state, "done")
        gone = mailing.recipient_ids[1]
        self.assertIn("550", gone.reason)
        gone.email = "found@example.ma"
        mailing.action_retry()
        self.assertEqual(mailing.state, "running")
        self._run()
        self.assertEqual(gone.state, "sent")
        self.assertEqual(mailing.state, "done")
        self.assertEqual(len(received), 2)
        with self.refused(UserError, "Nothing of this mailing failed"):
            mailing.action_retry()

    def test_a_bounce_shows_on_the_list(self):
        _controller, received, _answers = self._smtp()
        draft, mailing = self._letter_to_many(
            words="Alami;alami@example.ma\nB;b@example.ma"
        )
        self._approve(draft)
        draft.action_number()
        self._close()
        mailing.action_start()
        self._run()
        self.assertEqual(self._states(mailing), ["sent", "sent"])
        sending = mailing.recipient_ids[0].sending_ids.sudo()
        self.assertEqual(received[0][1], [sending.address])
        sending._desk_gated()._set_state("bounced", reason="550 gone")
        self.assertEqual(mailing.recipient_ids[0].state, "failed")
        self.assertEqual(draft.state, "sent", "the others have it")
        mine = sending.with_user(self.au)
        self.assertTrue(mine.can_resend)
        mine.action_resend("post", "RR 77")
        self.assertEqual(mailing.recipient_ids[0].state, "sent")
        self.assertEqual(mailing.failed_count, 0)

    def test_a_row_that_fails_is_tried_again(self):
        draft, mailing = self._letter_to_many("each", words="Association Amal")
        self._approve(draft)
        mailing.action_start()
        row = mailing.recipient_ids
        with (
            patch.object(
                self.env.registry["gov.typeset"],
                "_render_pdf",
                side_effect=OSError("disk full"),
            ),
            mute_logger(PROCESS),
        ):
            self._run()
        self.assertEqual((row.state, row.attempts), ("waiting", 1))
        self.assertIn("disk full", row.reason)
        self.assertFalse(row.outgoing_id, "all of a step stands, or nothing")
        row.sudo()._desk_gated().next_attempt_at = fields.Datetime.now()
        self._run()
        self.assertEqual(row.state, "manual")
        self.assertTrue(row.number)

    def test_a_long_list_is_noted_in_the_background(self):
        words = "\n".join(f"Association {number}" for number in range(4))
        draft, mailing = self._letter_to_many(words=words)
        self._approve(draft)
        draft.action_number()
        self._close()
        mailing.action_start()
        self._run()
        with patch("odoo.addons.mail_desk.models.desk_mailing_actions.AT_ONCE", 3):
            mailing.with_user(self.hu).action_posted("Bordereau 8")
        self.assertEqual(set(self._states(mailing)), {"waiting"})
        self.assertFalse(draft.sending_ids)
        self._run()
        self.assertEqual(mailing.state, "done")
        self.assertEqual(set(draft.sending_ids.mapped("note")), {"Bordereau 8"})
        self.assertEqual(draft.sending_ids.user_id, self.hu)

    def test_the_list_is_fixed_once_submitted(self):
        draft, mailing = self._letter_to_many()
        row = mailing.recipient_ids[0]
        draft.action_submit(levels=1)
        self.assertFalse(mailing.can_edit)
        rows = self.env["desk.mailing.recipient"].with_user(self.au)
        with self.refused(UserError, "was submitted"):
            mailing.action_add_recipients("Z;z@example.ma")
        with self.refused(UserError, "was submitted"), self.env.cr.savepoint():
            rows.create({"mailing_id": mailing.id, "name": "Z"})
        with self.refused(UserError, "was submitted"), self.env.cr.savepoint():
            row.name = "Z"
        with self.refused(UserError, "was submitted"), self.env.cr.savepoint():
            row.unlink()
        with self.refused(UserError, "was submitted"):
            row.action_exclude()
        row.email = "corrected@example.ma"

    def test_nobody_else(self):
        draft, mailing = self._letter_to_many()
        row = mailing.recipient_ids[0]
        for user in (self.au2, self.desk_auditor):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                mailing.with_user(user).action_add_recipients("Z")
            with self.assertRaises(UserError), self.env.cr.savepoint():
                row.with_user(user).write({"email": "x@example.ma"})
        self.assertFalse(mailing.with_user(self.al).has_access("read"))
        for vals in ({"state": "done"}, {"outgoing_id": 1}, {"is_group": True}):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                mailing.write(vals)
        for vals in ({"state": "sent"}, {"answers_id": 1}, {"outgoing_id": draft.id}):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                row.write(vals)
        made = row.create(
            {"mailing_id": mailing.id, "name": "Z", "state": "sent", "reason": "x"}
        )
        self.assertEqual((made.state, made.reason), ("draft", False))
        reply = self._reply()
        with self.refused(UserError, "Only the draft of a letter"):
            reply.action_mailing()

    def test_every_state_of_a_row(self):
        """What the screen offers for a row is what a call may do."""
        _draft, mailing = self._letter_to_many()
        row = mailing.recipient_ids[0]
        acts = {
            "excluded": ("can_exclude", "action_exclude"),
            "draft": ("can_include", "action_include"),
        }
        for state, _label in STATES:
            for new, (name, action) in acts.items():
                row.sudo()._desk_gated().write({"state": state})
                row.invalidate_recordset()
                allowed = "ours" in TRANSITIONS.get((state, new), ())
                with self.subTest(state=state, new=new):
                    self.assertEqual(row[name], allowed)
                    if allowed:
                        getattr(row, action)()
                        self.assertEqual(row.state, new)
                    else:
                        with self.assertRaises(UserError), self.env.cr.savepoint():
                            getattr(row, action)()

    def test_odd_lists(self):
        _draft, mailing = self._letter_to_many()
        for odd in (7, ["x"], {"a": 1}, True, "x" * 2_000_001):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                mailing.action_add_recipients(odd)
        for odd in ("§", 7, base64.b64encode(b"PK\x03\x04xx").decode(), ["x"]):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                mailing.action_add_recipients(None, odd)
        for odd in ([-1], "x", [[1]], [10**30], {"a": 1}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                mailing.action_add_recipients(None, None, odd)
        self.assertEqual(mailing.recipient_count, 2)
        with self.refused(UserError, "reach M. Alami this way"):
            mailing.recipient_ids[0].sudo()._leave_by("pigeon", "x")

    def test_contacts_and_doubles(self):
        tag = self.env["res.partner.category"].create({"name": "Associations"})
        partners = self.env["res.partner"].create(
            [
                {"name": "Amal", "email": "amal@example.ma", "category_id": tag.ids},
                {"name": "Other", "email": "ALAMI@example.ma", "category_id": tag.ids},
            ]
        )
        _draft, mailing = self._letter_to_many()
        mailing.action_add_recipients(None, None, partners[0].ids, tag.ids)
        self.assertEqual(mailing.recipient_count, 3)
        self.assertIn("Other: on the list already", mailing.report)
        content = "Nom,E-mail\r\nمحمد,m@example.ma\r\nRaté,bad\r\n,z@example.ma\r\n"
        for encoding in ("utf-8-sig", "utf-16", "cp1256"):
            _draft, mailing = self._letter_to_many()
            mailing.action_add_recipients(
                None, base64.b64encode(content.encode(encoding)).decode()
            )
            self.assertIn("محمد", mailing.recipient_ids.mapped("name"), encoding)
            self.assertIn("line 3: no e-mail address", mailing.report)
            self.assertIn("line 4: no name", mailing.report)

    def test_names_are_text(self):
        """Markup, fields and signs that turn the reading order are written as they are."""
        hostile = "<b>x</b> {{signatory}} \u202egnp.exe"
        draft, mailing = self._letter_to_many(
            "each", words=hostile, body="<p>A {{recipient}}</p>"
        )
        self._approve(draft)
        mailing.action_start()
        self._run()
        letter = mailing.recipient_ids.outgoing_id
        self.assertTrue(letter.number, mailing.recipient_ids.reason)
        self.assertIn("&lt;b&gt;", letter.body)
        self.assertNotIn("{{", letter.body)
        self.assertNotIn("\u202e", letter.recipient_name)

    def test_back_to_one_recipient(self):
        draft, mailing = self._letter_to_many()
        mailing.action_give_up()
        self.assertFalse(mailing.exists())
        self.assertFalse(draft.mailing_id)
        draft.action_submit(levels=1)

    def test_lists_of_any_shape(self):
        for words in ("", "\n\n", ";;;", '"', 'a"b;c\n"x', "\x00", "a\tb@c.ma\td", "؛"):
            rows, problems = recipients.parse(words)
            self.assertLessEqual(len(rows) + len(problems), 2)
        many = "\n".join(f"N{number}" for number in range(recipients.MAX_ROWS + 3))
        rows, problems = recipients.parse(many)
        self.assertEqual((len(rows), len(problems)), (recipients.MAX_ROWS, 3))
        # A mark that is never closed swallows nobody.
        rows, problems = recipients.parse(
            'Nom;E-mail\n"Alami;a@example.ma\nSaidi;s@example.ma\nTazi;mistake'
        )
        self.assertEqual([row.name for row in rows], ["Alami", "Saidi"])
        self.assertEqual([row.email for row in rows], ["a@example.ma", "s@example.ma"])
        self.assertEqual([problem.line for problem in problems], [4])
