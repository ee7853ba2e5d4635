"""The home page and the foot of the website; Odoo's placeholders are put away."""

from __future__ import annotations

import base64

from odoo.tools import file_open

from .store import LANGUAGES, Store

# Header parts with the telephone number and the button of a company that is not there.
PLACEHOLDERS = (
    "header_text_element",
    "header_call_to_action",
    "header_call_to_action_large",
    "header_call_to_action_sidebar",
    "header_call_to_action_stretched",
    "footer_copyright_company_name",
)


def build(store: Store, data: dict) -> None:
    """Write the demonstration's own pages once; what is edited later stays."""
    if store.get("website"):
        return
    env = store.env
    website = env.ref("website.default_website")
    with file_open("gov_portal/static/description/icon.png", "rb") as icon:
        website.write({"name": "Maktab", "logo": base64.b64encode(icon.read())})
    website.menu_id.child_id.filtered(lambda menu: menu.url == "/contactus").unlink()
    views = env["ir.ui.view"].with_context(website_id=website.id, lang="en_US")
    for name in PLACEHOLDERS:
        view = views.env.ref(f"website.{name}", raise_if_not_found=False)
        if view:
            view.active = False
    _write(_home(views, website), data["home"], data)
    _write(views.env.ref("website.footer_custom"), data["foot"], data)
    store.note("website", website)
    store.commit()


def _home(views, website):
    """Return the home page's view of this website."""
    domain = [("key", "=", "website.homepage"), ("website_id", "=", website.id)]
    return views.search(domain, limit=1) or views.env.ref("website.homepage")


def _write(view, arch: str, data: dict) -> None:
    """Write the content of a view of the website, and its terms in other languages."""
    view.arch = arch
    key, website = view.key, view.env.context.get("website_id")
    # Writing in the context of a website makes a copy for it.
    view = view.search([("key", "=", key), ("website_id", "=", website)]) or view
    terms = {term: said for term, said in data["terms"].items() if term in arch}
    view.update_field_translations(
        "arch_db",
        {
            LANGUAGES[code]: {term: said[code] for term, said in terms.items()}
            for code in ("fr", "ar")
        },
    )
