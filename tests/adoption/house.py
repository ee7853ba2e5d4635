"""Our apps, as their manifests and a database say."""

from __future__ import annotations

from maktab_dev.addons import Suite
from maktab_dev.common import REPO

SUITE = Suite(REPO / "addons")
APPS = SUITE.applications
#: Where our own apps meet. A bridge with another app of Odoo comes when that app is there.
BRIDGES = [
    name
    for name, manifest in SUITE.manifests.items()
    if manifest.get("auto_install") and set(manifest["depends"]) <= set(SUITE.manifests)
]
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
