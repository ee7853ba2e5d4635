"""A record changed at the second its folder is submitted: one follows the other, never both."""

from __future__ import annotations

from functools import partial

import crowd
import pytest
import scene
from test_keys_at_once import found

PAIRS = 8
BOOK = f"""
from odoo import Command

company = env["res.company"].create({{"name": "Sources at once", "gov_code": "SRC"}})
unit = env["hr.department"].create({{"name": "Town", "gov_code": "T", "company_id": company.id}})
people = {{}}
for login, groups in {{
    "src_clerk": ["e_parapheur.group_e_parapheur_agent", "hr.group_hr_manager"],
    "src_signer": ["e_parapheur.group_e_parapheur_agent"],
    "src_admin": ["e_parapheur.group_e_parapheur_admin", "hr.group_hr_manager"],
}}.items():
    people[login] = env["res.users"].with_context(no_reset_password=True).create({{
        "name": login, "login": login, "password": login, "email": login + "@example.org",
        "company_id": company.id, "company_ids": [Command.set(company.ids)],
        "group_ids": [Command.set([env.ref(one).id for one in ["base.group_user", *groups]])],
    }})
circuit = env["gov.circuit"].create({{
    "name": "One", "company_id": company.id,
    "step_ids": [Command.create({{
        "name": "Visa", "kind": "visa", "rank": 1, "actor_rule": "person",
        "user_ids": [Command.set(people["src_signer"].ids)],
    }})],
}})
circuit.action_publish()
nature = env["parapheur.nature"].create(
    {{"name": "Badge", "company_id": company.id, "circuit_id": circuit.id}}
)
admin = env(user=people["src_admin"].id, context={{}})
sources = admin["parapheur.source"].with_company(company)
source = sources.create({{
    "name": "Badge", "company_id": company.id, "model": "hr.employee",
    "nature_id": nature.id, "lang": "en_US", "title": "Badge", "lock": "fields",
    "document_kind": "report", "report_name": "hr.print_employee_badge",
    "field_ids": [Command.create({{"path": "name"}}), Command.create({{"path": "job_title"}})],
}})
source.action_publish()
clerk = env(user=people["src_clerk"].id, context={{}})
for number in range({PAIRS}):
    employee = clerk["hr.employee"].with_company(company).create({{
        "name": f"Employee {{number}}", "job_title": "Before", "company_id": company.id,
    }})
    folder, _missed = source.with_env(clerk).with_company(company)._send(employee)
    print("PAIR", employee.id, folder.id)
env.cr.commit()
# A server that runs remembers which models are watched; a request would tell it by itself.
env.registry.signal_changes()
"""
AFTER = """
for folder in env["parapheur.folder"].browse({ids}):
    said = {{one["path"]: one["raw"] for one in folder.source_facts}}
    print("AFTER", folder.id, folder.state, said["job_title"], folder._source_record().job_title)
"""


@pytest.fixture(scope="module")
def pairs(served):
    return [(int(one), int(two)) for one, two in found(served.shell(BOOK), "PAIR")]


def do(rpc, *call):
    """Call; the sentence when it is refused."""
    try:
        rpc.call(*call)
    except scene.RpcError as refused:
        return refused.message
    return "done"


def test_a_change_and_a_submission_at_once(served, pairs):
    works = []
    for employee, folder in pairs:
        change = ("hr.employee", "write", [employee], {"job_title": "After"})
        submit = ("parapheur.folder", "action_submit", [folder])
        for call in (change, submit):
            rpc = scene.Rpc(served.url, "src_clerk", served.name)
            works.append(partial(do, rpc, *call))
    answers = crowd.at_once(works)
    ids = [folder for _employee, folder in pairs]
    rows = found(served.shell(AFTER.format(ids=ids)), "AFTER")
    for changed, submitted, row in zip(answers[::2], answers[1::2], rows, strict=True):
        _folder, state, said, now = row
        assert [changed, submitted].count("done") == 1, (changed, submitted)
        if submitted == "done":
            assert (state, said, now) == ("running", "Before", "Before")
            assert "in signature" in changed
        else:
            assert (state, now) == ("draft", "After")
            assert "changed since" in submitted
