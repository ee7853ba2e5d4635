"""The sender of a letter, on a phone: deposits once, follows at each step, answers."""

from __future__ import annotations

from pathlib import Path

import scene
from deposit_client import DepositClient, small_pdf

PHONE = {"width": 360, "height": 780}
NAME = "فاطمة الزهراء بن علال"
SUBJECT = "طلب رخصة إصلاح واجهة منزل"
NUMBER = "+212600001421"
CONTROL = "1421"


class Citizen:
    """The pages of the website as the sender sees them, in his language."""

    def __init__(self, browser, url: str, lang: str) -> None:
        self.url, self.lang = url, lang
        self.context = browser.new_context(
            viewport=PHONE, locale=f"{lang}-MA", accept_downloads=True
        )
        self.page = self.context.new_page()
        self.keys: dict[str, str] = {}

    def deposit(self) -> str:
        """Deposit a letter page by page; return its number."""
        page = self.page
        page.goto(f"{self.url}/{self.lang}/deposit/{scene.DESKS['A1']}")
        page.locator("input[name=subject_type]").first.check()
        page.locator("main button.gp-button[type=submit]").click()
        page.locator("input[name=kind][value=citizen]").check()
        page.locator("input[name=name]").fill(NAME)
        page.locator("input[name=phone]").fill(NUMBER)
        page.locator("main button.gp-button[type=submit]").click()
        page.locator("[name=subject]").fill(SUBJECT)
        page.locator("textarea[name=body]").fill("السلام عليكم، أرفق رسالتي.")
        page.locator("input[name=files]").set_input_files(
            {"name": "رسالة.pdf", "mimeType": "application/pdf", "buffer": small_pdf()}
        )
        page.wait_for_timeout(1500)
        page.locator("main button.gp-button[type=submit]").last.click()
        page.wait_for_url("**/check**")
        page.locator("input[name=consent]").check()
        page.locator("button#confirm").click()
        page.wait_for_url("**/deposit/done/**")
        told = page.locator("[data-number]").first
        self.keys = {
            "number": told.get_attribute("data-number"),
            "code": told.get_attribute("data-code"),
            "control": CONTROL,
        }
        return self.keys["number"]

    def deposit_at_once(self, subject: str) -> str:
        """Deposit without a browser; return the number of the letter."""
        client = DepositClient(self.url, self.lang)
        done = client.deposit(
            scene.DESKS["A1"],
            who={"kind": "citizen", "name": NAME, "phone": NUMBER},
            letter={"subject": subject, "body": "Je joins ma lettre."},
            files=[("lettre.pdf", small_pdf(), "application/pdf")],
        )
        client.close()
        self.keys = {"number": done.number, "code": done.code, "control": CONTROL}
        return done.number

    def track(self) -> str:
        """Return what the follow-up page says now; it never scrolls sideways."""
        page = self.page
        page.goto(f"{self.url}/{self.lang}/track")
        for name, value in self.keys.items():
            page.locator(f"[name={name}]").fill(value)
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url("**/track/*")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], "the page scrolls sideways on a phone"
        return page.locator("main").inner_text()

    def stages(self) -> list[str]:
        """Return the titles of what has happened so far, in order."""
        self.track()
        return self.page.locator(".gp-timeline .gp-past h2").all_inner_texts()

    def answer(self, words: str, name: str, content: bytes) -> str:
        """Answer what the administration asked, with a file; return what the page says."""
        self.track()
        form = self.page.locator("form.gp-completion")
        form.locator("[name=answer]").fill(words)
        form.locator("[name=files]").set_input_files(
            {"name": name, "mimeType": "application/pdf", "buffer": content}
        )
        form.locator("button[type=submit]").click()
        form.wait_for(state="detached")
        return self.page.locator("main").inner_text()

    def read_reply(self) -> bytes:
        """Open the reply, which is recorded, and download it."""
        self.track()
        self.page.locator("form[action*='/reply/'] button").click()
        self.page.locator("a[rel=reply]").wait_for()
        with self.page.expect_download() as download:
            self.page.locator("a[rel=reply]").click()
        return Path(download.value.path()).read_bytes()
