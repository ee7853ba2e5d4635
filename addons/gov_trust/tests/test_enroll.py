import datetime
import subprocess
import time

from asn1crypto import pkcs12 as asn1_pkcs12
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID

from odoo.tests import BaseCase, tagged

from ..lib import enroll, keys, trust
from .common_enrol import PASSWORD, key_pem, organisation, p12, parents, pem_file
from .common_pki import DAY, Authority, der, name, new_key, pem

NOW = datetime.datetime.now(datetime.UTC)


class EnrolCase(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root = Authority("Root")
        cls.middle = Authority("Middle", cls.root)
        cls.leaf, cls.key = cls.middle.issue(subject=organisation())
        cls.store = cls.believing(cls.root)

    @staticmethod
    def believing(*roots, **more):
        uses = frozenset(more.pop("uses", trust.USES))
        anchors = [trust.Anchor(root.der, "advanced", uses, **more) for root in roots]
        return trust.Store(tuple(anchors))

    def assertRefused(self, code, blob, password=None):
        with self.assertRaises(enroll.EnrolRefused) as caught:
            enroll.read(blob, password)
        self.assertEqual(caught.exception.code, code)


@tagged("standard")
class TestEnrolRead(EnrolCase):
    def assertRead(self, blob, password=None, others=2):
        found = enroll.read(blob, password)
        self.assertEqual(
            keys.fingerprint(found.private_key.public_key()),
            keys.fingerprint(self.key.public_key()),
        )
        self.assertEqual(found.certificate, der(self.leaf))
        self.assertEqual(len(found.others), others)
        self.assertNotIn(PASSWORD, repr(found))

    def test_pkcs12(self):
        chain = parents(self.middle)
        form = serialization.PrivateFormat.PKCS12.encryption_builder()
        scheme = serialization.pkcs12.PBES
        for encryption in (
            None,
            form.key_cert_algorithm(scheme.PBESv1SHA1And3KeyTripleDESCBC)
            .hmac_hash(hashes.SHA1())
            .build(PASSWORD.encode()),
            form.key_cert_algorithm(scheme.PBESv2SHA256AndAES256CBC)
            .kdf_rounds(100_000)
            .build(PASSWORD.encode()),
        ):
            self.assertRead(
                p12(self.key, self.leaf, chain, encryption=encryption), PASSWORD
            )
        for password in ("", None):
            plain = p12(
                self.key, self.leaf, chain, encryption=serialization.NoEncryption()
            )
            self.assertRead(plain, password)

    def test_pkcs12_of_openssl(self):
        # RC2-40, as old Windows made them.
        text = pem_file(self.key, self.leaf, *parents(self.middle))
        command = ["openssl", "pkcs12", "-export", "-legacy", "-passout", "pass:abc"]
        made = subprocess.run(command, input=text, capture_output=True, check=True)
        self.assertRead(made.stdout, "abc")

    def test_pem(self):
        chain = parents(self.middle)
        traditional = serialization.PrivateFormat.TraditionalOpenSSL
        for blob, password in (
            (pem_file(self.key, self.leaf, *chain), None),
            (pem_file(self.key, self.leaf, *chain), "not needed"),
            (pem_file(self.key, *chain, self.leaf, password=PASSWORD), PASSWORD),
            (
                b"Bag Attributes\r\n"
                + key_pem(self.key, PASSWORD, traditional)
                + b"".join(map(pem, [self.leaf, *chain])).replace(b"\n", b"\r\n"),
                PASSWORD,
            ),
        ):
            self.assertRead(blob, password)

    def test_wrong_password(self):
        for blob in (
            p12(self.key, self.leaf),
            pem_file(self.key, self.leaf, password=PASSWORD),
            key_pem(self.key, PASSWORD, serialization.PrivateFormat.TraditionalOpenSSL)
            + pem(self.leaf),
        ):
            for password in ("wrong", "", None):
                self.assertRefused("wrong_password", blob, password)

    def test_not_a_key_file(self):
        whole = p12(self.key, self.leaf)
        for blob in (
            *(b"", b"hello", b"%PDF-1.7\n", b"\x30\x80" * 1000, b"\x30" * 5000),
            *(whole[:-1], whole[:40], whole + b"\0"),
            pem(self.leaf).replace(b"MII", b"!!!") + key_pem(self.key),
            key_pem(self.key)[:60] + key_pem(self.key)[-30:],
            b"-----BEGIN NOTHING-----\n-----END NOTHING-----\n",
        ):
            self.assertRefused("not_a_key_file", blob, PASSWORD)

    def test_missing_parts(self):
        only = serialization.pkcs12.serialize_java_truststore
        certificates = [serialization.pkcs12.PKCS12Certificate(self.leaf, b"x")]
        encryption = serialization.BestAvailableEncryption(PASSWORD.encode())
        self.assertRefused("no_key", only(certificates, encryption), PASSWORD)
        self.assertRefused("no_key", pem(self.leaf))
        self.assertRefused("no_certificate", key_pem(self.key))
        self.assertRefused("no_certificate", p12(self.key, None), PASSWORD)

    def test_several_keys(self):
        two = pem_file(self.key, self.leaf) + key_pem(new_key())
        self.assertRefused("several_keys", two)
        self.assertRefused("several_keys", self._two_bags(), PASSWORD)

    def _two_bags(self):
        """A PKCS#12 file whose part of keys holds its key twice."""
        loaded = asn1_pkcs12.Pfx.load(p12(self.key, self.leaf))
        safe = asn1_pkcs12.AuthenticatedSafe.load(loaded["auth_safe"]["content"].native)
        for part in safe:
            if part["content_type"].native == "data":
                bags = asn1_pkcs12.SafeContents.load(part["content"].native)
                bags.append(bags[0].copy())
                part["content"] = bags.dump(force=True)
        loaded["auth_safe"]["content"] = safe.dump(force=True)
        return loaded.dump(force=True)

    def test_mismatch(self):
        other, _key = self.middle.issue()
        self.assertRefused("mismatch", pem_file(self.key, other))
        self.assertRefused(
            "mismatch", pem_file(self.key, other, *parents(self.middle)), PASSWORD
        )

    def test_kinds_of_keys(self):
        leaf, _key = self.root.issue(key=ed25519.Ed25519PrivateKey.generate())
        self.assertRefused("unsupported_key", pem_file(_key, leaf))

    def test_hostile_work(self):
        loaded = asn1_pkcs12.Pfx.load(p12(self.key, self.leaf))
        loaded["mac_data"]["iterations"] = 2_000_000_000
        begin = time.monotonic()
        self.assertRefused("too_slow", loaded.dump(force=True), PASSWORD)
        self.assertLess(time.monotonic() - begin, 15)

    def test_size(self):
        self.assertRefused("too_large", b"x" * (enroll.MAX_BYTES + 1))

    def test_certificates(self):
        chain = [self.leaf, *parents(self.middle)]
        bundle = b"".join(map(pem, chain))
        form = serialization.Encoding
        bundled = pkcs7.serialize_certificates
        for blob, count in (
            *((bundle, 3), (der(self.leaf), 1)),
            *((bundled(chain, form.PEM), 3), (bundled(chain, form.DER), 3)),
        ):
            self.assertEqual(len(enroll.read_certificates(blob)), count)
        for blob in (b"", b"x", key_pem(self.key), pem(self.leaf)[:-40]):
            with self.assertRaises(enroll.EnrolRefused) as caught:
                enroll.read_certificates(blob)
            self.assertEqual(caught.exception.code, "not_certificates")


@tagged("standard")
class TestEnrolCheck(EnrolCase):
    def check(self, leaf, others=None, store=None, use="seal", moment=NOW):
        if others is None:
            others = self.middle.chain
        return enroll.check(
            leaf if isinstance(leaf, bytes) else der(leaf),
            others,
            store or self.store,
            use,
            moment,
        )

    def assertCode(self, code, *args, about=None, **kwargs):
        with self.assertRaises(enroll.EnrolRefused) as caught:
            self.check(*args, **kwargs)
        self.assertEqual(caught.exception.code, code, str(caught.exception))
        if about:
            self.assertIn(about, caught.exception.about)

    def seal(self, **options):
        return self.middle.issue(subject=organisation(), **options)[0]

    def test_good(self):
        path = self.check(self.leaf)
        self.assertEqual(list(path.chain[1:]), self.middle.chain)
        self.assertEqual(path.level, "advanced")
        for kind in ("p384", "rsa2048", "rsa3072"):
            self.check(self.seal(kind=kind, mark="enrol"))
        person, _key = self.middle.issue(subject=name("Amina", given="Amina"))
        self.check(person, use="signature")

    def test_dates(self):
        self.assertCode("expired", self.seal(begin=NOW - 9 * DAY, days=8))
        self.assertCode("not_yet_valid", self.seal(begin=NOW + DAY), about="20")
        self.assertCode("expired", self.leaf, moment=NOW + 1000 * DAY)

    def test_usage(self):
        for purposes in (
            (ExtendedKeyUsageOID.SERVER_AUTH,),
            (ExtendedKeyUsageOID.CODE_SIGNING,),
            (ExtendedKeyUsageOID.TIME_STAMPING,),
            (ExtendedKeyUsageOID.OCSP_SIGNING,),
        ):
            self.assertCode("wrong_usage", self.seal(purposes=purposes))
        self.check(self.seal(purposes=()))
        self.check(self.seal(purposes=(ExtendedKeyUsageOID.EMAIL_PROTECTION,)))
        self.assertCode("wrong_usage", self.middle.certificate)
        self.assertCode("wrong_usage", self.root.certificate)
        for usage in ({"key_encipherment": True}, {"key_agreement": True}):
            self.assertCode("wrong_usage", self._used(**usage))
        self.assertCode("wrong_usage", self._used(None))
        self.check(self._used(digital_signature=True))
        self.check(self._used(content_commitment=True))

    def _used(self, *none, **usage):
        names = ("digital_signature", "content_commitment", "key_encipherment")
        names += ("data_encipherment", "key_agreement", "key_cert_sign", "crl_sign")
        names += ("encipher_only", "decipher_only")
        builder = (
            x509.CertificateBuilder()
            .subject_name(organisation())
            .issuer_name(self.middle.certificate.subject)
            .public_key(new_key().public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - DAY)
            .not_valid_after(NOW + DAY)
        )
        if not none:
            given = x509.KeyUsage(**dict.fromkeys(names, False) | usage)
            builder = builder.add_extension(given, True)
        return builder.sign(self.middle.key, hashes.SHA256())

    def test_kind_of_holder(self):
        person, _key = self.middle.issue(subject=name("Amina", given="Amina"))
        self.assertCode("wrong_kind", person, use="seal")
        self.assertCode("wrong_kind", self.leaf, use="signature")

    def test_weak(self):
        self.assertCode(
            "weak_key", self.seal(kind="rsa1024", mark="weak"), about="1024"
        )
        self.assertCode("weak_key", self.seal(kind="p224"))
        small = rsa.generate_private_key(3, 2048)
        self.assertCode("weak_key", self.seal(key=small))
        weak = Authority("Weak", kind="rsa1024", mark="weak")
        leaf, _key = weak.issue(subject=organisation())
        self.assertCode("weak_issuer", leaf, weak.chain, self.believing(weak))

    def test_weak_hash(self):
        # OpenSSL still signs with SHA-1 when it is asked.
        leaf = self._by_openssl("-sha1", "rsa")
        self.assertCode("weak_hash", leaf, [])

    def test_unsupported(self):
        for curve in (ec.SECP256K1(), ec.BrainpoolP256R1()):
            leaf = self.seal(key=ec.generate_private_key(curve))
            self.assertCode("unsupported_key", leaf)
        ed = self.seal(key=ed25519.Ed25519PrivateKey.generate())
        self.assertCode("unsupported_key", ed)
        self.assertCode("unsupported_key", self._by_openssl("-sha256", "rsa-pss"), [])

    def _by_openssl(self, digest, algorithm):
        command = ["openssl", "req", "-x509", digest, "-newkey", algorithm]
        command += [
            "-nodes",
            "-keyout",
            "/dev/null",
            "-subj",
            "/O=X/CN=X",
            "-days",
            "9",
        ]
        command += ["-outform", "DER", "-addext", "keyUsage=digitalSignature"]
        return subprocess.run(command, capture_output=True, check=True).stdout

    def test_p192(self):
        command = "openssl ecparam -name prime192v1 -genkey -noout | openssl req -x509"
        command += " -new -key /dev/stdin -subj /CN=X -days 9 -outform DER"
        made = subprocess.run(
            ["sh", "-c", command], capture_output=True, check=True
        ).stdout
        self.assertCode("weak_key", made, [])

    def test_chain(self):
        self.assertCode("incomplete_chain", self.leaf, [], about="Middle")
        stranger = Authority("Stranger")
        leaf, _key = stranger.issue(subject=organisation())
        self.assertCode("unknown_anchor", leaf, stranger.chain, about="Stranger")
        self.assertCode("incomplete_chain", leaf, [], about="Stranger")
        # The famous name with another key leads nowhere.
        false_root = Authority("Root")
        leaf, _key = false_root.issue(subject=organisation())
        self.assertCode("unknown_anchor", leaf, false_root.chain)
        alone = Authority("Alone").certificate
        self.assertCode("wrong_usage", alone, [])
        # What the platform knows completes the chain.
        known = trust.Store(self.store.anchors, (self.middle.der,))
        self.check(self.leaf, [], known)

    def test_anchor(self):
        signing = self.believing(self.root, uses=["signature"])
        self.assertCode("anchor_use", self.leaf, store=signing, about="seal")
        ended = self.believing(self.root, until=NOW - DAY)
        self.assertCode("anchor_ended", self.leaf, store=ended)

    def test_authority_out_of_dates(self):
        old = Authority("Old", self.root, begin=NOW - 9 * DAY, days=8)
        leaf, _key = old.issue(subject=organisation())
        self.assertCode("issuer_expired", leaf, old.chain)

    def test_path_too_long(self):
        short = Authority("Short", self.root, length=0)
        below = Authority("Below", short)
        leaf, _key = below.issue(subject=organisation())
        self.assertCode("broken_chain", leaf, below.chain)

    def test_revoked(self):
        crl = self.middle.crl([(self.leaf, NOW - DAY)], now=NOW - DAY)
        told = trust.Store(self.store.anchors, (), (crl,))
        self.assertCode("revoked", self.leaf, store=told)

    def test_unreadable(self):
        whole = der(self.leaf)
        for broken in (b"", b"x", whole[:-1], whole + b"\0"):
            self.assertCode("unreadable", broken)

    def test_ring(self):
        # Two authorities that certify each other, and nobody above them.
        one, two = Authority("One"), Authority("Two")
        crossed = [
            Authority("One", two, kind="p256"),
            Authority("Two", one, kind="p256"),
        ]
        leaf, _key = crossed[0].issue(subject=organisation())
        self.assertCode("incomplete_chain", leaf, [c.der for c in crossed])
