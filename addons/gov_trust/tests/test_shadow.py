"""What was prepared before a signature never shows something else after it."""

import importlib.util
import time

from cryptography.x509.oid import ExtendedKeyUsageOID

from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..lib import acts, acts_form
from ..lib.validation import engine
from . import test_acts_attacks as tamper
from .attack_files import revised
from .attack_shadow import (
    FONTS,
    PAGE,
    PLAIN,
    act,
    document,
    shadows,
    store_by_hand,
    stored,
    stream,
)
from .attack_world import signed_files, world
from .common_acts import TOOL, fields

SERVER = ExtendedKeyUsageOID.SERVER_AUTH
#: What pyHanko says of certificates that no time-stamp proves.
NOISY = (
    "pyhanko.sign.validation.ades",
    "pyhanko.sign.validation.generic_cms",
    "pyhanko.sign.signers.pdf_signer",
)


@tagged("standard")
class TestShadow(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        spec = importlib.util.spec_from_file_location("maktab_verify_shadow", TOOL)
        cls.tool = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(cls.tool)
        cls.world = world()
        load = cls.tool.x509.load_der_x509_certificate
        cls.roots = [load(cls.world.root), load(cls.world.other.der)]

    def judged(self, pdf):
        """What the three judges say: (engine, act, tool)."""
        with mute_logger(*NOISY):
            told = engine.run(pdf, self.world.store)["verdict"]
        try:
            held = "valid" if acts.check(pdf, self.world.store).closed else "open"
        except acts.ActBroken:
            held = "broken"
        return told, held, self.tool.check(pdf, self.roots)["verdict"]

    def test_one_object_is_one_thing(self):
        """Each attack starts from a file that holds, and no judge believes the end."""
        for name, signed, forged in shadows(self.world):
            with self.subTest(name):
                if signed is not None:
                    self.assertEqual(self.judged(signed)[0], "valid")
                told, act, tool = self.judged(forged)
                self.assertNotEqual(told, "valid")
                self.assertEqual(act, "broken")
                self.assertEqual(tool, "invalid")

    def test_the_same_without_the_attack(self):
        signed = self.world.sign_foreign(document(), box=(60, 60, 200, 120))
        told, act, tool = self.judged(store_by_hand(self.world, signed))
        self.assertEqual((told, act, tool), ("valid", "open", "indeterminate"))

    def test_what_does_something_by_itself(self):
        """Actions anywhere, and content that is kept elsewhere, are never valid."""
        script = b"<</S/JavaScript/JS(x)>>"
        note = b"/Annots[<</Type/Annot/Subtype/%s/Rect[0 0 9 9]%s>>]"
        far = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"
        far += b"/Ref<</F(other.pdf)/Page 0>>"
        for name, objects in (
            ("page", {3: PAGE % (FONTS, b"/AA<</O %s>>" % script)}),
            ("link", {3: PAGE % (FONTS, note % (b"Link", b"/A " + script))}),
            ("player", {3: PAGE % (FONTS, note % (b"RichMedia", b""))}),
            ("hide", {1: PLAIN[1][:-2] + b"/OpenAction<</S/Hide/T(x)>>>>"}),
            ("next", {9: b"<</S/GoTo/D[3 0 R/Fit]/Next %s>>" % script}),
            ("elsewhere", {4: b"<</Length 0/F(x)>>\nstream\n\nendstream"}),
            ("of another file", {9: stream(b"", far)}),
        ):
            with self.subTest(name):
                signed = self.world.sign_foreign(document(objects))
                self.assertEqual(self.judged(signed)[0], "indeterminate")

    def test_pages_that_inherit(self):
        """What a tree of pages says for all of them stays there, for every judge."""
        for said in (b"/MediaBox[0 0 595 842]", b"/Rotate 0", FONTS):
            pages = {at: PLAIN[at].replace(said, b"") for at in (3, 7)}
            tree = PLAIN[2][:-2] + said + b">>"
            closed = act(self.world, document({**pages, 2: tree}))
            self.assertEqual(self.judged(closed), ("valid",) * 3)

    def test_a_document_that_came_signed(self):
        """Boxes for an act are added behind a signature of others: nothing else is."""
        for level in ("B-B", "B-T", "B-LT", "B-LTA"):
            came = self.world.sign_foreign(
                document(), level=level, box=(300, 400, 420, 460), page=1
            )
            prepared = acts.prepare(came, fields(1), self.world.store)
            for name, pdf, wanted in (
                ("kept", prepared, "valid"),
                ("box moved", revised(prepared, tamper.box_moved), "invalid"),
                ("page", revised(prepared, tamper.other_contents), "invalid"),
            ):
                with self.subTest(name, level=level):
                    closed = self.world.sign(self.world.sign(pdf, "S1"), "Seal")
                    told, held, tool = self.judged(closed)
                    self.assertEqual((told, tool), (wanted, wanted))
                    self.assertEqual(held == "valid", wanted == "valid")

    def test_boxes_behind_a_signature_of_ours(self):
        own = acts.prepare(document(), fields(1, seal=False))
        own = self.world.sign(own, "S1")

        def late(writer):
            more = [fields(2)[1], fields(0)[0]]
            acts_form.append_fields(writer, more, acts_form.sig_fields(writer))

        closed = self.world.sign(self.world.sign(revised(own, late), "S2"), "Seal")
        self.assertEqual(self.judged(closed), ("invalid", "broken", "invalid"))

    def test_a_certificate_for_another_use(self):
        """A server's certificate signs nothing, for any judge."""
        signer = self.world.below.issue(
            "Server", names={"given": "S", "serial": "1"}, purposes=(SERVER,)
        )
        told, held, tool = self.judged(
            self.world.sign_foreign(document(), 0, signer=signer)
        )
        self.assertNotEqual(told, "valid")
        self.assertEqual((held, tool), ("broken", "invalid"))

    def test_ways_without_end(self):
        """Objects that name each other in a million million ways hold up nobody."""
        for depth in (40, 300):
            ways = {
                at: b"<</A %d 0 R/B %d 0 R>>" % (at + 1, at + 1)
                for at in range(20, 20 + depth)
            }
            ways |= {1: PLAIN[1][:-2] + b"/X 20 0 R>>", 20 + depth: b"<<>>"}
            base, begun = document(ways), time.thread_time()
            with self.assertRaisesRegex(acts.ActRefused, "too many ways"):
                acts.prepare(base, fields(1))
            self.assertLess(time.thread_time() - begun, 15)
        signed = stored(self.world, self.world.sign_foreign(base))
        begun = time.thread_time()
        self.assertEqual(self.judged(signed)[1], "broken")
        self.assertLess(time.thread_time() - begun, 20)

    @mute_logger(*NOISY)
    def test_legitimate_files_hold(self):
        """Ours and others', of one to four signatures and of every level."""
        for name, pdf in signed_files():
            with self.subTest(name):
                told, act, tool = self.judged(pdf)
                self.assertEqual(told, "valid")
                if name.startswith("act"):
                    self.assertEqual((act, tool), ("valid", "valid"))
