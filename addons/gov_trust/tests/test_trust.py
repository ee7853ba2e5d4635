import datetime
import json

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from odoo.tests import BaseCase, tagged

from ..lib import algorithms, ca, keys, trust
from .common_pki import DAY, STAMPS, Authority, der

NOW = datetime.datetime.now(datetime.UTC)
SIGNS = frozenset({trust.SIGNATURE})


def store_of(authority, level="advanced", uses=SIGNS, **more):
    return trust.Store((trust.Anchor(authority.der, level, uses, **more),))


def answer(leaf, issuer, status, days=1):
    revoked = status is ocsp.OCSPCertStatus.REVOKED
    builder = ocsp.OCSPResponseBuilder().add_response(
        leaf,
        issuer.certificate,
        hashes.SHA1(),
        status,
        NOW,
        NOW + days * DAY,
        NOW - DAY / 2 if revoked else None,
        None,
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, issuer.certificate)
    signed = builder.sign(issuer.key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


@tagged("standard")
class TestTrust(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root = Authority("Root")
        cls.inner = Authority("Inner", cls.root, kind="p384", length=0)
        cls.leaf, cls.key = cls.inner.issue("Amina")
        cls.store = store_of(cls.root)

    def path(self, leaf=None, store=None, use="signature", moment=NOW, **more):
        others = more.pop("others", [self.inner.der])
        return (store or self.store).path(
            der(leaf or self.leaf), others, moment, use, **more
        )

    def refused(self, code, *args, **more):
        with self.assertRaises(trust.NotTrusted) as caught:
            self.path(*args, **more)
        self.assertEqual(caught.exception.code, code, str(caught.exception))
        return caught.exception

    def test_path_and_level(self):
        found = self.path()
        self.assertEqual(
            (found.level, found.revocation, found.revoked_at),
            ("advanced", "unknown", None),
        )
        self.assertEqual(found.chain, (der(self.leaf), self.inner.der, self.root.der))
        self.refused("no_anchor", others=[])
        kept = trust.Store(self.store.anchors, (self.inner.der,))
        self.assertTrue(self.path(store=kept, others=[]))

    def test_internal(self):
        private = keys.generate()
        root = ca.make_root(private, ca.Holder("Administration", "A1", "MA"))
        person = ca.Holder("Administration", person="Ali", mark="A1-2")
        leaf = ca.issue(root, private, keys.generate().public_key(), person, ca.PERSON)
        store = trust.Store.of([root])
        now = datetime.datetime.now(datetime.UTC)
        self.assertEqual(store.path(leaf, [], now, "signature").level, "simple")
        self.assertTrue(store.is_internal(leaf))
        with self.assertRaises(trust.NotTrusted) as caught:
            store.path(leaf, [], now, "seal")
        self.assertEqual(caught.exception.code, "wrong_usage")
        self.assertIs(trust.Store.of(store), store)

    def test_famous_name(self):
        impostor = Authority("Root")
        leaf, _key = impostor.issue("Amina")
        self.refused("no_anchor", leaf, others=[impostor.der])
        # The same key and name on another certificate is another anchor.
        again = Authority("Root")
        again.key = self.root.key
        self.refused("no_anchor", leaf, store=store_of(again), others=[impostor.der])

    def test_dates(self):
        self.refused("expired", moment=NOW + 400 * DAY)
        self.refused("not_yet_valid", moment=NOW - 2 * DAY)
        store = store_of(self.root, since=NOW - DAY / 4, until=NOW + DAY)
        self.assertTrue(self.path(store=store))
        self.refused("anchor_ended", store=store, moment=NOW - DAY / 2)
        self.refused("anchor_ended", store=store, moment=NOW + 2 * DAY)

    def test_usage(self):
        self.refused("wrong_usage", use="seal")
        every = store_of(self.root, uses=frozenset(trust.USES))
        seal, _key = self.inner.issue(
            "Office", names={"organisation": "Office", "identifier": "NTRMA-1"}
        )
        self.assertTrue(self.path(seal, every, "seal"))
        self.refused("wrong_usage", seal, every)
        person, _key = self.inner.issue("Amina", names={"given": "Amina"})
        self.assertTrue(self.path(person, every))
        self.refused("wrong_usage", person, every, "seal")
        server, _key = self.inner.issue(
            "www", purposes=(ExtendedKeyUsageOID.SERVER_AUTH,)
        )
        self.refused("wrong_usage", server, every)
        self.refused("wrong_usage", self.leaf, every, "timestamp")
        stamps, _key = self.inner.issue("TSA", **STAMPS)
        self.assertTrue(self.path(stamps, every, "timestamp"))
        self.refused("wrong_usage", stamps, every)
        loose, _key = self.inner.issue("TSA", purposes=STAMPS["purposes"])
        self.refused("wrong_usage", loose, every, "timestamp")
        self.refused("wrong_usage", self.root.certificate)
        self.refused("wrong_usage", self.inner.certificate)

    def test_chain_rules(self):
        deep = Authority("Deep", self.inner)
        leaf, _key = deep.issue("Amina")
        self.refused("broken_chain", leaf, others=[self.inner.der, deep.der])
        # A signer is no authority.
        signer = Authority("Amina")
        signer.certificate, signer.key = self.leaf, self.key
        below, _key = signer.issue("Below")
        self.refused("no_anchor", below, others=[self.inner.der, der(self.leaf)])
        private = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\5\0")
        strange, _key = self.inner.issue("Strange", extra=[(private, True)])
        self.refused("broken_chain", strange)
        constrained = Authority(
            "Constrained",
            self.root,
            extra=[
                (
                    x509.NameConstraints([x509.RFC822Name("example.ma")], None),
                    True,
                )
            ],
        )
        good, _key = constrained.issue("A", emails=["a@example.ma"])
        bad, _key = constrained.issue("A", emails=["a@example.fr"])
        self.assertTrue(self.path(good, others=[constrained.der]))
        self.refused("broken_chain", bad, others=[constrained.der])

    def test_hostile(self):
        for raw in (b"", b"\x30\x03abc", der(self.leaf)[:-1], der(self.leaf) + b"\0"):
            with self.assertRaises(trust.NotTrusted) as caught:
                self.store.path(raw, [self.inner.der, b"x"], NOW, "signature")
            self.assertEqual(caught.exception.code, "broken_chain")
        # Many authorities that certify one another end in time.
        ring = [Authority("Ring") for _number in range(12)]
        crossed = []
        for one in ring:
            for other in ring:
                builder = Authority("Ring")
                builder.key = one.key
                crossed.append(
                    der(
                        builder._made(
                            one.certificate.subject,
                            one.key.public_key(),
                            other,
                            True,
                        )
                    )
                )
        leaf, _key = ring[0].issue("Amina")
        self.refused("no_anchor", leaf, others=crossed)

    def test_weak(self):
        short, _key = self.inner.issue("Short", kind="rsa1024", mark="short")
        self.refused("weak", short)
        curve, _key = self.inner.issue("Curve", kind="p224")
        self.refused("weak", curve)
        rsa, _key = self.inner.issue("RSA", kind="rsa2048", mark="leaf", days=4000)
        self.assertTrue(self.path(rsa))
        old = Authority("Old", days=9000)
        late, _key = old.issue("RSA", kind="rsa2048", mark="leaf", days=4000)
        moment = datetime.datetime(2031, 1, 1, 12, tzinfo=datetime.UTC)
        self.refused("weak", late, store_of(old), moment=moment, others=[])

    def test_revocation_lists(self):
        since = NOW - DAY / 2
        listed = self.inner.crl([(self.leaf, since)])
        error = self.refused("revoked", crls=[listed])
        self.assertEqual(error.revoked_at, since.replace(microsecond=0))
        before = self.path(moment=NOW - DAY * 0.75, crls=[listed])
        self.assertEqual(before.revocation, "revoked")
        self.assertEqual(before.revoked_at, since.replace(microsecond=0))
        kept = trust.Store(self.store.anchors, (self.inner.der,), (listed,))
        self.refused("revoked", store=kept)
        clean = [self.inner.crl(), self.root.crl()]
        self.assertEqual(self.path(crls=clean).revocation, "good")
        self.assertEqual(self.path(crls=clean[:1]).revocation, "unknown")
        stale = [self.inner.crl(now=NOW - 9 * DAY), self.root.crl()]
        self.assertEqual(self.path(crls=stale).revocation, "unknown")
        above = self.root.crl([(self.inner.certificate, since)])
        self.refused("revoked", crls=[above])
        impostor = Authority("Inner")
        forged = impostor.crl([(self.leaf, since)])
        self.assertEqual(
            self.path(crls=[forged, b"junk", listed[:-4]]).revocation, "unknown"
        )

    def test_ocsp(self):
        status = ocsp.OCSPCertStatus
        bad = answer(self.leaf, self.inner, status.REVOKED)
        self.refused("revoked", ocsps=[bad])
        good = [
            answer(self.leaf, self.inner, status.GOOD),
            answer(self.inner.certificate, self.root, status.GOOD),
        ]
        self.assertEqual(self.path(ocsps=good).revocation, "good")
        self.assertEqual(self.path(ocsps=good[:1]).revocation, "unknown")
        forged = answer(self.leaf, Authority("Inner"), status.REVOKED)
        self.assertEqual(self.path(ocsps=[forged, b"junk"]).revocation, "unknown")

    def test_best_level(self):
        low, high = store_of(self.root, "simple"), store_of(self.root, "qualified")
        both = trust.Store((*low.anchors, *high.anchors))
        self.assertEqual(self.path(store=both).level, "qualified")
        self.assertEqual(both.level(der(self.leaf), [self.inner.der]), "qualified")
        self.assertIsNone(both.level(der(self.leaf)))
        ended = store_of(self.root, "qualified", until=NOW - DAY)
        both = trust.Store((*low.anchors, *ended.anchors))
        self.assertEqual(self.path(store=both).level, "simple")

    def test_json(self):
        store = trust.Store(
            (
                *self.store.anchors,
                trust.Anchor(self.inner.der, "simple", SIGNS, "x", NOW, NOW + DAY),
            ),
            (self.inner.der,),
            (self.inner.crl(),),
        )
        told = json.loads(json.dumps(store.to_json()))
        self.assertEqual(trust.Store.from_json(told), store)


@tagged("standard")
class TestAlgorithms(BaseCase):
    def check(self, code, name, moment=NOW, **more):
        with self.assertRaises(algorithms.Weak) as caught:
            algorithms.default().check_hash(name, moment, **more)
        self.assertEqual(caught.exception.code, code)

    def test_hashes(self):
        policy = algorithms.default()
        for name in ("sha256", "SHA-384", "SHA2-512", "sha3-256", "SHA3_512"):
            policy.check_hash(name, NOW)
        self.check("hash_ended", "sha1")
        self.check("hash_ended", "SHA-1", NOW - 9000 * DAY)
        self.check("hash_unknown", "ripemd160")

    def test_dates(self):
        day = datetime.date(2030, 12, 31)
        rows = (algorithms.Row("hash", "sha256", 0, day, None),)
        policy = algorithms.Policy(rows, "house", "7")
        late = datetime.datetime(2031, 1, 1, tzinfo=datetime.UTC)
        policy.check_hash("sha256", late)
        with self.assertRaises(algorithms.Weak) as caught:
            policy.check_hash("sha256", late, signing=True)
        self.assertEqual(caught.exception.params["until"], "2030-12-31")
        told = json.loads(json.dumps(policy.to_json()))
        self.assertEqual(algorithms.Policy.from_json(told), policy)
