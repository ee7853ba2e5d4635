"""All apps on one stock Odoo with workers; what is taken away leaves the others."""

from __future__ import annotations

import pytest
import scene
from house import APPS, BRIDGES, SUITE, root_menu, title
from test_missing import REGISTRY, Letters, wait


@pytest.fixture(scope="module")
def together(make_plain):
    """One Odoo, in one process: with workers, nginx stands in front for the websocket."""
    return make_plain("together")


def installed(odoo, names) -> list[str]:
    """Return which of these addons are installed."""
    return [name for name in names if odoo.state(name) == "installed"]


def needs(app: str) -> set[str]:
    """Return the apps without which this one cannot be."""
    return set(SUITE.closure([app])) & set(APPS) - {app}


def test_all_apps_one_after_the_other(together, sign_in):
    apps = sign_in(together)
    for app in APPS:
        if together.state(app) != "installed":
            apps.activate(title(app))
    assert installed(together, APPS) == APPS
    assert installed(together, BRIDGES) == BRIDGES
    for app in APPS:
        apps.open(root_menu(together, app))
    assert not apps.errors
    assert not together.complaints()


def test_the_list_speaks_the_language_of_who_reads(together, sign_in):
    rpc = scene.Rpc(together.url, "admin", together.name)
    rpc.call("res.users", "write", [rpc.uid], {"lang": "fr_FR"})
    apps = sign_in(together)
    apps.find("Parapheur électronique")
    apps.find("Registre numérique")
    rpc.call("res.users", "write", [rpc.uid], {"lang": "en_US"})


def test_apps_are_taken_away_one_after_the_other(together, sign_in):
    """From the outside in; the register goes on and is never lost."""
    apps = sign_in(together)
    letters = Letters(together)
    gone: set[str] = set()
    for app in sorted(APPS, key=lambda app: -len(needs(app))):
        if app == REGISTRY:
            continue
        apps.uninstall(title(app))
        gone.add(app)
        assert together.state(app) == "uninstalled"
        left = [one for one in APPS if one not in gone]
        assert installed(together, APPS) == left
        for one in left:
            apps.open(root_menu(together, one))
        letter = letters.register_one(f"after {app}")
        wait(lambda letter=letter: bool(letters.number(letter)), True)
    assert not installed(together, BRIDGES)
    assert not apps.errors
    said = apps.uninstall_refusal(title(REGISTRY))
    assert "sealed lines" in said
    assert together.state(REGISTRY) == "installed"
    apps.open(root_menu(together, REGISTRY))
