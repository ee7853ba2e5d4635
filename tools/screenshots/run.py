"""``make screenshots``: the pictures of the documentation, from a fresh demo database.

A throw-away copy of the tests' template gets the demo, is served, and a headless
Chromium walks through it. The pictures go to docs/images.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import back_office
import public_pages
from camera import Camera
from conftest import BROWSER_OPTIONS, chromium
from playwright.sync_api import sync_playwright

from maktab_dev.common import REPO, say, step
from maktab_dev.settings import Settings
from maktab_dev.templates import TestDatabases
from maktab_dev.workspace import prepare
from odoo_process import OdooProcess

IMAGES = REPO / "docs" / "images"
DEMO = REPO / "tools" / "demo" / "load.py"


def main() -> int:
    """Make every picture; with names as arguments, only those."""
    databases = TestDatabases(prepare(Settings.from_env(), for_tests=True))
    odoo = OdooProcess(
        databases,
        databases.everything(),
        label="shots",
        script=DEMO.read_text("utf-8"),
    )
    start = time.monotonic()
    try:
        with step("a database with the demo"):
            odoo.start()
        _shoot(odoo.url, set(sys.argv[1:]))
    finally:
        odoo.destroy()
    say(f"  pictures in docs/images ({time.monotonic() - start:.0f} s)")
    return 0


def _shoot(url: str, wanted: set[str]) -> None:
    options = [*BROWSER_OPTIONS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=options)
        camera = Camera(browser, url, IMAGES, wanted)
        for scene in (*public_pages.SCENES, *back_office.SCENES):
            with step(scene.__doc__.splitlines()[0].rstrip(".")):
                scene(camera)
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
