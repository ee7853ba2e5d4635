from odoo.tests import HttpCase, tagged

from .test_exchange import ExchangeCommon

#: Runs on an outgoing letter: finds an office by its name and sends the letter there.
SEND = """
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
    const input = () => document.querySelector(".modal .o-autocomplete input");
    const type = (text) => {
        input().focus();
        input().value = text;
        input().dispatchEvent(new Event("input", { bubbles: true }));
    };
    document.querySelector("button[name=action_exchange]").click();
    await wait(input, "the form");
    type("no such office");
    await wait(
        () => document.querySelector(".modal .o-autocomplete--dropdown-item.text-muted"),
        "what to do when nothing is found"
    );
    type("nord");
    const office = await wait(
        () =>
            [...document.querySelectorAll(".modal .o-autocomplete--dropdown-item a")].find(
                (one) => one.textContent.includes("NORD")
            ),
        "the office"
    );
    office.click();
    await wait(() => input().value.includes("NORD"), "the choice");
    document.querySelector(".modal button[name=action_confirm]").click();
    await wait(
        () =>
            !document.querySelector(".modal") &&
            document.querySelector("[name=to_name]")?.textContent.includes("Nord"),
        "the exchange"
    );
    console.log("test successful");
})().catch((error) => console.error(error.message));
"""


@tagged("post_install", "-at_install")
class TestExchangeHttp(ExchangeCommon, HttpCase):
    def test_sent_from_the_screen(self):
        letter = self._outgoing()
        self.browser_js(
            f"/odoo/registry-letters-outgoing/{letter.id}",
            SEND,
            "Boolean(document.querySelector('button[name=action_exchange]'))",
            login=self.registrar.login,
            timeout=120,
        )
        self.assertEqual(letter.exchange_ids.to_office_id, self.second)
