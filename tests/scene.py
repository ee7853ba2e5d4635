"""Two administrations with desks and people, for the tests that use a served Odoo.

``script()`` is run in ``odoo shell`` before the start (``make_odoo(script=…)``). Names of
desks are their public addresses; a login is also its password.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from http.cookiejar import CookieJar

CODES = ("A1", "A2", "A3", "A4", "A5", "A6", "A7", "B1")
# A desk whose clock is not that of its administration: far from UTC.
FAR_ZONE = ("A6", "Indian/Reunion")
# office code → address of its desk on the website (company code, office code)
DESKS = {code: f"tst{code[0].lower()}-{code.lower()}" for code in CODES}
ROLES = {
    "registrar": "digital_registry.group_digital_registry_registrar",
    "head": "digital_registry.group_digital_registry_head",
    "auditor": "digital_registry.group_digital_registry_auditor",
    "deskadmin": "digital_registry.group_digital_registry_admin",
    "agent": "gov_base.group_gov_base_agent",
    "trustauditor": "gov_trust.group_gov_trust_auditor",
    "trust": "gov_trust.group_gov_trust_officer",
    "operator": "gov_trust.group_gov_trust_operator",
    "employee": "base.group_user",
    "citizen": "base.group_portal",
}
_SCENE = """
import base64
from odoo import Command

params = env["ir.config_parameter"]
for bucket in ("deposit", "desk", "upload", "search", "track", "track_number"):
    params.set_param(f"gov_portal.rate_{bucket}", "0")

def scene_company(letter):
    company = env["res.company"].create({
        "name": f"TST{letter} Commune {letter}",
        "gov_code": f"TST{letter}",
        "gov_name": f"Commune {letter}",
        "gov_tz": "Africa/Casablanca",
        "gov_email": f"contact-{letter.lower()}@example.org",
        "country_id": env.ref("base.ma").id,
    })
    unit = env["hr.department"].create(
        {"name": f"Secretariat {letter}", "company_id": company.id}
    )
    return company, unit

def scene_office(company, unit, code):
    office = env["registry.office"].create({
        "name": f"Desk {code}",
        "code": code,
        "company_id": company.id,
        "unit_id": unit.id,
        "is_published": True,
    })
    if code == FAR_ZONE[0]:
        env["registry.register"].create({
            "name": "Incoming", "code": "IN", "office_id": office.id,
            "direction": "incoming", "tz": FAR_ZONE[1],
        })
    office.action_create_registers()
    return office

companies, offices = {}, {}
for letter, codes in (("A", CODES[:-1]), ("B", CODES[-1:])):
    company, unit = scene_company(letter)
    companies[letter] = company
    env["registry.subject"].create({
        "name": f"Request {letter}", "code": f"REQ{letter}", "company_id": company.id,
    })
    for code in codes:
        offices[code] = scene_office(company, unit, code)

for suffix, company in (("", companies["A"]), ("2", companies["B"])):
    for role, group in ROLES.items():
        groups = [Command.link(env.ref(group).id)]
        if group != "base.group_portal":
            groups.append(Command.link(env.ref("base.group_user").id))
        env["res.users"].with_context(no_reset_password=True).create({
            "name": f"{role}{suffix}",
            "login": f"{role}{suffix}",
            "password": f"{role}{suffix}",
            "email": f"{role}{suffix}@example.org",
            "tz": "Africa/Casablanca",
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.set([link[1] for link in groups])],
        })
for code, office in offices.items():
    print("desk", code, office.portal_slug)
env.cr.commit()
"""


def script(more: str = "") -> str:
    """Return the script that makes the scene; ``more`` runs after it."""
    return f"CODES = {CODES!r}\nFAR_ZONE = {FAR_ZONE!r}\nROLES = {ROLES!r}\n{_SCENE}\n{more}"


class RpcError(Exception):
    """The server answered an error; ``name`` is its Python class."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name
        self.message = message


class Rpc:
    """A session of a logged-in person: what the web client may call."""

    def __init__(self, url: str, login: str, database: str) -> None:
        self.url = url
        self.jar = CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(self.jar),
        )
        answer = self.json(
            "/web/session/authenticate",
            {"db": database, "login": login, "password": login},
        )
        self.uid = answer["uid"]
        self.companies = (answer.get("user_companies") or {}).get(
            "allowed_companies", {}
        )

    def json(self, path: str, params: dict):
        """Call a JSON-RPC route and return its result."""
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        request = urllib.request.Request(
            self.url + path, body.encode(), {"Content-Type": "application/json"}
        )
        with self.opener.open(request, timeout=90) as answer:
            told = json.load(answer)
        if "error" in told:
            data = told["error"].get("data") or {}
            raise RpcError(data.get("name", "?"), data.get("message", ""))
        return told["result"]

    def call(self, model: str, method: str, *args, **kwargs):
        """Call a public method of a model."""
        return self.json(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": list(args), "kwargs": kwargs},
        )

    def get(self, path: str) -> tuple[int, bytes]:
        """Fetch an address; return its status and content, also of an error."""
        try:
            with self.opener.open(self.url + path, timeout=90) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
