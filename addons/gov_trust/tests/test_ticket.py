import hashlib
import json
import logging
from pathlib import Path

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..exceptions import PinRefused, SealUnavailable, TicketRefused
from ..lib import keys, master, redact
from .common_keys import MasterKeyFile

PIN = "482915"
DIGESTS = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(45)]


@tagged("standard")
class TestTicket(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.amina = new_test_user(cls.env, "ticket-amina", name="Amina El Fassi")
        cls.omar = new_test_user(cls.env, "ticket-omar", name="Omar Bennis")
        cls.key = cls.env["gov.key"]._make_personal(cls.amina, cls.env.company, PIN)
        cls.env["gov.key"]._make_personal(cls.omar, cls.env.company, PIN)
        cls.tickets = cls.env["gov.key.ticket"]

    def by(self, user):
        return self.tickets.with_user(user)

    def open(self, digests=DIGESTS, user=None):
        return self.by(user or self.amina)._open(PIN, digests)

    def refused(self, code, ticket, secret, digests, user=None):
        """Refuse without the savepoint of assertRaises, which undoes the count too."""
        try:
            self.by(user or self.amina)._use_many(ticket, secret, digests)
        except TicketRefused as error:
            self.assertEqual(error.code, code)
        else:
            self.fail("the ticket was taken")

    def row(self, ticket):
        self.env.cr.execute("SELECT * FROM gov_key_ticket WHERE id = %s", (ticket,))
        (row,) = self.env.cr.dictfetchall()
        return row

    def test_each_document_once(self):
        ticket, half = self.open()
        for start in (0, 20, 40):
            chunk = DIGESTS[start : start + 20]
            loaded = self.by(self.amina)._use_many(ticket, half, chunk)
            self.assertEqual(loaded.fingerprint, self.key.fingerprint)
            signature = loaded.sign(b"data")
            public = loaded.private_key.public_key()
            self.assertTrue(keys.verify(public, signature, b"data"))
            self.assertEqual(keys.fingerprint(public), self.key.fingerprint)
        for digest in (DIGESTS[0], DIGESTS[44]):
            self.refused("used", ticket, half, [digest])

    def test_all_or_none(self):
        ticket, half = self.open()
        self.by(self.amina)._use(ticket, half, DIGESTS[3].upper())
        self.refused("used", ticket, half, DIGESTS[2:5])
        self.refused("digest", ticket, half, [DIGESTS[2], "0" * 64])
        self.by(self.amina)._use_many(ticket, half, [DIGESTS[2], DIGESTS[4]])

    def test_given_back(self):
        ticket, half = self.open()
        self.by(self.amina)._use_many(ticket, half, DIGESTS[:3])
        self.tickets._give_back(self.row(ticket)["mark"], DIGESTS[1:3])
        self.refused("used", ticket, half, DIGESTS[:1])
        self.by(self.amina)._use_many(ticket, half, DIGESTS[1:3])

    def test_whose(self):
        ticket, half = self.open()
        self.refused("unknown", ticket, half, DIGESTS[:1], self.omar)
        self.refused(
            "unknown", ticket, half, DIGESTS[:1], self.env.ref("base.user_admin")
        )
        for odd in (0, -1, 10**12, "1", None, True, [ticket], 2**31 - 1):
            if odd is not ticket:
                self.refused("unknown", odd, half, DIGESTS[:1])
        self.by(self.amina)._use(ticket, half, DIGESTS[0])

    def test_wrong_half(self):
        ticket, half = self.open()
        _other, other_half = self.open()
        for wrong in ("", None, half[:-1], other_half):
            self.refused("wrong", ticket, wrong, DIGESTS[:1])
        # Four are not enough to end it, whoever else asks; the fifth is.
        self.refused("unknown", ticket, "x", DIGESTS[:1], self.omar)
        self.by(self.amina)._use(ticket, half, DIGESTS[0])
        self.refused("wrong", ticket, "\ud800", DIGESTS[:1])
        self.refused("unknown", ticket, half, DIGESTS[1:2])
        event = self.env["gov.journal.event"].search(
            [("kind", "=", "key.ticket_ended")], order="id desc", limit=1
        )
        self.assertEqual(json.loads(event.body)["fingerprint"], self.key.fingerprint)

    def test_ten_minutes(self):
        begin = fields.Datetime.now()
        with freeze_time(begin) as clock:
            ticket, half = self.open()
            clock.tick(599)
            self.by(self.amina)._use(ticket, half, DIGESTS[0])
            self.tickets._sweep()
            clock.tick(1)
            self.refused("expired", ticket, half, DIGESTS[1:2])
            self.tickets._sweep()
            self.refused("unknown", ticket, half, DIGESTS[1:2])

    def test_a_key_that_ended(self):
        ticket, half = self.open()
        self.key._end("revoked", "lost", "keyCompromise")
        self.refused("key", ticket, half, DIGESTS[:1])

    def test_a_person_who_left(self):
        ticket, half = self.open()
        self.amina.active = False
        self.env.flush_all()
        self.refused("key", ticket, half, DIGESTS[:1])

    def test_a_changed_row_opens_nothing(self):
        later = fields.Datetime.add(fields.Datetime.now(), hours=5)
        for column, value in (
            ("digests", "\n".join([*DIGESTS[:44], "0" * 64])),
            ("until", later),
            ("mark", "0" * 32),
        ):
            ticket, half = self.open()
            self.env.cr.execute(
                f"UPDATE gov_key_ticket SET {column} = %s WHERE id = %s",
                (value, ticket),
            )
            self.refused("unknown", ticket, half, DIGESTS[:1])
        ticket, half = self.open()
        self.env.cr.execute(
            "UPDATE gov_key_ticket SET user_id = %s WHERE id = %s",
            (self.omar.id, ticket),
        )
        self.refused("key", ticket, half, DIGESTS[:1], self.omar)

    def test_the_platform_alone_opens_nothing(self):
        ticket, half = self.open()
        row = self.row(ticket)
        self.assertNotIn(half, json.dumps(row, default=str))
        self.refused("wrong", ticket, "gtk_" + "A" * 43, DIGESTS[:1])

    def test_without_the_master_key(self):
        ticket, half = self.open()
        with (
            mute_logger("odoo.addons.gov_trust.models.gov_journal_drain"),
            MasterKeyFile("cd" * 32),
            self.assertRaises(SealUnavailable),
        ):
            self.by(self.amina)._use(ticket, half, DIGESTS[0])
        self.by(self.amina)._use(ticket, half, DIGESTS[0])

    def test_lists_and_pins_that_do_not_do(self):
        for odd in (
            [],
            None,
            "ab" * 32,
            [DIGESTS[0], DIGESTS[0].upper()],
            ["ab"],
            [None],
            [DIGESTS[0] + "\n"],
            [
                hashlib.sha256(str(number).encode()).hexdigest()
                for number in range(1001)
            ],
        ):
            with self.assertRaises(UserError):
                self.open(odd)
        with self.assertRaises(PinRefused):
            self.by(self.amina)._open("730264", DIGESTS)
        ticket, half = self.open()
        with self.assertRaisesRegex(UserError, "At most 20"):
            self.by(self.amina)._use_many(ticket, half, DIGESTS[:21])
        thousand = [
            hashlib.sha256(b"%d" % number).hexdigest() for number in range(1000)
        ]
        ticket, half = self.open(thousand)
        self.by(self.amina)._use(ticket, half, thousand[999])

    def test_nobody_reads_tickets(self):
        self.open()
        for user in (self.amina, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                self.by(user).search([])

    def test_a_new_master_key_meanwhile(self):
        ticket, half = self.open()
        text = Path(master.named()).read_text("ascii")
        with MasterKeyFile("ef" * 32 + "\n" + text):
            self.by(self.amina)._use(ticket, half, DIGESTS[0])


@tagged("standard", "alone")
class TestTicketLog(BaseCase):
    def test_no_half_in_the_log(self):
        half = "gtk_" + "Ab9_-" * 9
        told = redact.hide(
            [
                half,
                {"ticket_secret": "anything", "other": f"x {half} y"},
                {"note": "a plain text", "secretary": "Amina"},
            ]
        )
        self.assertNotIn(half, str(told))
        self.assertNotIn("anything", str(told))
        self.assertEqual(told[2], {"note": "a plain text", "secretary": "Amina"})
        record = logging.LogRecord("x", 10, "", 1, "%s", ((half,),), None)
        redact.Redact().filter(record)
