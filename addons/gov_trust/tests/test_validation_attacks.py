"""No attacked file is ever valid; no legitimate file is refused or called forged."""

import random

from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..lib import trust
from ..lib.validation import engine
from ..lib.validation.service import service
from . import attack_files, attack_special
from .attack_world import LEVELS, signed_files, world
from .common_acts import page_pdf

QUIET = mute_logger(
    "pyhanko.pdf_utils.reader",
    "pyhanko.pdf_utils.xref",
    "pyhanko.sign.validation.pdf_embedded",
    "pyhanko.sign.validation.ades",
    "pyhanko.sign.validation.generic_cms",
    "pyhanko_certvalidator.ltv.ades_past",
)
#: Lists are given, not fetched; a lock is said twice.
SIGNING = mute_logger("pyhanko.sign.signers.pdf_signer")


class ValidationCase(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with SIGNING:
            cls.world = world()
            list(signed_files())

    def judge(self, pdf, store=None):
        with QUIET:
            return engine.run(pdf, store or self.world.store)

    def codes(self, told):
        return {one["code"] for one in told["reasons"]}

    def assertNotValid(self, pdf, *about):
        told = self.judge(pdf)
        self.assertNotEqual(told["verdict"], "valid", about)
        self.assertTrue(told["reasons"], about)
        return told


@tagged("standard")
class TestLegitimateFiles(ValidationCase):
    def test_every_level_and_number_of_signers(self):
        names = []
        for name, pdf in signed_files():
            with self.subTest(name):
                told = self.judge(pdf)
                self.assertEqual(told["verdict"], "valid", told["reasons"])
                self.assertEqual(told["indication"], "TOTAL-PASSED")
                self.assertIsNone(told["sub_indication"])
                self.assertIn("ValidationReport", told["etsi_xml"])
                self.assertEqual(
                    told["policy"], {"name": "maktab-strict", "version": "1.0"}
                )
                timed = "B-B" not in name
                for one in told["signatures"]:
                    self.assertEqual(one["indication"], "TOTAL-PASSED")
                    self.assertEqual(bool(one["best_time"]), timed, one)
                self.assertEqual(told["revisions"][-1]["size"], len(pdf))
            names.append(name)
        self.assertEqual(len(names), 8 * len(LEVELS))

    def test_what_an_act_tells(self):
        told = self.judge(self.world.act(2, "B-LTA"))
        kinds = [one["kind"] for one in told["signatures"]]
        self.assertEqual(kinds, ["person", "person", "seal", "timestamp"])
        self.assertEqual(told["signatures"][1]["name"], "رشيد التازي")
        self.assertEqual({one["trust"] for one in told["signatures"]}, {"simple"})
        self.assertEqual(
            [one["what"] for one in told["revisions"]],
            [
                *("document", "document", "signature", "signature", "signature"),
                *("store", "timestamp"),
            ],
        )
        self.assertEqual(told["revisions"][3]["by"], "رشيد التازي")
        self.assertEqual(told["revisions"][3]["changes"][0]["page"], 2)
        self.assertEqual(told["pages"], 2)

    def test_others_are_not_forged_because_unknown_here(self):
        for count in (1, 2, 3):
            for level in LEVELS:
                told = self.judge(self.world.foreign(count, level), self.world.ours)
                self.assertEqual(told["verdict"], "indeterminate")
                self.assertIn("no_anchor", self.codes(told))
                self.assertEqual(told["sub_indication"], "NO_CERTIFICATE_CHAIN_FOUND")

    def test_the_level_is_the_anchor_s(self):
        told = self.judge(self.world.foreign(1))
        self.assertEqual(told["signatures"][0]["trust"], "advanced")

    def test_an_act_that_is_not_closed(self):
        told = self.judge(self.world.act(2, closed=False))
        self.assertEqual(told["verdict"], "indeterminate")
        self.assertEqual(self.codes(told), {"not_closed"})

    def test_no_signature(self):
        told = self.judge(page_pdf())
        self.assertEqual(told["verdict"], "indeterminate")
        self.assertEqual(self.codes(told), {"not_signed"})

    def test_no_anchor_at_all(self):
        told = self.judge(self.world.act(1), trust.Store())
        self.assertEqual(told["verdict"], "indeterminate")
        self.assertIn("no_anchor", self.codes(told))

    def test_the_same_answer_twice(self):
        """Reproducible: offline, nothing but the file, the store and the moment."""
        import datetime

        now = datetime.datetime.now(datetime.UTC)
        pdf = self.world.foreign(2, "B-LTA")
        with QUIET:
            one, other = (engine.run(pdf, self.world.store, now=now) for _n in "ab")
        for told in (one, other):
            told.pop("etsi_xml")
        self.assertEqual(one, other)


@tagged("standard")
class TestAttackedFiles(ValidationCase):
    def attack(self, *files):
        seen = set()
        for label, pdf in files:
            for name, attacked in attack_files.attacks(self.world, pdf):
                with self.subTest(name, file=label):
                    self.assertNotValid(attacked, name, label)
                seen.add(name)
        return seen

    def test_our_files(self):
        made = self.world
        seen = self.attack(
            ("act 2", made.act(2)),
            ("act 4 B-LTA", made.act(4, "B-LTA")),
            ("sealed B-LT", made.sealed("B-LT")),
        )
        self.assertGreaterEqual(len(seen), 40)
        self.assertIn("wrapped", seen)

    def test_files_of_others(self):
        made = self.world
        seen = self.attack(
            ("foreign 1", made.foreign(1)),
            ("foreign 2 B-T", made.foreign(2, "B-T")),
            ("foreign 2 B-LT", made.foreign(2, "B-LT")),
            ("foreign 3 B-LTA", made.foreign(3, "B-LTA")),
        )
        self.assertGreaterEqual(len(seen), 40)

    def test_changed_content_is_invalid_and_named(self):
        for pdf in (self.world.act(2), self.world.foreign(2, "B-T")):
            for attack, code in (
                ("replace text", "page_content"),
                ("annotation", "annotation_added"),
                ("page removed", "page_removed"),
                ("page added", "page_added"),
                ("pages swapped", "pages_reordered"),
                ("page turned", "page_layout"),
                ("text field", "form_field_added"),
                ("other title", "metadata"),
                ("layers added", "layers_changed"),
                ("script added", "attachment_or_script"),
                ("opens with a script", "action_changed"),
            ):
                every = {**attack_files.STRUCTURE, **attack_files.CHANGES}
                with self.subTest(attack):
                    told = self.judge(every[attack](self.world, pdf))
                    self.assertEqual(told["verdict"], "invalid")
                    changes = told["revisions"][-1]["changes"]
                    self.assertIn(code, [one["code"] for one in changes])
                    if code.startswith(("page_", "annotation")):
                        self.assertTrue(
                            [one["page"] for one in changes if one["code"] == code][0]
                        )

    def test_certificates_tokens_forms_and_shadows(self):
        with SIGNING:
            made = list(attack_special.special(self.world))
        for name, attacked, codes in made:
            with self.subTest(name):
                told = self.assertNotValid(attacked, name)
                self.assertTrue(self.codes(told) & codes, told["reasons"])

    def test_names_come_from_the_certificate(self):
        pdf = self.world.sign_foreign(
            page_pdf(), name="President", reason="The President", location="Palace"
        )
        told = self.judge(pdf)
        self.assertEqual(told["verdict"], "valid")
        self.assertEqual(told["signatures"][0]["name"], "Ahmed Alami")
        self.assertNotIn("The President", str(told["signatures"]))
        self.assertNotIn("Palace", str(told["signatures"]))

    def test_two_who_signed_the_same_base(self):
        """Parallel signatures cannot be put together."""
        base = self.world.foreign(1)
        left = self.world.sign_foreign(base, 1, name="L")
        right = self.world.sign_foreign(base, 2, name="R")
        self.assertNotValid(left + right[len(base) :])

    def test_a_middle_signature_cut_out(self):
        told = self.judge(self.world.act(2))
        sizes = [one["size"] for one in told["revisions"]]
        pdf = self.world.act(2)
        self.assertNotValid(pdf[: sizes[2]] + pdf[sizes[3] :])

    def test_cut_between_any_two_revisions(self):
        for level in ("B-B", "B-LTA"):
            pdf = self.world.act(4, level)
            told = self.judge(pdf)
            last = [one["what"] for one in told["revisions"]].index("signature") + 4
            for one in told["revisions"][:last]:
                self.assertNotValid(pdf[: one["size"]], one)


@tagged("standard")
class TestFuzz(ValidationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(service.close)

    def judge(self, pdf, store=None):
        """Some flips send readers on endless ways: limits answer for these."""
        return service.validate(pdf, store or self.world.store)

    def test_flipped_bits(self):
        for label, pdf in (
            ("act", self.world.act(1, "B-LTA")),
            ("sealed", self.world.sealed()),
            ("foreign", self.world.foreign(1, "B-T")),
            ("foreign", self.world.foreign(1, "B-LTA")),
        ):
            source = random.Random(20261130)
            # Data for later that no timestamp covers yet prove themselves, or nothing.
            covered = max(one[3] for one in attack_files.ranges(pdf))
            for spot in source.sample(range(covered), 25):
                changed = bytearray(pdf)
                changed[spot] ^= 1 << source.randrange(8)
                with self.subTest(label, spot=spot):
                    self.assertNotValid(bytes(changed), label, spot)

    def test_random_bytes(self):
        pdf = self.world.act(2, "B-T")
        source = random.Random(7)
        for _turn in range(30):
            changed = bytearray(pdf)
            for _byte in range(source.randrange(1, 30)):
                changed[source.randrange(len(pdf))] = source.randrange(256)
            self.assertNotValid(bytes(changed))

    def test_truncated_and_repeated(self):
        source = random.Random(11)
        for pdf in (self.world.act(1), self.world.foreign(1, "B-LTA")):
            for size in source.sample(range(len(pdf) - 1), 20):
                self.assertNotValid(pdf[:size], size)
            for _turn in range(10):
                at, long = source.randrange(len(pdf)), source.randrange(1, 2000)
                self.assertNotValid(pdf[:at] + pdf[at : at + long] + pdf[at:])
                self.assertNotValid(pdf[:at] + pdf[at + long :])
