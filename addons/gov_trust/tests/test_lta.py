import asyncio
import dataclasses
import datetime
import io
from unittest.mock import patch

import pikepdf

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lib import acts, ca, crl, keys, lta, lta_append, pades, trust
from .common_acts import fields, page_pdf
from .common_keys import authority, small_pdf, stamp_by, timestamper
from .common_lta import LtaCase, issued, store_of, unavailable

DAY = datetime.timedelta(days=1)


@tagged("standard")
class TestLta(LtaCase):
    def extended(self, pdf, level="B-LTA", store=None, stamp=None, **more):
        """Extend and check what always holds: appended only, once only."""
        store, stamp = store or self.store, stamp or self.stamp
        made = lta.extend(pdf, store, stamp, level, **more)
        self.assertTrue(made.startswith(pdf))
        more.pop("renew", None)
        self.assertEqual(lta.extend(made, store, stamp, level, **more), made)
        return made

    def test_each_level(self):
        self.assertEqual(lta.level(self.closed, self.store), "B-B")
        for level in ("B-T", "B-LT", "B-LTA"):
            for name, pdf in (("open", self.two), ("closed", self.closed)):
                with self.subTest(level, act=name):
                    made = self.extended(pdf, level)
                    self.assertEqual(lta.level(made, self.store), level)
                    self.assertEqual(lta.level(made), level)
                    self.assertProven(made, name == "closed", level)

    def test_one_level_after_the_other(self):
        pdf = self.closed
        for level in ("B-T", "B-LT", "B-LTA"):
            pdf = self.extended(pdf, level)
            self.assertEqual(lta.level(pdf, self.store), level)
        self.assertProven(pdf, True, "B-LTA")
        self.assertEqual(lta.extend(pdf, self.store, self.stamp, "B-T"), pdf)

    def test_with_a_time_stamp_in_the_signature(self):
        pdf = self.sign(self.prepared, "S1", stamp=self.stamp)
        self.assertEqual(lta.levels(pdf, self.store), {"S1": "B-T"})
        self.assertEqual(self.extended(pdf, "B-T"), pdf)
        lasting = self.extended(pdf, "B-LT")
        self.assertProven(lasting, False, "B-LT")
        self.assertEqual(lasting.count(b"/ByteRange"), 1)
        self.assertProven(self.extended(pdf), False, "B-LTA")

    def test_between_signatures(self):
        one = self.extended(self.one)
        two = self.extended(self.sign(one, "S2"))
        closed = self.sign(two, "Seal")
        self.assertEqual(lta.level(closed, self.store), "B-B")
        act = self.assertProven(self.extended(closed), True, "B-LTA")
        self.assertEqual(len(act.signatures), 3)

    def test_a_late_signer_after_it(self):
        late = acts.Field("S9", "signature", acts.Box(1, (40, 300, 200, 350)))
        opened = acts.add_field(self.extended(self.one), late)
        pdf = self.extended(self.sign(opened, "S9", self.people[2]))
        self.assertProven(pdf, False, "B-LTA")

    def test_again_before_it_ends(self):
        once = self.extended(self.closed)
        twice = self.extended(once, renew=True)
        self.assertGreater(len(twice), len(once))
        self.assertProven(twice, True, "B-LTA")
        thrice = self.extended(twice, renew=True)
        self.assertProven(thrice, True, "B-LTA")

    def test_when_it_ends(self):
        self.assertIsNone(lta.expires(self.closed, self.store))
        pdf = self.extended(self.closed)
        end = lta.expires(pdf, self.store)
        own = keys.LoadedKey(self.root_key, self.root)
        self.assertGreater(end, datetime.datetime.now(datetime.UTC) + 1000 * DAY)
        for days, due in ((200, False), (80, True), (1, True)):
            now = end - days * DAY
            store = dataclasses.replace(
                self.store, crls=(crl.make(own, 2, [], now=now),)
            )
            key = timestamper(self.root_key, self.root)
            made = lta.extend(pdf, store, stamp_by(key), now=now)
            self.assertEqual(made != pdf, due, days)

    def test_an_algorithm_that_ends(self):
        pdf = self.extended(self.closed)
        policy = self.store.policy
        sunset = datetime.date(2027, 6, 1)
        rows = [dataclasses.replace(row, validate_until=sunset) for row in policy.rows]
        early = dataclasses.replace(policy, rows=tuple(rows))
        store = dataclasses.replace(self.store, policy=early)
        self.assertEqual(lta.expires(pdf, store).date(), sunset)

    def test_without_a_revocation_list(self):
        made = lta.reach(self.closed, self.bare, self.stamp)
        self.assertEqual(made.level, "B-T")
        self.assertNotIn(b"/DSS", made.pdf)
        self.assertIn(
            "nothing says whether this was revoked: CN=Ahmed", made.missing[0]
        )
        self.assertEqual(lta.extend(made.pdf, self.bare, self.stamp), made.pdf)
        act = acts.check(made.pdf, self.bare)
        self.assertEqual({one.level for one in act.signatures}, {"B-T"})
        self.assertEqual(len(act.timestamps), 1)
        later = self.extended(made.pdf)
        self.assertProven(later, True, "B-LTA")

    def test_lists_that_say_nothing(self):
        other_key, other = authority("Another")
        twin_key, twin = authority()
        now = datetime.datetime.now(datetime.UTC)
        minute = DAY / 1440
        then = now - 4 * minute
        old = store_of(self.root_key, self.root, now=then, valid=minute).crls[0]
        forged = bytearray(self.crl)
        forged[-1] ^= 1
        for name, der in (
            ("another authority", store_of(other_key, other).crls[0]),
            ("the same name", store_of(twin_key, twin).crls[0]),
            ("ran out before", old),
            ("forged", bytes(forged)),
            ("no list", b"0\x03\x02\x01\x01"),
        ):
            with self.subTest(name):
                store = dataclasses.replace(self.bare, crls=(der,))
                made = lta.reach(self.closed, store, self.stamp)
                self.assertEqual(made.level, "B-T")
                self.assertNotIn(b"/DSS", made.pdf)
                # Neither does it count when somebody else put it in.
                given = lta.add_dss(self.closed, [self.root], [der])
                stamped = lta.add_timestamp(given, self.stamp)
                self.assertEqual(lta.level(stamped, self.bare), "B-T")

    def test_a_revoked_signer_is_news_too(self):
        serial = crl.x509.load_der_x509_certificate(
            self.people[0].certificate
        ).serial_number
        now = datetime.datetime.now(datetime.UTC).replace(microsecond=0) + DAY
        store = store_of(self.root_key, self.root, [crl.Entry(serial, now)])
        made = lta.reach(self.closed, store, self.stamp)
        self.assertEqual((made.level, made.missing), ("B-LTA", ()))

    def test_no_authority_answers(self):
        for stamp in (unavailable, None):
            made = lta.reach(self.closed, self.store, stamp)
            self.assertEqual(made.level, "B-B")
            self.assertTrue(made.missing)
            self.assertEqual(bool(made.unavailable), stamp is not None)
            self.assertActHolds(made.pdf, True)
            self.assertEqual(lta.extend(made.pdf, self.store, stamp), made.pdf)
            self.assertProven(self.extended(made.pdf), True, "B-LTA")
        signed = self.sign(self.prepared, "S1", stamp=self.stamp)
        made = lta.reach(signed, self.store, unavailable)
        self.assertEqual(made.level, "B-LT")
        self.assertIn("does not answer", made.missing[0])

    def test_an_authority_that_is_not_trusted(self):
        key, root = authority("Another")
        stranger = stamp_by(timestamper(key, root))
        made = lta.reach(self.closed, self.store, stranger)
        self.assertEqual(made.level, "B-B")
        self.assertEqual(lta.level(made.pdf, self.store), "B-B")
        self.assertEqual(
            lta.levels(made.pdf, trust.Store.of([self.root, root])),
            dict.fromkeys(("S1", "S2", "Seal"), "B-LTA"),
        )

    def test_an_authority_with_intermediates(self):
        """News are needed on each certificate of its chain."""
        root_key, middle_key, key = (keys.generate() for _number in range(3))
        root = issued("Root", root_key)
        middle = issued("Middle", middle_key, root, root_key)
        own = issued("TSA", key, middle, middle_key, tsa=True)
        loaded_key = keys.LoadedKey(key, own, (middle, root))
        anchor = trust.Anchor(root, trust.QUALIFIED, frozenset(("timestamp",)))
        lists = [
            crl.make(keys.LoadedKey(maker, made), 7, [])
            for maker, made in ((root_key, root), (middle_key, middle))
        ]
        for count, level in ((0, "B-T"), (1, "B-T"), (2, "B-LT")):
            store = dataclasses.replace(
                self.store,
                anchors=(*self.store.anchors, anchor),
                crls=(*self.store.crls, *lists[:count]),
            )
            pdf = self.sign(self.prepared, "S1", stamp=stamp_by(loaded_key))
            made = lta.reach(pdf, store, None, "B-LT")
            self.assertEqual(made.level, level, made.missing)
            self.assertEqual(lta.level(made.pdf, store), level)
            # Its own list is missing: the outermost needs none yet.
            last = lta.reach(self.one, store, stamp_by(loaded_key))
            self.assertEqual(last.level, "B-LTA")

    def test_the_newest_list_is_kept(self):
        own = keys.LoadedKey(self.root_key, self.root)
        now = datetime.datetime.now(datetime.UTC)
        lists = [crl.make(own, n, [], now=now - (3 - n) * DAY) for n in (1, 2)]
        store = dataclasses.replace(self.bare, crls=tuple(lists))
        with pikepdf.open(io.BytesIO(self.extended(self.closed, store=store))) as pdf:
            kept = [part.read_bytes() for part in pdf.Root.DSS.CRLs]
        self.assertEqual(kept, lists[1:])

    def test_a_token_larger_than_its_room(self):
        with patch.object(lta_append, "TOKEN_ROOM", 100):
            pdf = lta.extend(self.closed, self.store, self.stamp)
        self.assertProven(pdf, True, "B-LTA")

        def endless(digest):
            return self.stamp(digest) + bytes(lta_append.MAX_TOKEN)

        for wrong in (
            endless,
            lambda _digest: b"no",
            lambda _digest: self.stamp(bytes(32)),
        ):
            made = lta.reach(self.closed, self.store, wrong)
            self.assertEqual(made.level, "B-B")
            self.assertTrue(made.unavailable)
            self.assertActHolds(made.pdf, True)

    def test_a_seal_alone(self):
        pdf = self.extended(pades.seal(small_pdf(), self.seal_key))
        self.assertEqual(lta.level(pdf, self.store), "B-LTA")
        self.assertTrue(pades.check(pdf, [self.root]).subject)

    def test_nothing_else_changes(self):
        pdf = self.extended(self.closed)
        with (
            pikepdf.open(io.BytesIO(self.closed)) as before,
            pikepdf.open(io.BytesIO(pdf)) as after,
        ):
            self.assertEqual(dict(before.docinfo), dict(after.docinfo))
            self.assertEqual(
                set(after.Root.keys()) - set(before.Root.keys()),
                {"/DSS", "/Extensions"},
            )
            (stamp,) = [
                one for one in after.Root.AcroForm.Fields if one.T == "Timestamp1"
            ]
            self.assertEqual([float(one) for one in stamp.Rect], [0] * 4)
            self.assertNotIn("/AP", stamp)
            value = stamp.V
            self.assertEqual(value.Type, "/DocTimeStamp")
            self.assertEqual(value.SubFilter, "/ETSI.RFC3161")
            self.assertNotIn("/M", value)
            store = after.Root.DSS
            self.assertEqual(set(store.keys()), {"/Certs", "/CRLs"})
            self.assertEqual(len(store.CRLs), 1)
            self.assertEqual(len(store.Certs), 4)

    def test_many_pages(self):
        pdf = self.sign(acts.prepare(page_pdf(200), fields()), "S1")
        self.assertProven(self.extended(pdf), False, "B-LTA")

    @mute_logger("pyhanko.pdf_utils.reader")
    def test_files_that_are_none(self):
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(page_pdf())) as pdf:
            pdf.save(out, encryption=pikepdf.Encryption(owner="x", user=""))
        for pdf in (b"", b"%PDF-1.7", self.closed[:-200], page_pdf(), out.getvalue()):
            with self.assertRaises(lta.LtaRefused):
                lta.extend(pdf, self.store, self.stamp)
        with self.assertRaises(lta.LtaRefused):
            lta.extend(self.closed, self.store, self.stamp, "B-X")

    @mute_logger("pyhanko.sign.validation.ades", "pyhanko.sign.validation.generic_cms")
    def test_pyhanko_holds_it_after_its_end(self):
        """EN 319 102-1 §5.6.3 by others, when the signers' certificates have ended."""
        pdf = acts.prepare(page_pdf(), fields(1))
        now = datetime.datetime.now(datetime.UTC)
        person, seal = (self.ending(now + DAY, use) for use in (ca.PERSON, ca.SEAL))
        for name, key in (("S1", person), ("Seal", seal)):
            pdf = self.sign(pdf, name, key, stamp=self.stamp)
        pdf = self.extended(pdf)
        for made in (pdf, self.extended(pdf, renew=True)):
            for days in (0, 3):
                told = list(validated(made, self.root, now + days * DAY + DAY / 24))
                self.assertEqual(told, ["OK"] * 2, days)

    def ending(self, moment, use):
        """A key whose certificate ends then."""
        code = (
            {"mark": "RBT-01-9", "person": "Driss"}
            if use == ca.PERSON
            else {"code": "RBT-01"}
        )
        holder = ca.Holder("Commune de Rabat", country="MA", **code)
        private = keys.generate()
        begin = moment - datetime.timedelta(days=round(ca.LEAF_YEARS * 365.25))
        own = ca.issue(
            self.root, self.root_key, private.public_key(), holder, use, begin
        )
        return keys.LoadedKey(private, own, (self.root,))


def validated(pdf, root, moment):
    """Yield what pyHanko's AdES engine says of each signature at a moment, offline."""
    from asn1crypto import x509
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import ades, policy_decl
    from pyhanko_certvalidator import policy_decl as certificates
    from pyhanko_certvalidator.context import CertValidationPolicySpec
    from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
    from pyhanko_certvalidator.registry import SimpleTrustManager

    rules = certificates.RevocationCheckingRule
    checking = certificates.RevocationCheckingPolicy(rules.CRL_REQUIRED, rules.NO_CHECK)
    spec = policy_decl.PdfSignatureValidationSpec(
        policy_decl.SignatureValidationSpec(
            cert_validation_policy=CertValidationPolicySpec(
                trust_manager=SimpleTrustManager.build([x509.Certificate.load(root)]),
                revinfo_policy=certificates.CertRevTrustPolicy(checking),
            ),
            revinfo_gathering_policy=policy_decl.RevocationInfoGatheringSpec(
                policy_decl.RevinfoOnlineFetchingRule.LOCAL_ONLY
            ),
        )
    )
    times = ValidationTimingInfo(
        validation_time=moment,
        best_signature_time=moment,
        point_in_time_validation=False,
    )
    for found in PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures:
        told = asyncio.run(ades.ades_lta_validation(found, spec, timing_info=times))
        yield told.ades_subindic.name
