import datetime
import json
from unittest.mock import patch

import pytz

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lib import journal_leaf, merkle
from .common import JournalCase

CLOCK = "odoo.addons.gov_trust.lib.sequencer.clock"
SECOND = datetime.timedelta(seconds=1)


@tagged("post_install", "-at_install", "alone")
class TestJournal(JournalCase):
    def test_pending_until_commit_then_numbered_in_order(self):
        events = [self.append_numbered() for _ in range(3)]
        self.assertFalse(any(event.seq for event in events))
        self.commit()
        self.assertEqual([event.seq for event in events], [1, 2, 3])
        year = datetime.datetime.now().year
        self.assertEqual(
            [event.number_text for event in events],
            [f"{year}/{number:06}" for number in (1, 2, 3)],
        )

    def test_lines_without_number_do_not_spend_one(self):
        self.append_numbered()
        self.append()
        last = self.append_numbered()
        self.commit()
        self.assertEqual((last.seq, last.number_sequence), (3, 2))

    def test_leaf_and_root_are_those_of_the_rfc(self):
        events = [self.append(index=index) for index in range(5)]
        self.commit()
        hashes = [
            merkle.leaf_hash(self.journal._leaf_text(event).encode())
            for event in events
        ]
        self.assertEqual([event.leaf for event in events], [h.hex() for h in hashes])
        self.assertEqual(self.journal.root, merkle.root_of(hashes).hex())

    def test_body_names_who_and_what(self):
        event = self.append(note="é أ ⴰ")
        body = json.loads(event.body)
        self.assertEqual(body["actor"]["id"], self.env.uid)
        self.assertEqual(body["note"], "é أ ⴰ")

    def test_body_that_has_no_canonical_form_is_refused(self):
        with self.assertRaisesRegex(UserError, "cannot be written in the journal"):
            self.append(amount=1.5)

    def test_year_is_read_in_the_zone_of_the_stream(self):
        """Midnight of 1 January is the register's own, whatever the server's."""
        for zone in ("Asia/Tokyo", "Africa/Casablanca", "America/Lima"):
            with self.subTest(zone):
                self.journal.tz = zone
                midnight = pytz.timezone(zone).localize(datetime.datetime(2031, 1, 1))
                moment = midnight.astimezone(pytz.utc).replace(tzinfo=None)
                with patch(CLOCK, lambda at=moment: at - SECOND):
                    before = self.append_numbered()
                    self.commit()
                with patch(CLOCK, lambda at=moment: at + SECOND):
                    after = self.append_numbered()
                    self.commit()
                self.assertEqual((before.number_year, after.number_year), (2030, 2031))

    def test_a_clock_that_goes_back_reorders_nothing(self):
        moment = datetime.datetime(2027, 1, 1, 0, 0, 1)
        with patch(CLOCK, lambda: moment):
            first = self.append_numbered()
            self.commit()
        with patch(CLOCK, lambda: moment - datetime.timedelta(hours=3)):
            second = self.append_numbered()
            self.commit()
        self.assertEqual(second.number_text, "2027/000002")
        self.assertEqual(first.instant, second.instant)

    def test_evidence_ties_a_line_to_a_signed_head(self):
        events = [self.append(index=index) for index in range(7)]
        self.commit()
        self.append()
        self.commit()
        evidence = self.journal._evidence(events[2])
        self.assertEqual((evidence["index"], evidence["size"]), (2, 7))
        self.assertTrue(
            merkle.verify_inclusion(
                merkle.leaf_hash(evidence["leaf"].encode()),
                evidence["index"],
                evidence["size"],
                [bytes.fromhex(node) for node in evidence["proof"]],
                bytes.fromhex(evidence["head"]["root"]),
            )
        )
        self.assertEqual(evidence, self.journal._evidence(events[2]))
        self.assertEqual(len(evidence["certificates"]), 2)

    def test_tiles_serve_proofs_beyond_256_lines(self):
        events = [self.append(index=index) for index in range(600)]
        while any(not event.seq for event in events):
            self.journal._drain_on(self.env.cr, self.journal.id)
            self.env.invalidate_all()
            self.commit()
        for seq in (1, 256, 257, 513, 600):
            proof = self.journal._public_proof(seq)
            self.assertTrue(
                merkle.verify_inclusion(
                    bytes.fromhex(proof["leaf_hash"]),
                    proof["index"],
                    proof["size"],
                    [bytes.fromhex(node) for node in proof["proof"]],
                    bytes.fromhex(self.journal.root),
                )
            )
        steps = self.journal._public_consistency(300, 600)
        self.assertTrue(
            merkle.verify_consistency(
                300,
                600,
                [bytes.fromhex(node) for node in steps["proof"]],
                bytes.fromhex(steps["from_root"]),
                bytes.fromhex(steps["to_root"]),
            )
        )
        self.assertTrue(self.journal._verify()["ok"])

    def test_without_a_key_the_head_waits_and_the_stream_goes_on(self):
        with (
            patch.object(
                type(self.env["gov.key"]), "_get", side_effect=UserError("no key")
            ),
            mute_logger("odoo.addons.gov_trust.models.gov_journal_drain"),
        ):
            event = self.append_numbered()
            self.commit()
        self.assertEqual(event.number_sequence, 1)
        self.assertTrue(self.journal.head_pending)
        self.assertIsNone(self.journal._evidence(event))
        self.env["gov.journal"]._process_pending()
        self.env.invalidate_all()
        self.assertFalse(self.journal.head_pending)
        self.assertTrue(self.journal._evidence(event))

    def test_nobody_writes_lines_through_the_orm(self):
        event = self.append()
        self.commit()
        with self.assertRaises(AccessError):
            self.env["gov.journal.event"].create({"journal_id": self.journal.id})
        with self.assertRaises(AccessError):
            event.write({"body": "{}"})
        with self.assertRaises(AccessError):
            event.unlink()

    def test_a_written_journal_cannot_be_deleted(self):
        self.append()
        with self.assertRaises(UserError):
            self.journal.unlink()

    def test_stream_code_must_fit_an_address(self):
        for code in ("Été", "a b", "-a", "a--b", ""):
            with self.assertRaises(ValidationError):
                self.env["gov.journal"].create(
                    {"name": "x", "code": code, "kind": "trust"}
                )

    def test_pattern_never_fails(self):
        for pattern, text in (
            ("{year}/{number:06}", "2026/000142"),
            ("A-{number}", "A-142"),
            ("{number:03}{unknown}{", "142{unknown}{"),
        ):
            self.assertEqual(
                journal_leaf.format_number(pattern, year=2026, number=142), text
            )
