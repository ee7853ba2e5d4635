import base64
import datetime

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.orm.model_classes import add_to_registry  # noqa: TID251
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..lib import lta
from ..models.gov_completion_process import MAX_ATTEMPTS
from .common_keys import (
    MasterKeyFile,
    authority,
    small_pdf,
    stamp_by,
    timestamper,
)
from .common_tsa import WithClocks

STAMP = "odoo.addons.gov_trust.models.gov_tsa_stamp"
PROCESS = "odoo.addons.gov_trust.models.gov_completion_process"
NAME = "gov.test.sealed"


class GovTestSealed(models.Model):
    """The least that a model with a signed file is."""

    _name = NAME
    _description = "Sealed document of tests"
    _inherit = ["gov.completed"]
    _module = "gov_trust"

    name = fields.Char()
    pdf = fields.Binary(attachment=False)
    kept = fields.Integer()

    def _completion_pdf(self):
        return base64.b64decode(self.pdf) if self.pdf else None

    def _completion_done(self, pdf, level):
        before = self._completion_pdf()
        if not pdf.startswith(before):
            raise AssertionError("the file was not appended to")
        self.write({"pdf": base64.b64encode(pdf), "kept": self.kept + 1})


@tagged("standard", "alone")
class TestCompletion(WithClocks, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        add_to_registry(cls.registry, GovTestSealed)
        cls.registry._setup_models__(cls.env.cr, [NAME])
        cls.registry.init_models(cls.env.cr, [NAME], {"models_to_check": True})
        cls.addClassCleanup(cls.registry.__delitem__, NAME)
        cls.enterClassContext(MasterKeyFile())
        cls.make_trust()
        cls.company = cls.env.company
        sealed = cls.env["gov.seal"]._seal_pdf(cls.company, small_pdf())
        cls.sealed = base64.b64encode(sealed)

    def document(self, **values):
        return self.env[NAME].create({"name": "Letter", "pdf": self.sealed, **values})

    def request(self, document=None, **options):
        document = document or self.document()
        line = self.env["gov.completion"]._request(document, self.company, **options)
        return document, line

    def run_due(self, line):
        """The cron, once what waits is due."""
        line.next_at = fields.Datetime.now() - datetime.timedelta(seconds=1)
        self.env["gov.completion"]._process_completions()
        self.env.invalidate_all()

    def level(self, document):
        return lta.level(document._completion_pdf())

    def test_nothing_configured(self):
        document, line = self.request()
        self.assertEqual(line.state, "stopped")
        self.assertEqual(document.signature_level, "B-B")
        self.assertFalse(document.timestamp_pending)
        self.assertEqual(document.signature_sentence, "B-B, no timestamp configured.")
        self.env["gov.completion"]._process_completions()
        self.assertEqual(line.attempts, 0)
        # An authority comes: what was signed before is completed when somebody asks.
        self.add(self.clock().url)
        shown = line.with_user(self.officer).action_try_now()["params"]
        self.assertEqual(shown["type"], "success", shown["message"])
        self.env.invalidate_all()
        self.assertEqual(document.signature_level, self.level(document))
        self.assertEqual(document.signature_level, "B-LTA")

    @mute_logger(STAMP)
    def test_down_then_back(self):
        clock = self.clock("error")
        self.add(clock.url)
        document, line = self.request()
        self.assertEqual(line.state, "pending")
        for attempt, minutes in ((1, 1), (2, 2), (3, 4)):
            self.run_due(line)
            self.assertEqual(line.attempts, attempt)
            wait = line.next_at - fields.Datetime.now()
            self.assertAlmostEqual(wait.total_seconds(), 60 * minutes, delta=5)
            self.assertIn("500", line.reason)
            self.assertEqual(document.signature_level, "B-B")
            self.assertTrue(document.timestamp_pending)
            self.assertIn("timestamp pending since", document.signature_sentence)
            self.assertEqual(self.level(document), "B-B")
        self.assertEqual(document.kept, 0)
        # The authority answers somebody: what waits is due at once.
        clock.mode = "good"
        self.env.cr.execute("UPDATE gov_tsa_state SET until = clock_timestamp()")
        self.env["gov.tsa"]._stamper(self.company)(b"0" * 32)
        self.env.invalidate_all()
        self.assertLessEqual(line.next_at, fields.Datetime.now())
        self.env["gov.completion"]._process_completions()
        self.env.invalidate_all()
        self.assertEqual(line.state, "done", line.reason)
        self.assertEqual(document.signature_level, "B-LTA")
        self.assertEqual(self.level(document), "B-LTA")
        self.assertFalse(document.timestamp_pending)
        self.assertEqual(document.kept, 1)

    @mute_logger(STAMP)
    def test_it_waits_for_ever_and_an_hour_at_most(self):
        self.add("http://127.0.0.1:1/")
        _document, line = self.request()
        line.attempts = 3 * MAX_ATTEMPTS
        self.run_due(line)
        self.assertEqual(line.state, "pending")
        wait = line.next_at - fields.Datetime.now()
        self.assertAlmostEqual(wait.total_seconds(), 3600, delta=5)

    def test_twice_is_once(self):
        clock = self.clock()
        self.add(clock.url)
        document, line = self.request()
        again = self.env["gov.completion"]._request(document, self.company)
        self.assertEqual(line, again)
        self.run_due(line)
        self.assertEqual(line.state, "done", line.reason)
        asked, pdf = clock.requests, document.pdf
        self.run_due(line)
        self.env["gov.completion"]._request(document, self.company)
        self.assertEqual(line.state, "done")
        self.assertEqual((clock.requests, document.pdf), (asked, pdf))
        self.assertEqual(self.env["gov.timestamp"].search_count([]), clock.requests)

    def test_nothing_by_halves(self):
        """What breaks after the timestamp leaves neither file, line nor timestamp."""
        self.add(self.clock().url)
        document, line = self.request()

        def broken(_self, _pdf, _level):
            raise RuntimeError("disk full")

        self.patch(self.registry[NAME], "_completion_done", broken)
        with mute_logger(PROCESS):
            self.run_due(line)
        self.assertEqual((line.state, line.attempts), ("pending", 1))
        self.assertIn("RuntimeError", line.reason)
        self.assertEqual((document.kept, self.level(document)), (0, "B-B"))
        self.assertEqual(document.signature_level, "B-B")
        self.assertFalse(self.env["gov.timestamp"].search([]))

    def test_what_cannot_be_completed(self):
        self.add(self.clock().url)
        for pdf, words in (
            (base64.b64encode(b"not a PDF"), "cannot be completed"),
            (base64.b64encode(small_pdf()), "no signature"),
            (False, "no signed file"),
        ):
            with self.subTest(words):
                document, line = self.request(self.document(pdf=pdf))
                self.run_due(line)
                self.assertEqual(line.state, "stopped")
                self.assertIn(words, line.reason)
                self.assertFalse(document.signature_level)
        document, line = self.request()
        document.unlink()
        self.run_due(line)
        self.assertEqual(line.state, "stopped")
        self.assertIn("gone", line.reason)

    def test_one_that_breaks_does_not_stop_others(self):
        self.add(self.clock().url)
        _bad, first = self.request(self.document(pdf=base64.b64encode(b"%PDF-1.7")))
        _good, second = self.request()
        past = fields.Datetime.now() - datetime.timedelta(hours=1)
        (first | second).write({"next_at": past})
        self.env["gov.completion"]._process_completions()
        self.env.invalidate_all()
        self.assertEqual(first.state, "stopped")
        self.assertEqual(second.state, "done", second.reason)

    def test_no_timestamp_is_spent_in_vain(self):
        """What lacks a revocation list is B-T; it does not ask again and again."""
        clock = self.clock()
        self.add(clock.url)
        # Stamped when it was sealed: news on the authority of time are needed now.
        sealed = self.env["gov.seal"]._seal_pdf(self.company, small_pdf())
        document, line = self.request(self.document(pdf=base64.b64encode(sealed)))
        self.assertEqual(document.signature_level, "B-T")
        self.assertFalse(document.timestamp_pending)
        asked = clock.requests
        self.run_due(line)
        self.assertEqual((line.state, line.level), ("pending", "B-T"))
        self.assertIn("revoked", line.reason)
        self.assertIn("B-LTA is not reached", document.signature_sentence)
        self.assertEqual((clock.requests, document.kept), (asked, 0))
        line.attempts = MAX_ATTEMPTS
        self.run_due(line)
        self.assertEqual(line.state, "stopped")
        # The list comes: all goes on.
        lists = self.env["gov.anchor.list"].with_user(self.officer)
        lists._receive(self.anchor, self.root.crl())
        line.with_user(self.officer).action_try_now()
        self.assertEqual((line.state, line.level), ("done", "B-LTA"), line.reason)
        self.assertEqual(self.level(document), "B-LTA")

    def test_a_timestamp_of_anybody_is_none(self):
        """What an untrusted authority stamped is B-B here, whatever the file says."""
        private, root = authority("Somebody")
        key = timestamper(private, root)
        pdf = lta.add_timestamp(base64.b64decode(self.sealed), stamp_by(key))
        self.assertEqual(lta.level(pdf), "B-T")
        document, line = self.request(self.document(pdf=base64.b64encode(pdf)))
        self.assertEqual((line.level, document.signature_level), ("B-B", "B-B"))

    def test_the_list_names_no_subject(self):
        document, line = self.request(self.document(name="Secret subject"))
        self.assertEqual(line.document, f"Sealed document of tests {document.id}")

    def test_own_authority_says_so(self):
        self.env["gov.tsa"].with_user(self.operator)._switch_own(True)
        own = self.tsa.create({"name": "Here", "kind": "own"})
        own.action_enable()
        document, line = self.request()
        self.run_due(line)
        self.assertEqual(line.state, "done", line.reason)
        self.assertTrue(line.non_probant)
        self.assertIn("NON PROBANT", document.signature_sentence)
        self.assertTrue(self.env["gov.timestamp"].search([])[0].non_probant)
        # Read again from the file, too.
        line.unlink()
        _document, line = self.request(document)
        self.assertEqual((line.state, line.non_probant), ("done", True))

    def test_rights(self):
        self.add(self.clock().url)
        _document, line = self.request()
        for user in (self.officer, self.operator, self.auditor):
            seen = line.with_user(user)
            seen.read(["document", "sentence"])
            with self.assertRaises(AccessError):
                seen.write({"state": "done"})
            with self.assertRaises(AccessError):
                seen.create({})
        with self.assertRaises(AccessError):
            line.with_user(self.agent).action_try_now()
        with self.assertRaises(AccessError):
            line.with_user(self.auditor).action_try_now()
        line.with_user(self.operator).action_try_now()
        self.assertEqual(line.state, "done", line.reason)
