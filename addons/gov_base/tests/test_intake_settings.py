from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import intake_files as files
from .clamd_server import FakeClamd, eicar_reply
from .common_documents import DocumentCase


@tagged("alone", "standard", "at_install")
class TestIntakeSettings(DocumentCase):
    """The operator types an address, presses Test and reads what happened."""

    def settings(self, **vals):
        return self.env["res.config.settings"].create(vals)

    def result(self, settings):
        params = settings.action_gov_clamd_test()["params"]
        return params["type"], params["message"]

    def test_the_test_button(self):
        with FakeClamd(eicar_reply) as server:
            kind, message = self.result(self.settings(gov_clamd_address=server.address))
            self.assertEqual(
                (kind, "ClamAV 1.4.6" in message, "test file" in message),
                ("success", True, True),
            )
        with FakeClamd() as server:
            kind, message = self.result(self.settings(gov_clamd_address=server.address))
            self.assertEqual(kind, "warning")
            self.assertIn("does not find the test file", message)
        kind, message = self.result(self.settings(gov_clamd_address=server.address))
        self.assertEqual(kind, "danger")
        self.assertIn("No antivirus answers", message)
        with FakeClamd(banner=b"HTTP/1.1 400") as server:
            self.assertEqual(
                self.result(self.settings(gov_clamd_address=server.address))[0],
                "danger",
            )

    def test_values_are_checked(self):
        for address in ("clamd", "http://localhost", "unix:clamd.sock"):
            with self.assertRaises(UserError):
                self.settings(gov_clamd_address=address)
        for name in (
            "gov_intake_max_file_mb",
            "gov_intake_max_files",
            "gov_clamd_timeout",
        ):
            with self.assertRaises(UserError):
                self.settings(**{name: 0})

    def test_saved_and_used(self):
        self.settings(
            gov_intake_max_files=3, gov_intake_max_file_mb=2, gov_intake_max_pages=7
        ).execute()
        limits = self.intake._limits()
        self.assertEqual(
            (limits.max_files, limits.max_file_bytes, limits.max_pages),
            (3, 2 * 1024 * 1024, 7),
        )
        self.assertIsNone(self.intake._clamd_client())

    def test_the_first_antivirus_looks_at_earlier_files(self):
        early = self.ingest()
        made_here = self.documents._store_generated(
            b"x", "a.pdf", "application/pdf", company=self.company, owner=self.owner
        )
        with FakeClamd(eicar_reply) as server:
            self.settings(gov_clamd_address=server.address).execute()
            self.assertEqual((early.state, early.av_state), ("released", "pending"))
            self.assertFalse(made_here.av_state)
            self.process()
            self.assertEqual(early.av_state, "clean")
            # Saving again asks about nothing again.
            self.settings(gov_clamd_address=server.address).execute()
            self.assertEqual(early.av_state, "clean")
        self.assertEqual(server.received, [files.pdf()])

    def test_only_the_operator(self):
        with (
            mute_logger("odoo.addons.base.models.ir_model"),
            self.assertRaises(AccessError),
        ):
            self.env["res.config.settings"].with_user(self.admin).create({})
