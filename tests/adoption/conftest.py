"""Fixtures: a stock Odoo in which our apps are listed, and clones of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from apps import Apps
from plain import PlainOdoo


def _page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(60_000)
    return context.new_page()


@pytest.fixture(scope="session")
def listed(databases, browser) -> Iterator[str]:
    """A stock database whose administrator clicked “Update Apps List”, nothing else."""
    odoo = PlainOdoo(databases, databases.stock(), "listed")
    try:
        odoo.start()
        page = _page(browser)
        apps = Apps(page, odoo.url)
        apps.sign_in()
        apps.update_list()
        page.context.close()
        odoo.stop()
        assert not odoo.complaints()
        yield odoo.name
    finally:
        odoo.destroy()


@pytest.fixture(scope="module")
def make_plain(databases, listed) -> Iterator[Callable[..., PlainOdoo]]:
    """Return a function that starts a plain Odoo on a clone of the listed database."""
    made: list[PlainOdoo] = []

    def make(label: str, **options) -> PlainOdoo:
        odoo = PlainOdoo(databases, listed, label, **options)
        made.append(odoo)
        return odoo.start()

    yield make
    for odoo in made:
        odoo.destroy()


@pytest.fixture
def sign_in(browser) -> Iterator[Callable[[PlainOdoo], Apps]]:
    """Return a function that signs the administrator in, in a browser of its own."""
    contexts = []

    def enter(odoo: PlainOdoo, **options) -> Apps:
        page = _page(browser)
        contexts.append(page.context)
        apps = Apps(page, odoo.url)
        apps.sign_in(**options)
        return apps

    yield enter
    for context in contexts:
        context.close()
