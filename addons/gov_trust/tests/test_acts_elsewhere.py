"""Documents that come signed, and certificates of other authorities on our boxes."""

import dataclasses
import datetime
import hashlib
import io
import os
import subprocess
import tempfile
import warnings
from pathlib import Path

import pikepdf
from cryptography import x509
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm

from odoo.tests import tagged
from odoo.tools.misc import find_in_path

from ..lib import acts, cms, held, keys, trust
from .common_acts import ActCase, fields, page_pdf, revised
from .common_elsewhere import sign_elsewhere, verdicts
from .common_keys import stamp_by, timestamper
from .common_pki import Authority, der


@tagged("standard")
class TestElsewhere(ActCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.theirs = Authority("Their root")
        cls.below = Authority("Their issuer", cls.theirs)
        cls.certificate, cls.key = cls.below.issue(
            "Their signer", kind="rsa2048", mark="theirs"
        )
        cls.base = cls.elsewhere(page_pdf(), box=(300, 300, 400, 340))
        cls.stamp = staticmethod(stamp_by(timestamper(cls.root_key, cls.root)))

    @classmethod
    def elsewhere(cls, pdf, **options):
        options.setdefault("name", "Theirs")
        return sign_elsewhere(pdf, cls.certificate, cls.key, cls.below.chain, **options)

    def assertActBroken(self, pdf, roots=None):
        with self.assertRaises(acts.ActBroken):
            acts.check(pdf, roots or [self.root])
        self.assertNotEqual(self.tool.check(pdf, self.roots)["verdict"], "valid")

    def all_signed(self, base, store=None):
        pdf = acts.prepare(base, fields(), store)
        self.assertTrue(pdf.startswith(base))
        for name in ("S1", "S2", "Seal"):
            pdf = self.sign(pdf, name)
        return pdf

    def assertKept(self, pdf, base_count=1, store=None):
        act = acts.check(pdf, store or [self.root])
        self.assertTrue(act.closed)
        came = [one for one in act.signatures if one.came_with]
        self.assertEqual(len(came), base_count)
        self.assertEqual(act.signatures[:base_count], came)
        self.assertEqual([one.field for one in act.own], ["S1", "S2", "Seal"])
        for one in came:
            self.assertEqual((one.made_by, one.kind), ("elsewhere", "signature"))
        told = verdicts(pdf, [self.root, self.theirs.der])
        self.assertEqual(len(told), base_count + 3)
        for name, status in told.items():
            self.assertTrue(status.bottom_line, f"{name}: {status.summary()}")
        if find_in_path("pdfsig"):
            with tempfile.TemporaryDirectory() as folder:
                (Path(folder) / "a.pdf").write_bytes(pdf)
                said = subprocess.run(
                    ["pdfsig", "-nocert", "a.pdf"],
                    cwd=folder,
                    capture_output=True,
                    text=True,
                    check=True,
                    env={**os.environ, "LC_ALL": "C"},
                ).stdout
            self.assertEqual(said.count("Signature is Valid"), base_count + 3)
        return act

    def test_their_signature_stays(self):
        act = self.assertKept(self.all_signed(self.base))
        self.assertEqual(act.signatures[0].trust, "unknown")
        self.assertEqual(act.signatures[0].name, "Their signer")

    def test_known_authority(self):
        store = trust.Store(
            (
                *trust.Store.of([self.root]).anchors,
                trust.Anchor(self.theirs.der, "advanced"),
            )
        )
        act = self.assertKept(self.all_signed(self.base, store), store=store)
        self.assertEqual(act.signatures[0].trust, "advanced")
        self.assertEqual(act.signatures[1].trust, "simple")

    def test_several_of_them(self):
        pdf = self.elsewhere(page_pdf(), pades=False)
        pdf = self.elsewhere(pdf, name="Second", box=(300, 400, 400, 440), pss=True)
        pdf = self.elsewhere(pdf, name="Third", stamp=self.stamp)
        act = self.assertKept(self.all_signed(pdf), 3)
        self.assertEqual(act.signatures[2].level, "B-T")

    def test_what_locks(self):
        certified = self.elsewhere(
            page_pdf(), certify=True, docmdp_permissions=MDPPerm.NO_CHANGES
        )
        with self.assertRaisesRegex(acts.ActRefused, "allows no change"):
            acts.prepare(certified, fields())
        for permission in (MDPPerm.FILL_FORMS, MDPPerm.ANNOTATE):
            certified = self.elsewhere(
                page_pdf(), certify=True, docmdp_permissions=permission
            )
            with self.assertRaisesRegex(acts.ActRefused, "no box for another"):
                acts.prepare(certified, fields())
        with self.assertRaisesRegex(acts.ActRefused, "locks it"):
            acts.prepare(self.locked(), fields())
        with self.assertRaisesRegex(acts.ActRefused, "signed already"):
            acts.prepare(self.closed, fields())

    def locked(self):
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import fields as pdf_fields

        writer = IncrementalPdfFileWriter(io.BytesIO(page_pdf()))
        pdf_fields.append_signature_field(
            writer,
            pdf_fields.SigFieldSpec(
                "Theirs", field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL)
            ),
        )
        out = io.BytesIO()
        writer.write(out)
        return self.elsewhere(out.getvalue())

    def test_what_was_changed(self):
        def more(writer):
            page = writer.root["/Pages"]["/Kids"][0]
            page[pdf_name("/Rotate")] = page["/MediaBox"][2].__class__(90)
            writer.update_container(page)

        flipped = bytearray(self.base)
        flipped[self.base.index(b"Amount 0") if b"Amount 0" in self.base else 900] ^= 1
        for odd in (revised(self.base, more), self.base + b"\n%\n", bytes(flipped)):
            with self.assertRaisesRegex(acts.ActRefused, "signed already|cannot be"):
                acts.prepare(odd, fields())

    def test_a_form_is_refused(self):
        with pikepdf.open(io.BytesIO(page_pdf())) as opened:
            opened.Root.AcroForm = opened.make_indirect(
                pikepdf.Dictionary(
                    Fields=[
                        opened.make_indirect(
                            pikepdf.Dictionary(FT=pikepdf.Name.Tx, T="Amount", V="1000")
                        )
                    ]
                )
            )
            out = io.BytesIO()
            opened.save(out)
        with self.assertRaisesRegex(acts.ActRefused, "form"):
            acts.prepare(out.getvalue(), fields())
        with self.assertRaisesRegex(acts.ActRefused, "signed already"):
            acts.prepare(self.elsewhere(out.getvalue()), fields())

    def test_what_does_something_by_itself(self):
        action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        for key, value, refused in (
            ("/OpenAction", action, True),
            ("/AA", pikepdf.Dictionary(WS=action), True),
            ("/OpenAction", pikepdf.Array([0, pikepdf.Name.Fit]), False),
        ):
            with pikepdf.open(io.BytesIO(page_pdf())) as opened:
                opened.Root[key] = value
                out = io.BytesIO()
                opened.save(out)
            base = self.elsewhere(out.getvalue())
            if refused:
                with self.assertRaisesRegex(acts.ActRefused, "by itself"):
                    acts.prepare(base, fields())
            else:
                acts.prepare(base, fields())

    def test_an_open_act_of_ours_is_no_base(self):
        with self.assertRaises(acts.ActRefused):
            acts.prepare(self.one, fields(), trust.Store.of([self.root]))

    def test_a_stranger_in_a_box_of_ours(self):
        """A box that we made is not filled by whoever wants."""
        forged = sign_elsewhere(self.prepared, self.certificate, self.key, name="S1")
        self.assertActBroken(forged)
        self.assertActBroken(self.sign(forged, "S2"))
        self.assertActBroken(self.sign(self.sign(forged, "S2"), "Seal"))
        late = self.elsewhere(self.one, name="Late")
        self.assertActBroken(late)

    def test_boxes_added_to_an_act_that_is_signed(self):
        def more(writer):
            acts.append_fields(writer, fields()[1:], {})

        pdf = self.sign(acts.prepare(page_pdf(), fields(1, seal=False)), "S1")
        again = revised(pdf, more)
        self.assertActBroken(self.sign(self.sign(again, "S2"), "Seal"))

    def test_nobody_of_ours(self):
        with self.assertRaises(acts.ActBroken):
            acts.check(self.base, [self.root])
        with self.assertRaises(acts.ActBroken):
            acts.check(acts.prepare(self.base, fields()), [self.root])

    # -- certificates of others on our boxes ---------------------------
    def store(self, level="qualified"):
        return trust.Store(
            (
                *trust.Store.of([self.root]).anchors,
                trust.Anchor(self.theirs.der, level),
            )
        )

    def their_key(self, kind="rsa2048", mark="theirs"):
        certificate, key = self.below.issue(
            "فاطمة الزهراء", kind=kind, mark=mark, names={"given": "فاطمة"}
        )
        chain = (self.below.der, self.theirs.der)
        return keys.LoadedKey(key, der(certificate), chain)

    def test_a_person_of_another_authority(self):
        for kind in ("p256", "p384", "rsa2048", "rsa3072"):
            loaded = self.their_key(kind, "theirs")
            pdf = self.sign(self.prepared, "S1", loaded, stamp=self.stamp)
            act = acts.check(pdf, self.store())
            (found,) = act.signatures
            self.assertEqual(
                (found.trust, found.level, found.made_by),
                ("qualified", "B-T", "here"),
            )
            status = verdicts(pdf, [self.root, self.theirs.der])["S1"]
            self.assertTrue(status.bottom_line, status.summary())
            with self.assertRaises(acts.ActBroken):
                acts.check(pdf, [self.root])

    def test_revoked_by_its_authority(self):
        loaded = self.their_key()
        certificate = x509.load_der_x509_certificate(loaded.certificate)
        pdf = self.sign(self.prepared, "S1", loaded)
        now = datetime.datetime.now(datetime.UTC)
        hour = datetime.timedelta(hours=1)
        for moment, holds in ((now - hour, False), (now + hour, True)):
            list_ = self.below.crl([(certificate, moment)], now=now)
            store = dataclasses.replace(self.store(), crls=(list_,))
            with self.subTest(holds=holds):
                if holds:
                    acts.check(pdf, store)
                else:
                    with self.assertRaisesRegex(acts.ActBroken, "revoked"):
                        acts.check(pdf, store)

    def test_another_program_fills_a_box(self):
        """Of another authority: accepted. Of ours: one form only."""
        theirs = self.their_key()
        certificate = x509.load_der_x509_certificate(theirs.certificate)
        pdf = sign_elsewhere(
            self.prepared,
            certificate,
            theirs.private_key,
            theirs.chain[:1],
            name="S1",
        )
        (found,) = acts.check(pdf, self.store()).signatures
        self.assertEqual((found.made_by, found.trust), ("elsewhere", "qualified"))
        mine = self.people[0]
        certificate = x509.load_der_x509_certificate(mine.certificate)
        pdf = sign_elsewhere(
            self.prepared, certificate, mine.private_key, [self.root], name="S1"
        )
        with self.assertRaisesRegex(acts.ActBroken, "accepted form"):
            acts.check(pdf, self.store())

    def test_any_flipped_byte_of_a_chain(self):
        """No byte of a value changes unseen, not even of what is not signed."""
        now = datetime.datetime.now(datetime.UTC)
        before, after = b"a" * 50, b"b" * 50
        digest = hashlib.sha256(before + after).digest()
        for kind in ("p256", "rsa2048"):
            value = cms.sign(self.their_key(kind), digest) + b"\0\0\0"
            place = {
                "field": "S1",
                "kind": "signature",
                "begin": 50,
                "end": 52 + 2 * len(value),
                "size": 102 + 2 * len(value),
                "claimed_at": now,
                "cades": True,
            }
            store, passed = self.store(), []
            for spot in range(-1, len(value)):
                changed = bytearray(value)
                if spot >= 0:
                    changed[spot] ^= 1
                text = bytes(changed).hex().upper().encode()
                pdf = before + b"<" + text + b">" + after
                try:
                    with warnings.catch_warnings(action="ignore"):
                        found = held.signature(pdf, place, store, now)
                except held.NotHeld:
                    continue
                if found.trust != "unknown":
                    passed.append(spot)
            self.assertEqual(passed, [-1], kind)
