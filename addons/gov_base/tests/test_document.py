import os
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..exceptions import IntakeRefused
from ..lib.intake import Limits, pool
from . import intake_files as files
from .common_documents import DocumentCase


@tagged("alone", "standard", "at_install")
class TestDocument(DocumentCase):
    """B2: content once, versions immutable, refusals leave nothing."""

    def counts(self):
        return tuple(
            self.env[model].sudo().search_count([])
            for model in (
                "gov.document",
                "gov.document.version",
                "gov.document.vault",
                "ir.attachment",
            )
        )

    def test_ingest(self):
        content = files.pdf(pages=3)
        version = self.ingest(
            content, "../رسالة.PDF", role="main", nature="original", origin="scan"
        )
        document = version.document_id
        self.assertEqual(
            (
                version.filename,
                version.original_filename,
                version.extension,
                version.mime,
                version.pages,
                version.size,
            ),
            ("رسالة.pdf", "../رسالة.PDF", "pdf", "application/pdf", 3, len(content)),
        )
        self.assertEqual(
            (version.state, version.av_state, version.number),
            ("released", "not_configured", 1),
        )
        self.assertEqual(
            (document.role, document.nature, document.name),
            ("main", "original", "رسالة.pdf"),
        )
        self.assertEqual(document.current_version_id, version)
        self.assertEqual(
            (document.res_model, document.res_id), (self.owner._name, self.owner.id)
        )
        self.assertEqual(version._read_content(), content)
        self.assertIn("No antivirus is configured", version.notice)

    def test_the_bytes_are_stored_as_they_came(self):
        # Stock attachments shrink large pictures and index texts.
        for content, name in (
            (files.png(2500, 2500), "a.png"),
            (b"<hello> world, a long text", "a.txt"),
        ):
            version = self.ingest(content, name)
            attachment = self.env["ir.attachment"].search(
                [
                    ("res_model", "=", "gov.document.vault"),
                    ("res_id", "=", version.vault_id.id),
                ]
            )
            self.assertEqual(attachment.raw, content)
            self.assertFalse(attachment.index_content)
            self.assertEqual(attachment.mimetype, "application/x-gov-vault")
            self.assertFalse(attachment.public or attachment.access_token)

    def test_content_is_stored_once_within_an_administration(self):
        content = files.pdf(filler=100)
        one = self.ingest(content, "a.pdf")
        two = self.ingest(content, "b.pdf")
        other = self.ingest(content, "c.pdf", company=self.other_company)
        self.assertNotEqual(one.document_id, two.document_id)
        self.assertEqual(one.vault_id, two.vault_id)
        self.assertNotEqual(one.vault_id, other.vault_id)
        self.assertEqual(len({one.sha256, two.sha256, other.sha256}), 1)
        self.assertEqual(other._read_content(), content)

    def test_a_new_version_of_a_document(self):
        first = self.ingest(files.pdf(), "a.pdf")
        second = self.ingest(files.pdf(pages=2), "a2.pdf", document=first.document_id)
        document = first.document_id
        self.assertEqual(second.document_id, document)
        self.assertEqual((first.number, second.number), (1, 2))
        self.assertEqual(document.current_version_id, second)
        self.assertEqual(document.version_ids, second | first)
        self.assertEqual(document.pages, 2)

    def test_versions_never_change(self):
        version = self.ingest()
        for vals in (
            {"filename": "x"},
            {"sha256": "0" * 64},
            {"state": "released"},
            {"av_state": "clean"},
            {},
        ):
            with self.assertRaises(UserError):
                version.sudo().write(vals)
        with self.assertRaises(UserError):
            version.sudo().unlink()
        for vals in (
            {"sha256": "0" * 64},
            {"vault_id": 1},
            {"size": 1},
            {"state": "released", "filename": "x"},
        ):
            with self.assertRaises(ValueError):
                version._write_pipeline(vals)
        version._write_pipeline({"state": "quarantined"})
        self.assertEqual(version.state, "quarantined")

    def test_documents_of_a_proof_are_kept(self):
        document = self.ingest().document_id
        partner = type(self.env["res.partner"])
        with patch.object(
            partner, "_gov_document_locked", lambda owner, documents: True, create=True
        ):
            with self.assertRaises(UserError):
                document.unlink()
        with patch.object(
            partner, "_gov_document_locked", lambda owner, documents: False, create=True
        ):
            document.unlink()
        self.assertFalse(document.exists() or document.version_ids.exists())

    def test_content_without_document_is_collected(self):
        kept = self.ingest(files.pdf(filler=50))
        dropped = self.ingest(files.pdf(filler=60))
        vault = dropped.vault_id
        dropped.document_id.unlink()
        self.env["gov.document.vault"]._gc_orphans()
        self.assertTrue(vault.exists())
        self.env.cr.execute(
            "UPDATE gov_document_vault SET stored_at = stored_at - interval '2 days'"
        )
        self.env["gov.document.vault"]._gc_orphans()
        self.assertFalse(vault.exists())
        self.assertTrue(kept.vault_id.exists())
        self.assertTrue(kept._read_content())

    def test_damaged_content_is_never_given(self):
        version = self.ingest()
        self.env.cr.execute(
            "UPDATE gov_document_vault SET sha256 = %s WHERE id = %s",
            ("0" * 64, version.vault_id.id),
        )
        version.vault_id.invalidate_recordset()
        with (
            mute_logger("odoo.addons.gov_base.models.gov_document_vault"),
            self.assertRaises(UserError),
        ):
            version._read_content()

    def test_refused_files_leave_nothing(self):
        before = self.counts()
        cases = [
            ("empty", b"", "a.pdf", "The selected file is empty"),
            (
                "wrong_type",
                b"MZ\x90\x00",
                "a.pdf",
                "must be a PDF, JPG, PNG, TIFF, DOCX, XLSX, ODT, ODS, TXT or CSV",
            ),
            ("wrong_type", files.pdf(), "a.exe", "must be a PDF"),
            ("type_mismatch", files.png(), "a.pdf", "this one is not a .pdf file"),
            ("double_extension", files.pdf(), "a.pdf.exe", "it ends with “.pdf.exe”"),
            ("encrypted", files.encrypted_pdf(), "a.pdf", "is password protected"),
            ("encrypted", files.protected_office(), "a.docx", "is password protected"),
            (
                "unreadable",
                files.pdf()[:200],
                "a.pdf",
                "could not be read — try saving it again",
            ),
            (
                "macros",
                files.docx(word__vbaProject_dot_bin=b"x"),
                "a.docx",
                "contains macros",
            ),
            (
                "bomb",
                files.docx(word__a_dot_bin=bytes(8_000_000)),
                "a.docx",
                "could not be read",
            ),
            ("polyglot", files.pdf() + files.pdf(), "a.pdf", "could not be read"),
            (
                "too_many_pages",
                files.pdf(pages=6_000),
                "a.pdf",
                "must have 5000 pages or fewer",
            ),
            (
                "too_many_pixels",
                files.png(60_000, 60_000, data=b""),
                "a.png",
                "100 million pixels or fewer",
            ),
        ]
        for code, content, name, sentence in cases:
            with self.subTest(code=code, name=name):
                with self.assertRaises(IntakeRefused) as caught:
                    self.ingest(content, name)
                self.assertEqual(caught.exception.code, code)
                self.assertIn(sentence, caught.exception.sentence)
                self.assertEqual(str(caught.exception), caught.exception.sentence)
        self.assertEqual(self.counts(), before)

    def test_limits_are_settings(self):
        self.parameters.set_param("gov_base.intake_max_file_mb", "1")
        with self.assertRaises(IntakeRefused) as caught:
            self.ingest(files.pdf(filler=1_100_000))
        self.assertEqual(
            caught.exception.sentence, "The selected file must be smaller than 1 MB"
        )
        self.parameters.set_param("gov_base.intake_max_file_mb", "not a number")
        self.assertEqual(self.intake._limits().max_file_bytes, Limits().max_file_bytes)
        with self.assertRaises(IntakeRefused):
            self.ingest(
                files.png(), "a.png", limits=self.intake._limits(allowed=("pdf",))
            )

    def test_a_deposit_is_bounded(self):
        self.intake._check_batch([1] * 10)
        for code, sizes in (
            ("too_many_files", [1] * 50),
            ("total_too_large", [20 * 1024 * 1024] * 4),
        ):
            with self.assertRaises(IntakeRefused) as caught:
                self.intake._check_batch(sizes)
            self.assertEqual(caught.exception.code, code)

    def test_a_document_belongs_to_the_administration_of_its_owner(self):
        with self.assertRaises(ValueError):
            self.ingest(owner=self.other_owner)
        with self.assertRaises(ValueError):
            self.ingest(owner=self.other_company)
        version = self.ingest()
        with self.assertRaises(ValueError):
            self.ingest(
                company=self.other_company, owner=None, document=version.document_id
            )

    def test_owner_given_later(self):
        version = self.documents._ingest(files.pdf(), "a.pdf", company=self.company)
        self.assertFalse(version.with_user(self.agent)._is_readable())
        with self.assertRaises(ValueError):
            version.document_id._set_owner(self.other_owner)
        version.document_id._set_owner(self.owner)
        self.assertTrue(version.with_user(self.agent)._is_readable())

    def test_the_structure_check_may_come_later(self):
        with patch.object(pool.Pool, "run", side_effect=pool.Deferred("busy")):
            version = self.ingest()
            text = self.ingest(b"hello", "a.txt")
        self.assertEqual(
            (version.state, version.pages, version.last_error), ("typed", 0, "busy")
        )
        self.assertEqual(text.state, "released")
        self.assertFalse(version._is_readable())

    def test_files_made_here(self):
        version = self.documents._store_generated(
            b"%PDF-1.7 anything",
            "receipt.pdf",
            "application/pdf",
            company=self.company,
            owner=self.owner,
            pages=1,
        )
        self.assertEqual(
            (version.state, version.av_state, version.origin),
            ("released", False, "born_digital"),
        )
        self.assertFalse(version.notice)
        self.assertEqual(version._read_content(), b"%PDF-1.7 anything")

    def test_cost_of_one_file(self):
        """The hot path of a deposit: how many statements one new file costs, and one that is already stored."""
        self.ingest()
        self.env.flush_all()
        content = files.pdf(filler=100_000)
        documents = self.documents.sudo()
        # vault, attachment, document, version, current version
        with self.assertQueryCount(5):
            documents._ingest(content, "a.pdf", company=self.company, owner=self.owner)
            self.env.flush_all()
        # The vault row is found instead of made: two statements in the place of two.
        with self.assertQueryCount(5):
            documents._ingest(content, "b.pdf", company=self.company, owner=self.owner)
            self.env.flush_all()
        self.parameters.set_param(
            "gov_base.clamd_address", "unix:/nonexistent/clamd.sock"
        )
        self.env.flush_all()
        documents._ingest(
            files.pdf(filler=10), "c.pdf", company=self.company, owner=self.owner
        )
        self.env.flush_all()
        # With an antivirus the first file of a transaction also wakes the cron.
        with self.assertQueryCount(5):
            documents._ingest(
                files.pdf(filler=100_000),
                "d.pdf",
                company=self.company,
                owner=self.owner,
            )
            self.env.flush_all()

    def test_same_number_twice_is_impossible(self):
        version = self.ingest()
        vals = version.sudo().copy_data({"document_id": version.document_id.id})[0]
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError) as caught:
            with self.env.cr.savepoint():
                self.versions.sudo().create(
                    {**vals, "number": 1, "vault_id": version.vault_id.id}
                )
                self.env.flush_all()
        self.assertIn("gov_document_version_number_uniq", str(caught.exception))


@tagged("alone", "standard", "at_install")
class TestAttachmentFile(DocumentCase):
    """A process killed while it writes leaves no half file under a final name."""

    def test_a_file_is_written_whole_or_not_at_all(self):
        attachments = self.env["ir.attachment"]
        content = files.pdf(filler=5_000)
        name = attachments._get_path(content, attachments._compute_checksum(content))[1]
        seen = []
        replace = os.replace

        def look(source, target):
            seen.append((target, os.path.exists(name), os.path.getsize(source)))
            replace(source, target)

        with patch.object(os, "replace", look):
            version = self.ingest(content)
        self.assertEqual(seen, [(name, False, len(content))])
        self.assertEqual(version._read_content(), content)

    def test_a_write_that_fails_leaves_nothing(self):
        attachments = self.env["ir.attachment"]
        content = files.pdf(filler=5_001)
        checksum = attachments._compute_checksum(content)
        with patch.object(
            os, "replace", side_effect=OSError(28, "No space left on device")
        ):
            with self.assertRaises(OSError):
                self.ingest(content)
        self.assertFalse(os.path.exists(attachments._get_path(content, checksum)[1]))
        folder = os.path.join(attachments._filestore(), "gov_partial")
        self.assertFalse([entry for entry in os.listdir(folder) if checksum in entry])

    def test_pieces_are_collected(self):
        attachments = self.env["ir.attachment"]
        self.ingest(files.pdf(filler=5_002))
        folder = os.path.join(attachments._filestore(), "gov_partial")
        old, young = (
            os.path.join(folder, "test-old"),
            os.path.join(folder, "test-young"),
        )
        for path in (old, young):
            with open(path, "wb") as stream:
                stream.write(b"x")
        self.addCleanup(os.unlink, young)
        os.utime(old, (1, 1))
        attachments._gc_gov_partial()
        self.assertFalse(os.path.exists(old))
        self.assertTrue(os.path.exists(young))
