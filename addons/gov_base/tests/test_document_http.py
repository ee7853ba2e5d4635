from urllib.parse import quote

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from . import intake_files as files

PASSWORD = "docs-http-password"


@tagged("alone", "standard", "post_install", "-at_install")
class TestDocumentHttp(HttpCase):
    """The only door to content: as a download, logged, and one 404 for all that is not given."""

    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].sudo().set_param(
            "gov_base.clamd_address", False
        )
        self.company = self.env["res.company"].create({"name": "Commune of tests A"})
        self.other_company = self.env["res.company"].create(
            {"name": "Commune of tests B"}
        )
        self.content = files.pdf(filler=3_000)
        self.version = self.ingest(self.company, self.content, "رسالة “x”;\r\n y.pdf")
        self.theirs = self.ingest(self.other_company, files.pdf(pages=2), "theirs.pdf")
        self.agent = self.user("docs_http", "gov_base.group_gov_base_agent")

    def ingest(self, company, content, name):
        owner = self.env["res.partner"].create(
            {"name": "Owner", "company_id": company.id}
        )
        return self.env["gov.document"]._ingest(
            content, name, company=company, owner=owner
        )

    def user(self, login, groups):
        return new_test_user(
            self.env,
            login=login,
            password=PASSWORD,
            groups=groups,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def get(self, version_id, **kwargs):
        return self.url_open(
            f"/gov/document/{version_id}", allow_redirects=False, **kwargs
        )

    def consultations(self):
        return (
            self.env["gov.consultation"]
            .sudo()
            .search([("version_id", "=", self.version.id)])
        )

    def test_download(self):
        self.authenticate("docs_http", PASSWORD)
        response = self.get(self.version.id)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.content, self.content)
        name = quote(self.version.filename, safe="")
        self.assertEqual(
            response.headers["Content-Disposition"],
            f"attachment; filename*=UTF-8''{name}",
        )
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(
            response.headers["Content-Security-Policy"], "sandbox; default-src 'none'"
        )
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertEqual(response.headers["Referrer-Policy"], "no-referrer")
        log = self.consultations()
        self.assertEqual(
            (len(log), log.user_id, log.filename),
            (1, self.agent.id, self.version.filename),
        )

    def test_head(self):
        self.authenticate("docs_http", PASSWORD)
        response = self.get(self.version.id, method="HEAD")
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Length"], str(len(self.content)))
        self.assertFalse(response.content)
        self.assertFalse(self.consultations())

    def test_one_answer_for_all_that_is_not_given(self):
        self.authenticate("docs_http", PASSWORD)
        quarantined = self.ingest(self.company, files.pdf(pages=3), "q.pdf")
        quarantined._write_pipeline({"state": "quarantined", "av_state": "infected"})
        waiting = self.ingest(self.company, files.pdf(pages=4), "w.pdf")
        waiting._write_pipeline({"state": "bounded", "av_state": "pending"})
        bodies = set()
        for version_id in (2**31 - 1, 0, self.theirs.id, quarantined.id, waiting.id):
            response = self.get(version_id)
            self.assertEqual(response.status_code, 404, version_id)
            bodies.add(response.text.replace(f"/gov/document/{version_id}", ""))
            self.assertEqual(self.get(version_id, method="HEAD").status_code, 404)
        self.assertEqual(len(bodies), 1)
        for path in ("-1", "abc", f"{10**30}", f"{self.version.id}/x"):
            self.assertEqual(self.get(path).status_code, 404)

    def test_methods(self):
        self.authenticate("docs_http", PASSWORD)
        response = self.get(self.version.id, data={"a": "b"})
        self.assertEqual(response.status_code, 405)

    def test_without_a_session(self):
        for version_id in (self.version.id, 2**31 - 1):
            response = self.get(version_id)
            self.assertEqual(response.status_code, 303)
            self.assertIn("/web/login", response.headers["Location"])
        self.user("docs_plain_http", "base.group_user")
        self.authenticate("docs_plain_http", PASSWORD)
        self.assertEqual(self.get(self.version.id).status_code, 404)

    def test_no_other_address_gives_it(self):
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "gov.document.vault"),
                    ("res_id", "=", self.version.sudo().vault_id.id),
                ]
            )
        )
        self.assertEqual(len(attachment), 1)
        vault = f"gov.document.vault/{attachment.res_id}"
        self.user("docs_system_http", "base.group_system,gov_base.group_gov_base_agent")
        for login in (None, "docs_http", "docs_system_http"):
            self.authenticate(login, login and PASSWORD)
            for path in (
                f"/web/content/{attachment.id}",
                f"/web/content/{attachment.id}?download=1",
                f"/web/content/{attachment.id}/x.pdf",
                f"/web/content/ir.attachment/{attachment.id}/raw",
                f"/web/content/ir.attachment/{attachment.id}/datas",
                f"/web/content/{vault}/content",
                f"/web/image/{attachment.id}",
                f"/web/image/ir.attachment/{attachment.id}/raw",
                f"/web/content/gov.document.version/{self.version.id}/vault_id",
                f"/web/content?model=ir.attachment&id={attachment.id}&field=raw&access_token=x",
            ):
                with (
                    self.subTest(login=login, path=path),
                    mute_logger("odoo.http", "odoo.addons.base.models.ir_binary"),
                ):
                    response = self.url_open(path, allow_redirects=False)
                    self.assertNotIn(self.content[:40], response.content)
                    self.assertNotEqual(response.content, self.content)
                    if not path.startswith("/web/image"):
                        # Images answer with a placeholder.
                        self.assertIn(response.status_code, (403, 404))

    def test_rpc_gives_no_content(self):
        self.authenticate("docs_http", PASSWORD)
        for model, method, args in (
            ("gov.document.version", "_read_content", [[self.version.id]]),
            (
                "gov.document.version",
                "_write_pipeline",
                [[self.version.id], {"state": "released"}],
            ),
            ("gov.document.version", "write", [[self.version.id], {"filename": "x"}]),
            ("gov.document.version", "read", [[self.version.id], ["vault_id"]]),
            ("gov.document.version", "read", [[self.theirs.id], ["filename"]]),
            ("gov.document", "_ingest", ["x", "a.pdf"]),
            ("gov.document.vault", "search_read", [[]]),
            ("gov.intake", "_process_scan", []),
        ):
            with self.subTest(model=model, method=method), mute_logger("odoo.http"):
                response = self.url_open(
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
                self.assertIn("error", response)
