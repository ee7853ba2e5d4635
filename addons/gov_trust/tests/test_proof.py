import datetime
import hashlib

import psycopg2

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import BaseCase, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..lib import ca, codes, keys, qr
from .common_keys import authority, loaded

DATA = qr.KeyData(
    "RBT-01", "2026/000142", "2026-11-22T14:00:05Z", "ab" * 16, "0123456789abcdef"
)


@tagged("standard", "alone")
class TestQr(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = loaded(*authority())
        cls.text = qr.make(DATA, cls.key)
        cls.public = ca.public_key(cls.key.certificate)

    def test_round_trip(self):
        self.assertEqual(qr.verify(self.text, self.public), DATA)
        self.assertLess(len(self.text), 260)
        self.assertRegex(self.text, r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}$")

    def test_any_changed_character_is_refused(self):
        for place, character in enumerate(self.text):
            other = "A" if character != "A" else "B"
            changed = self.text[:place] + other + self.text[place + 1 :]
            self.assertIsNone(qr.verify(changed, self.public), place)

    def test_another_key(self):
        self.assertIsNone(qr.verify(self.text, keys.generate().public_key()))

    def test_hostile_text(self):
        for text in (
            "",
            ".",
            "a.b",
            "é.é",
            self.text + "=",
            self.text * 20,
            "\0.\0",
            "W10." + "A" * 86,
            "bnVsbA." + "A" * 86,
            "MTIz." + "A" * 86,
        ):
            with self.assertRaises(qr.QrError):
                qr.parse(text)


class ProofCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.pieces = [
            {"order": 0, "label": "CIN_Mohamed.pdf", "sha256": "a" * 64, "size": 1},
            {"order": 1, "label": "plan.pdf", "sha256": "b" * 64, "size": 2},
        ]
        cls.proof = cls.issue()

    @classmethod
    def issue(cls, public_ref="ref-1", number="2026/000142", **more):
        return cls.env["gov.proof"]._issue(
            **{
                "kind": "acknowledgment",
                "company": cls.company,
                "public_ref": public_ref,
                "number": number,
                "issued_at": datetime.datetime(2026, 11, 22, 14, 0, 5, 123),
                "journal_event": cls.env["gov.journal.event"],
                "digests": cls.pieces,
                "subject": cls.env.user.partner_id,
                **more,
            }
        )


@tagged("standard", "alone")
class TestProof(ProofCase):
    def test_code_is_not_stored(self):
        code = self.proof._code()
        self.assertTrue(codes.is_code(code, 16))
        self.assertEqual(self.proof.code_digest, codes.digest(code))
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT p::text FROM gov_proof p WHERE id = %s", (self.proof.id,)
        )
        self.assertNotIn(code, self.env.cr.fetchone()[0])

    def test_qr_address(self):
        address, data = self.proof._qr_url().split("#")
        self.assertTrue(address.endswith(f"/verify/{self.proof._code()}"))
        told = qr.parse(data)[0]
        self.assertEqual(told.number, "2026/000142")
        self.assertEqual(told.instant, "2026-11-22T14:00:05Z")
        key = self.env["gov.key"]._get(self.company, "seal")._load()
        self.assertEqual(qr.verify(data, ca.public_key(key.certificate)), told)

    def test_issued_once(self):
        self.assertEqual(self.issue(), self.proof)
        with self.assertRaisesRegex(ValidationError, "other facts"):
            self.issue(number="2026/000143")

    def test_document_is_set_once(self):
        self.proof._set_document("c" * 64)
        self.proof._set_document("c" * 64)
        with self.assertRaisesRegex(ValidationError, "already sealed"):
            self.proof._set_document("d" * 64)

    def test_states(self):
        other = self.issue("ref-2")
        self.proof._supersede(other)
        self.assertEqual(self.proof.state, "superseded")
        self.assertEqual(self.proof.superseded_by_id, other.id)
        self.assertTrue(self.proof.state_at)
        self.proof._cancel()
        with self.assertRaisesRegex(ValidationError, "cancelled"):
            self.proof._supersede(other)

    def test_nobody_changes_a_proof(self):
        person = new_test_user(
            self.env,
            "proofreader",
            groups="base.group_system,gov_trust.group_gov_trust_operator",
        )
        mine = self.proof.with_user(person)
        self.assertEqual(mine.number, "2026/000142")
        for attempt in (
            lambda: mine.write({"state": "cancelled"}),
            lambda: mine.with_context(gov_proof_gate=True).write({"state": "valid"}),
            lambda: mine.unlink(),
            lambda: mine.digest_ids.write({"sha256": "e" * 64}),
            lambda: mine.digest_ids.unlink(),
            lambda: self.proof.write({"number": "2026/000001"}),
            lambda: self.proof.unlink(),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_the_database_refuses(self):
        self.env.flush_all()
        for statement in (
            "UPDATE gov_proof SET number = '2026/000001'",
            "UPDATE gov_proof SET issued_at = now()",
            "DELETE FROM gov_proof_digest",
            "UPDATE gov_proof_digest SET sha256 = 'x'",
            "TRUNCATE gov_proof CASCADE",
        ):
            with self.subTest(statement), mute_logger("odoo.sql_db"):
                with self.assertRaises(psycopg2.errors.InsufficientPrivilege):
                    with self.env.cr.savepoint():
                        self.env.cr.execute(statement)


@tagged("standard", "alone")
class TestVerifyAnswers(ProofCase):
    """What the public page is told: plain values, nothing about a person."""

    def verify(self, code=None):
        return self.env["gov.proof"]._verify_code(code or self.proof._code())

    def digest(self, sha256, code=None):
        return self.env["gov.proof"]._verify_digest(sha256, code)

    def test_known_code_however_typed(self):
        code = self.proof._code()
        for typed in (code, code.lower(), codes.grouped(code), f" {code} "):
            told = self.verify(typed)
            self.assertEqual((told["verdict"], told["state"]), ("valid", "authentic"))
        self.assertEqual(told["document"]["number"], "2026/000142")

    def test_nothing_about_a_person(self):
        for told in (self.verify(), self.digest("a" * 64, self.proof._code())):
            text = repr(told)
            for secret in ("Mohamed", "plan.pdf", "res.partner", "ref-1"):
                self.assertNotIn(secret, text)

    def test_unknown_codes_get_one_answer(self):
        expected = {"verdict": "indeterminate", "state": "unknown", "document": None}
        for code in ("0" * 16, "", "x", "Z" * 500, "é" * 16, "%00", "'; --"):
            self.assertEqual(self.env["gov.proof"]._verify_code(code), expected)

    def test_states(self):
        other = self.issue("ref-2")
        self.proof._supersede(other)
        self.assertEqual(self.verify()["state"], "superseded")
        self.assertTrue(self.verify()["document"]["state_at"])
        self.proof._cancel()
        told = self.verify()
        self.assertEqual((told["verdict"], told["state"]), ("invalid", "cancelled"))

    def test_sealed_document_without_a_code(self):
        sha256 = hashlib.sha256(b"sealed").hexdigest()
        self.assertEqual(self.digest(sha256)["state"], "unknown_file")
        self.proof._set_document(sha256)
        told = self.digest(sha256.upper())
        self.assertEqual((told["state"], told["match"]), ("authentic", "document"))

    def test_a_piece_is_told_with_the_code_only(self):
        """Whoever merely holds, or guesses, a letter learns nothing."""
        told = self.digest("b" * 64)
        self.assertEqual((told["state"], told["document"]), ("unknown_file", None))
        told = self.digest("b" * 64, self.proof._code())
        self.assertEqual(
            (told["state"], told["match"], told["order"]), ("authentic", "piece", 2)
        )

    def test_another_file_under_the_code(self):
        told = self.digest("c" * 64, self.proof._code())
        self.assertEqual((told["verdict"], told["state"]), ("invalid", "changed"))
        told = self.digest("c" * 64, "0" * 16)
        self.assertEqual((told["state"], told["document"]), ("unknown", None))

    def test_not_a_digest(self):
        for text in ("", "abc", "g" * 64, "a" * 63, None):
            self.assertEqual(self.digest(text)["state"], "unreadable")
        spaced = " ".join(["ab"] * 32)
        self.assertNotEqual(self.digest(spaced)["state"], "unreadable")

    def test_signed_data(self):
        ask = self.env["gov.proof"]._verify_qr
        code, data = self.proof._code(), self.proof.qr_data
        self.assertIs(ask(code, data)["match"], True)
        other = self.issue("ref-2", "2026/000999")
        self.assertIs(ask(code, other.qr_data)["match"], False)
        self.assertIsNone(ask("0" * 16, data)["match"])
        self.assertIsNone(ask(code, "garbage")["match"])
        forged = qr.make(qr.parse(data)[0], loaded(*authority()))
        self.assertIs(ask(code, forged)["match"], False)
