from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import PIN, BookSetUp


@tagged("post_install", "-at_install")
class TestReader(BookSetUp, HttpCase):
    """Doors over HTTP: the document in the page, and the methods by RPC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_book()

    def setUp(self):
        super().setUp()
        self.folder = self._submitted(user=self.other)
        self.version = self.folder.sudo().piece_ids._current()

    def _rpc(self, method, *args, model="parapheur.folder"):
        with mute_logger("odoo.http"):
            return self.url_open(
                f"/web/dataset/call_kw/{model}/{method}",
                json={
                    "params": {
                        "model": model,
                        "method": method,
                        "args": args,
                        "kwargs": {},
                    }
                },
            ).json()

    def test_shown_to_those_concerned_only(self):
        path = f"/gov/document/{self.version.id}/view"
        bodies = set()
        for login, status in (
            ("book_other", 200),
            ("book_head", 200),
            ("book_auditor", 200),
            ("book_signer", 404),
            ("book_clerk", 404),
            ("book_admin", 404),
            ("book_stranger", 404),
        ):
            self.authenticate(login, login)
            response = self.url_open(path, allow_redirects=False)
            self.assertEqual(response.status_code, status, login)
            if status == 200:
                self.assertTrue(response.content.startswith(b"%PDF"))
            else:
                bodies.add(response.text)
        unknown = self.url_open(f"/gov/document/{2**31 - 1}/view")
        self.assertEqual(unknown.status_code, 404)
        self.assertEqual(len(bodies), 1)
        log = self.env["gov.consultation"].sudo()
        self.assertEqual(
            log.search_count([("version_id", "=", self.version.id)]),
            3,
            "each is logged",
        )

    def test_refused_by_rpc_with_a_sentence(self):
        ids = [self.folder.id]
        consent = self._consent()
        self.authenticate("book_head", "book_head")
        for method, args, words in (
            ("action_sign", [ids, PIN, None, consent], "not for a signature"),
            ("action_approve", [ids, None, "0" * 64], "changed since you opened it"),
            (
                "action_submit",
                [ids],
                "not allowed to modify|You are not allowed|access",
            ),
            ("write", [ids, {"state": "done"}], "."),
            ("action_return", [ids, 1, "x"], "part of the circuit"),
        ):
            answer = self._rpc(method, *args)
            self.assertIn("error", answer, method)
            self.assertRegex(answer["error"]["data"]["message"], words)
        self.authenticate("book_signer", "book_signer")
        answer = self._rpc("action_sign", ids, PIN, None, consent)
        self.assertIn("AccessError", answer["error"]["data"]["name"])
        for private in ("_sign", "_set_final", "_become", "_store_version"):
            answer = self._rpc(private, ids)
            self.assertIn("error", answer)

    def test_desk_by_rpc(self):
        self.authenticate("book_head", "book_head")
        desk = self._rpc("get_desk", "visa")["result"]
        self.assertEqual(desk["counts"]["visa"], 1)
        row = desk["folders"][0]
        folder = self._rpc("get_desk_folder", [row["id"]])["result"]
        self.assertEqual(folder["base"], row["base"])
        self.assertTrue(folder["can"]["approve"])
        self.assertFalse(folder["can"]["sign"])
        self.assertEqual(folder["documents"][0]["version_id"], self.version.id)
