"""A person who signs many folders of the signature book with one PIN, as the desk does: a ticket, then parts of 20.

Run in ``odoo shell`` with ``COUNT`` and ``FIRST`` defined. Each request has a transaction
and a cache of its own. Prints ``BULK seconds documents megabytes-after-first megabytes``.
"""

# ruff: noqa: F821 – env is odoo shell's, COUNT and FIRST the caller's
import base64
import gc
import io
import resource
import time
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from odoo import Command, api

PIN, CHUNK = "482915", 20


def pdf(words: str) -> str:
    """Two pages, in base64."""
    stream = io.BytesIO()
    canvas = Canvas(stream)
    for page in (1, 2):
        canvas.drawString(72, 700, f"{words}, page {page}")
        canvas.showPage()
    canvas.save()
    return base64.b64encode(stream.getvalue()).decode()


def memory() -> float:
    """Memory of this process now (MB): its peak may be that of what came before.

    What waits for the collector is no growth: it comes by itself, later.
    """
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


company = env["res.company"].create({"name": "Bulk", "gov_code": "BULK"})
unit = env["hr.department"].create({"name": "Bulk", "company_id": company.id})
users = env["res.users"].with_context(no_reset_password=True)
ROLES = {
    "bulk_clerk": "e_parapheur.group_e_parapheur_agent",
    "bulk_mayor": "e_parapheur.group_e_parapheur_agent",
    "bulk_operator": "gov_trust.group_gov_trust_operator",
    "bulk_officer": "gov_trust.group_gov_trust_officer",
}
clerk, mayor, operator, officer = users.create(
    [
        {
            "name": login,
            "login": login,
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [
                Command.set([env.ref("base.group_user").id, env.ref(group).id])
            ],
        }
        for login, group in ROLES.items()
    ]
)
# Keys are made apart: each waits for what is not committed.
env.cr.commit()
env["gov.key"]._make_personal(mayor, company, PIN)
env.cr.commit()
circuit = env["gov.circuit"].create(
    {
        "name": "Bulk",
        "company_id": company.id,
        "step_ids": [
            Command.create(
                {
                    "name": "Signature",
                    "kind": "signature",
                    "actor_rule": "person",
                    "user_ids": [Command.set(mayor.ids)],
                }
            )
        ],
    }
)
circuit.action_publish()
nature = env["parapheur.nature"].create(
    {"name": "Bulk", "company_id": company.id, "circuit_id": circuit.id}
)
env["gov.tsa.settings"].with_user(operator).create({"own_tsa": True}).action_apply()
env.cr.commit()
authority = (
    env["gov.tsa"]
    .with_user(officer)
    .with_company(company)
    .create({"name": "Bulk", "company_id": company.id, "kind": "own"})
)
authority.action_enable()
env.cr.commit()
registry = env.registry


def request(user, work):
    """Do ``work`` as one request of a person: own transaction, own cache."""
    with registry.cursor() as cr:
        there = api.Environment(cr, user, {"allowed_company_ids": company.ids})
        return work(there["parapheur.folder"])


def submit(books):
    """Start and submit one folder."""
    folder = books.create(
        {
            "title": "Bulk",
            "nature_id": nature.id,
            "language": "fr",
            "unit_id": unit.id,
        }
    )
    folder.action_add_document("bulk.pdf", pdf(f"Folder {folder.id}"))
    folder.action_submit()
    return {"id": folder.id, "base": folder._circuit_base()}


items = [request(clerk.id, submit) for _number in range(COUNT)]
start = time.perf_counter()
opened = request(
    mayor.id,
    lambda books: books.action_open_signing(PIN, items, books.get_consent()["id"]),
)
assert len(opened["items"]) == COUNT, opened["refused"]
first = last = memory()
for place in range(0, COUNT, CHUNK):
    told = request(
        mayor.id,
        lambda books, place=place: books.action_sign_chunk(
            opened["ticket"], opened["half"], opened["items"][place : place + CHUNK]
        ),
    )
    assert all(one["ok"] for one in told), told
    last = max(last, memory())
    if place + CHUNK <= FIRST:
        first = last
took = time.perf_counter() - start
env.cr.execute(
    "SELECT count(*) FROM parapheur_signature s JOIN parapheur_folder f"
    " ON f.id = s.folder_id WHERE f.company_id = %s AND s.level = 'B-T'",
    (company.id,),
)
assert env.cr.fetchone()[0] == COUNT
print("BULK", took, COUNT, first, last)
