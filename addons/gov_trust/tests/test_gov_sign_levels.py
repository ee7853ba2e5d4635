"""gov.sign and gov.seal with real authorities: levels, what is refused, what is not."""

import dataclasses
import datetime

from pyhanko.sign.fields import MDPPerm

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..exceptions import SealRefused, SealUnavailable
from ..lib import ca, keys, lta, pades
from .common_anchors import enable
from .common_elsewhere import sign_elsewhere
from .common_keys import loaded as seal_of, person, small_pdf
from .common_pki import Authority, der, name as subject
from .common_tsa import WithClocks
from .test_personal_key import FIELDS, OTHER_PIN, PIN, PersonalCase

STAMP = "odoo.addons.gov_trust.models.gov_tsa_stamp"


@tagged("standard", "alone")
class TestLevels(WithClocks, PersonalCase, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_trust()
        cls.signs = cls.env["gov.sign"]
        cls.prepared = cls.signs._prepare(small_pdf(), FIELDS)

    def sign(self, pdf, name, user, pin):
        return self.signs.with_user(user)._sign(
            self.company, pdf, name, self.unlock(user, pin), reason="Approved"
        )

    def test_to_the_end(self):
        """Two persons at B-T, the seal at B-LTA as far as the lists allow."""
        clock = self.clock()
        self.add(clock.url)
        one = self.sign(self.prepared, "S1", self.amina, PIN)
        (found,) = self.signs._check(one).signatures
        self.assertEqual(found.level, "B-T")
        self.assertEqual(found.timestamp.name, "Clock of tests")
        two = self.sign(one, "S2", self.omar, OTHER_PIN)
        closed = self.signs._close(self.company, two, "Seal", reason="2026/000142")
        self.assertTrue(closed.startswith(two))
        act = self.signs._check(closed)
        self.assertTrue(act.closed)
        self.assertEqual(len(act.signatures), 3)
        self.assertTrue(act.timestamps)
        store = self.env["gov.anchor"]._store(self.company)
        self.assertEqual(act.level, lta.level(closed, store))

    def test_nobody_answers(self):
        """No authority is no error; the level says so."""
        clock = self.clock()
        self.add(clock.url)
        clock.close()
        with mute_logger(STAMP):
            one = self.sign(self.prepared, "S1", self.amina, PIN)
            closed = self.signs._close(self.company, one, "Seal")
        act = self.signs._check(closed)
        self.assertTrue(act.closed)
        self.assertEqual(act.level, "B-B")
        self.assertFalse(act.timestamps)

    def test_down_between_signing_and_closing(self):
        clock = self.clock()
        self.add(clock.url)
        one = self.sign(self.prepared, "S1", self.amina, PIN)
        clock.close()
        with mute_logger(STAMP):
            closed = self.signs._close(self.company, one, "Seal")
        act = self.signs._check(closed)
        self.assertEqual([found.level for found in act.signatures], ["B-T", "B-B"])
        self.assertEqual(act.level, "B-B")

    def test_an_authority_that_lies(self):
        """A timestamp of something else is none."""
        clock = self.clock("imprint")
        self.add(clock.url)
        with mute_logger(STAMP):
            one = self.sign(self.prepared, "S1", self.amina, PIN)
        self.assertEqual(self.signs._check(one).level, "B-B")

    def test_seals(self):
        clock = self.clock()
        self.add(clock.url)
        seals = self.env["gov.seal"]
        store = self.env["gov.anchor"]._store(self.company)
        for level, token in (("B-B", False), ("B-T", True), ("B-LTA", True)):
            with self.subTest(level):
                sealed = seals._seal_pdf(self.company, small_pdf(), level=level)
                found = pades.check(sealed, store)
                self.assertEqual(bool(found.timestamp), token)
                self.assertEqual(b"ETSI.RFC3161" in sealed, level == "B-LTA")
        clock.close()
        with mute_logger(STAMP):
            sealed = seals._seal_pdf(self.company, small_pdf(), level="B-LTA")
        self.assertIsNone(pades.check(sealed, store).timestamp)

    # -- many at once (A7) ----------------------------------------------
    def batch(self, contents):
        items = [
            {"mark": number, "pdf": pdf, "field_name": "S1", "reason": f"No {number}"}
            for number, pdf in enumerate(contents)
        ]
        return self.signs.with_user(self.amina)._batch(
            self.company, items, self.unlock(self.amina, PIN)
        )

    def test_many(self):
        contents = [self.prepared] * 3 + [b"not a PDF"] + [self.prepared] * 3
        found = list(self.batch(contents))
        self.assertEqual([one.mark for one in found], list(range(7)))
        oks = [True] * 3 + [False] + [True] * 3
        told = [one.why for one in found]
        self.assertEqual([one.ok for one in found], oks, told)
        self.assertTrue(found[3].why)
        signed = [one.pdf for one in found if one.ok]
        self.assertEqual(len(set(signed)), 6)
        for one in signed:
            self.assertTrue(one.startswith(self.prepared))
            self.assertEqual(self.signs._check(one).level, "B-B")

    def test_a_batch_with_timestamps(self):
        """One document: a test has one connection, which threads may not share."""
        clock = self.clock()
        self.add(clock.url)
        before = self.env["gov.timestamp"].search_count([])
        (found,) = self.batch([self.prepared])
        self.assertEqual(found.level, "B-T")
        self.assertEqual(self.signs._check(found.pdf).level, "B-T")
        self.env.cr.precommit.run()
        self.assertEqual(self.env["gov.timestamp"].search_count([]), before + 1)

    def test_many_with_a_key_that_ends(self):
        """Revoked while the batch runs: what comes after is not given back."""
        before = self.unlock(self.amina, PIN)
        given = self.batch([self.prepared] * 3)
        self.assertTrue(next(given).ok)
        mine = self.mine(self.amina).with_user(self.officer)
        mine.action_revoke("PIN told to somebody")
        with self.assertRaisesRegex(SealUnavailable, "retired or revoked"):
            next(given)
        with self.assertRaises(SealUnavailable):
            self.signs._batch(self.company, [], before)

    # -- what is looked at before (A5) ----------------------------------
    def refused(self, key, said, use="signature"):
        with self.assertRaisesRegex(SealUnavailable, said):
            self.signs._check_certificate(self.company, key, use)

    def test_certificates_that_sign_nothing(self):
        key = self.unlock(self.amina, PIN)
        self.signs._check_certificate(self.company, key, "signature")
        self.refused(key, "not for a seal", "seal")
        strangers = Authority("Nobody knows")
        certificate, private = strangers.issue("Somebody", names={"given": "Some"})
        stranger = keys.LoadedKey(private, der(certificate), (strangers.der,))
        self.refused(stranger, "not trusted here")
        provider = Authority("Provider of persons")
        enable(self, provider, uses=["signature"], level="qualified")
        day = datetime.timedelta(days=1)
        now = datetime.datetime.now(datetime.UTC)
        for said, options in {
            "has expired": {"begin": now - 9 * day, "days": 8},
            "not valid yet": {"begin": now + day, "days": 8},
            "too weak|stronger key": {"kind": "rsa1024", "mark": "weak"},
        }.items():
            certificate, private = provider.issue(
                "Somebody", names={"given": "Some"}, **options
            )
            self.refused(
                keys.LoadedKey(private, der(certificate), (provider.der,)), said
            )
        certificate, private = provider.issue("Somebody", names={"given": "Some"})
        good = keys.LoadedKey(private, der(certificate), (provider.der,))
        path = self.signs._check_certificate(self.company, good, "signature")
        self.assertEqual(path.level, "qualified")
        self.refused(good, "not for a seal", "seal")

    def test_another_administrations_anchor(self):
        """An anchor of one administration signs nothing for another one."""
        other = self.env["res.company"].create({"name": "Another administration"})
        (self.officer | self.second).company_ids |= other
        provider = Authority("Provider of one administration")
        enable(self, provider, uses=["signature"], company=other)
        certificate, private = provider.issue("Somebody", names={"given": "Some"})
        key = keys.LoadedKey(private, der(certificate), (provider.der,))
        self.signs._check_certificate(other, key, "signature")
        self.refused(key, "not trusted here")

    # -- documents that come signed -------------------------------------
    def test_a_document_that_came_signed(self):
        theirs = Authority("Their root")
        certificate, private = theirs.issue(
            "Their signer",
            subject=subject("Their signer", given="Their"),
            kind="rsa2048",
            mark="theirs",
        )
        base = sign_elsewhere(small_pdf(), certificate, private, [theirs.der])
        prepared = self.signs._prepare(base, FIELDS)
        one = self.sign(prepared, "S1", self.amina, PIN)
        closed = self.signs._close(self.company, one, "Seal")
        act = self.signs._check(closed)
        self.assertEqual(
            [(found.made_by, found.trust) for found in act.signatures],
            [("elsewhere", "unknown"), ("here", "simple"), ("here", "simple")],
        )
        locked = sign_elsewhere(
            small_pdf(),
            certificate,
            private,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        )
        with self.assertRaisesRegex(SealRefused, "allows no change"):
            self.signs._prepare(locked, FIELDS)

    def test_a_file_that_fails_its_check_is_never_given(self):
        """A8: the key of a person where another authority of the same name issued it."""
        root_key, root = ca_of_the_same_name(self)
        forged = person(root_key, root)
        with self.assertRaises(SealUnavailable):
            self.signs._check_certificate(self.company, forged, "signature")
        with self.assertRaisesRegex(SealRefused, "do not hold"):
            self.signs._fill(self.company, self.prepared, "S1", forged)
        with self.assertRaisesRegex(SealRefused, "do not hold"):
            self.signs._fill(
                self.company, self.prepared, "Seal", seal_of(root_key, root)
            )

    def test_a_certificate_in_the_place_of_another(self):
        mine, other = self.unlock(self.amina, PIN), self.unlock(self.omar, OTHER_PIN)
        twin = dataclasses.replace(mine, certificate=other.certificate)
        with self.assertRaisesRegex(SealRefused, "do not hold"):
            self.signs._fill(self.company, self.prepared, "S1", twin)


def ca_of_the_same_name(case):
    """Another authority that calls itself as ours does."""
    (mine,) = ca.der(case.env["gov.certificate"]._roots()[0])
    private = keys.generate()
    holder = ca.common_name(mine)
    return private, ca.make_root(private, ca.Holder(holder, title="Internal authority"))
