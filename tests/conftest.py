"""Fixtures of everything above one addon: a real Odoo process, its database, a browser.

``make test`` calls pytest with the environment already made; ``pytest`` by hand works
too after ``python3 tools/dev/cli.py setup --tests``.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPO / "tools" / "dev"), str(REPO / "tests")]

import own_cluster  # noqa: E402
from maktab_dev.settings import Settings  # noqa: E402
from maktab_dev.templates import TestDatabases  # noqa: E402
from maktab_dev.workspace import prepare  # noqa: E402
from odoo_process import OdooProcess  # noqa: E402

BROWSER_OPTIONS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    # No name but loopback is ever looked up: a page that asks a third party fails.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers."""
    config.addinivalue_line(
        "markers", "long: kill tests and others that `make crash` alone runs"
    )
    config.addinivalue_line("markers", "e2e: a scenario in a real browser")
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(*_args) -> None:
    """SIGTERM ends a run like Ctrl-C: what the tests started is stopped and dropped."""
    pytest_keyboard_interrupt()
    raise KeyboardInterrupt


def pytest_keyboard_interrupt() -> None:
    """Whoever cleans up is not interrupted again."""
    signal.signal(signal.SIGTERM, lambda *_args: None)


@pytest.fixture(scope="session")
def databases() -> TestDatabases:
    """The test databases of this checkout's private PostgreSQL."""
    return TestDatabases(prepare(Settings.from_env(), for_tests=True))


@pytest.fixture(scope="session")
def template(databases: TestDatabases) -> str:
    """The name of a database with all our addons, never written to."""
    return databases.everything()


@pytest.fixture
def make_odoo(
    databases: TestDatabases, template: str
) -> Iterator[Callable[..., OdooProcess]]:
    """Return a function that starts a real Odoo on a fresh clone of the template.

    ``make_odoo(workers=0, script="", env={}, options=[])``: ``script`` runs in ``odoo
    shell`` before the start. Everything is stopped and dropped after the test.
    """
    yield from _factory(databases, template)


def _factory(
    databases: TestDatabases, template: str
) -> Iterator[Callable[..., OdooProcess]]:
    made: list[OdooProcess] = []

    def make(**options) -> OdooProcess:
        process = OdooProcess(databases, template, label=str(len(made)), **options)
        made.append(process)
        process.start()
        return process

    yield make
    for process in made:
        process.destroy()


@pytest.fixture(scope="session")
def own_databases(databases: TestDatabases, template: str) -> Iterator[TestDatabases]:
    """A second PostgreSQL that holds the template; a test may kill and restart it.

    ``own_databases.workspace.cluster.kill()`` is ``kill -9`` of the server and all its
    processes; ``.ensure_running()`` starts it again (crash recovery included).
    """
    own = own_cluster.start(databases, template)
    yield own
    own_cluster.stop(own)


@pytest.fixture
def make_odoo_on_own(
    own_databases: TestDatabases, template: str
) -> Iterator[Callable[..., OdooProcess]]:
    """Like ``make_odoo``, on the PostgreSQL that may be killed."""
    own_databases.workspace.cluster.ensure_running()
    yield from _factory(own_databases, template)


@pytest.fixture(scope="module")
def odoo(databases: TestDatabases, template: str) -> Iterator[OdooProcess]:
    """One Odoo process on a fresh clone, shared by the tests of a module."""
    process = OdooProcess(databases, template, label="module")
    try:
        process.start()
        yield process
    finally:
        process.destroy()


def chromium() -> str:
    """Return the system's Chromium; Playwright's own download is not used."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    raise RuntimeError("Chromium is missing; run the set-up with --tests.")


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium driven by Playwright, without background traffic."""
    from playwright.sync_api import sync_playwright

    options = [*BROWSER_OPTIONS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=options)
        yield started
        started.close()


@pytest.fixture
def page(browser):
    """A fresh page in its own context (no cookie of another test)."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()
