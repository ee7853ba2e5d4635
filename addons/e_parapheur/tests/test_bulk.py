from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.gov_trust.exceptions import PinRefused

from .common import PIN, BookCase


@tagged("post_install", "-at_install")
class TestBulk(BookCase):
    """Several folders, one PIN: one signature and one event a document, each alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        circuit = cls._circuit(
            "Sign", [{"name": "Signature", "kind": "signature", "users": cls.signer}]
        )
        cls.quick = cls.nature.copy({"circuit_id": circuit.id})

    def setUp(self):
        super().setUp()
        self.folders = [
            self._submitted(title=f"Folder {number}", nature=self.quick)
            for number in range(3)
        ]
        self.desk = (
            self.env["parapheur.folder"]
            .with_user(self.signer)
            .with_company(self.company)
        )

    def _items(self):
        return [
            {"id": row["id"], "base": row["base"]}
            for row in self.desk.get_desk("sign")["folders"]
        ]

    def _sign_many(self, items, pin=PIN):
        return self.desk.action_sign_many(pin, items, self._consent())

    def test_all(self):
        results = self._sign_many(self._items())
        self.assertEqual([one["ok"] for one in results], [True] * 3)
        for folder in self.folders:
            self.assertEqual(len(self._events(folder, "folder.signed")), 1)
            self.assertEqual(folder.sudo().state, "closing")
        self.assertEqual(self.desk.get_desk("sign")["counts"]["sign"], 0)

    def test_one_that_fails_leaves_the_others(self):
        items = self._items()
        items[1]["base"] = "0" * 64
        before = self._bytes(self.env["parapheur.folder"].browse(items[1]["id"]))
        others = [
            {"id": 10**8, "base": None},
            {"id": self._draft(title="Of another").id, "base": None},
            {"id": "x", "base": None},
            7,
        ]
        results = self._sign_many(items + others)
        self.assertEqual(
            [one["ok"] for one in results], [True, False, True, *[False] * 4]
        )
        self.assertIn("changed since you opened it", results[1]["error"])
        for result in results[3:]:
            self.assertIn("not among yours", result["error"])
        self.assertEqual(
            self._bytes(self.env["parapheur.folder"].browse(items[1]["id"])), before
        )

    def test_the_same_twice_in_one_go(self):
        item = self._items()[0]
        results = self._sign_many([item, item])
        self.assertEqual([one["ok"] for one in results], [True, False])

    def test_nothing_is_signed_with_a_wrong_pin(self):
        with self.assertRaises(PinRefused):
            self._sign_many(self._items(), pin="246802")
        self.assertFalse(
            self.env["parapheur.signature"]
            .sudo()
            .search_count([("folder_id", "in", [folder.id for folder in self.folders])])
        )

    def test_bounds(self):
        with self.refused(UserError, "From 1 to 20"):
            self._sign_many([])
        with self.refused(UserError, "From 1 to 20"):
            self._sign_many(self._items() * 7)
        with self.refused(UserError, "tick that you accept"):
            self.desk.action_sign_many(PIN, self._items())
