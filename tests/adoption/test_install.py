"""Each app installs by click on a stock Odoo, alone and together (O8)."""

from __future__ import annotations

import pytest
from house import APPS, SUITE, root_menu, title

#: Words of an app's description that show each of its three languages.
ARABIC, FRENCH = "مكتب", "courrier"


def test_every_app_presents_itself(make_plain, sign_in):
    """Icon, name and summary on the card; a description in three languages behind it."""
    apps = sign_in(make_plain("cards"))
    for app in APPS:
        card = apps.find(title(app))
        assert SUITE.manifests[app]["summary"] in card.inner_text()
        icon = card.locator("aside img").first
        assert icon.get_attribute("src").endswith(f"{app}/static/description/icon.png")
        assert icon.evaluate("image => image.complete && image.naturalWidth >= 100")
        told = apps.information(title(app))
        for word in (ARABIC, FRENCH, "letter"):
            assert word in told, f"{app} has no description with {word!r}"
    for words in ("bureau d'ordre", ARABIC):
        assert apps.search(words).count(), f"nothing is found for {words!r}"
    assert not apps.errors


@pytest.mark.parametrize("app", APPS)
def test_an_app_alone(make_plain, sign_in, app):
    odoo = make_plain(app)
    apps = sign_in(odoo)
    apps.activate(title(app))
    assert odoo.state(app) == "installed"
    apps.open(root_menu(odoo, app))
    others = set(APPS) - set(SUITE.closure([app]))
    assert not [other for other in others if odoo.state(other) != "uninstalled"]
    assert not apps.errors
    assert not odoo.complaints()
    odoo.destroy()
