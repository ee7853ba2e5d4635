"""What the platform adds to the validation of a file: issued, earlier, changed, revoked."""

import hashlib
import io

from odoo import fields as odoo_fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lib import acts, pades
from ..lib.validation import service
from . import common_anchors, common_pki
from .common_acts import block_pdf, fields, page_pdf
from .common_keys import small_pdf
from .common_programs import pyhanko_sign
from .test_proof import ProofCase


@tagged("standard", "alone")
class TestValidationModel(ProofCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(service.service.close)
        cls.key = cls.env["gov.key"]._get(cls.company, "seal")._load()
        prepared = acts.prepare(page_pdf(), fields(0))
        cls.closed = acts.sign(prepared, "Seal", cls.key, appearance=block_pdf())
        cls.sealed = pades.seal(small_pdf(b"{}"), cls.key)

    def validate(self, pdf, company=None):
        return self.env["gov.validation"]._validate(io.BytesIO(pdf), company)

    def sha256(self, pdf):
        return hashlib.sha256(pdf).hexdigest()

    def test_signed_here_and_not_issued(self):
        for pdf in (self.closed, self.sealed):
            told = self.validate(pdf)
            self.assertEqual(
                (told["verdict"], told["state"]), ("valid", "signed"), told
            )
            self.assertIsNone(told["document"])
            self.assertEqual(told["sha256"], self.sha256(pdf))
            self.assertEqual(told["signatures"][0]["kind"], "seal")
            self.assertEqual(told["signatures"][0]["trust"], "simple")

    def test_the_issued_file(self):
        self.proof._set_document(self.sha256(self.closed), self.closed)
        told = self.validate(self.closed)
        self.assertEqual((told["verdict"], told["state"]), ("valid", "authentic"))
        self.assertEqual(told["document"]["number"], "2026/000142")
        self.proof._cancel()
        told = self.validate(self.closed)
        self.assertEqual((told["verdict"], told["state"]), ("invalid", "cancelled"))
        self.assertEqual(told["reasons"][0]["code"], "proof_cancelled")

    def test_what_its_issuer_trusts_counts(self):
        root = common_pki.Authority("Theirs")
        certificate, private = root.issue("Amina", emails=["amina@example.ma"])
        prepared = acts.prepare(page_pdf(), fields(1))
        signed = pyhanko_sign(prepared, "S1", certificate, private)
        closed = acts.sign(signed, "Seal", self.key, appearance=block_pdf())
        common_anchors.make_people(self)
        common_anchors.enable(self, root, company=self.company)
        self.assertEqual(self.validate(closed)["verdict"], "indeterminate")
        self.proof._set_document(self.sha256(closed), closed)
        told = self.validate(closed)
        self.assertEqual((told["verdict"], told["state"]), ("valid", "authentic"), told)
        self.assertEqual(told["signatures"][0]["trust"], "advanced")

    def test_changed_after_it_was_issued(self):
        self.proof._set_document(self.sha256(self.closed), self.closed)
        from .common_acts import revised
        from .test_acts_attacks import annotation

        told = self.validate(revised(self.closed, annotation))
        self.assertEqual((told["verdict"], told["state"]), ("invalid", "changed"))
        self.assertEqual(told["document"]["number"], "2026/000142")
        self.assertIn(
            "annotation_added",
            [one["code"] for rev in told["revisions"] for one in rev["changes"]],
        )

    def test_other_files(self):
        for pdf, verdict, state in (
            (b"", "indeterminate", "unreadable"),
            (b"nothing", "indeterminate", "unreadable"),
            (small_pdf(), "indeterminate", "not_signed"),
            (self.closed[:-40], "indeterminate", "unreadable"),
        ):
            told = self.validate(pdf)
            self.assertEqual((told["verdict"], told["state"]), (verdict, state), told)

    def test_an_earlier_version(self):
        """A file of two seals stands for one of several signers: the first is too early."""
        act = acts.prepare(page_pdf(), fields(0))
        early = acts.sign(act, "Seal", self.key, appearance=None)
        proof = self.proof
        versions = self.env["gov.proof.version"].sudo()
        versions._insert(
            {
                "proof_id": proof.id,
                "sha256": self.sha256(early),
                "size": len(early),
                "signatures": 1,
                "level": "B-B",
                "final": False,
            }
        )
        told = self.validate(early)
        self.assertEqual((told["verdict"], told["state"]), ("invalid", "earlier"))
        self.assertEqual(told["reasons"][0]["code"], "earlier_version")
        told = self.env["gov.proof"]._verify_digest(self.sha256(early))
        self.assertEqual((told["verdict"], told["state"]), ("invalid", "earlier"))
        told = self.env["gov.proof"]._verify_digest(self.sha256(early), proof._code())
        self.assertEqual((told["verdict"], told["state"]), ("invalid", "earlier"))

    def test_longer_file_of_the_same_document(self):
        self.proof._set_document(self.sha256(self.closed), self.closed)
        with self.assertRaisesRegex(ValidationError, "does not begin"):
            self.proof._extend_document(self.sealed)
        longer = self.closed + b"%later\nstartxref\n0\n%%EOF\n"
        self.proof._extend_document(longer)
        self.assertEqual(self.proof.document_sha256, self.sha256(longer))
        for pdf in (self.closed, longer):
            told = self.env["gov.proof"]._verify_digest(self.sha256(pdf))
            self.assertEqual((told["verdict"], told["state"]), ("valid", "authentic"))
        self.assertTrue(all(self.proof.version_ids.mapped("final")))
        self.assertEqual(set(self.proof.version_ids.mapped("signatures")), {1})

    def test_the_digest_must_be_of_the_file(self):
        with self.assertRaisesRegex(ValidationError, "another file"):
            self.proof._set_document("c" * 64, self.closed)

    def test_versions_never_change(self):
        self.proof._set_document(self.sha256(self.closed), self.closed)
        version = self.proof.version_ids[0]
        with self.assertRaises(AccessError):
            version.with_user(self.env.ref("base.user_admin")).write({"final": False})
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception):  # noqa: B017
            with self.env.cr.savepoint():
                self.env.cr.execute("UPDATE gov_proof_version SET final = FALSE")

    def test_signed_after_the_key_was_revoked(self):
        certificates = self.env["gov.certificate"].sudo()
        sha256 = self.sha256(self.key.certificate)
        key = certificates.search([("sha256", "=", sha256)]).key_id
        key.flush_recordset()
        self.env.cr.execute(
            "UPDATE gov_key SET state = 'revoked', ended_at = %s WHERE id = %s",
            (odoo_fields.Datetime.to_datetime("2020-01-01"), key.id),
        )
        key.invalidate_recordset()
        told = self.validate(self.closed)
        self.assertEqual(told["verdict"], "invalid")
        self.assertEqual(told["sub_indication"], "REVOKED")
