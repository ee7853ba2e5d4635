import hashlib
import io
import json
from datetime import timedelta
from unittest.mock import patch

import pikepdf

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.gov_trust.exceptions import SealUnavailable

from .common import pdf_file
from .common_born import SEAL, SIGNATORY, BornDigitalCommon

CLOSING = "odoo.addons.digital_registry.models.registry_letter_closing"


@tagged("post_install", "-at_install")
class TestClosing(BornDigitalCommon):
    """Last signature → number → closing seal that prints it (architecture §3.12)."""

    def test_number_first_then_the_seal(self):
        pdf = self._signed_pdf()
        letter = self._born(pdf)
        self.assertTrue(letter.number)
        self.assertEqual(letter.direction, "outgoing")
        self.assertEqual(letter.closing_state, "waiting")
        self.assertFalse(letter.receipt_ids, "no receipt for what we write ourselves")
        self.assertEqual(letter.party_ids.role, "recipient")
        self.assertEqual(letter.sender_name, "Fatima Zahra")
        self.assertEqual(letter._current_versions()._read_content(), pdf)
        self._close()
        self.assertEqual(letter.closing_state, "closed")
        closed = letter.closing_version_id._read_content()
        self.assertTrue(closed.startswith(pdf), "what was signed is not touched")
        act = self.env["gov.sign"]._check(closed)
        self.assertTrue(act.closed)
        self.assertEqual(
            [found.kind for found in act.signatures], ["signature", "seal"]
        )
        self.assertEqual(act.signatures[0].name, self.head.name)
        self.assertNotIn(SIGNATORY, letter.message_ids.mapped("body"))

    def test_number_and_code_are_inside_the_field(self):
        letter = self._born()
        self._close()
        with pikepdf.open(io.BytesIO(letter.closing_version_id._read_content())) as pdf:
            field = next(
                field for field in pdf.Root.AcroForm.Fields if str(field.T) == SEAL
            )
            self.assertTrue("/N" in field.AP)
        from odoo.addons.gov_base.lib import sign_block

        drawn = []
        real = sign_block.seal_block
        with patch.object(
            sign_block,
            "seal_block",
            lambda *args, **kwargs: (
                drawn.append((args, kwargs)) or real(*args, **kwargs)
            ),
        ):
            other = self._born(language="ar")
            self._close()
        ((size, told),) = drawn
        self.assertEqual(size, (200, 76))
        self.assertEqual(told["number"], other.number)
        self.assertEqual(told["lang"], "ar")
        self.assertEqual(told["administration"], "جماعة الرباط")
        self.assertEqual(told["qr_url"], other.sudo().closing_proof_id._qr_url())

    def test_line_is_about_the_signed_bytes(self):
        pdf = self._signed_pdf()
        letter = self._born(pdf)
        self._close()
        event = self.env["gov.journal.event"].search(
            [("uid", "=", letter.entry_id.event_uid)]
        )
        (document,) = json.loads(event.body)["documents"]
        self.assertEqual(document["sha256"], hashlib.sha256(pdf).hexdigest())
        self.assertTrue(self.outgoing._verify()["ok"])
        sealed = self.env["gov.journal.event"].search(
            [("kind", "=", "letter.sealed"), ("subject_id", "=", letter.id)]
        )
        self.assertEqual(
            json.loads(sealed.body)["document"]["sha256"],
            letter.closing_version_id.sha256,
        )

    def test_proof(self):
        pdf = self._signed_pdf()
        letter = self._born(pdf)
        self._close()
        proof = letter.sudo().closing_proof_id
        self.assertEqual((proof.kind, proof.number), ("document", letter.number))
        self.assertEqual(proof.document_sha256, letter.closing_version_id.sha256)
        self.assertNotIn(letter.number, proof.public_ref)
        self.assertIn(
            hashlib.sha256(pdf).hexdigest(), proof.digest_ids.mapped("sha256")
        )

    def test_nothing_is_spent_on_a_file_without_field(self):
        before = self.outgoing._verify()["years"]
        for pdf, sentence in (
            (pdf_file(), "no place for the seal"),
            (b"%PDF-1.4 nothing", "cannot be read"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                self._born(pdf)
        letter = self._born()
        self._close()
        with self.assertRaisesRegex(UserError, "sealed already"):
            self._born(letter.closing_version_id._read_content())
        with self.assertRaisesRegex(UserError, "subject is missing"):
            self._born(subject=" ")
        with self.assertRaisesRegex(UserError, "correspondent is missing"):
            self._born(parties=[])
        after = self.outgoing._verify()["years"]
        (year,) = after
        self.assertEqual(after[year]["lines"] - before.get(year, {}).get("lines", 0), 1)

    def test_office_and_direction(self):
        letter = self._born(
            self._signed_pdf(signed=False),
            register_id=False,
            office_id=self.office.id,
            direction="internal",
        )
        self.assertEqual(letter.register_id, self.internal)
        self._close()
        self.assertEqual(letter.closing_state, "closed")
        bare = self.env["registry.office"].create(
            {"name": "Bare", "code": "BARE", "company_id": self.company.id}
        )
        with self.assertRaisesRegex(UserError, "has no register"):
            self._born(register_id=False, office_id=bare.id, direction="outgoing")

    def test_answers(self):
        asked = self._register()
        letter = self._born(answers_id=asked.id)
        self.assertEqual(letter.answers_id, asked)
        self.assertEqual(asked.answer_ids, letter)
        with self.assertRaises(UserError):
            letter.with_user(self.registrar).answers_id = False

    def test_annexes_and_category(self):
        category = self.env["registry.category"].create(
            {
                "name": "Decisions",
                "company_id": self.company.id,
                "nature_id": self.env.ref(
                    "digital_registry.registry_nature_decision"
                ).id,
            }
        )
        annex = self._ingest(pdf_file("Annex"), "annex.pdf")
        letter = self._born(category_id=category.id, document_ids=annex.document_id.ids)
        self.assertEqual(letter.nature_id.code, "DECISION")
        self.assertEqual(letter.entry_id.document_count, 2)
        self._close()
        self.assertEqual(letter.closing_state, "closed")
        self.assertEqual(letter._current_versions()[-1], annex)

    def test_failure_is_shown_and_repaired(self):
        letter = self._born()
        with (
            patch.object(
                type(self.env["gov.sign"]),
                "_close",
                side_effect=SealUnavailable("The key is locked"),
            ),
            mute_logger(CLOSING),
        ):
            self._close()
        self.assertTrue(letter.number, "the number stands")
        self.assertEqual((letter.closing_state, letter.closing_attempts), ("failed", 1))
        self.assertIn("not sealed yet: The key is locked.", letter.closing_error)
        self.assertGreater(letter.closing_next_at, fields.Datetime.now())
        self.assertFalse(letter.sudo().closing_proof_id)
        self._close()
        self.assertEqual(letter.closing_state, "failed", "not before the pause is over")
        letter._gated().closing_next_at = fields.Datetime.now() - timedelta(minutes=1)
        # The cron that follows the numbering does it, and its watchdog.
        self.env["registry.receipt"].sudo()._watchdog()
        self.assertEqual(letter.closing_state, "closed")
        self.assertFalse(letter.closing_error)

    def test_killed_between_two_steps(self):
        """Whatever step fails, nothing of the attempt is left; the next one does it all."""
        letter = self._born()
        documents = self.env["gov.document"].search_count([])
        for model, method in (
            ("gov.proof", "_issue"),
            ("gov.document", "_store_generated"),
            ("gov.proof", "_set_document"),
            ("registry.letter", "_closing_done"),
        ):
            with (
                self.subTest(method),
                patch.object(
                    type(self.env[model]), method, side_effect=OSError("killed")
                ),
                mute_logger(CLOSING),
            ):
                letter._gated().closing_next_at = False
                self._close()
                self.assertEqual(letter.closing_state, "failed")
                self.assertEqual(self.env["gov.document"].search_count([]), documents)
                self.assertFalse(
                    self.env["gov.proof"].search([("subject_id", "=", letter.id)])
                )
        letter._gated().closing_next_at = False
        self._close()
        self.assertEqual(letter.closing_state, "closed")
        messages = letter.message_ids
        self._close()
        letter.sudo()._ensure_closed()
        self.assertEqual(letter.message_ids, messages, "once")

    def test_hooks(self):
        done = []
        letters = type(self.env["registry.letter"])
        users = type(self.env["res.users"])
        with (
            patch.object(
                letters, "_closing_done", lambda letter: done.append(("all", letter.id))
            ),
            patch.object(
                users,
                "_letter_closed",
                lambda user, letter: done.append((user.id, letter.id)),
                create=True,
            ),
        ):
            letter = self._born(on_done=self.head)
            self._close()
        self.assertEqual(done, [("all", letter.id), (self.head.id, letter.id)])

    def test_retry_by_hand(self):
        letter = self._born()
        with self.assertRaises(AccessError):
            letter.with_user(self.auditor).action_retry_closing()
        with (
            patch.object(
                type(self.env["gov.sign"]), "_close", side_effect=SealUnavailable("x")
            ),
            mute_logger(CLOSING),
        ):
            letter.with_user(self.registrar).action_retry_closing()
            with self.assertRaisesRegex(UserError, "not sealed yet: x"):
                letter.with_user(self.auditor).action_final_document()
        self.assertTrue(letter.with_user(self.registrar).can_retry_closing)
        self.assertFalse(letter.with_user(self.auditor).can_retry_closing)
        letter.with_user(self.registrar).action_retry_closing()
        self.assertEqual(letter.closing_state, "closed")
        with self.assertRaisesRegex(UserError, "does not wait"):
            letter.with_user(self.registrar).action_retry_closing()
        action = letter.with_user(self.auditor).action_final_document()
        self.assertEqual(action["url"], f"/gov/document/{letter.closing_version_id.id}")

    def test_before_the_number(self):
        letter = self.env["registry.letter"]._register_born_digital(
            {
                "register_id": self.outgoing.id,
                "subject": "S",
                "parties": [{"name": "N"}],
            },
            pdf=self._signed_pdf(),
            seal_field=SEAL,
            filename="s.pdf",
        )
        self._close()
        self.assertEqual(letter.closing_state, "waiting")
        with self.assertRaisesRegex(UserError, "within a minute"):
            letter.with_user(self.registrar).action_final_document()

    def test_cancelled(self):
        letter = self._born()
        self._close()
        letter.with_user(self.head).action_cancel("Wrong addressee", "Note 3")
        self.assertEqual(letter.sudo().closing_proof_id.state, "cancelled")
        waiting = self._born()
        waiting.with_user(self.head).action_cancel("Twice", "Note 4")
        self._close()
        self.assertEqual(waiting.closing_state, "none")
        self.assertFalse(waiting.closing_version_id)

    def test_rectified_without_receipt(self):
        letter = self._born()
        letter.with_user(self.head).action_rectify("subject", "Réponse", "Typing error")
        self.assertEqual(letter.subject, "Réponse")
        self.assertFalse(letter.receipt_ids)

    def test_nobody_writes_it(self):
        letter = self._born()
        for vals in (
            {"closing_state": "closed"},
            {"closing_field": "Other"},
            {"closing_error": "x"},
            {"closing_next_at": "2030-01-01 00:00:00"},
        ):
            with self.assertRaises(AccessError):
                letter.with_user(self.head).write(vals)
            with self.assertRaises(AccessError):
                self._draft(self.head, **vals)
        with self.assertRaises(AccessError):
            letter.with_user(self.head).read(["closing_ref"])


@tagged("post_install", "-at_install")
class TestClosingVerify(BornDigitalCommon, HttpCase):
    """Anybody checks the final document: by its code, its QR, or the file itself."""

    def _page(self, path):
        response = self.url_open(path)
        self.assertEqual(response.status_code, 200, path)
        return response.text

    def _post(self, path, **asked):
        return self.url_open(
            path,
            data=json.dumps(asked),
            headers={"Content-Type": "application/json"},
        ).json()

    def test_verify(self):
        pdf = self._signed_pdf()
        letter = self._born(pdf)
        self._close()
        proof = letter.sudo().closing_proof_id
        page = self._page(f"/verify/{proof._code()}")
        for told in ("Authentic", "Letter", letter.number, "Commune de Rabat"):
            self.assertIn(told, page)
        for kept in ("Fatima", "Réponse", SIGNATORY):
            self.assertNotIn(kept, page)
        url, _hash, data = proof._qr_url().partition("#")
        self.assertTrue(url.endswith(f"/verify/{proof._code()}"))
        told = self._post("/verify/qr", code=proof._code(), data=data)
        self.assertTrue(told["match"])
        closed = letter.closing_version_id._read_content()
        told = self._post("/verify/digest", sha256=hashlib.sha256(closed).hexdigest())
        self.assertEqual((told["verdict"], told["match"]), ("valid", "document"))
        self.assertEqual(told["document"]["number"], letter.number)
        self.assertEqual(told["document"]["kind"], "Letter")
        changed = hashlib.sha256(closed + b"\n").hexdigest()
        told = self._post("/verify/digest", sha256=changed, code=proof._code())
        self.assertEqual(told["state"], "changed")
        # What was signed, without the seal, is a piece of it.
        signed = hashlib.sha256(pdf).hexdigest()
        told = self._post("/verify/digest", sha256=signed, code=proof._code())
        self.assertEqual((told["match"], told["order"]), ("piece", 2))
