import base64
import json

from odoo.tests import HttpCase, tagged

from .common import RegistryCommon, pdf_file


@tagged("post_install", "-at_install")
class TestHttp(RegistryCommon, HttpCase):
    def setUp(self):
        super().setUp()
        for user in self.users.values():
            user.password = user.login + "-secret"
        self.letter = self._draft()
        self.version = self.letter._add_document(pdf_file("Body"), "body.pdf")
        self.letter.action_register()
        self._drain()
        self.receipt = self.letter.receipt_id.sudo()
        self.receipt._ensure_pdf()
        self.address = f"/registry/receipt/{self.receipt.id}/pdf"

    def _as(self, name):
        login = self.users[name].login
        self.authenticate(login, login + "-secret")

    def test_receipt(self):
        for name in ("registrar", "head", "auditor"):
            self._as(name)
            response = self.url_open(self.address)
            self.assertEqual(response.status_code, 200)
            self.assertEqual(response.content, self.receipt._stored_pdf())
            self.assertEqual(response.headers["Content-Type"], "application/pdf")
            self.assertIn("attachment", response.headers["Content-Disposition"])
            self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
            self.assertIn("no-store", response.headers["Cache-Control"])
            self.assertEqual(self.url_open(self.address).content, response.content)

    def test_unknown_and_forbidden_are_one(self):
        self._as("registrar")
        unknown = self.url_open("/registry/receipt/999999999/pdf")
        self.assertEqual(unknown.status_code, 404)
        for name in ("registrar2", "head2", "auditor2", "agent", "admin"):
            self._as(name)
            forbidden = self.url_open(self.address)
            twin = self.url_open("/registry/receipt/999999999/pdf")
            self.assertEqual(forbidden.status_code, 404)
            self.assertEqual(forbidden.content, twin.content)

    def test_anonymous_goes_to_login(self):
        response = self.url_open(self.address, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])

    def test_pending_is_not_found(self):
        letter = self._draft()
        letter.action_register()
        self.env.flush_all()
        self._as("registrar")
        receipt = letter.receipt_id
        response = self.url_open(f"/registry/receipt/{receipt.id}/pdf")
        self.assertIn(response.status_code, (200, 404))

    def test_documents_through_their_own_door_only(self):
        version = self.version
        self._as("registrar")
        self.assertEqual(self.url_open(f"/gov/document/{version.id}").status_code, 200)
        for name in ("registrar2", "agent", "admin"):
            self._as(name)
            self.assertEqual(
                self.url_open(f"/gov/document/{version.id}").status_code, 404
            )
        attachments = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "gov.document.vault"),
                    ("name", "in", (version.sha256, self.receipt.pdf_sha256)),
                ]
            )
        )
        self.assertTrue(attachments)
        for name in ("registrar", "registrar2", "auditor"):
            self._as(name)
            for attachment in attachments:
                response = self.url_open(f"/web/content/{attachment.id}")
                self.assertEqual(response.status_code, 404)

    def _call(self, model, method, *args, **kwargs):
        response = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(
                {
                    "jsonrpc": "2.0",
                    "method": "call",
                    "params": {
                        "model": model,
                        "method": method,
                        "args": args,
                        "kwargs": kwargs,
                    },
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        return response.json()

    def test_rpc(self):
        from odoo.tools import mute_logger

        self._as("registrar")
        letter = self._draft()
        self.env.flush_all()
        with mute_logger("odoo.http"):
            for vals in (
                {"state": "registered"},
                {"entry_id": self.receipt.entry_id.id},
            ):
                answer = self._call("registry.letter", "write", [letter.id], vals)
                self.assertIn("error", answer)
            answer = self._call(
                "registry.letter",
                "write",
                [letter.id],
                {"state": "registered"},
                context={"registry_gate": True, "registry_lean": True},
            )
            self.assertIn("error", answer)
            for method in ("_register_deposit", "_create_entry", "_gated"):
                self.assertIn("error", self._call("registry.letter", method, []))
            for model in (
                "registry.entry",
                "registry.entry.detail",
                "registry.receipt",
            ):
                self.assertIn("error", self._call(model, "create", [{}]))
                self.assertIn(
                    "error", self._call(model, "write", [self.receipt.id], {"id": 1})
                )
        self.assertTrue(
            self._call("registry.letter", "action_register", [letter.id])["result"]
        )
        data = self._call("registry.receipt", "read", [self.receipt.id], ["pdf"])
        self.assertEqual(
            base64.b64decode(data["result"][0]["pdf"]), self.receipt._stored_pdf()
        )
