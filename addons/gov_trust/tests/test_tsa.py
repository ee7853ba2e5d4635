import base64
import hashlib
import json
import threading

from psycopg2.errors import InsufficientPrivilege

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from ..lib import lta, redact, tsa, tsp
from ..models.gov_tsa_state import LONGEST_PAUSE, MAX_FAILURES, PAUSE
from .common_keys import MasterKeyFile, small_pdf
from .common_pki import Authority
from .common_tsa import DIGEST, WithClocks, key_of

STAMP = "odoo.addons.gov_trust.models.gov_tsa_stamp"


@tagged("standard", "alone")
class TestTsa(WithClocks, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_trust()
        cls.company = cls.env.company

    def stamper(self):
        return self.env["gov.tsa"]._stamper(self.company)

    def state(self, authority):
        authority.invalidate_recordset()
        return authority

    def refusal(self, stamp=None):
        """What a stamp says that nobody gives; not by assertRaises, which rolls back."""
        try:
            (stamp or self.stamper())(DIGEST)
        except tsp.TimestampUnavailable as error:
            return error
        return self.fail("a timestamp was given")

    def wait_over(self):
        """The pause of every authority is over."""
        self.env.cr.execute("UPDATE gov_tsa_state SET until = clock_timestamp()")

    def pause(self, authority):
        self.env.cr.execute(
            "SELECT extract(epoch FROM until - clock_timestamp()), openings"
            " FROM gov_tsa_state WHERE tsa_id = %s",
            (authority.id,),
        )
        seconds, openings = self.env.cr.fetchone()
        return seconds and round(seconds), openings

    # ------------------------------------------------------------------
    # Officers
    # ------------------------------------------------------------------
    def test_none_on_a_fresh_install(self):
        self.assertFalse(self.env["gov.tsa"].search([]))
        self.assertIsNone(self.stamper())

    def test_into_use(self):
        clock = self.clock()
        authority = self.add(clock.url, enabled=False)
        self.assertEqual(authority.state, "disabled")
        self.assertIsNone(self.stamper())
        for change in (
            lambda: authority.write({"state": "enabled"}),
            lambda: authority.with_context(gov_tsa_gate=True).write(
                {"state": "enabled"}
            ),
            lambda: self.tsa.create(
                {"name": "x", "url": clock.url, "state": "enabled"}
            ),
            lambda: authority.with_user(self.operator).action_enable(),
            lambda: authority.with_user(self.agent).action_enable(),
        ):
            with self.assertRaises(AccessError):
                change()
        made = self.tsa.with_context(default_state="enabled").create(
            {"name": "x", "url": clock.url}
        )
        self.assertEqual(made.state, "disabled")
        authority.action_enable()
        self.assertTrue(self.stamper())
        authority.action_disable()
        self.assertIsNone(self.stamper())
        with self.assertRaises(UserError):
            authority.unlink()
        authority.sudo().action_enable()
        self.assertTrue(self.stamper())
        authority.sudo().action_disable()
        kinds = [f"tsa.{what}" for what in ("added", "enabled", "disabled")]
        told = self.env["gov.journal.event"].search(
            [("kind", "in", kinds), ("subject_id", "=", authority.id)], order="id"
        )
        self.assertEqual(told.mapped("kind"), [*kinds, *kinds[1:]])
        self.assertEqual(set(told.mapped("actor_id")), {self.officer.id})

    def test_an_anchor_is_needed(self):
        self.anchor.with_user(self.officer).action_withdraw("Its contract ended")
        authority = self.add("http://127.0.0.1:1/", enabled=False)
        with self.assertRaisesRegex(UserError, "Trust anchors"):
            authority.action_enable()

    def test_what_may_be_typed(self):
        for values in (
            {"url": "http://169.254.169.254/"},
            {"url": "ftp://127.0.0.1/"},
            {"url": "http://a:b@127.0.0.1/"},
            {"url": False},
            {"policies": "1.2.3\nnot an oid"},
            {"login": "a:b"},
            {"password": "a\nb"},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.add(**{"url": "http://127.0.0.1/", "enabled": False, **values})

    def test_a_password_is_not_sent_elsewhere(self):
        reveal = self.env["gov.tsa.secret"]._reveal
        first = "https://tsa.example/one"
        authority = self.add(first, enabled=False, login="desk", password="open:Sesame")
        authority.url = "https://tsa.example/two"
        self.assertEqual(reveal(authority), "open:Sesame")
        for url in (
            "https://other.example/two",
            "http://tsa.example/two",
            "https://tsa.example:8443/two",
        ):
            authority.write({"url": first, "password": "open:Sesame"})
            authority.url = url
            self.assertFalse(reveal(authority), url)
            (*_others, event) = self.events("tsa.changed").sorted("id")
            self.assertEqual(json.loads(event.body)["password"], "removed")
        authority.write({"url": first, "password": "typed anew"})
        self.assertEqual(reveal(authority), "typed anew")

    def test_the_name_in_the_alarm_is_text(self):
        authority = self.add("http://tsa.example/", name='<a href="//x.example">x</a>')
        authority._tell_drift(99, True)
        note = authority.sudo().activity_ids[:1].note
        self.assertIn("&lt;a href", note)
        self.assertNotIn("<a ", note)

    def test_password(self):
        clock = self.clock()
        authority = self.add(clock.url, login="desk", password="open:Sesame")
        self.assertFalse(authority.password)
        self.assertTrue(authority.has_password)
        self.assertFalse(authority.read(["password"])[0]["password"])
        self.stamper()(DIGEST)
        expected = base64.b64encode(b"desk:open:Sesame").decode()
        self.assertEqual(clock.headers["Authorization"], f"Basic {expected}")
        self.env.flush_all()
        for table in ("gov_tsa", "gov_tsa_secret", "gov_journal_event", "mail_message"):
            self.env.cr.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            self.assertNotIn("Sesame", self.env.cr.fetchone()[0] or "")
        for user in (self.officer, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                self.env["gov.tsa.secret"].with_user(user).search([]).read()
        with Form(authority) as form:
            form.name = "Another name"
        self.assertTrue(self.state(authority).has_password)
        authority.action_forget_password()
        self.assertFalse(self.state(authority).has_password)
        told = json.loads(self.events("tsa.changed").sorted("id")[-1].body)
        self.assertEqual(told["password"], "removed")
        hidden = redact.hide({"password": "open:Sesame", "name": "x"})
        self.assertNotIn("Sesame", str(hidden))

    def test_changes_are_told(self):
        authority = self.add("http://127.0.0.1:1/")
        authority.write({"url": "http://127.0.0.1:2/", "timeout": 2})
        told = json.loads(self.events("tsa.changed").sorted("id")[-1].body)
        self.assertEqual(told["url"]["to"], "http://127.0.0.1:2/")
        self.assertEqual(told["timeout"], {"from": 300, "to": 2000})
        before = len(self.events("tsa.changed"))
        authority.write({"timeout": 2})
        self.assertEqual(len(self.events("tsa.changed")), before)
        with self.assertRaises(UserError):
            authority.write({"company_id": self.company.id})

    def test_ask_now(self):
        clock = self.clock()
        authority = self.add(clock.url, enabled=False)
        shown = authority.action_ask_now()["params"]
        self.assertEqual(shown["type"], "success")
        self.assertIn("Clock of tests", shown["message"])
        self.assertEqual(self.env["gov.timestamp"].search([]).purpose, "test")
        clock.mode = "imprint"
        with mute_logger(STAMP):
            shown = authority.action_ask_now()["params"]
        self.assertEqual(shown["type"], "danger")
        self.assertIn("timestamp of something else", shown["message"])
        self.assertIn("something else", self.state(authority).last_error)
        with self.assertRaises(AccessError):
            authority.with_user(self.operator).action_ask_now()

    # ------------------------------------------------------------------
    # Stamps
    # ------------------------------------------------------------------
    def test_stamp_and_evidence(self):
        clock = self.clock()
        authority = self.add(clock.url, policies=tsa.POLICY)
        token = tsp.read_token(self.stamper()(DIGEST), DIGEST)
        self.assertEqual(self.state(authority).health, "good")
        kept = self.env["gov.timestamp"].search([])
        self.assertEqual(kept.imprint, DIGEST.hex())
        self.assertEqual(kept.serial, f"{token.serial:x}")
        self.assertEqual(kept.policy, tsa.POLICY)
        self.assertEqual(kept.company_id, self.company.id)
        self.assertEqual(
            kept.certificate_sha256, hashlib.sha256(self.key.certificate).hexdigest()
        )
        self.assertIn(token.der, base64.b64decode(kept.response))
        seen = kept.with_user(self.auditor)
        self.assertEqual(base64.b64decode(seen.response_file).count(token.der), 1)
        for statement in (
            "UPDATE gov_timestamp SET drift = 0.5",
            "DELETE FROM gov_timestamp",
            "TRUNCATE gov_timestamp",
        ):
            with (
                self.subTest(statement),
                mute_logger("odoo.sql_db"),
                self.assertRaises(InsufficientPrivilege),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement)
        with self.assertRaises(AccessError):
            self.env["gov.timestamp"].with_user(self.officer).create({})

    def test_rolled_back_with_the_act(self):
        self.add(self.clock().url)
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.stamper()(DIGEST)
            raise ZeroDivisionError
        self.assertFalse(self.env["gov.timestamp"].search([]))

    @mute_logger(STAMP)
    def test_first_down_second_good(self):
        down, good = self.clock("error"), self.clock()
        second = self.add(good.url, sequence=20, name="Second")
        first = self.add(down.url, sequence=10, name="First")
        tsp.read_token(self.stamper()(DIGEST), DIGEST)
        self.assertEqual((down.requests, good.requests), (1, 1))
        self.assertEqual(self.state(first).health, "failing")
        self.assertIn("500", first.last_error)
        self.assertEqual(self.state(second).health, "good")
        self.assertEqual(self.env["gov.timestamp"].search([]).tsa_id, second.id)
        # Each administration sees its own and the platform's alone.
        other = self.env["res.company"].create({"name": "Another administration"})
        second.action_disable()
        first.action_disable()
        own = self.add(good.url, company_id=self.company.id)
        self.assertTrue(self.stamper())
        self.assertIsNone(self.env["gov.tsa"]._stamper(other))
        self.assertEqual(self.env["gov.tsa"]._in_use(self.company), own)

    @mute_logger(STAMP)
    def test_lies_count_as_failures(self):
        stranger = key_of(Authority("Somebody"))
        clock = self.clock()
        authority = self.add(clock.url, timeout=1)
        for mode, key, words in (
            ("nonce", self.key, "nonce"),
            ("imprint", self.key, "something else"),
            ("garbage", self.key, "not a timestamp"),
            ("good", stranger, "not trusted"),
            ("good", key_of(self.root, critical=False), "critically"),
        ):
            with self.subTest(mode, words=words):
                clock.mode, clock.key = mode, key
                self.env["gov.tsa.state"]._forget(authority.id)
                told = str(self.refusal())
                self.assertIn(words, told)
                self.assertIn("Provider", told)
                self.assertIn(words, self.state(authority).last_error)
                self.assertEqual(authority.failures, 1)
        self.assertFalse(self.env["gov.timestamp"].search([]))

    @mute_logger(STAMP)
    def test_circuit_breaker(self):
        clock = self.clock("error")
        authority = self.add(clock.url)
        stamp = self.stamper()

        def fail():
            return self.refusal(stamp).reasons[0][1]

        for _turn in range(MAX_FAILURES):
            self.assertEqual(fail(), "http_500")
        self.assertEqual(self.pause(authority), (PAUSE, 1))
        # Closed: nobody is asked, whoever wants a timestamp.
        self.assertEqual(fail(), "paused")
        self.assertEqual(clock.requests, MAX_FAILURES)
        self.assertEqual(self.state(authority).health, "paused")
        self.assertTrue(authority.paused_until)
        # One attempt after the pause; it fails and the pause doubles, to a bound.
        for openings in range(2, 8):
            self.wait_over()
            self.assertEqual(fail(), "http_500")
            self.assertEqual(fail(), "paused")
            longer = min(PAUSE * 2 ** (openings - 1), LONGEST_PAUSE)
            self.assertEqual(self.pause(authority), (longer, openings))
        self.wait_over()
        clock.mode = "good"
        stamp(DIGEST)
        self.assertEqual(self.state(authority).health, "good")
        self.assertEqual(self.pause(authority), (None, 0))

    def test_one_attempt_after_a_pause(self):
        """Of many workers that come at once after a pause, one asks."""
        authority = self.add("http://127.0.0.1:1/")
        frozen = authority.sudo()._frozen()
        states = self.env["gov.tsa.state"]
        probes = [states._begin(frozen)[0] for _turn in range(5)]
        for probe in probes:
            states._failed(frozen, probe, "x", "x")
        # Five failed at once: it is one pause, not three.
        self.assertEqual(self.pause(authority), (PAUSE, 1))
        self.wait_over()
        told = [states._begin(frozen) for _turn in range(4)]
        self.assertEqual([one[1] for one in told], ["go", *["paused"] * 3])
        # That worker dies: another one tries once its time is over.
        self.wait_over()
        self.assertEqual(states._begin(frozen)[1], "go")

    def test_rate(self):
        clock = self.clock()
        self.add(clock.url, per_minute=2)
        stamp = self.stamper()
        stamp(DIGEST)
        stamp(DIGEST)
        self.assertEqual(self.refusal(stamp).reasons[0][1], "rate")
        self.assertEqual(clock.requests, 2)
        self.env.cr.execute("UPDATE gov_tsa_state SET minute = clock_timestamp()")
        stamp(DIGEST)

    def test_clocks_differ(self):
        clock = self.clock("minute")
        authority = self.add(clock.url)
        for _turn in range(3):
            tsp.read_token(self.stamper()(DIGEST), DIGEST)
        self.assertTrue(self.state(authority).is_drifting)
        self.assertAlmostEqual(authority.drift, 60, delta=5)
        self.assertEqual(len(self.events("tsa.drift")), 1)
        activities = authority.sudo().activity_ids
        self.assertIn(self.operator, activities.user_id)
        self.assertNotIn(self.officer, activities.user_id)
        self.assertIn("NTP", activities[0].note)
        clock.mode = "good"
        self.stamper()(DIGEST)
        self.assertFalse(self.state(authority).is_drifting)
        self.assertFalse(authority.sudo().activity_ids)
        clock.mode = "minute"
        self.stamper()(DIGEST)
        self.assertEqual(len(self.events("tsa.drift")), 2)

    @mute_logger(STAMP)
    def test_a_clock_an_hour_off(self):
        """Told once, and not used: no check would accept its timestamps."""
        clock = self.clock("ahead")
        authority = self.add(clock.url)
        for _turn in range(2):
            self.assertEqual(self.refusal().reasons[0][1], "wrong_time")
        self.assertTrue(self.state(authority).is_drifting)
        self.assertAlmostEqual(authority.drift, 3600, delta=5)
        self.assertEqual(authority.failures, 2)
        self.assertEqual(len(self.events("tsa.drift")), 1)
        self.assertTrue(authority.sudo().activity_ids)
        self.assertFalse(self.env["gov.timestamp"].search([]))
        # Acts are sealed all the same, without a timestamp.
        with MasterKeyFile():
            sealed = self.env["gov.seal"]._seal_pdf(self.company, small_pdf())
        self.assertEqual(lta.level(sealed), "B-B")

    def test_many_threads(self):
        """Threads of a bulk stamp at once; what came is kept before the commit."""
        clock = self.clock()
        self.add(clock.url, timeout=5)
        stamp = self.stamper()
        digests = [hashlib.sha256(bytes([number])).digest() for number in range(12)]
        tokens = {}

        def work(digest):
            tokens[digest] = tsp.read_token(stamp(digest), digest)

        threads = [threading.Thread(target=work, args=(one,)) for one in digests]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(tokens), 12)
        self.env.cr.flush()
        kept = self.env["gov.timestamp"].search([]).mapped("imprint")
        self.assertCountEqual(kept, [digest.hex() for digest in digests])

    # ------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------
    def test_rights(self):
        authority = self.add("http://127.0.0.1:1/", enabled=False)
        for user in (self.auditor, self.operator):
            seen = authority.with_user(user)
            seen.read(["name", "health", "last_error"])
            with self.assertRaises(AccessError):
                seen.write({"name": "x"})
        with self.assertRaises(AccessError):
            authority.with_user(self.agent).read(["name"])
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        hidden = self.env["gov.tsa"].create(
            {"name": "x", "url": "http://127.0.0.1/", "company_id": elsewhere.id}
        )
        self.assertFalse(self.tsa.search([("id", "=", hidden.id)]))
