"""People, units, circuit and nature for one letter that goes through the four apps.

Added to ``scene.script``: the desk A1 belongs to the mail office, headed by ``head``; the
urban planning unit is headed by ``chief``, with the agent ``agent``; ``expert`` works in
the legal unit; ``director`` heads them all. ``chief`` and ``director`` sign.
"""

from __future__ import annotations

import scene

PIN = "135791"
UNIT = "Service Urbanisme"
PEOPLE = {
    # login: (unit, heads it, groups)
    "head": ("BO", True, ("mail_desk.group_mail_desk_agent",)),
    "agent": ("URB", False, ("mail_desk.group_mail_desk_agent",)),
    "chief": ("URB", True, ("mail_desk.group_mail_desk_agent",)),
    "expert": ("JUR", True, ("mail_desk.group_mail_desk_agent",)),
    "director": ("DG", True, ("mail_desk.group_mail_desk_agent",)),
}
_MORE = """
thread_people = {people!r}
company = companies["A"]
country = env.ref("base.ma")
thread_units = {{}}
for code, name, parent in (
    ("DG", "Direction générale", None),
    ("BO", "Bureau d'ordre", "DG"),
    ("URB", {unit!r}, "DG"),
    ("JUR", "Service juridique", "DG"),
):
    thread_units[code] = env["hr.department"].create({{
        "name": name,
        "gov_code": code,
        "company_id": company.id,
        "parent_id": thread_units[parent].id if parent else False,
    }})
book = env.ref("e_parapheur.group_e_parapheur_agent")
thread_users = {{}}
for login, (code, heads, groups) in thread_people.items():
    user = env["res.users"].search([("login", "=", login)])
    if not user:
        user = env["res.users"].with_context(no_reset_password=True).create({{
            "name": login.title(),
            "login": login,
            "password": login,
            "email": f"{{login}}@example.org",
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
        }})
    user.write({{
        "name": login.title(),
        "lang": "fr_FR",
        "tz": "Africa/Casablanca",
        "group_ids": [Command.link(env.ref(name).id) for name in groups]
        + [Command.link(book.id)],
    }})
    employee = env["hr.employee"].create({{
        "name": user.name,
        "user_id": user.id,
        "company_id": company.id,
        "department_id": thread_units[code].id,
    }})
    if heads:
        thread_units[code].manager_id = employee
    thread_users[login] = user
env["res.users"].search([("login", "in", ("registrar", "deskadmin"))]).lang = "fr_FR"
offices["A1"].unit_id = thread_units["BO"]
circuit = env["gov.circuit"].create({{
    "name": "Deux signatures",
    "company_id": company.id,
    "step_ids": [
        Command.create({{
            "rank": rank,
            "name": f"Signature {{rank}}",
            "kind": "signature",
            "actor_rule": "person",
            "user_ids": [Command.set(thread_users[login].ids)],
        }})
        for rank, login in enumerate(("chief", "director"), start=1)
    ],
}})
circuit.action_publish()
nature = env["parapheur.nature"].create({{
    "name": "Courrier", "company_id": company.id, "circuit_id": circuit.id,
}})
offices["A1"].desk_nature_id = nature
# Told apart from the number of the letter that is answered.
offices["A1"]._get_register("outgoing").number_pattern = "{{year}}/D/{{number:05d}}"
for login in ("chief", "director"):
    env["gov.key"]._make_personal(thread_users[login], company, {pin!r})
env.cr.commit()
"""


def script() -> str:
    """Return the script for ``make_odoo(script=…)``."""
    return scene.script(_MORE.format(people=PEOPLE, unit=UNIT, pin=PIN))
