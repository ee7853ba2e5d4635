"""``make guide``: the pictures of the user guides, from a demo database that is served.

``make run`` in one terminal, ``make guide`` in another; ``make guide U=http://host:port``
looks at another address. Nothing is dispatched, sent or signed: the scenes open screens,
fill in forms and leave them. The pictures go to docs/images/guide.
"""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request

import book_scenes
import scenes
from camera import Camera
from conftest import BROWSER_OPTIONS, chromium
from playwright.sync_api import sync_playwright

from maktab_dev.common import REPO, Problem, fail, say, step

ADDRESS = "http://localhost:8069"
IMAGES = REPO / "docs" / "images" / "guide"
LARGEST = 150_000


def main(words: list[str]) -> int:
    """Take every picture; with names of pictures as arguments, only those."""
    address = next((word for word in words if "://" in word), ADDRESS).rstrip("/")
    wanted = {word for word in words if "://" not in word}
    try:
        _look_for(address)
    except Problem as problem:
        fail(problem)
        return 2
    _shoot(address, wanted)
    say("  pictures in docs/images/guide")
    return 0


def _look_for(address: str) -> None:
    try:
        with urllib.request.urlopen(f"{address}/web/login", timeout=60):
            return
    except (OSError, urllib.error.URLError) as error:
        raise Problem(
            f"{address} does not answer ({error}): run `make run` first, or give the "
            "address of a served demo with U=http://host:port."
        ) from error


def _shoot(address: str, wanted: set[str]) -> None:
    options = [*BROWSER_OPTIONS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=options)
        camera = Camera(browser, address, IMAGES, wanted, largest=LARGEST)
        for scene, names in (*scenes.SCENES, *book_scenes.SCENES):
            if wanted and not wanted & set(names):
                continue
            with step(scene.__doc__.splitlines()[0].rstrip(".")):
                scene(camera)
        browser.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
