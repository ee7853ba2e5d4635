import base64
import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import BookCase, BookSetUp, pdf


@tagged("post_install", "-at_install")
class TestDesk(BookCase):
    """What the desk shows: counts and rows from one method, a folder from another."""

    def _desk(self, user, basket="sign"):
        return (
            self.env["parapheur.folder"]
            .with_user(user)
            .with_company(self.company)
            .get_desk(basket)
        )

    def test_baskets(self):
        folders = [self._submitted(title=f"F{number}") for number in range(3)]
        self.assertEqual(self._desk(self.head)["counts"]["visa"], 3)
        self.assertEqual(self._desk(self.signer)["counts"]["sign"], 0)
        self._as(folders[0], self.head).action_approve()
        run = self._as(folders[1], self.head).run_id
        run.action_add_step("opinion", self.signer.ids, question="Legal?")
        folders[2].deadline = "2020-01-01"
        desk = self._desk(self.signer, "opinion")
        self.assertEqual(
            desk["counts"],
            {
                "sign": 1,
                "visa": 0,
                "opinion": 1,
                "late": 0,
                "delegated": 0,
                "done": 0,
            },
        )
        self.assertEqual([row["id"] for row in desk["folders"]], [folders[1].id])
        head = self._desk(self.head, "late")
        self.assertEqual(head["counts"]["late"], 1)
        self.assertEqual(head["folders"][0]["id"], folders[2].id)
        self.assertLess(head["folders"][0]["days"], 0)
        self.assertEqual(head["counts"]["done"], 1)
        self.assertTrue(self._desk(self.signer)["has_key"])
        self.assertFalse(self._desk(self.head)["has_key"])
        self.assertEqual(self._desk(self.head, "no such")["basket"], "sign")
        theirs = self.env["parapheur.folder"].with_user(self.stranger)
        theirs = theirs.with_company(self.elsewhere)
        self.assertEqual(set(theirs.get_desk()["counts"].values()), {0})

    def test_queries_do_not_grow_with_the_rows(self):
        circuit = self._circuit(
            "Sign", [{"name": "Signature", "kind": "signature", "users": self.signer}]
        )
        nature = self.nature.copy({"circuit_id": circuit.id})
        counts = []
        for more in (2, 4):
            for number in range(more):
                self._submitted(title=f"F{number}", nature=nature)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertTrue(self._desk(self.signer)["folders"])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)

    def test_a_folder(self):
        folder = self._submitted(title="Décision", mains=2)
        folder.action_comment("Urgent, please")
        shown = self._as(folder, self.head).get_desk_folder()
        self.assertEqual(shown["title"], "Décision")
        self.assertEqual([one["role"] for one in shown["documents"]], ["main"] * 2)
        self.assertEqual(len({one["id"] for one in shown["documents"]}), 2)
        self.assertEqual(shown["step"]["reason"], "Named in the circuit")
        can = {name for name, it_can in shown["can"].items() if it_can}
        self.assertEqual(
            can,
            {
                "approve",
                "refuse",
                "transfer",
                "recuse",
                "second_opinion",
                "add_signer",
                "attach",
                "comment",
            },
        )
        self.assertEqual(shown["needs"]["proof"], "none")
        names = {one["id"] for one in shown["acts"]}
        self.assertTrue(names >= can - {"comment"}, "each has its window")
        self.assertEqual(shown["comments"][0]["words"], "Urgent, please")
        self._as(folder, self.head).action_approve("Fine")
        shown = self._as(folder, self.head).get_desk_folder()
        self.assertTrue(shown["can"]["recall"])
        self.assertFalse(shown["step"])
        self.assertFalse(shown["can"]["approve"])
        shown = self._as(folder, self.signer).get_desk_folder()
        self.assertTrue(shown["can"]["sign"])
        for document in shown["documents"]:
            mine = [box for box in document["boxes"] if box["is_mine"]]
            self.assertEqual([box["page"] for box in mine], [1])
            self.assertEqual(len(document["boxes"]), 3, "two persons and the seal")
        self.assertTrue(shown["can"]["return"])
        self.assertEqual(shown["quality"], "Directeur des services")
        self.env.invalidate_all()
        shown = self._as(folder, self.head).get_desk_folder()
        self.assertFalse(shown["can"]["recall"], "the next person opened it")

    def test_visa_of_several(self):
        folders = [self._submitted(title=f"F{number}") for number in range(3)]
        book = (
            self.env["parapheur.folder"].with_user(self.head).with_company(self.company)
        )
        rows = {row["id"]: row for row in self._desk(self.head, "visa")["folders"]}
        items = [{"id": one.id, "base": rows[one.id]["base"]} for one in folders]
        self._as(folders[2], self.head).run_id.action_add_step(
            "opinion", self.other.ids, question="?"
        )
        asked = {"id": folders[2].id, "base": items[2]["base"]}
        results = book.action_approve_many(
            [
                items[0],
                {**items[1], "base": "0" * 64},
                {"id": folders[1].id},
                {"id": 2**40, "base": "x"},
                "x",
                {"id": [1], "base": ["x"]},
            ],
            "Conforme",
        )
        self.assertEqual([one["ok"] for one in results], [True] + [False] * 5)
        self.assertIn("changed", results[1]["error"])
        self.assertIn("Which version", results[2]["error"])
        self.assertIn("not among yours", results[3]["error"])
        acts = folders[0].sudo().run_id.actor_ids.filtered("acted_at")
        self.assertEqual(acts.mapped("comment"), ["Conforme"])
        self.assertFalse(folders[1].sudo().run_id.actor_ids.filtered("acted_at"))
        again = book.action_approve_many([items[0]])
        self.assertFalse(again[0]["ok"], "once")
        others = book.with_user(self.other).action_approve_many([asked])
        self.assertIn("folder by folder", others[0]["error"])
        signs = book.with_user(self.signer).action_approve_many([items[0]])
        self.assertIn("more than an agreement", signs[0]["error"])
        for wrong in ([], None, "x", [items[0]] * 21):
            with self.refused(UserError, "From 1 to 20"):
                book.action_approve_many(wrong)

    def test_search_and_natures(self):
        other = self.nature.copy({"name": "Circular", "circuit_id": self.circuit.id})
        first = self._submitted(title="Décision sur les fêtes")
        second = self._submitted(title="قرار رقم ١٤", nature=other)
        book = (
            self.env["parapheur.folder"].with_user(self.head).with_company(self.company)
        )

        def found(*args):
            return [row["id"] for row in book.get_desk("visa", *args)["folders"]]

        self.assertEqual(found(None, other.id), second.ids)
        self.assertEqual(found(None, None, "DECISION fetes"), first.ids)
        self.assertEqual(found(None, None, "قرار 14"), second.ids)
        self.assertEqual(found(None, None, first.reference[-7:]), first.ids)
        self.assertEqual(found(None, 2**40), [])
        self.assertEqual(len(found(None, None, {"x": 1})), 2, "no words")
        self.assertEqual(found(["x"], "x", None, "x"), [])
        desk = book.get_desk("visa", None, other.id, None, 1)
        self.assertEqual((desk["total"], desk["folders"]), (1, []))
        self.assertEqual(
            [(one["name"], one["count"]) for one in desk["natures"]],
            [("Circular", 1), ("Decision", 1)],
        )

    def test_comments(self):
        folder = self._submitted()
        with self.refused(UserError, "Write your comment"):
            folder.action_comment(" \u200b ")
        with self.refused(UserError, "too long"):
            folder.action_comment("x" * 4001)
        with self.assertRaises(AccessError):
            self._as(folder, self.other).action_comment("x")
        folder.action_comment("<b>bold</b> & more")
        shown = folder.get_desk_folder()
        self.assertEqual(shown["comments"][0]["words"], "<b>bold</b> & more")

    def test_from_the_form_to_the_desk(self):
        folder = self._submitted()
        self.assertFalse(folder.my_turn)
        folder = self._as(folder, self.head)
        self.assertTrue(folder.my_turn)
        action = folder.action_open_desk()
        self.assertEqual(action["tag"], "e_parapheur.desk")
        self.assertEqual(action["context"]["active_folder_id"], folder.id)


@tagged("post_install", "-at_install")
class TestDeskTour(BookSetUp, HttpCase):
    """The desk in a real browser, in French."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_book()
        cls.env["res.lang"]._activate_lang("fr_FR")
        for user in (cls.clerk, cls.head, cls.signer):
            user.lang = "fr_FR"

    # A wrong PIN is told in the log too.
    @mute_logger("odoo.http")
    def test_signatory(self):
        circuit = self._circuit(
            "Sign", [{"name": "Signature", "kind": "signature", "users": self.signer}]
        )
        nature = self.nature.copy({"circuit_id": circuit.id})
        folders = [
            self._submitted(title=f"Décision {number}", nature=nature)
            for number in range(3)
        ]
        self.start_tour("/odoo/parapheur", "e_parapheur_desk", login="book_signer")
        for folder in folders:
            self.assertEqual(
                folder.sudo().signature_ids.mapped("signer_id"), self.signer.ids
            )
            self.assertTrue(
                folder.sudo().signature_ids.consent_id.endswith("-fr"), "in French"
            )

    def test_visa_by_the_keyboard(self):
        folders = [self._submitted(title=f"Décision {number}") for number in range(2)]
        self.start_tour("/odoo/parapheur", "e_parapheur_desk_visa", login="book_head")
        states = sorted(folder.sudo().state for folder in folders)
        self.assertEqual(states, ["refused", "running"])

    def test_submitted_from_the_form(self):
        content = base64.b64encode(pdf(["Décision 7"])).decode()
        tour = "e_parapheur_submit"
        options = json.dumps({"stepDelay": 0, "startUrl": "/odoo/parapheur-folders"})
        self.start_tour(
            "/odoo/parapheur-folders",
            tour,
            login="book_clerk",
            code=f"window.e_parapheur_pdf = {content!r}; odoo.startTour({tour!r}, {options})",
        )
        folder = self.env["parapheur.folder"].search([("title", "=", "Décision 7")])
        self.assertEqual(folder.state, "running")
        self.assertEqual(folder.initiator_id, self.clerk)
