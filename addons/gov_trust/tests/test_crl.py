import datetime
import subprocess
import tempfile
from pathlib import Path

from asn1crypto import crl as asn1_crl
from cryptography import x509
from psycopg2.errors import InsufficientPrivilege

from odoo.tests import BaseCase, HttpCase, TransactionCase, tagged
from odoo.tools import mute_logger

from ..lib import ca, crl, keys
from .common_keys import MasterKeyFile, authority

NOW = datetime.datetime(2026, 5, 4, 12, tzinfo=datetime.UTC)


def openssl(*arguments):
    """Run openssl; return (its return code, what it said)."""
    done = subprocess.run(
        ["openssl", *map(str, arguments)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@tagged("standard", "alone")
class TestList(BaseCase):
    """lib/crl.py alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        private, cls.root = authority()
        mark = keys.fingerprint(private.public_key())
        cls.key = keys.LoadedKey(private, cls.root, (), mark)
        cls.now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)

    def entry(self, serial, reason="unspecified"):
        return crl.Entry(serial, self.now - datetime.timedelta(hours=1), reason)

    def leaf(self, use=ca.SEAL):
        private = keys.generate()
        holder = ca.Holder("Commune", "RBT-01", "MA", "Seal")
        places = ca.Places.of("https://exemple.ma/", self.root)
        return ca.issue(
            self.root,
            self.key.private_key,
            private.public_key(),
            holder,
            use,
            places=places,
        )

    def test_made_read_and_checked(self):
        entries = [
            self.entry(2**127 + number, reason)
            for number, reason in enumerate(crl.REASONS)
        ]
        der = crl.make(self.key, 7, entries, self.now)
        told = crl.check(der, self.root, self.now)
        self.assertEqual(told.number, 7)
        self.assertEqual(told.entries, {entry.serial: entry for entry in entries})
        self.assertEqual(told.next_update, self.now + crl.VALID)
        # Another reader finds the same.
        other = asn1_crl.CertificateList.load(der, strict=True)
        self.assertEqual(other.crl_number_value.native, 7)
        self.assertEqual(len(other["tbs_cert_list"]["revoked_certificates"]), 6)
        with self.assertRaisesRegex(crl.CrlRefused, "twice"):
            crl.make(self.key, 8, [self.entry(5), self.entry(5)])

    def test_refused(self):
        der = crl.make(self.key, 1, [self.entry(5)], self.now)
        _key, other_root = authority()
        _key, elsewhere = authority("Elsewhere")
        later = self.now + datetime.timedelta(days=8)
        earlier = self.now - datetime.timedelta(days=1)
        for code, arguments in {
            "signature": (der, other_root),
            "issuer": (der, elsewhere),
            "stale": (der, self.root, later),
            "future": (der, self.root, earlier),
            "usage": (der, self.leaf()),
            "syntax": (der[:-1], self.root),
            "size": (b"", self.root),
        }.items():
            with self.subTest(code), self.assertRaises(crl.CrlRefused) as caught:
                crl.check(*arguments)
            self.assertEqual(caught.exception.code, code)
        for change in range(0, len(der), 7):
            broken = bytearray(der)
            broken[change] ^= 0x11
            with self.assertRaises(crl.CrlRefused):
                crl.check(bytes(broken), self.root)
        with self.assertRaises(crl.CrlRefused):
            crl.check(der + b"\0", self.root)

    def test_partial_lists_are_refused(self):
        issuer = x509.load_der_x509_certificate(self.root).subject
        for extension in (
            x509.DeltaCRLIndicator(1),
            x509.IssuingDistributionPoint(None, None, True, False, None, False, False),
            x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\5\0"),
        ):
            der = (
                x509.CertificateRevocationListBuilder()
                .issuer_name(issuer)
                .last_update(self.now)
                .next_update(self.now + crl.VALID)
                .add_extension(extension, critical=True)
                .sign(self.key.private_key, crl.hashes.SHA256())
                .public_bytes(crl.serialization.Encoding.DER)
            )
            with self.assertRaises(crl.CrlRefused):
                crl.parse(der)

    def test_openssl_agrees(self):
        good, bad = self.leaf(), self.leaf()
        serial = x509.load_der_x509_certificate(bad).serial_number
        der = crl.make(self.key, 3, [self.entry(serial, "keyCompromise")])
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "list.crl").write_bytes(der)
            (folder / "root.pem").write_text(ca.pem(self.root))
            code, said = openssl(
                *("crl", "-inform", "DER", "-in", folder / "list.crl", "-noout"),
                *("-text", "-CAfile", folder / "root.pem"),
            )
            self.assertEqual(code, 0, said)
            self.assertIn("verify OK", said)
            self.assertIn("Key Compromise", said)
            pem = folder / "list.pem"
            openssl(*("crl", "-inform", "DER", "-in", folder / "list.crl", "-out", pem))
            for leaf, wanted in ((good, 0), (bad, 2)):
                (folder / "leaf.pem").write_text(ca.pem(leaf))
                code, said = openssl(
                    *("verify", "-x509_strict", "-crl_check"),
                    *("-CAfile", folder / "root.pem", "-CRLfile", pem),
                    folder / "leaf.pem",
                )
                self.assertEqual(code, wanted, said)
            self.assertIn("certificate revoked", said)

    def test_certificates_say_where(self):
        leaf = x509.load_der_x509_certificate(self.leaf())
        mark = ca.describe(self.root)["sha256"][:16]
        point = leaf.extensions.get_extension_for_class(x509.CRLDistributionPoints)
        self.assertEqual(
            point.value[0].full_name[0].value, f"https://exemple.ma/trust/crl?ca={mark}"
        )
        access = leaf.extensions.get_extension_for_class(
            x509.AuthorityInformationAccess
        )
        self.assertEqual(
            [found.access_location.value for found in access.value],
            [
                f"https://exemple.ma/trust/ca.cer?ca={mark}",
                "https://exemple.ma/trust/ca.pem",
            ],
        )
        named = ca.Places.of("https://جماعة.المغرب/مكتب", self.root)
        self.assertTrue(named.crl.isascii())


@tagged("standard")
class TestLists(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.crls = cls.env["gov.crl"]
        cls.env.user.group_ids |= cls.env.ref("gov_trust.group_gov_trust_officer")
        cls.seal = cls.env["gov.key"]._get(cls.env.company, "seal")
        cls.root = ca.der(cls.crls._authority().pem)[0]

    def test_first_list_and_the_daily_one(self):
        first = crl.check(
            self.crls._current(), self.root, datetime.datetime.now(NOW.tzinfo)
        )
        self.crls._renew()
        self.assertEqual(self.crls._current(), first.der)
        self.assertIn(first.der, self.crls._all())
        later = self.crls._make(self.crls._authority())
        self.assertGreater(later.number, first.number)
        self.assertEqual(self.crls._current(), later._der())
        event = self.env["gov.journal.event"].search(
            [("kind", "=", "crl.issued")], order="id desc", limit=1
        )
        self.assertIn(later.sha256, event.body)

    def test_without_the_master_key_the_last_one_stays(self):
        current = self.crls._current()
        with MasterKeyFile("cd" * 32), self.assertLogs("odoo.addons.gov_trust") as logs:
            self.assertFalse(self.crls._try_make(self.crls._authority()))
            self.assertEqual(self.crls._current(), current)
        self.assertIn("stays in use", logs.output[0])

    def test_a_list_never_changes(self):
        latest = self.crls._latest()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(InsufficientPrivilege),
            self.env.cr.savepoint(),
        ):
            latest.write({"number": 99})
            latest.flush_recordset()

    def test_certificates_of_the_platform_say_where(self):
        base = self.env["ir.config_parameter"].get_param("web.base.url")
        key = self.seal.action_rotate("test")
        leaf = x509.load_pem_x509_certificate(key.certificate_ids.pem.encode())
        point = leaf.extensions.get_extension_for_class(x509.CRLDistributionPoints)
        self.assertTrue(
            point.value[0].full_name[0].value.startswith(f"{base}/trust/crl")
        )


@tagged("standard")
class TestListPage(HttpCase):
    def test_served(self):
        crls = self.env["gov.crl"]
        self.env["gov.key"]._get(self.env.company, "seal")
        current = crls._current()
        mark = crls._authority().sha256
        for address in ("/trust/crl", f"/trust/crl?ca={mark[:16]}"):
            answer = self.url_open(address)
            self.assertEqual(answer.status_code, 200)
            self.assertEqual(answer.headers["Content-Type"], "application/pkix-crl")
            self.assertIn("public", answer.headers["Cache-Control"])
            self.assertEqual(answer.content, current)
        number = crls._latest().number
        answer = self.url_open(f"/trust/crl?number={number}")
        self.assertEqual(answer.content, current)
        for address in (
            "/trust/crl?ca=" + "0" * 16,
            "/trust/crl?ca=" + mark[:4],
            "/trust/crl?ca=%00%25_",
            "/trust/crl?number=999999",
            "/trust/crl?number=99999999999999999999",
            "/trust/ca.cer?ca=zz",
        ):
            answer = self.url_open(address)
            self.assertEqual(answer.status_code, 404, address)
            self.assertIn("text/plain", answer.headers["Content-Type"])
        answer = self.url_open(f"/trust/ca.cer?ca={mark[:16]}")
        self.assertEqual(answer.headers["Content-Type"], "application/pkix-cert")
        self.assertEqual(ca.describe(answer.content)["sha256"], mark)
