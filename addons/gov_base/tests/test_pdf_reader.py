from urllib.parse import quote

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

from . import intake_files as files

PASSWORD = "docs-http-password"
#: Runs in the page: waits for the drawn page, then looks for what must not have happened.
READ = """
(async () => {
    const wait = async (found, what) => {
        for (let turn = 0; turn < 200; turn++) {
            const value = found();
            if (value) {
                return value;
            }
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        throw new Error("never came: " + what);
    };
    const frame = await wait(
        () => document.querySelector(".o_gov_pdf_viewer iframe"), "the reader");
    const viewer = await wait(
        () => frame.contentWindow.PDFViewerApplication, "the viewer") && frame.contentWindow;
    let printed = 0;
    viewer.print = () => printed++;
    await wait(() => viewer.document.querySelector(
        ".page[data-loaded=true] canvas"), "the page");
    const options = viewer.PDFViewerApplicationOptions;
    await new Promise((resolve) => setTimeout(resolve, 500));
    for (const [name, value] of Object.entries({
        enableScripting: false, isEvalSupported: false, enableXfa: false})) {
        if (options.get(name) !== value) {
            throw new Error(name + " is " + options.get(name));
        }
    }
    const loaded = viewer.performance.getEntriesByType("resource").map((one) => one.name);
    if (!loaded.some((name) => name.includes("/view"))) {
        throw new Error("the file did not come by our address");
    }
    if (loaded.some((name) => name.includes("sandbox"))) {
        throw new Error("the reader started scripts");
    }
    if (printed || viewer.PDFViewerApplication.printing) {
        throw new Error("the file was printed");
    }
    console.log("test successful");
})().catch((error) => console.error(error.message));
"""


@tagged("alone", "standard", "post_install", "-at_install")
class TestPdfReader(HttpCase):
    """The PDF in the page: same rights and same log as the download, and nothing of the file runs."""

    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].sudo().set_param(
            "gov_base.clamd_address", False
        )
        self.company, self.other_company = self.env["res.company"].create(
            [{"name": "Commune of tests A"}, {"name": "Commune of tests B"}]
        )
        script = "<< /S /JavaScript /JS (this.print\\(\\); app.alert\\('x'\\);) >>"
        self.content = files.pdf(catalog=f"/OpenAction {script}", filler=2_000)
        self.version = self.ingest(self.company, self.content, "قرار.pdf")
        self.theirs = self.ingest(self.other_company, files.pdf(pages=2), "theirs.pdf")
        self.agent = new_test_user(
            self.env,
            login="docs_reader",
            password=PASSWORD,
            groups="gov_base.group_gov_base_agent",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def ingest(self, company, content, name):
        owner = self.env["res.partner"].create(
            {"name": "Owner", "company_id": company.id}
        )
        return self.env["gov.document"]._ingest(
            content, name, company=company, owner=owner
        )

    def get(self, version_id, **kwargs):
        return self.url_open(
            f"/gov/document/{version_id}/view", allow_redirects=False, **kwargs
        )

    def test_shown_inline_and_logged(self):
        self.authenticate("docs_reader", PASSWORD)
        response = self.get(self.version.id)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.content, self.content)
        name = quote(self.version.filename, safe="")
        self.assertEqual(
            response.headers["Content-Disposition"], f"inline; filename*=UTF-8''{name}"
        )
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(
            response.headers["Content-Security-Policy"], "sandbox; default-src 'none'"
        )
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        log = (
            self.env["gov.consultation"]
            .sudo()
            .search([("version_id", "=", self.version.id)])
        )
        self.assertEqual(log.user_id, self.agent.id)

    def test_a_picture_is_shown_and_runs_nothing(self):
        self.authenticate("docs_reader", PASSWORD)
        content = files.png()
        response = self.get(self.ingest(self.company, content, "p.png").id)
        self.assertEqual(response.content, content)
        self.assertEqual(response.headers["Content-Type"], "image/png")
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(
            response.headers["Content-Security-Policy"], "sandbox; default-src 'none'"
        )

    def test_one_answer_for_all_that_is_not_shown(self):
        self.authenticate("docs_reader", PASSWORD)
        words = self.ingest(self.company, b"plain words", "p.txt")
        quarantined = self.ingest(self.company, files.pdf(pages=3), "q.pdf")
        quarantined._write_pipeline({"state": "quarantined", "av_state": "infected"})
        bodies = set()
        for version_id in (
            2**31 - 1,
            0,
            self.theirs.id,
            quarantined.id,
            words.id,
        ):
            response = self.get(version_id)
            self.assertEqual(response.status_code, 404, version_id)
            bodies.add(response.text.replace(f"/gov/document/{version_id}", ""))
            self.assertEqual(self.get(version_id, method="HEAD").status_code, 404)
        self.assertEqual(len(bodies), 1)

    def test_nothing_of_the_file_runs(self):
        self.assertTrue(self.version.has_active)
        self.env["ir.ui.view"].create(
            {
                "name": "reader of the test",
                "model": "gov.document",
                "inherit_id": self.env.ref("gov_base.gov_document_view_form").id,
                "arch": """<data><xpath expr="//sheet" position="inside">
                    <field name="current_version_id" widget="gov_pdf_viewer" nolabel="1"/>
                </xpath></data>""",
            }
        )
        action = self.env["ir.actions.act_window"].create(
            {
                "name": "Documents of the test",
                "res_model": "gov.document",
                "view_mode": "form",
            }
        )
        self.browser_js(
            f"/odoo/action-{action.id}/{self.version.document_id.id}",
            READ,
            login="docs_reader",
            timeout=60,
        )
