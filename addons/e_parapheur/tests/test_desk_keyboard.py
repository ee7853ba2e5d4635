from odoo.tests import HttpCase, tagged

from .common import AGENT, BookSetUp


@tagged("post_install", "-at_install")
class TestDeskKeyboard(BookSetUp, HttpCase):
    """The desk without a mouse, in French; as a secretary has it, in Arabic; in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_book()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.signer.lang = "fr_FR"

    def _nature(self, kind):
        circuit = self._circuit(
            kind, [{"name": "Step", "kind": kind, "users": self.signer}]
        )
        return self.nature.copy({"name": kind, "circuit_id": circuit.id})

    def test_ten_folders(self):
        folders = {
            kind: [
                self._submitted(title=f"{kind} {number}", nature=nature)
                for number in range(count)
            ]
            for kind, count, nature in (
                ("signature", 7, self._nature("signature")),
                ("visa", 2, self._nature("visa")),
                ("opinion", 1, self._nature("opinion")),
            )
        }
        self.start_tour(
            "/odoo/parapheur", "e_parapheur_ten_folders", login="book_signer"
        )
        states = [folder.sudo().state for folder in folders["signature"]]
        self.assertEqual(states.count("refused"), 1)
        signed = [folder.sudo().signature_ids for folder in folders["signature"]]
        self.assertEqual([len(one) for one in signed].count(1), 6)
        for kind in ("visa", "opinion"):
            for folder in folders[kind]:
                acts = folder.sudo().run_id.actor_ids
                self.assertEqual(acts.mapped("state"), ["done"])

    def test_secretary(self):
        secretary = self._user("book_secretary", AGENT, name="Salma Secretary")
        secretary.lang = "ar_MA"
        nature = self._nature("signature")
        folders = [
            self._submitted(title=f"Folder {number}", nature=nature)
            for number in (1, 2, 3)
        ]
        self.env["parapheur.secretary"].create(
            {
                "signatory_id": self.signer.id,
                "secretary_id": secretary.id,
                "company_id": self.company.id,
            }
        )
        self.start_tour(
            "/odoo/parapheur", "e_parapheur_secretary", login="book_secretary"
        )
        book = self.env["parapheur.folder"].with_user(self.signer)
        desk = book.with_company(self.company).get_desk()
        self.assertEqual(
            [row["title"] for row in desk["folders"]],
            ["Folder 3", "Folder 2", "Folder 1"],
        )
        comment = self.env["parapheur.private.comment"].sudo()
        found = comment.search([("folder_id", "in", [one.id for one in folders])])
        self.assertEqual(found.reader_ids, self.signer)
