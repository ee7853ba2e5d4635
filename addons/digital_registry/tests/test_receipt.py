import hashlib
import io
import json
import shutil
import subprocess
import tempfile
import unittest

import pikepdf
from PIL import Image

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.gov_trust.lib.canonical import canonical

from ..lib import qr_image
from .common import ARABIC_NAME, RegistryCommon, pdf_file

#: every field of reference/portal-and-delivery.md §3.2, as a path in the snapshot
FIELDS = (
    "receipt_uid",
    "receipt_version",
    "kind",
    "evidence_event.name",
    "evidence_event.uri",
    "number.registration_number",
    "number.deposit_number",
    "number.year",
    "number.register.code",
    "number.register.names",
    "dates.submitted_at",
    "dates.registered_at",
    "dates.deemed_submitted_at",
    "dates.local",
    "dates.tz",
    "recipient.administration.names",
    "recipient.administration.code",
    "recipient.desk.names",
    "recipient.desk.code",
    "recipient.unit.names",
    "recipient.unit.code",
    "recipient.address",
    "recipient.email",
    "recipient.phone",
    "recipient.hours",
    "depositor.kind",
    "depositor.name",
    "depositor.identifier_masked",
    "depositor.representative",
    "depositor.channels",
    "object.kind",
    "object.subject",
    "object.own_reference",
    "object.previous_reference",
    "object.language",
    "object.physical_complement",
    "content.count",
    "content.parts",
    "content.content_hash",
    "completeness.state",
    "completeness.missing",
    "completeness.due_date",
    "completeness.consequence",
    "clock.legal_basis",
    "clock.start_date",
    "clock.maximum_days",
    "clock.expected_silence_date",
    "clock.subject_to_completeness",
    "clock.effect_of_silence",
    "rights.recourse",
    "rights.appeal_deadline",
    "rights.mediator",
    "rights.cndp_number",
    "rights.retention",
    "rights.contact",
    "follow_up.tracking_page",
    "follow_up.tracking_code_printed",
    "follow_up.verification_page",
    "seal.issuer",
    "seal.policy",
    "seal.certificate_sha256",
    "seal.timestamp",
    "seal.previous_evidence_sha256",
    "languages",
    "journal.stream",
    "journal.seq",
)
PART_FIELDS = {"order", "filename", "mime", "size", "sha256", "nature", "slot", "role"}


@tagged("post_install", "-at_install")
class TestReceipt(RegistryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        unit = cls.env["hr.department"].create(
            {"name": "Urbanisme", "company_id": cls.company.id, "gov_code": "URB"}
        )
        cls.office.write(
            {
                "unit_id": unit.id,
                "address": "12, avenue Ibn Sina",
                "phone": "0537000000",
                "email": "agdal@example.ma",
                "hours": "8:30-16:30",
            }
        )
        cls.company.gov_privacy_reference = "D-123/2026"

    def _sealed(self, **vals):
        documents = self._ingest(pdf_file("Letter", 2)).document_id
        documents |= self._ingest(pdf_file("Annex"), "pièce ⴰⴱⴳ.pdf").document_id
        letter = self._deposit(
            document_ids=documents.ids,
            on_behalf_of="Association Atlas",
            sender_reference="A/12",
            **vals,
        )
        receipt = letter.receipt_id.sudo()
        self.assertTrue(receipt._ensure_pdf(), receipt.error)
        return receipt

    def _embedded(self, pdf):
        with pikepdf.open(io.BytesIO(pdf)) as document:
            return document.attachments["receipt.json"].get_file().read_bytes()

    def _text(self, pdf):
        if not shutil.which("pdftotext"):
            raise unittest.SkipTest("pdftotext (poppler-utils) is not installed")
        done = subprocess.run(
            ["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True
        )
        return done.stdout.decode()

    def test_every_field(self):
        receipt = self._sealed()
        snapshot = json.loads(receipt.snapshot)
        for path in FIELDS:
            value = snapshot
            for key in path.split("."):
                self.assertIn(key, value, path)
                value = value[key]
        for part in snapshot["content"]["parts"]:
            self.assertEqual(set(part), PART_FIELDS)
        entry = receipt.entry_id
        self.assertEqual(snapshot["number"]["registration_number"], entry.number)
        self.assertEqual(snapshot["kind"], "acknowledgment")
        self.assertEqual(snapshot["evidence_event"]["name"], "ConsignmentAcceptance")
        self.assertRegex(
            snapshot["dates"]["registered_at"], r"T\d\d:\d\d:\d\d\+0[01]:00$"
        )
        self.assertEqual(set(snapshot["dates"]["local"]), {"fr", "ar"})
        self.assertEqual(
            snapshot["recipient"]["administration"]["names"],
            {
                "fr": "Commune de Rabat",
                "ar": "جماعة الرباط",
                **{
                    code: text
                    for code, text in snapshot["recipient"]["administration"][
                        "names"
                    ].items()
                    if code not in ("fr", "ar")
                },
            },
        )
        self.assertEqual(snapshot["recipient"]["unit"]["code"], "URB")
        self.assertEqual(snapshot["recipient"]["email"], "agdal@example.ma")
        self.assertEqual(snapshot["depositor"]["name"], "Association Atlas")
        self.assertEqual(snapshot["depositor"]["representative"]["name"], ARABIC_NAME)
        self.assertEqual(
            snapshot["depositor"]["channels"],
            [
                {"kind": "email", "masked": "c•••@example.ma"},
                {"kind": "phone", "masked": "•••678"},
            ],
        )
        self.assertNotIn("citizen@example.ma", receipt.snapshot)
        self.assertEqual(snapshot["content"]["count"], 3)
        self.assertEqual(snapshot["content"]["content_hash"], entry.content_hash)
        plain = [
            {key: part[key] for key in ("order", "role", "sha256", "size")}
            for part in snapshot["content"]["parts"]
        ]
        self.assertEqual(
            hashlib.sha256(canonical(plain)).hexdigest(), entry.content_hash
        )
        self.assertFalse(snapshot["clock"]["confirmed"])
        self.assertEqual(snapshot["clock"]["effect_of_silence"], "none")
        self.assertEqual(snapshot["rights"]["cndp_number"], "D-123/2026")
        self.assertEqual(snapshot["object"]["own_reference"], "A/12")
        self.assertEqual(canonical(snapshot).decode(), receipt.snapshot)

    def test_what_is_printed(self):
        receipt = self._sealed(subject="Permis n° 7")
        text = self._text(receipt._stored_pdf())
        snapshot = json.loads(receipt.snapshot)
        flat = "".join(text.split())
        from odoo.addons.gov_trust.lib import codes

        for expected in (
            receipt.entry_id.number,
            "Accusé de réception",
            "Permis n° 7",
            "Association Atlas",
            "c•••@example.ma",
            "12, avenue Ibn Sina",
            "8:30-16:30",
            "agdal@example.ma",
            "URB",
            "D-123/2026",
            "n’a confirmé aucun délai légal",
            "www.mediateur.ma",
            codes.grouped(receipt.proof_id._code()),
            snapshot["content"]["content_hash"],
            *[part["sha256"] for part in snapshot["content"]["parts"]],
            snapshot["receipt_uid"],
            "PAdES B-B",
        ):
            self.assertIn("".join(expected.split()), flat, expected)
        self.assertNotIn("citizen@example.ma", flat)

    def test_byte_identical_for_ever(self):
        receipt = self._sealed()
        first = receipt._ensure_pdf()
        self.company.with_context(lang="fr_FR").gov_name = "Another name"
        self.office.phone = "0000"
        self.env.invalidate_all()
        self.assertEqual(receipt._ensure_pdf(), first)
        self.assertEqual(hashlib.sha256(first).hexdigest(), receipt.pdf_sha256)
        self.assertEqual(receipt.proof_id.document_sha256, receipt.pdf_sha256)
        self.env["registry.receipt"].sudo()._process_sequenced(10)
        self.assertEqual(receipt._ensure_pdf(), first)

    def test_evidence_inside(self):
        receipt = self._sealed()
        evidence = json.loads(self._embedded(receipt._stored_pdf()))
        self.assertEqual(evidence["v"], 1)
        self.assertEqual(evidence["receipt"], json.loads(receipt.snapshot))
        leaf = json.loads(evidence["evidence"]["leaf"])
        self.assertEqual(leaf["number"]["text"], receipt.entry_id.number)
        self.assertEqual(leaf["body"]["content_hash"], receipt.entry_id.content_hash)
        for key in ("head", "head_signature", "proof", "certificates", "index", "size"):
            self.assertIn(key, evidence["evidence"])
        for name, pair in evidence["salts"].items():
            digest = hashlib.sha256(
                bytes.fromhex(pair["salt"]) + canonical(pair["value"])
            ).hexdigest()
            self.assertEqual(digest, leaf["body"]["salted"][name])
        self.assertEqual(evidence["salts"]["sender"]["value"], "Association Atlas")
        self.assertNotIn("parties", evidence["salts"])

    def test_pdfsig(self):
        if not shutil.which("pdfsig"):
            raise unittest.SkipTest("pdfsig (poppler-utils) is not installed")
        pdf = self._sealed()._stored_pdf()
        self.assertIn("Signature is Valid", self._pdfsig(pdf))
        place = pdf.index(b"/Type /Page") if b"/Type /Page" in pdf else len(pdf) // 3
        broken = bytearray(pdf)
        broken[place + 200] ^= 1
        self.assertNotIn("Signature is Valid", self._pdfsig(bytes(broken)))

    def _pdfsig(self, pdf):
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(pdf)
            file.flush()
            done = subprocess.run(
                ["pdfsig", "-nocert", file.name], capture_output=True, check=False
            )
        return done.stdout.decode()

    def test_languages(self):
        arabic = self._sealed(language="ar")
        self.assertEqual(json.loads(arabic.snapshot)["languages"], ["fr", "ar"])
        english = self._sealed(language="en")
        self.assertEqual(json.loads(english.snapshot)["languages"], ["en", "fr"])
        self.office.receipt_bilingual = False
        alone = self._sealed(language="ar")
        self.assertEqual(json.loads(alone.snapshot)["languages"], ["ar"])

    def test_many_attachments_with_long_names(self):
        documents = self.env["gov.document"]
        for index in range(30):
            name = f"{'نسخة طويلة جدا ' * 3}{index:02d}.pdf"
            documents |= self._ingest(pdf_file(f"A{index}"), name).document_id
        letter = self._deposit(document_ids=documents.ids)
        receipt = letter.receipt_id.sudo()
        pdf = receipt._ensure_pdf()
        flat = "".join(self._text(pdf).split())
        for part in json.loads(receipt.snapshot)["content"]["parts"]:
            self.assertIn(part["sha256"], flat)
        with pikepdf.open(io.BytesIO(pdf)) as document:
            self.assertGreater(len(document.pages), 2)

    def test_rectification_supersedes(self):
        receipt = self._sealed()
        old_pdf, letter = receipt._stored_pdf(), receipt.letter_id
        letter.with_user(self.head).action_rectify("subject", "Objet juste", "Misread")
        self._drain()
        new = letter.receipt_ids.sudo().sorted("id")[-1]
        self.assertEqual((new.state, receipt.state), ("pending", "sealed"))
        self.env["registry.receipt"].sudo()._process_sequenced(10)
        self.assertEqual((new.state, receipt.state), ("sealed", "superseded"))
        self.assertEqual((new.receipt_version, new.supersedes_id), (2, receipt))
        self.assertEqual(receipt._stored_pdf(), old_pdf)
        self.assertEqual(receipt.proof_id.state, "superseded")
        self.assertEqual(new.proof_id.state, "valid")
        snapshot = json.loads(new.snapshot)
        self.assertEqual(snapshot["object"]["subject"], "Objet juste")
        self.assertEqual(snapshot["supersedes"]["public_id"], receipt.public_id)
        self.assertEqual(
            snapshot["seal"]["previous_evidence_sha256"], receipt.pdf_sha256
        )

    def test_cancellation_marks_the_proof(self):
        receipt = self._sealed()
        pdf = receipt._stored_pdf()
        receipt.letter_id.with_user(self.head).action_cancel("Twice", "Note 1")
        self.assertEqual(receipt.state, "cancelled")
        self.assertEqual(receipt.proof_id.state, "cancelled")
        self.assertEqual(receipt._ensure_pdf(), pdf)
        pending = self._register()
        pending.with_user(self.head).action_cancel("Twice", "Note 2")
        late = pending.receipt_id.sudo()
        self.assertTrue(late._ensure_pdf())
        self.assertEqual(late.state, "cancelled")
        self.assertEqual(late.proof_id.state, "cancelled")

    def test_never_rewritten(self):
        receipt = self._sealed()
        for vals in ({"snapshot": "{}"}, {"pdf_sha256": "x"}, {"public_id": "x" * 26}):
            with self.assertRaises(AccessError):
                receipt.write(vals)
        self.assertEqual(len(receipt.public_id), 26)

    def test_paper_letter_event(self):
        letter = self._register(sender_email="x@example.ma")
        receipt = letter.receipt_id.sudo()
        self.assertTrue(receipt._ensure_pdf(), receipt.error)
        snapshot = json.loads(receipt.snapshot)
        self.assertEqual(snapshot["evidence_event"]["name"], "ReceivedFromNonERDS")
        self.assertEqual(snapshot["content"]["parts"], [])

    def test_qr_is_a_picture(self):
        image = Image.open(io.BytesIO(qr_image.png("https://example.ma/verify/X#Y")))
        self.assertEqual(image.width, image.height)
