import datetime
import socket
import time

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from odoo.tests import BaseCase, tagged

from ..lib import trust, tsa, tsp_http
from ..lib.tsp_ask import AskFailed, Authority as Asked, ask
from .common_pki import DAY, DOCUMENTS, Authority
from .common_tsa import DIGEST, Clock, key_of

SECONDS = 0.3


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@tagged("standard")
class TestAsk(BaseCase):
    """One authority over real HTTP: all that can go wrong has its own reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root = Authority("Root of clocks")
        cls.key = key_of(cls.root)
        cls.store = trust.Store(
            (trust.Anchor(cls.root.der, "qualified", frozenset({trust.TIMESTAMP})),)
        )

    def ask(self, mode="good", key=None, store=None, **options):
        clock = Clock(self, key or self.key, mode)
        authority = Asked(1, "Provider", url=clock.url, seconds=SECONDS, **options)
        return ask(authority, DIGEST, store or self.store)

    def assertFails(self, code, *arguments, **options):
        begin = time.monotonic()
        with self.assertRaises(AskFailed) as caught:
            self.ask(*arguments, **options)
        self.assertEqual(caught.exception.code, code, str(caught.exception))
        self.assertTrue(str(caught.exception))
        self.assertLess(time.monotonic() - begin, SECONDS + 2)

    def test_good(self):
        answer = self.ask()
        self.assertEqual(answer.token.imprint, DIGEST)
        self.assertEqual(answer.drift, 0)
        self.assertEqual(self.ask(policies=(tsa.POLICY,)).token.policy, tsa.POLICY)

    def test_what_comes_back(self):
        for mode, code in (
            ("silent", "timeout"),
            ("drip", "timeout"),
            ("error", "http_500"),
            ("busy", "http_429"),
            ("redirect", "redirect"),
            ("huge", "too_long"),
            ("garbage", "garbage"),
            ("empty", "garbage"),
            ("reject", "refused"),
            ("nonce", "wrong_nonce"),
            ("imprint", "wrong_imprint"),
            ("sha1", "weak"),
            ("past", "expired"),
        ):
            with self.subTest(mode):
                self.assertFails(code, mode)

    def test_wrong_policy(self):
        self.assertFails("refused", policies=("1.2.3",))
        self.assertFails("wrong_policy", policies=("1.2.3", "1.2.4"))

    def test_whose_certificate(self):
        ended = {"begin": datetime.datetime.now(datetime.UTC) - 100 * DAY, "days": 50}
        stranger = Authority("Root of clocks")
        both = (ExtendedKeyUsageOID.TIME_STAMPING, DOCUMENTS)
        for code, key, mode in (
            ("expired", key_of(self.root, **ended), "good"),
            # It says a time at which its certificate was valid still.
            ("expired", key_of(self.root, **ended), "past"),
            ("no_anchor", key_of(stranger), "good"),
            ("wrong_usage", key_of(self.root, critical=False), "good"),
            ("wrong_usage", key_of(self.root, purposes=both), "good"),
            ("wrong_usage", key_of(self.root, purposes=(DOCUMENTS,)), "good"),
            ("wrong_usage", key_of(self.root, purposes=()), "good"),
        ):
            with self.subTest(code, mode=mode):
                self.assertFails(code, mode, key)

    def test_revoked(self):
        key = key_of(self.root)
        found = x509.load_der_x509_certificate(key.certificate)
        moment = datetime.datetime.now(datetime.UTC) - DAY / 2
        listed = self.root.crl([(found, moment)])
        self.assertFails(
            "revoked", key=key, store=trust.Store(self.store.anchors, crls=(listed,))
        )

    def test_not_for_timestamps(self):
        signing = trust.Store((trust.Anchor(self.root.der, "qualified", frozenset()),))
        self.assertFails("wrong_usage", store=signing)

    def test_clock_off(self):
        self.assertAlmostEqual(self.ask("minute").drift, 60, delta=5)
        self.assertFails("wrong_time", "ahead")
        old = {"begin": datetime.datetime.now(datetime.UTC) - 100 * DAY}
        self.assertFails("wrong_time", "past", key_of(self.root, **old))

    def test_login(self):
        clock = Clock(self, self.key)
        ask(
            Asked(1, "P", url=clock.url, login="é", password="s:ecret", seconds=2),
            DIGEST,
            self.store,
        )
        self.assertEqual(clock.headers["Authorization"], "Basic w6k6czplY3JldA==")
        self.assertNotIn("s:ecret", repr(Asked(1, "P", password="s:ecret")))

    def test_nobody_there(self):
        port = closed_port()
        for url, code in (
            (f"http://127.0.0.1:{port}/", "refused_connection"),
            ("http://nowhere.invalid/", "name"),
        ):
            with self.subTest(url), self.assertRaises(tsp_http.HttpFailed) as caught:
                tsp_http.post(url, b"", "a/b", seconds=2)
            self.assertEqual(caught.exception.code, code)

    def test_addresses(self):
        for url in (
            "http://169.254.169.254/latest/meta-data",
            "http://2852039166/",
            "http://0xa9.0xfe.0xa9.0xfe/",
            "http://[::ffff:169.254.169.254]/",
            "http://[64:ff9b::a9fe:a9fe]/",
            "http://[2002:a9fe:a9fe::1]/",
            "http://[fe80::1]/",
            "http://[fd00:ec2::254]/",
            "http://100.100.100.200/",
            "http://0.0.0.0/",
            "http://224.0.0.1/",
            "file:///etc/passwd",
            "gopher://127.0.0.1/",
            "http://login:word@127.0.0.1/",
            "http://127.0.0.1/#part",
            "http://127.0.0.1:99999/",
            "http://127.0.0.1/a b",
            "http://127.0.0.1/\r\nHost: x",
            "http://",
            "//127.0.0.1/",
            "",
        ):
            with self.subTest(url), self.assertRaises(tsp_http.HttpFailed) as caught:
                tsp_http.post(url, b"", "a/b", seconds=0.5)
            self.assertEqual(caught.exception.code, "address")
