import datetime
import subprocess
import tempfile
import warnings
from pathlib import Path

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.x509.oid import NameOID

from odoo.tests import BaseCase, tagged

from ..lib import ca, keys, names
from .common_keys import authority, loaded

NOW = datetime.datetime.now(datetime.UTC)


@tagged("standard", "alone")
class TestAuthority(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root_key, cls.root = authority()

    def test_root_profile(self):
        root = x509.load_der_x509_certificate(self.root)
        basic = root.extensions.get_extension_for_class(x509.BasicConstraints)
        self.assertTrue(basic.critical and basic.value.ca)
        self.assertEqual(basic.value.path_length, 0)
        usage = root.extensions.get_extension_for_class(x509.KeyUsage).value
        self.assertTrue(usage.key_cert_sign and usage.crl_sign)
        self.assertFalse(usage.digital_signature)
        self.assertEqual(root.public_key().curve.name, "secp256r1")
        years = (root.not_valid_after_utc - root.not_valid_before_utc).days / 365.25
        self.assertAlmostEqual(years, ca.ROOT_YEARS, delta=0.1)
        self.assertEqual(root.serial_number.bit_length(), 128)

    def test_leaf_profile(self):
        leaf = x509.load_der_x509_certificate(
            loaded(self.root_key, self.root).certificate
        )
        root = x509.load_der_x509_certificate(self.root)
        leaf.verify_directly_issued_by(root)
        told = {part.oid: part.value for part in leaf.subject}
        self.assertEqual(told[NameOID.ORGANIZATION_IDENTIFIER], "RBT-01")
        self.assertEqual(told[NameOID.ORGANIZATION_NAME], "جماعة الرباط أكدال")
        self.assertEqual(told[NameOID.COUNTRY_NAME], "MA")
        usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
        self.assertTrue(usage.digital_signature and usage.content_commitment)
        uses = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        self.assertEqual(list(uses), [ca.DOCUMENT_SIGNING])
        authority_id = leaf.extensions.get_extension_for_class(
            x509.AuthorityKeyIdentifier
        ).value
        subject_id = root.extensions.get_extension_for_class(
            x509.SubjectKeyIdentifier
        ).value
        self.assertEqual(authority_id.key_identifier, subject_id.digest)

    def test_openssl_agrees(self):
        key = loaded(self.root_key, self.root)
        with tempfile.TemporaryDirectory() as folder:
            root, leaf = Path(folder) / "root.pem", Path(folder) / "leaf.pem"
            root.write_text(ca.pem(self.root))
            leaf.write_text(ca.pem(key.certificate))
            done = subprocess.run(
                ["openssl", "verify", "-x509_strict", "-CAfile", root, leaf],
                capture_output=True,
                text=True,
                check=False,
            )
        self.assertEqual(done.returncode, 0, done.stderr)

    def subject(self, name):
        """Names of a seal certificate for ``name``; no program may complain."""
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            der = loaded(self.root_key, self.root, name=name).certificate
            leaf = x509.load_der_x509_certificate(der)
        # Validators prepare names as RFC 4518 says before they compare them.
        asn1_x509.Certificate.load(der).subject.hashable  # noqa: B018
        told = {part.oid: part.value for part in leaf.subject}
        return told[NameOID.ORGANIZATION_NAME], told[NameOID.COMMON_NAME]

    def test_long_names_are_cut(self):
        arabic = "جماعة ذات اسم طويل جدا جدا لا يسعه الحقل المخصص له في الشهادة الرقمية"
        latin = (
            "Commune au nom très long qui ne tient pas dans le champ de ce certificat"
        )
        for name in (arabic, latin):
            for cut in self.subject(name):
                self.assertLessEqual(len(cut), names.NAME_MAX)
        self.assertTrue(self.subject(latin)[0].endswith("…"))
        self.assertTrue(arabic.startswith(self.subject(arabic)[0]))

    def test_names_keep_one_direction(self):
        for name, expected in {
            "جماعة الرباط أكدال": "جماعة الرباط أكدال",
            "جماعة الرباط / Commune de Rabat": "جماعة الرباط",
            "Commune de Rabat – جماعة الرباط": "Commune de Rabat",
            "المقاطعة رقم 5": "المقاطعة رقم",
            "ⵜⴰⵖⵔⴰⵎⵜ ⵏ ⴰⴳⴷⴰⵍ": "RBT-01",
        }.items():
            with self.subTest(name):
                organisation, common = self.subject(name)
                self.assertEqual(organisation, expected)
                self.assertTrue(common.endswith(expected))

    def test_check_accepts_its_own(self):
        seal = loaded(self.root_key, self.root)
        ca.check(seal.certificate, [self.root], ca.SEAL, NOW)
        journal = loaded(self.root_key, self.root, ca.JOURNAL)
        ca.check(journal.certificate, [self.root], ca.JOURNAL, NOW)

    def assertRefused(self, certificate, roots, use, moment, reason):
        with self.assertRaisesRegex(ca.CertificateRefused, reason):
            ca.check(certificate, roots, use, moment)

    def test_check_refuses_another_authority_of_the_same_name(self):
        other_key, other = authority()
        forged = loaded(other_key, other).certificate
        self.assertRefused(forged, [self.root], ca.SEAL, NOW, "no trusted")
        self.assertRefused(forged, [], ca.SEAL, NOW, "no trusted")

    def test_check_refuses_another_use(self):
        seal, journal = (
            loaded(self.root_key, self.root, use).certificate
            for use in (ca.SEAL, ca.JOURNAL)
        )
        self.assertRefused(journal, [self.root], ca.SEAL, NOW, "not|lacks")
        self.assertRefused(seal, [self.root], ca.JOURNAL, NOW, "journal")
        self.assertRefused(self.root, [self.root], ca.SEAL, NOW, "signer")

    def test_check_refuses_out_of_time(self):
        seal = loaded(self.root_key, self.root).certificate
        for years in (-1, 6):
            moment = NOW + datetime.timedelta(days=365 * years)
            self.assertRefused(seal, [self.root], ca.SEAL, moment, "valid at")

    def test_check_refuses_a_leaf_as_authority(self):
        middle = loaded(self.root_key, self.root)
        private = keys.generate()
        holder = ca.Holder("Below")
        below = ca.issue(
            middle.certificate,
            middle.private_key,
            private.public_key(),
            holder,
            ca.SEAL,
        )
        self.assertRefused(
            below, [self.root, middle.certificate], ca.SEAL, NOW, "no trusted"
        )
