import json

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

PASSWORD = "forms-http-password"
#: Runs in the page of a form: fills in its preview as a person would.
FILL_IN = """
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
    const must = (holds, what) => {
        if (!holds) {
            throw new Error(what);
        }
    };
    const type = (input, text) => {
        input.value = text;
        input.dispatchEvent(new Event("input", { bubbles: true }));
        input.dispatchEvent(new Event("change", { bubbles: true }));
    };
    (await wait(() => document.querySelector("a[name=preview]"), "the tab")).click();
    const row = (key) => document.querySelector(`.o_gov_form_row[data-key=${key}]`);
    await wait(() => row("days"), "the questions");
    for (const one of document.querySelectorAll(".o_gov_form_row")) {
        const box = one.querySelector("[role=group]");
        const labelled = box
            ? document.getElementById(box.getAttribute("aria-labelledby"))
            : one.querySelector(`label[for="${one.querySelector("input, textarea, select").id}"]`);
        must(labelled, "no label: " + one.dataset.key);
    }
    must(row("trade").textContent.includes("*"), "not marked as required");
    must(row("trade").querySelector("[aria-describedby]"), "help is not tied to its input");
    must(!document.querySelector(".o_gov_form script"), "a label became an element");
    type(row("stalls").querySelector("input"), "two");
    await wait(() => row("stalls").querySelector("[role=alert]"), "the message");
    must(row("stalls").querySelector("input").value === "two", "what was typed is lost");
    type(row("stalls").querySelector("input"), "١٢");
    await wait(() => !row("stalls").querySelector("[role=alert]"), "the end of the message");
    must(row("stalls").querySelector("input").value === "12", "digits of the keyboard");
    type(row("fee").querySelector("input"), "1250,5");
    await wait(() => /^1.?250.50$/.test(row("fee").querySelector("input").value), "the amount");
    type(row("fee").querySelector("input"), "0.123");
    await wait(() => row("fee").querySelector("[role=alert]"), "too many decimals");
    row("days").querySelectorAll("input")[1].click();
    await wait(() => row("days").querySelectorAll("input")[1].checked, "the box");
    const content = document.querySelector(".o_content");
    must(content.scrollWidth <= content.clientWidth, "the page is wider than the screen");
    console.log("test successful");
})().catch((error) => console.error(error.message));
"""


@tagged("alone", "standard", "post_install", "-at_install")
class TestFormHttp(HttpCase):
    """Forms and templates by RPC, and the questions in a browser."""

    def setUp(self):
        super().setUp()
        self.company = self.env["res.company"].create({"name": "Commune of tests F"})
        self.admin = self.person("forms_admin", "gov_base.group_gov_base_admin")
        self.agent = self.person("forms_agent", "gov_base.group_gov_base_agent")
        self.form = (
            self.env["gov.form"]
            .with_user(self.admin)
            .create(
                {
                    "name": "Market permit",
                    "field_ids": [
                        self.question("Trade", required=True, help="Your craft."),
                        self.question("Story", type="long_text"),
                        self.question("Stalls", type="integer"),
                        self.question("Fee", type="amount"),
                        self.question("First day", type="date"),
                        self.question("Accepted", type="boolean"),
                        self.question(
                            "<script>alert(1)</script>",
                            key="place",
                            **self.choice("Medina"),
                        ),
                        self.question(
                            "Days", **self.choice("Monday", "Friday", type="choices")
                        ),
                    ],
                }
            )
        )
        self.form.action_publish()

    def person(self, login, groups):
        return new_test_user(
            self.env,
            login=login,
            password=PASSWORD,
            groups=groups,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def question(self, label, **vals):
        return Command.create({"label": label, **vals})

    def choice(self, *labels, type="choice"):
        options = [Command.create({"label": label}) for label in labels]
        return {"type": type, "option_ids": options}

    def call(self, model, method, *args, **kwargs):
        response = self.url_open(
            "/web/dataset/call_kw",
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
        template = (
            self.env["gov.template"]
            .with_user(self.admin)
            .create({"name": "A", "lang": "fr_FR", "body": "<p>a</p>"})
        )
        self.authenticate("forms_agent", PASSWORD)
        definition = self.call("gov.form", "get_definition", [self.form.id])["result"]
        self.assertEqual(definition["fields"][0]["label"], "Trade")
        forged = {"gov_form_gate": True}
        with mute_logger("odoo.http", "odoo.models"):
            for refused in (
                self.call("gov.form", "create", [{"name": "A"}]),
                self.call("gov.form", "write", [self.form.id], {"state": "draft"}),
                self.call(
                    "gov.form",
                    "write",
                    [self.form.id],
                    {"state": "draft"},
                    context=forged,
                ),
                self.call("gov.form", "action_retire", [self.form.id]),
                self.call("gov.form", "unlink", [self.form.id]),
                self.call("gov.form", "_gated", [self.form.id]),
                self.call("gov.form", "_clean", [self.form.id], {}),
                self.call("gov.form.value", "create", [{"key": "a"}]),
                self.call("gov.form.value", "_rewrite", []),
                self.call("gov.template", "write", [template.id], {"name": "B"}),
                self.call("gov.template", "_merge", [template.id], {}),
                self.call("gov.template.version", "create", [{"number": 9}]),
            ):
                self.assertIn("error", refused)
            self.authenticate("forms_admin", PASSWORD)
            for refused in (
                self.call(
                    "gov.form",
                    "write",
                    [self.form.id],
                    {"state": "draft"},
                    context=forged,
                ),
                self.call(
                    "gov.form.field",
                    "write",
                    self.form.field_ids.ids,
                    {"label": "x"},
                    context=forged,
                ),
            ):
                self.assertIn("error", refused)
        self.assertEqual(self.form.state, "published")

    def test_the_questions_in_a_browser(self):
        url = f"/odoo/mail-office-forms/{self.form.id}"
        for size in ("1366x768", "360x740"):
            with self.subTest(size):
                self.browser_size = size
                self.browser_js(
                    url,
                    FILL_IN,
                    "Boolean(document.querySelector('a[name=preview]'))",
                    login="forms_admin",
                    timeout=120,
                )
