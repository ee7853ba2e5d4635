"""Online deposits, by the same methods that the pages of the portal call."""

from __future__ import annotations

from odoo.addons.gov_base.models.res_config_settings import TEST_STRING
from odoo.addons.gov_portal.lib.tokens import new_token

from .letters import Desk, pieces
from .store import LANGUAGES

YES = {"consent": "1", "confirm": "1"}


def deposit(desk: Desk, said: dict) -> None:
    """Fill in and send the four steps of a deposit: one transaction."""
    store = desk.store
    name = f"deposit_{said['key']}"
    if store.get(name):
        return
    visitor = store.env.ref("base.public_user")
    lang = LANGUAGES[said.get("lang", "fr")]
    deposits = store.env["gov.deposit"].with_user(visitor).with_context(lang=lang)
    # As the controller does: visitors have no right on deposits.
    deposits_sudo = deposits.sudo()
    office = store.get(f"office_{said.get('desk', desk.desk)}")
    office_sudo = deposits_sudo.env["registry.office"].browse(office.id)
    browser = new_token()
    token, errors = deposits_sudo._begin(office_sudo, said["about"], browser)
    _accept(said, errors)
    draft_sudo = deposits_sudo._find(token, browser, lock=True)
    _accept(said, draft_sudo._save_who(_who(desk, said)))
    files = [(filename, content) for filename, content, _role in pieces(said)]
    if "virus" in said and _has_antivirus(store):
        files.append(("facture.txt", TEST_STRING))
    letter = {"subject": said["subject"], "body": said["text"]}
    _accept(said, draft_sudo._save_letter(letter, files))
    _accept(said, draft_sudo._submit(YES, []))
    store.note(name, draft_sudo)
    store.commit()


def _who(desk: Desk, said: dict) -> dict:
    who = desk.people[said["from"]]
    return {
        "kind": who.get("kind", "citizen"),
        "name": who["name"],
        "email": who.get("e", ""),
        "phone": who.get("p", ""),
        "on_behalf_of": said.get("behalf", ""),
    }


def _has_antivirus(store) -> bool:
    """Tell whether a file would be analysed: only then one is put in quarantine."""
    parameters = store.env["ir.config_parameter"]
    return bool(parameters.get_param("gov_base.clamd_address"))


def _accept(said: dict, errors: dict) -> None:
    if errors:
        raise ValueError(f"The deposit {said['key']} was refused: {errors}")
