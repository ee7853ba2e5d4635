import unittest
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lib.clamd_client import ClamdError, Client
from ..lib.intake import Refusal, Report, pool
from ..lib.intake.report import REFUSALS
from ..models import gov_intake_scan
from . import intake_files as files
from .clamd_server import FakeClamd, RealClamd, eicar_reply
from .common_documents import DocumentCase

SCAN_LOG = "odoo.addons.gov_base.models.gov_intake_scan"


@tagged("alone", "standard", "at_install")
class TestIntakeScan(DocumentCase):
    """B3, U-07, U-08, U-09: verdicts, and above all the lack of one."""

    def configure(self, address):
        self.parameters.set_param("gov_base.clamd_address", address)

    def later(self, versions, minutes=11):
        """As if that many minutes had passed."""
        for version in versions.filtered("next_attempt_at"):
            version._write_pipeline(
                {
                    "next_attempt_at": version.next_attempt_at
                    - timedelta(minutes=minutes)
                }
            )

    def test_without_antivirus_nothing_is_called_safe(self):
        version = self.ingest()
        self.assertEqual(
            (version.state, version.av_state), ("released", "not_configured")
        )
        self.process()
        self.assertEqual(version.av_state, "not_configured")
        self.assertNotIn("safe", version.notice.lower())
        self.assertIn("not analysed", version.notice)

    def test_ingest_wakes_the_cron_once(self):
        cron = self.env.ref("gov_base.ir_cron_gov_intake_scan")
        triggers = self.env["ir.cron.trigger"].sudo()
        before = triggers.search_count([("cron_id", "=", cron.id)])
        self.ingest()
        self.assertEqual(triggers.search_count([("cron_id", "=", cron.id)]), before)
        self.configure("unix:/nonexistent/clamd.sock")
        self.ingest(files.pdf(filler=1))
        self.ingest(files.pdf(filler=2))
        self.assertEqual(triggers.search_count([("cron_id", "=", cron.id)]), before + 1)

    def test_clean_and_infected(self):
        with FakeClamd(eicar_reply) as server:
            self.configure(server.address)
            good = self.ingest(files.pdf(filler=3), "good.pdf")
            bad = self.ingest(files.eicar(), "bad.txt")
            inside = self.ingest(
                files.docx(word__media__a_dot_bin=b"x" + files.eicar()), "bad.docx"
            )
            for version in (good, bad, inside):
                self.assertEqual(
                    (version.state, version.av_state), ("bounded", "pending")
                )
                self.assertFalse(version.with_user(self.agent)._is_readable())
            server.reply = lambda content: (
                b"stream: Eicar FOUND"
                if content == inside._read_content()
                else eicar_reply(content)
            )
            self.process()
        self.assertEqual((good.state, good.av_state), ("released", "clean"))
        self.assertTrue(good.with_user(self.agent)._is_readable())
        for version in (bad, inside):
            self.assertEqual(
                (version.state, version.av_state), ("quarantined", "infected")
            )
            self.assertIn("ICAR", version.av_signature.upper())
            self.assertFalse(version.with_user(self.agent)._is_readable())
            self.assertIn("quarantine", version.notice)
        self.assertTrue(good.av_at)

    def test_what_it_could_not_look_at_is_not_clean(self):
        with FakeClamd(
            lambda content: b"stream: Heuristics.Limits.Exceeded.MaxScanTime FOUND"
        ) as server:
            self.configure(server.address)
            version = self.ingest(files.pdf(filler=4))
            self.process()
            self.assertEqual(
                (version.state, version.av_state), ("released", "not_scannable")
            )
            self.assertIn("could not look inside", version.notice)
            # Larger than the daemon accepts: not even sent.
            self.parameters.set_param("gov_base.clamd_max_mb", "1")
            large = self.ingest(files.pdf(filler=1_100_000))
            sent = len(server.received)
            self.process()
        self.assertEqual((large.state, large.av_state), ("released", "not_scannable"))
        self.assertEqual(len(server.received), sent)

    def test_daemon_down_the_deposit_succeeds_and_says_what_is_pending(self):
        self.configure("unix:/nonexistent/clamd.sock")
        versions = self.versions
        for number in range(3):
            versions |= self.ingest(files.pdf(filler=10 + number))
        self.process()
        for version in versions:
            self.assertEqual(
                (version.state, version.av_state, version.attempts),
                ("bounded", "pending", 1),
            )
            self.assertIn("no connection", version.last_error)
            self.assertGreater(version.next_attempt_at, fields.Datetime.now())
            self.assertFalse(version._is_readable())
            self.assertIn("has not answered yet", version.notice)
        # Not due yet: nothing is tried again.
        self.process()
        self.assertEqual(set(versions.mapped("attempts")), {1})
        # Up again: the watchdog repairs.
        with FakeClamd(eicar_reply) as server:
            self.configure(server.address)
            self.later(versions)
            self.process()
        for version in versions:
            self.assertEqual(
                (version.state, version.av_state, version.attempts),
                ("released", "clean", 0),
            )
            self.assertFalse(version.last_error or version.next_attempt_at)

    def test_a_dead_daemon_is_asked_once_a_batch(self):
        self.configure("unix:/nonexistent/clamd.sock")
        for number in range(4):
            self.ingest(files.pdf(filler=20 + number))
        with patch.object(
            Client, "scan", side_effect=ClamdError("no connection")
        ) as scan:
            self.process()
        self.assertEqual(scan.call_count, 1)

    def test_garbage_time_out_and_closed_connections_stay_pending(self):
        for reply in (b"HTTP/1.1 200 OK", b"stream: OKAY", None, 1.5):
            with (
                self.subTest(reply=reply),
                FakeClamd(lambda content, reply=reply: reply) as server,
            ):
                self.configure(server.address)
                self.parameters.set_param("gov_base.clamd_timeout", "1")
                version = self.ingest(files.pdf(filler=30))
                self.process()
                self.assertEqual(
                    (version.state, version.av_state, version.attempts),
                    ("bounded", "pending", 1),
                )
                self.assertTrue(version.last_error)
                version.document_id.unlink()

    def test_back_off_and_stuck_files_are_reported(self):
        self.configure("unix:/nonexistent/clamd.sock")
        version = self.ingest()
        waits = []
        for number in range(gov_intake_scan.STUCK_ATTEMPTS):
            if number == gov_intake_scan.STUCK_ATTEMPTS - 1:
                with self.assertLogs(SCAN_LOG, "WARNING") as logs:
                    self.process()
                self.assertIn("1 files wait", logs.output[0])
            else:
                self.process()
            waits.append(
                round(
                    (version.next_attempt_at - fields.Datetime.now()).total_seconds()
                    / 60
                )
            )
            self.later(version)
        self.assertEqual(waits, [2, 4, 8, 10, 10])
        self.assertTrue(version.is_stuck)
        waiting = self.intake._waiting()
        self.assertEqual((waiting["count"], waiting["stuck"]), (1, 1))
        self.assertIn("no connection", waiting["last_error"])
        settings = self.env["res.config.settings"].create({})
        self.assertIn("Files waiting: 1, since", settings.gov_intake_waiting)
        with FakeClamd(eicar_reply) as server:
            self.configure(server.address)
            self.process()
        self.assertEqual((version.state, version.is_stuck), ("released", False))
        self.assertIn(
            "No file is waiting",
            self.env["res.config.settings"].create({}).gov_intake_waiting,
        )

    def test_an_address_that_is_not_one(self):
        self.configure("nonsense")
        version = self.ingest()
        with mute_logger(SCAN_LOG):
            self.process()
        self.assertEqual(
            (version.state, version.av_state, version.attempts),
            ("bounded", "pending", 1),
        )

    def test_antivirus_removed_from_the_settings(self):
        self.configure("unix:/nonexistent/clamd.sock")
        version = self.ingest()
        self.configure(False)
        self.process()
        self.assertEqual(
            (version.state, version.av_state), ("released", "not_configured")
        )

    def test_structure_checked_in_the_background(self):
        with patch.object(pool.Pool, "run", side_effect=pool.Deferred("busy")):
            good = self.ingest(
                files.pdf(pages=3, catalog="/OpenAction << /S /JavaScript /JS (x) >>"),
                "good.pdf",
            )
            bomb = self.ingest(files.pdf(pages=7_000), "bomb.pdf")
            self.process()
        for version in (good, bomb):
            self.assertEqual(
                (version.state, version.attempts, version.last_error),
                ("typed", 1, "busy"),
            )
        self.later(good | bomb)
        self.process()
        self.assertEqual(
            (good.state, good.pages, good.has_active), ("released", 3, True)
        )
        self.assertIn("active content", good.notice)
        self.assertEqual((bomb.state, bomb.av_state), ("quarantined", "not_configured"))
        self.assertIn("5000 pages", bomb.last_error)
        self.assertIn({"code": "refused_too_many_pages", "count": 1}, bomb.findings)

    def test_a_file_that_can_never_be_checked_ends_in_quarantine(self):
        with patch.object(pool.Pool, "run", side_effect=pool.Deferred("busy")):
            version = self.ingest()
            for _number in range(gov_intake_scan.MAX_DEEP_ATTEMPTS):
                with mute_logger(SCAN_LOG):
                    self.process()
                self.later(version)
        self.assertEqual(version.state, "quarantined")
        self.process()
        self.assertEqual(version.state, "quarantined")

    def test_one_failing_file_does_not_stop_the_others(self):
        self.configure("unix:/nonexistent/clamd.sock")
        first, second = (
            self.ingest(files.pdf(filler=40)),
            self.ingest(files.pdf(filler=41)),
        )
        self.configure(False)
        advance = type(self.intake)._advance

        def broken(intake, version, run):
            if version.id == first.id:
                raise RuntimeError("broken")
            return advance(intake, version, run)

        with patch.object(type(self.intake), "_advance", broken), mute_logger(SCAN_LOG):
            self.process()
        self.assertEqual(
            (first.state, first.last_error, first.attempts), ("bounded", "broken", 1)
        )
        self.assertEqual(second.state, "released")

    def test_again_and_again_changes_nothing(self):
        with FakeClamd(eicar_reply) as server:
            self.configure(server.address)
            version = self.ingest()
            self.process()
            first = version.av_at
            for _number in range(3):
                self.process()
            self.assertEqual(len(server.received), 1)
        self.assertEqual(version.av_at, first)

    def test_the_owner_is_told(self):
        told = []
        partner = type(self.env["res.partner"])

        def scanned(owner, versions):
            told.append((owner, versions.av_state))

        with (
            FakeClamd(eicar_reply) as server,
            patch.object(partner, "_gov_document_scanned", scanned, create=True),
        ):
            self.configure(server.address)
            self.ingest(files.eicar(), "bad.txt")
            self.process()
        self.assertEqual(told, [(self.owner, "infected")])

    def test_an_owner_that_fails_changes_no_verdict(self):
        def scanned(owner, versions):
            raise RuntimeError("no")

        partner = type(self.env["res.partner"])
        with (
            FakeClamd(eicar_reply) as server,
            patch.object(partner, "_gov_document_scanned", scanned, create=True),
        ):
            self.configure(server.address)
            version = self.ingest()
            with mute_logger(SCAN_LOG):
                self.process()
        self.assertEqual(version.state, "released")

    def test_the_batch_is_bounded(self):
        self.configure("unix:/nonexistent/clamd.sock")
        versions = self.versions
        for number in range(5):
            versions |= self.ingest(files.pdf(filler=50 + number))
        self.configure(False)
        self.process(limit=2)
        self.assertEqual(
            len(versions.filtered(lambda version: version.state == "released")), 2
        )
        self.process(limit=10)
        self.assertEqual(set(versions.mapped("state")), {"released"})

    def test_the_cron_itself(self):
        self.configure("unix:/nonexistent/clamd.sock")
        version = self.ingest()
        self.configure(False)
        with self.enter_registry_test_mode():
            self.env.ref("gov_base.ir_cron_gov_intake_scan").method_direct_trigger()
        self.assertEqual(version.state, "released")

    def test_scan_again(self):
        version = self.ingest()
        self.configure("unix:/nonexistent/clamd.sock")
        with self.assertRaises(AccessError):
            version.with_user(self.agent).action_scan_again()
        version.with_user(self.admin).action_scan_again()
        self.assertEqual((version.state, version.av_state), ("released", "pending"))
        with FakeClamd(lambda content: b"stream: Bad FOUND") as server:
            self.configure(server.address)
            self.process()
        self.assertEqual((version.state, version.av_state), ("quarantined", "infected"))
        version.with_user(self.admin).action_scan_again()
        self.assertEqual(version.av_state, "infected")

    def test_a_refusal_has_a_sentence_for_every_code(self):
        for code in REFUSALS:
            self.assertRegex(
                self.intake._sentence(Refusal(code)),
                r"^(The selected files?|You can only)",
            )

    def test_a_report_without_a_verdict_never_releases(self):
        with patch.object(
            gov_intake_scan,
            "inspect_deep",
            lambda *args, **kwargs: Report(deferred="later"),
        ):
            with patch.object(pool.Pool, "run", side_effect=pool.Deferred("busy")):
                version = self.ingest()
            self.process()
        self.assertEqual((version.state, version.last_error), ("typed", "later"))


@tagged("alone", "standard", "at_install")
@unittest.skipUnless(RealClamd.program, "clamd is not installed on this machine")
class TestIntakeRealClamd(DocumentCase):
    """The whole pipeline with a real daemon: down, up, infected, not scannable."""

    def test_real_daemon(self):
        with RealClamd() as daemon:
            self.parameters.set_param("gov_base.clamd_address", daemon.address)
            clean = self.ingest(files.pdf(filler=60), "clean.pdf")
            bad = self.ingest(files.eicar(), "bad.txt")
            inside = self.ingest(
                files.docx(word__media__e_dot_bin=files.eicar()), "bad.docx"
            )
            large = self.ingest(files.pdf(filler=700_000), "large.pdf")
            self.process()
            settings = self.env["res.config.settings"].create(
                {"gov_clamd_address": daemon.address}
            )
            result = settings.action_gov_clamd_test()["params"]
            self.assertEqual(result["type"], "success", result["message"])
            self.assertIn("ClamAV", result["message"])
        self.assertEqual((clean.state, clean.av_state), ("released", "clean"))
        self.assertEqual((bad.state, bad.av_state), ("quarantined", "infected"))
        self.assertEqual((inside.state, inside.av_state), ("quarantined", "infected"))
        self.assertEqual((large.state, large.av_state), ("released", "not_scannable"))
        late = self.ingest(files.pdf(filler=61), "late.pdf")
        self.process()
        self.assertEqual((late.state, late.av_state), ("bounded", "pending"))
