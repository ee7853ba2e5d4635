"""What was prepared before a signature never shows something else after it."""

import importlib.util

from odoo.tests import BaseCase, tagged

from ..lib import acts
from ..lib.validation import engine
from .attack_shadow import document, shadows, store_by_hand
from .attack_world import signed_files, world
from .common_acts import TOOL


@tagged("standard", "alone")
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
        told = engine.run(pdf, self.world.store)["verdict"]
        try:
            act = "valid" if acts.check(pdf, self.world.store).closed else "open"
        except acts.ActBroken:
            act = "broken"
        return told, act, self.tool.check(pdf, self.roots)["verdict"]

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

    def test_legitimate_files_hold(self):
        """Ours and others', of one to four signatures and of every level."""
        for name, pdf in signed_files():
            with self.subTest(name):
                told, act, tool = self.judged(pdf)
                self.assertEqual(told, "valid")
                if name.startswith("act"):
                    self.assertEqual((act, tool), ("valid", "valid"))
