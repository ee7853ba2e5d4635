"""Acts with time-stamps, of every kind of key, on every shape of page."""

import dataclasses
import datetime
import hashlib
import io
import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

import pikepdf
import pypdfium2

from odoo.tests import tagged
from odoo.tools.misc import find_in_path

from ..lib import acts, ca, cms, keys, pades, pdf_fill, tsp
from ..lib.names import Holder
from .common_acts import SEAL_SPOT, ActCase, block_pdf, fields, page_pdf
from .common_elsewhere import verdicts
from .common_keys import KINDS, authority, loaded, stamp_by, timestamper

CONTENTS = re.compile(rb"/Contents <([0-9A-F]+)>")


def padded(token, size):
    """The same token with so many bytes more in it, as its certificates could be."""
    from asn1crypto import cms as asn1, core

    message = asn1.ContentInfo.load(token)
    info = message["content"]["signer_infos"][0]
    filling = asn1.CMSAttribute(
        {"type": "1.2.3.4.5", "values": [core.OctetString(b"\0" * size)]}
    )
    info["unsigned_attrs"] = asn1.CMSAttributes([filling])
    return message.dump(force=True)


@tagged("standard")
class TestStamped(ActCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tsa_key = timestamper(cls.root_key, cls.root)
        cls.stamp = staticmethod(stamp_by(cls.tsa_key))

    def test_every_kind_of_key(self):
        for name, make in KINDS.items():
            with self.subTest(name):
                private = make()
                holder = Holder(
                    "Commune", country="MA", person="Amal Idrissi", mark="RBT-01-9"
                )
                certificate = ca.issue(
                    self.root, self.root_key, private.public_key(), holder, ca.PERSON
                )
                key = keys.LoadedKey(private, certificate, (self.root,))
                pdf = self.sign(self.prepared, "S1", key, stamp=self.stamp)
                seal = loaded(self.root_key, self.root, private=make())
                pdf = self.sign(pdf, "Seal", seal, stamp=self.stamp)
                act = acts.check(pdf, [self.root])
                self.assertEqual(act.level, "B-T")
                self.assertTrue(act.closed)
                for one in act.signatures:
                    self.assertEqual(one.trust, "simple")
                    self.assertEqual(one.best_time, one.timestamp.gen_time)
                for field, status in verdicts(pdf, [self.root]).items():
                    self.assertTrue(status.bottom_line, (field, status.summary()))
                    self.assertTrue(status.timestamp_validity.trusted)
                self.openssl_agrees(pdf)
                sealed = pades.seal(page_pdf(), seal, stamp=self.stamp)
                self.assertTrue(pades.check(sealed, [self.root]).timestamp)

    def openssl_agrees(self, pdf):
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            (place / "root.pem").write_text(ca.pem(self.root))
            (place / "act.pdf").write_bytes(pdf)
            for match in CONTENTS.finditer(pdf):
                begin, end = match.start(1) - 1, match.end(1) + 1
                told = re.search(rb"/ByteRange \[0 %d %d (\d+)" % (begin, end), pdf)
                (place / "covered").write_bytes(
                    pdf[:begin] + pdf[end : end + int(told[1])]
                )
                one = cms.read(match[1])
                (place / "cms.der").write_bytes(bytes.fromhex(match[1].decode()))
                (place / "value").write_bytes(one.signature)
                (place / "token.der").write_bytes(one.timestamp)
                for command in (
                    "cms -verify -inform DER -in cms.der -content covered -binary "
                    "-CAfile root.pem -purpose any -out /dev/null",
                    "ts -verify -token_in -in token.der -data value -CAfile root.pem",
                ):
                    self.run_in(folder, f"openssl {command}")
            if find_in_path("pdfsig"):
                said = self.run_in(folder, "pdfsig -nocert act.pdf")
                self.assertEqual(
                    said.count("Signature is Valid"), len(CONTENTS.findall(pdf))
                )

    def run_in(self, folder, command):
        done = subprocess.run(
            command.split(),
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_room_only_when_it_is_needed(self):
        plain = self.sign(self.prepared, "S1")
        stamped = self.sign(self.prepared, "S1", stamp=self.stamp)
        sizes = [len(CONTENTS.findall(pdf)[0]) // 2 for pdf in (plain, stamped)]
        self.assertEqual(sizes[1] - sizes[0], cms.TOKEN_ROOM)

    def test_large_tokens(self):
        """More room is made, once; what is signed is what is stamped."""
        for size in (9000, 60_000):
            asked = []

            # pylint: disable-next=dangerous-default-value
            def stamp(digest, size=size, asked=asked):
                asked.append(digest)
                return padded(self.stamp(digest), size)

            pdf = self.sign(self.prepared, "S1", stamp=stamp)
            self.assertEqual(len(asked), 2)
            self.assertEqual(acts.check(pdf, [self.root]).level, "B-T")
            sealed = pades.seal(page_pdf(), self.seal_key, stamp=stamp)
            self.assertTrue(pades.check(sealed, [self.root]).timestamp)
        with self.assertRaisesRegex(acts.ActRefused, "too large"):
            self.sign(
                self.prepared,
                "S1",
                stamp=lambda digest: padded(self.stamp(digest), pdf_fill.MAX_TOKEN),
            )

    def test_tokens_that_grow_each_time(self):
        sizes = iter((9000, 12_000, 15_000, 15_000))
        pdf = self.sign(
            self.prepared,
            "S1",
            stamp=lambda digest: padded(self.stamp(digest), next(sizes)),
        )
        self.assertEqual(acts.check(pdf, [self.root]).level, "B-T")

    def test_nobody_answers(self):
        def stamp(_digest):
            raise tsp.TimestampUnavailable("nobody")

        for work in (
            lambda: self.sign(self.prepared, "S1", stamp=stamp),
            lambda: pades.seal(page_pdf(), self.seal_key, stamp=stamp),
        ):
            with self.assertRaises(tsp.TimestampUnavailable):
                work()

    def test_what_is_no_token(self):
        for odd in (b"", b"hello", b"\x30\x80\0\0", b"\x30\x03\x02\x01", None, 7):
            with self.subTest(odd), self.assertRaises(acts.ActRefused):
                self.sign(
                    self.prepared, "S1", stamp=lambda _digest, odd=odd: odd or b""
                )

    def test_tokens_that_prove_nothing(self):
        """Of something else, or broken: refused. Of an unknown authority: no B-T."""
        other = self.stamp(hashlib.sha256(b"something else").digest())
        pdf = self.sign(self.prepared, "S1", stamp=lambda _digest: other)
        self.assertIn("time-stamp", self.refusal(pdf))
        pdf = self.sign(self.prepared, "S1", stamp=lambda _digest: b"\x30\x02\x05\0")
        self.assertIn("time-stamp", self.refusal(pdf))
        root_key, root = authority("Somebody else")
        stranger = stamp_by(timestamper(root_key, root))
        pdf = self.sign(self.prepared, "S1", stamp=stranger)
        (found,) = acts.check(pdf, [self.root]).signatures
        self.assertEqual((found.level, found.timestamp), ("B-B", None))

    def refusal(self, pdf):
        with self.assertRaises(acts.ActBroken) as caught:
            acts.check(pdf, [self.root])
        return str(caught.exception)

    def test_times(self):
        """The time-stamp counts; the claim may not contradict it."""
        now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
        hour = datetime.timedelta(hours=1)
        later = stamp_by(self.tsa_key, now + 2 * hour)
        pdf = self.sign(self.prepared, "S1", stamp=later)
        self.assertIn("to come", self.refusal(pdf))
        self.assertEqual(acts.check(pdf, [self.root], now + 2 * hour).level, "B-T")
        claimed = self.sign(self.prepared, "S1", stamp=self.stamp, now=now + 2 * hour)
        with self.assertRaisesRegex(acts.ActBroken, "after its own time-stamp"):
            acts.check(claimed, [self.root], now + 2 * hour)
        # The second signer's time-stamp is before the first one's.
        both = self.sign(pdf, "S2", stamp=self.stamp)
        with self.assertRaisesRegex(acts.ActBroken, "before the one it follows"):
            acts.check(both, [self.root], now + 2 * hour)

    def test_any_flipped_byte_outside_the_token(self):
        pdf = self.sign(self.prepared, "S1", stamp=self.stamp, appearance=None)
        match = CONTENTS.search(pdf)
        raw = bytes.fromhex(match[1].decode())
        token = cms.read(match[1]).timestamp
        begin = raw.index(token)
        inside = range(begin + 4, begin + len(token))
        end = len(raw.rstrip(b"\0")) + 40
        for spot in (*range(0, end), len(raw) - 1):
            if spot in inside and spot % 7:
                continue
            changed = bytearray(raw)
            changed[spot] ^= 1
            text = bytes(changed).hex().upper().encode()
            forged = pdf[: match.start(1)] + text + pdf[match.end(1) :]
            try:
                acts.check(forged, [self.root])
            except acts.ActBroken:
                continue
            # Certificates that a token brings along are not signed; nothing else passes.
            self.assertIn(spot, inside)

    def test_a_token_taken_out(self):
        """Without its token a signature is B-B again, and nothing more."""
        pdf = self.sign(self.prepared, "S1", stamp=self.stamp)
        match = CONTENTS.search(pdf)
        one = dataclasses.replace(cms.read(match[1]), timestamp=None)
        plain = cms._cms(one).ljust(len(match[1]) // 2, b"\0").hex().upper()
        forged = pdf[: match.start(1)] + plain.encode() + pdf[match.end(1) :]
        self.assertEqual(acts.check(forged, [self.root]).level, "B-B")


@tagged("standard")
class TestPages(ActCase):
    """Pages as scanners and plotters make them."""

    def drawn(self, pdf, page=0):
        """Positions of blue pixels of a rendered page: (left, top, right, bottom)."""
        opened = pypdfium2.PdfDocument(pdf)
        opened.init_forms()
        image = opened[page].render(scale=1, may_draw_forms=True).to_pil()
        image = image.convert("RGB")
        spots = [
            (x, y)
            for x in range(image.width)
            for y in range(image.height)
            if image.getpixel((x, y))[2] > 200 and image.getpixel((x, y))[0] < 100
        ]
        self.assertTrue(spots, "nothing was drawn")
        xs, ys = [x for x, _y in spots], [y for _x, y in spots]
        return (min(xs), min(ys), max(xs), max(ys)), image.size

    def test_turned_pages(self):
        """Signed, and the block is upright in its box whatever way the page is turned."""
        for turn in (0, 90, 180, 270):
            with self.subTest(turn):
                base = page_pdf(1, Rotate=turn)
                box = acts.Box(0, (300, 300, 460, 350))
                prepared = acts.prepare(
                    base,
                    [
                        acts.Field("S1", "signature", box),
                        acts.Field("Seal", "seal", acts.Box(0, SEAL_SPOT)),
                    ],
                )
                pdf = self.sign(prepared, "S1", appearance=block_pdf())
                self.assertActHolds(self.sign(pdf, "Seal"), True)
                (left, top, right, bottom), size = self.drawn(pdf)
                wide, high = 595, 842
                x0, y0, x1, y1 = 300, 300, 460, 350
                seen = {
                    0: (x0, high - y1, x1, high - y0),
                    90: (y0, x0, y1, x1),
                    180: (wide - x1, y0, wide - x0, y1),
                    270: (high - y1, wide - x1, high - y0, wide - x0),
                }[turn]
                self.assertEqual(size, (high, wide) if turn % 180 else (wide, high))
                self.assertGreaterEqual(left, seen[0] - 2)
                self.assertGreaterEqual(top, seen[1] - 2)
                self.assertLessEqual(right, seen[2] + 2)
                self.assertLessEqual(bottom, seen[3] + 2)
                # Upright: wider than high, as the block is.
                self.assertGreater(right - left, bottom - top)

    def test_shapes(self):
        """A3, crop boxes that begin elsewhere, media boxes given from the top."""
        shapes = {
            "A3": ({"MediaBox": [0, 0, 842, 1191]}, (600, 1100, 760, 1150)),
            "origin": ({"MediaBox": [-100, -200, 495, 642]}, (-90, -190, 70, -140)),
            "crop": (
                {"MediaBox": [0, 0, 800, 1000], "CropBox": [100, 150, 695, 992]},
                (110, 160, 270, 210),
            ),
            "upside": ({"MediaBox": [595, 842, 0, 0]}, (40, 60, 200, 110)),
            "turned crop": (
                {
                    "MediaBox": [10, 10, 810, 1010],
                    "CropBox": [50, 60, 700, 900],
                    "Rotate": 270,
                },
                (60, 70, 220, 120),
            ),
        }
        for name, (entries, rect) in shapes.items():
            with self.subTest(name):
                base = page_pdf(
                    1,
                    **{
                        key: pikepdf.Array(value) if isinstance(value, list) else value
                        for key, value in entries.items()
                    },
                )
                prepared = acts.prepare(
                    base, [acts.Field("S1", "signature", acts.Box(0, rect))]
                )
                self.assertActHolds(self.sign(prepared, "S1"), False)
                left, low, right, high = entries.get("CropBox", entries["MediaBox"])
                outside = (
                    max(left, right) - 10,
                    rect[1],
                    max(left, right) + 50,
                    rect[3],
                )
                with self.assertRaisesRegex(acts.ActRefused, "not inside its page"):
                    acts.prepare(
                        base, [acts.Field("S1", "signature", acts.Box(0, outside))]
                    )
                self.assertNotEqual(low, high)

    def test_two_hundred_pages(self):
        base = page_pdf(200)
        began = time.monotonic()
        pdf = acts.prepare(base, fields(2, page=199))
        pdf = self.sign(self.sign(self.sign(pdf, "S1"), "S2"), "Seal")
        act = acts.check(pdf, [self.root])
        spent = time.monotonic() - began
        self.assertEqual(len(act.signatures), 3)
        self.assertLess(spent, 20)

    def test_fifty_megabytes(self):
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(page_pdf())) as opened:
            opened.attachments["scan.bin"] = os.urandom(50 * 1024 * 1024)
            opened.save(out)
        base = out.getvalue()
        self.assertGreater(len(base), 50 * 1024 * 1024)
        began = time.monotonic()
        pdf = self.sign(acts.prepare(base, fields(1)), "S1")
        pdf = self.sign(pdf, "Seal")
        self.assertTrue(acts.check(pdf, [self.root]).closed)
        spent = time.monotonic() - began
        self.assertLess(len(pdf) - len(base), 100_000)
        self.assertLess(spent, 20)
        sealed = pades.seal(base, self.seal_key)
        pades.check(sealed, [self.root])
