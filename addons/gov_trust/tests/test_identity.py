import logging
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..lib.identity import Card
from ..models import gov_trust_identity
from .common import JournalCase

LOG = "odoo.addons.gov_trust.models.gov_trust_identity"
DRAIN_LOG = "odoo.addons.gov_trust.models.gov_journal_drain"


@tagged("standard", "alone")
class TestCard(BaseCase):
    def test_an_older_report_never_overwrites_a_newer(self):
        with tempfile.TemporaryDirectory() as folder:
            card = Card(f"{folder}/master.key", "u-1")
            self.assertIsNone(card.read())
            card.write(uuid="u-1", purpose="production")
            new = {"size": 9, "root": "b", "counters": {"2026": 7}}
            old = {"size": 5, "root": "a", "counters": {"2026": 4, "2025": 2}}
            card.remember("s", new)
            card.remember("s", old)
            self.assertEqual(
                card.heads()["s"],
                {"size": 9, "root": "b", "counters": {"2026": 7, "2025": 2}},
            )
            card.forget(["s"])
            self.assertEqual(card.heads(), {})


@tagged("post_install", "-at_install", "alone")
class TestIdentity(JournalCase):
    def setUp(self):
        super().setUp()
        self.identity = self.env["gov.trust.identity"]
        gov_trust_identity._believed.clear()
        self.addCleanup(gov_trust_identity._believed.clear)

    def test_this_database_is_known(self):
        self.assertIn(self.identity._state(), ("ok", "test_copy"))

    def test_a_copy_neither_numbers_nor_mails(self):
        copied = {**self.identity._facts(), "database": "copied"}
        mail = self.env["mail.mail"].create({"email_to": "a@example.org"})
        with (
            patch.object(type(self.identity), "_facts", lambda self: copied),
            mute_logger(DRAIN_LOG, "odoo.addons.gov_trust.models.mail_mail"),
        ):
            self.assertEqual(self.identity._state(), "copy")
            event = self.append_numbered()
            self.commit()
            self.assertFalse(event.seq)
            mail.send()
            self.assertEqual(mail.state, "outgoing")
        gov_trust_identity._believed.clear()
        self.env["gov.journal"]._process_pending()
        self.env.invalidate_all()
        self.assertTrue(event.seq, "once it is itself again, nothing is lost")

    def test_a_neutralised_database_is_a_copy(self):
        facts = {**self.identity._facts(), "neutralized": True}
        with patch.object(type(self.identity), "_facts", lambda self: facts):
            card = Card(self.identity._master_key_file(), facts["uuid"]).read()
            expected = "test_copy" if card["purpose"] == "test_copy" else "copy"
            self.assertEqual(self.identity._state(), expected)

    def test_an_unknown_uuid_with_lines_must_be_declared(self):
        self.append()
        self.commit()
        facts = {**self.identity._facts(), "uuid": "11111111-unknown"}
        with patch.object(type(self.identity), "_facts", lambda self: facts):
            self.assertEqual(self.identity._state(), "undeclared")

    def test_no_master_key_stops_numbers_and_says_why(self):
        with (
            patch.object(
                type(self.identity), "_master_key_file", lambda self: "/nowhere/key"
            ),
            mute_logger(DRAIN_LOG),
        ):
            event = self.append()
            self.commit()
            self.assertFalse(event.seq)
            self.assertIn("master key", self.identity._explain())

    def test_a_key_put_in_place_after_the_installation_repairs_by_itself(self):
        with tempfile.TemporaryDirectory() as folder:
            key = Path(folder, "master.key")
            facts = {**self.identity._facts(), "uuid": "22222222-new"}
            identity = type(self.identity)
            with (
                patch.object(identity, "_master_key_file", lambda self: str(key)),
                patch.object(identity, "_facts", lambda self: facts),
                patch.object(identity, "_lines", lambda self: False),
            ):
                with self.assertLogs(LOG, logging.INFO) as told:
                    self.identity._establish()
                self.assertNotIn("WARNING", str(told.output), "installing goes on")
                self.assertFalse(self.identity._may_seal())
                key.write_text("ab" * 32)
                self.assertTrue(self.identity._may_seal())
                card = Card(str(key), facts["uuid"]).read()
            self.assertEqual(card["purpose"], "production")
            self.assertEqual(card["database"], self.env.cr.dbname)

    def test_a_neutralised_database_without_card_is_a_copy(self):
        facts = {
            **self.identity._facts(),
            "uuid": "33333333-new",
            "neutralized": True,
        }
        identity = type(self.identity)
        with (
            patch.object(identity, "_facts", lambda self: facts),
            patch.object(identity, "_lines", lambda self: False),
        ):
            self.assertEqual(self.identity._state(), "copy")
            self.assertFalse(self.identity._may_seal(), "and no card is written")
            path = self.identity._master_key_file()
            self.assertIsNone(Card(path, facts["uuid"]).read())

    def test_a_declared_copy_has_its_own_uuid_and_goes_on(self):
        before = self.identity._facts()["uuid"]
        declaration = self.env["gov.trust.declaration"].create(
            {"kind": "test_copy", "reason": "rehearsal"}
        )
        self.assertNotEqual(self.identity._facts()["uuid"], before)
        self.assertEqual(self.identity._state(), "test_copy")
        event = self.env["gov.journal.event"].search(
            [("subject_model", "=", declaration._name)], limit=1
        )
        self.assertEqual(event.kind, "database.declared")

    def test_a_restore_is_declared_only_when_lines_are_missing(self):
        with self.assertRaises(UserError):
            self.identity._declare("restore", "no reason")
