"""Each app installs by click on a stock Odoo, alone and together (O8)."""

from __future__ import annotations

import pytest
from maktab_dev.addons import Suite
from maktab_dev.common import REPO

SUITE = Suite(REPO / "addons")
APPS = SUITE.applications
MENUS = (
    "SELECT d.module || '.' || d.name FROM ir_ui_menu m JOIN ir_model_data d"
    " ON d.model = 'ir.ui.menu' AND d.res_id = m.id"
    " WHERE m.parent_id IS NULL AND d.module = '{app}' ORDER BY m.sequence"
)


def title(app: str) -> str:
    """Return the name an administrator sees."""
    return SUITE.manifests[app]["name"]


def root_menu(odoo, app: str) -> str:
    """Return the external id of an app's own menu."""
    return odoo.rows(MENUS.format(app=app))[0][0]


@pytest.mark.parametrize("app", APPS)
def test_an_app_alone(make_plain, sign_in, app):
    odoo = make_plain(app)
    apps = sign_in(odoo)
    apps.activate(title(app))
    assert odoo.state(app) == "installed"
    apps.open(root_menu(odoo, app))
    others = set(SUITE.applications) - set(SUITE.closure([app]))
    assert not [other for other in others if odoo.state(other) != "uninstalled"]
    assert not apps.errors
    assert not odoo.complaints()
