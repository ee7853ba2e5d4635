"""Who works there, who writes to them, and the logins of the demo."""

from __future__ import annotations

from odoo.fields import Command

from .organisation import ZONE
from .store import Store

# Part of a group's name -> the screen its people begin with.
HOMES = {
    "registry_admin": "digital_registry.registry_office_action",
    "digital_registry": "digital_registry.registry_letter_action",
    "mail_desk": "mail_desk.desk_basket_action",
    "trust_operator": "gov_trust.gov_trust_declaration_action",
    "gov_trust": "gov_trust.gov_journal_action",
}


def build(store: Store, data: dict) -> None:
    """Make what ``people.toml`` says, or what is missing of it."""
    _administrator(store)
    for said in data["users"]:
        _user(store, said)
        store.commit()
    for key, employees in data["employees"].items():
        for position, said in enumerate(employees, start=1):
            _employee(store, f"employee_{key}_{position}", key, said)
    store.commit()
    for key, correspondents in data["correspondents"].items():
        for name, said in correspondents.items():
            _correspondent(store, key, name, said)
    store.commit()


def _administrator(store: Store) -> None:
    """Let ``admin`` see both administrations, in French."""
    if store.get("user_admin"):
        return
    companies = store.get("company_zitoune") | store.get("company_tizi")
    admin = store.env.ref("base.user_admin")
    admin.write(
        {
            "password": "admin",
            "company_ids": [Command.set(companies.ids)],
            "lang": "fr_FR",
            "tz": ZONE,
            "email": "admin@example.org",
            **_desktop(store.env, {"groups": []}),
        }
    )
    store.note("user_admin", admin)
    store.commit()


def _user(store: Store, said: dict) -> None:
    login = said["login"]
    if store.get(f"user_{login}"):
        return
    env, key = store.env, said["company"]
    company = store.get(f"company_{key}")
    groups = [env.ref(group).id for group in said["groups"]]
    is_portal = "base.group_portal" in said["groups"]
    # No invitation is sent: the password is known.
    user = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "login": login,
                "password": login,
                "name": said["name"],
                "email": f"{login}@example.org",
                "lang": said.get("lang", "fr_FR"),
                "tz": ZONE,
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.set(groups)],
                **({} if is_portal else _desktop(env, said)),
            }
        )
    )
    if said.get("phone"):
        user.partner_id.phone = said["phone"]
    store.note(f"user_{login}", user)
    if "unit" in said:
        _employee(store, f"employee_{login}", key, said, user)


def _desktop(env, said: dict) -> dict:
    """Return how an agent's screen begins: at the work, without a robot's greetings."""
    vals = {"notification_type": "inbox"}
    if "odoobot_state" in env["res.users"]._fields:
        vals["odoobot_state"] = "disabled"
    for group, action in HOMES.items():
        if any(group in wanted for wanted in said["groups"]):
            vals["action_id"] = env.ref(action).id
            break
    return vals


def _employee(store: Store, name: str, key: str, said: dict, user=None) -> None:
    if store.get(name):
        return
    employee = store.make(
        name,
        "hr.employee",
        {
            "name": said["name"],
            "job_title": said["job"],
            "company_id": store.get(f"company_{key}").id,
            "department_id": store.get(f"unit_{key}_{said['unit']}").id,
            "user_id": user.id if user else False,
            "tz": ZONE,
        },
    )
    for code in said.get("manages", ()):
        store.get(f"unit_{key}_{code}").manager_id = employee


def _correspondent(store: Store, key: str, name: str, said: dict) -> None:
    kind = said.get("kind", "citizen")
    store.make(
        f"contact_{key}_{name}",
        "res.partner",
        {
            "name": said["name"],
            "company_id": store.get(f"company_{key}").id,
            "is_company": kind != "citizen",
            "email": said.get("e"),
            "phone": said.get("p"),
            "street": said.get("a"),
            "country_id": store.env.ref("base.ma").id,
        },
    )
