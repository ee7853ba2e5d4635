"""Opens pages the way a person would, and keeps small pictures of them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
LARGEST = 300_000
COLOURS = (256, 128, 64, 32)


class Camera:
    """One browser, one server, one folder of pictures."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        folder: Path,
        wanted: set[str],
        largest: int = LARGEST,
    ) -> None:
        self.browser = browser
        self.url = url
        self.folder = folder
        self.wanted = wanted
        self.largest = largest
        folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def visit(self, phone: bool = False) -> Iterator[Page]:
        """Give a page of a fresh visitor: no cookie of anybody else."""
        context = self.browser.new_context(
            viewport=PHONE if phone else DESKTOP,
            device_scale_factor=2 if phone else 1,
            has_touch=phone,
            locale="fr-FR",
            timezone_id="Africa/Casablanca",
            base_url=self.url,
            reduced_motion="reduce",
        )
        try:
            yield context.new_page()
        finally:
            context.close()

    @contextmanager
    def agent(self, login: str, phone: bool = False) -> Iterator[Page]:
        """Give a page of somebody who signed in to the back office."""
        with self.visit(phone) as page:
            page.goto("/web/login")
            page.fill("input[name=login]", login)
            page.fill("input[name=password]", login)
            page.click("form.oe_login_form button[type=submit]")
            page.wait_for_selector(".o_main_navbar")
            yield page

    @staticmethod
    def open(page: Page, path: str) -> None:
        """Open a screen of the back office and wait until it is drawn."""
        page.goto(f"/odoo/{path}")
        page.wait_for_selector(".o_action .o_content > *")
        page.wait_for_timeout(800)

    def keep(self, page: Page, name: str) -> None:
        """Take a picture of what is on the screen."""
        page.evaluate("document.fonts.ready")
        page.wait_for_timeout(400)
        self.store(page.screenshot(animations="disabled", caret="hide"), name)

    def store(self, png: bytes, name: str) -> None:
        """Keep a picture with as few colours as make it small enough."""
        if self.wanted and name not in self.wanted:
            return
        image = Image.open(io.BytesIO(png)).convert("RGB")
        for colours in COLOURS:
            stream = io.BytesIO()
            image.quantize(colours, dither=Image.Dither.NONE).save(
                stream, "PNG", optimize=True
            )
            if stream.tell() < self.largest:
                break
        (self.folder / f"{name}.png").write_bytes(stream.getvalue())
