"""Signatories of one folder at the same second: both signatures end in the file, one upon the other, nothing twice."""

from __future__ import annotations

from functools import partial

import crowd
import pytest
import scene
from test_keys_at_once import found

from maktab_dev.common import Problem

PIN, PAIRS = "482915", 4
BOOK = f"""
import base64, datetime, io
from odoo import Command
from reportlab.pdfgen.canvas import Canvas

def pdf(words):
    stream = io.BytesIO()
    canvas = Canvas(stream)
    canvas.drawString(72, 700, words)
    canvas.showPage()
    canvas.save()
    return base64.b64encode(stream.getvalue()).decode()

company = env["res.company"].create({{"name": "Signed at once", "gov_code": "SAO"}})
unit = env["hr.department"].create({{"name": "Town", "gov_code": "T", "company_id": company.id}})
groups = {{
    "sao_clerk": "e_parapheur.group_e_parapheur_agent",
    "sao_one": "e_parapheur.group_e_parapheur_agent",
    "sao_two": "e_parapheur.group_e_parapheur_agent",
    "sao_deputy": "e_parapheur.group_e_parapheur_agent",
    "sao_admin": "gov_base.group_gov_base_admin",
}}
people = {{}}
for login, group in groups.items():
    people[login] = env["res.users"].with_context(no_reset_password=True).create({{
        "name": login, "login": login, "password": login, "email": login + "@example.org",
        "company_id": company.id, "company_ids": [Command.set(company.ids)],
        "group_ids": [Command.set([env.ref("base.group_user").id, env.ref(group).id])],
    }})
    employee = env["hr.employee"].with_company(company).create({{
        "name": login, "user_id": people[login].id, "company_id": company.id,
        "department_id": unit.id,
    }})
    if login == "sao_two":
        unit.manager_id = employee
for login in ("sao_one", "sao_two", "sao_deputy"):
    env["gov.key"]._make_personal(people[login], company, "{PIN}")

def nature(name, steps):
    circuit = env["gov.circuit"].create({{
        "name": name, "company_id": company.id,
        "step_ids": [Command.create({{
            "name": name, "kind": "signature", "rank": rank, "mode": "all",
            "actor_rule": "person",
            "user_ids": [Command.set([people[one].id for one in logins])],
        }}) for rank, logins in steps],
    }})
    circuit.action_publish()
    return env["parapheur.nature"].create(
        {{"name": name, "company_id": company.id, "circuit_id": circuit.id}}
    )

natures = {{
    "killed": nature("Killed", [(1, ["sao_two"])]),
    "pair": nature("Pair", [(1, ["sao_one", "sao_two"])]),
    "alone": nature("Alone", [(1, ["sao_two"]), (2, ["sao_one"])]),
}}
def folders(kind, count):
    clerk = env["parapheur.folder"].with_user(people["sao_clerk"]).with_company(company)
    made = clerk.browse()
    for number in range(count):
        folder = clerk.create({{
            "title": f"{{kind}} {{number}}", "nature_id": natures[kind].id,
            "language": "fr", "unit_id": unit.id,
        }})
        folder.action_add_document(f"{{kind}}-{{number}}.pdf", pdf(folder.title))
        folder.action_submit()
        made += folder
    return made
for kind, count in (("pair", {PAIRS}), ("alone", 8), ("killed", 3)):
    for folder in folders(kind, count):
        print("FOLDER", kind, folder.id, folder._circuit_base())
act = env["gov.delegation"].with_user(people["sao_admin"]).with_company(company).create({{
    "company_id": company.id,
    "grantor_id": people["sao_two"].id, "grantor_quality": "la Présidente",
    "grantee_id": people["sao_deputy"].id, "grantee_quality": "le Secrétaire général",
    "reference": "Arrêté n° 1", "act_date": datetime.date.today(),
    "date_from": datetime.date.today(), "unit_ids": [Command.set(unit.ids)],
    "act_file": pdf("Arrêté"), "act_filename": "arrete.pdf",
}})
act.action_activate()
print("ACT", act.id)
env.cr.commit()
"""
#: what the files say: signatures of each, in order, checked strictly
CHECK = """
for folder in env["parapheur.folder"].browse({ids}):
    for piece in folder.piece_ids:
        content = piece._current()._read_content()
        rows = folder.signature_ids.filtered(lambda one: one.state == "valid")
        act = rows and env["gov.sign"]._check(content, folder.company_id)
        begins = all(
            content.startswith(one.version_id._read_content())
            for one in rows
        )
        names = sorted(
            one.name for one in (act.signatures if rows else ()) if one.kind == "signature"
        )
        print("SIGNED", folder.id, begins, len(folder.signature_ids), *names)
"""


# The process that signs dies when its second folder is kept and the third is not.
KILLED = """
import os
user = env["res.users"].search([("login", "=", "sao_two")])
folders = env(user=user.id, su=False)["parapheur.folder"].with_company(user.company_id)
kept, real = [], type(folders)._keep_folder
def keep(self, *arguments):
    told = real(self, *arguments)
    kept.append(told["ok"])
    if len(kept) == 2:
        env.flush_all()
        print("KEPT", *kept, flush=True)
        os.kill(os.getpid(), 9)
    return told
type(folders)._keep_folder = keep
folders.action_sign_chunk({ticket}, {half!r}, {ids})
"""


@pytest.fixture(scope="module")
def book(served):
    """The folders of the scene by kind, each with the digest that its signatories saw; and the delegation."""
    output = served.shell(BOOK)
    folders = {"pair": [], "alone": [], "killed": []}
    for kind, folder, base in found(output, "FOLDER"):
        folders[kind].append((int(folder), base))
    [[act]] = found(output, "ACT")
    return {**folders, "act": int(act)}


def person(served, login):
    """A session of its own: each is served by another thread."""
    rpc = scene.Rpc(served.url, login, served.name)
    consent = rpc.call("parapheur.folder", "get_consent")["id"]
    return rpc, consent


def sign(who, folder, base, **more):
    """Sign one folder; the sentence when it is refused."""
    rpc, consent = who
    try:
        rpc.call(
            "parapheur.folder", "action_sign", [folder], PIN, base, consent, **more
        )
    except scene.RpcError as refused:
        return refused.message
    return "signed"


def signed(served, ids):
    """{folder: (each version begins the file, rows, names in the file)}"""
    rows = found(served.shell(CHECK.format(ids=ids)), "SIGNED")
    return {
        int(one): (begins, int(count), names) for one, begins, count, *names in rows
    }


def test_both_signatures_of_one_step(served, book):
    works = [
        partial(sign, person(served, login), folder, base)
        for folder, base in book["pair"]
        for login in ("sao_one", "sao_two")
    ]
    assert crowd.at_once(works) == ["signed"] * len(works)
    told = signed(served, [folder for folder, _base in book["pair"]])
    assert told == {
        folder: ("True", 2, ["sao_one", "sao_two"]) for folder, _base in book["pair"]
    }


def test_one_person_twice_at_once(served, book):
    folder, base = book["alone"][0]
    works = [partial(sign, person(served, "sao_two"), folder, base) for _ in range(4)]
    answers = crowd.at_once(works)
    assert sorted(answers).count("signed") == 1, answers
    assert all(
        "acted already" in one or "not your turn" in one
        for one in answers
        if one != "signed"
    ), answers
    # What was seen is older now, and another step came between: reload.
    assert "changed since you opened it" in sign(
        person(served, "sao_one"), folder, base
    )
    assert signed(served, [folder]) == {folder: ("True", 1, ["sao_two"])}


def test_one_ticket_in_two_windows(served, book):
    items = [{"id": folder, "base": base} for folder, base in book["alone"][1:5]]
    rpc, consent = person(served, "sao_two")
    opened = rpc.call("parapheur.folder", "action_open_signing", PIN, items, consent)
    ids = [item["id"] for item in items]

    def chunk(rpc):
        told = rpc.call(
            "parapheur.folder",
            "action_sign_chunk",
            opened["ticket"],
            opened["half"],
            ids,
        )
        return [one["ok"] for one in told]

    windows = [partial(chunk, person(served, "sao_two")[0]) for _ in range(3)]
    answers = crowd.at_once(windows)
    assert [sum(one) for one in zip(*answers, strict=True)] == [1] * len(ids), answers
    told = signed(served, ids)
    assert told == {folder: ("True", 1, ["sao_two"]) for folder in ids}


def test_killed_in_the_middle_of_a_chunk(served, book):
    """Nothing is half signed, no version is left over; with the PIN once more all is signed."""
    items = [{"id": folder, "base": base} for folder, base in book["killed"]]
    ids = [item["id"] for item in items]
    rpc, consent = person(served, "sao_two")
    opened = rpc.call("parapheur.folder", "action_open_signing", PIN, items, consent)
    half = {"ticket": opened["ticket"], "half": opened["half"]}
    versions = "SELECT count(*) FROM gov_document_version"
    before = served.sql(versions)
    with pytest.raises(Problem):
        served.shell(KILLED.format(ids=ids, **half))
    assert served.sql(versions) == before
    assert signed(served, ids) == {folder: ("True", 0, []) for folder in ids}
    # That ticket may have signed them: it does not serve twice, the PIN is asked again.
    with pytest.raises(scene.RpcError, match="already"):
        rpc.call("parapheur.folder", "action_sign_chunk", *half.values(), ids)
    opened = rpc.call("parapheur.folder", "action_open_signing", PIN, items, consent)
    assert opened["items"] == ids and not opened["refused"]
    half = {"ticket": opened["ticket"], "half": opened["half"]}
    told = rpc.call("parapheur.folder", "action_sign_chunk", *half.values(), ids)
    assert [one["ok"] for one in told] == [True] * len(ids), told
    assert signed(served, ids) == {folder: ("True", 1, ["sao_two"]) for folder in ids}


def test_revoked_while_it_is_used(served, book):
    deputy, consent = person(served, "sao_deputy")
    ticked = deputy.call("parapheur.folder", "get_delegation_consent")["id"]
    admin = scene.Rpc(served.url, "sao_admin", served.name)

    def revoke():
        admin.call("gov.delegation", "action_revoke", [book["act"]], "Fin de fonction")
        return "revoked"

    folders = book["alone"][5:8]
    works = [
        partial(
            sign,
            person(served, "sao_deputy"),
            folder,
            base,
            delegation_consent=ticked,
        )
        for folder, base in folders
    ]
    *answers, _revoked = crowd.at_once([*works, revoke])
    told = signed(served, [folder for folder, _base in folders])
    for (folder, _base), answer in zip(folders, answers, strict=True):
        if answer == "signed":
            assert told[folder] == ("True", 1, ["sao_deputy"])
        else:
            assert "revoked on" in answer, answer
            assert told[folder] == ("True", 0, [])
    # Whoever signed did so before the power ended, and nobody after.
    late = served.rows(
        "SELECT count(*) FROM parapheur_signature s JOIN gov_delegation d"
        " ON d.id = s.delegation_id WHERE s.signed_at > d.revoked_on + interval '1s'"
    )
    assert late == [("0",)]
    last = sign((deputy, consent), *folders[-1], delegation_consent=ticked)
    assert "revoked on" in last or "acted already" in last or "not" in last
