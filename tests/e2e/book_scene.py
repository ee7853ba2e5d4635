"""A commune with a signature book, for the tours of ``test_signature_book``.

``SCRIPT`` runs after ``thread_scene.script()``: the director signs, ``deputy`` signs for the
director by delegation, ``secretary`` prepares the director's desk.
"""

from __future__ import annotations

import thread_scene

TEN = 10
MORE = f"""
import base64, datetime, io
from reportlab.pdfgen.canvas import Canvas

def pdf(words):
    stream = io.BytesIO()
    canvas = Canvas(stream)
    canvas.drawString(72, 700, words)
    canvas.save()
    return base64.b64encode(stream.getvalue()).decode()

def person(login, name, *groups, unit="DG"):
    user = env["res.users"].search([("login", "=", login)])
    if not user:
        user = env["res.users"].with_context(no_reset_password=True).create({{
            "name": name, "login": login, "password": login, "tz": "Africa/Casablanca",
            "email": login + "@example.org", "company_id": company.id,
            "company_ids": [Command.set(company.ids)]}})
        env["hr.employee"].create({{"name": name, "user_id": user.id,
            "company_id": company.id, "department_id": thread_units[unit].id}})
    user.write({{"name": name, "lang": "fr_FR",
                 "group_ids": [Command.link(env.ref(group).id) for group in groups]}})
    thread_users[login] = user
    return user

agent_group = "e_parapheur.group_e_parapheur_agent"
person("secretary", "Secretary", agent_group)
deputy = person("deputy", "Deputy", agent_group)
leaver = person("leaver", "Leaver", agent_group, unit="JUR")
supervisor = person("supervisor", "Supervisor", "e_parapheur.group_e_parapheur_supervisor")
person("bookauditor", "Book auditor", "e_parapheur.group_e_parapheur_auditor")
person("bookadmin", "Book admin", "e_parapheur.group_e_parapheur_admin")
env["gov.key"]._make_personal(deputy, company, {thread_scene.PIN!r})

def circuit_of(name, kind, user):
    made = env["gov.circuit"].create({{"name": name, "company_id": company.id,
        "step_ids": [Command.create({{"name": name, "kind": kind, "rank": 1,
            "actor_rule": "person", "user_ids": [Command.set(user.ids)]}})]}})
    made.action_publish()
    return made

def nature_of(name, circuit):
    return env["parapheur.nature"].create(
        {{"name": name, "company_id": company.id, "circuit_id": circuit.id}})

director = thread_users["director"]
notes = nature_of("Note", circuit_of("Signature de la direction", "signature", director))
visas = nature_of("Visa simple", circuit_of("Visa du service", "visa", leaver))
form = env["gov.form"].create({{"name": "Marché", "company_id": company.id,
    "field_ids": [Command.create(
        {{"key": "amount", "label": "Montant", "type": "amount", "required": True}})]}})
form.action_publish()
clerk = env["parapheur.folder"].with_user(thread_users["agent"]).with_company(company)

def folder_of(nature, title):
    folder = clerk.create({{"title": title, "nature_id": nature.id, "language": "fr",
                            "unit_id": thread_units["URB"].id}})
    folder.action_add_document("note.pdf", pdf(title))
    folder.action_submit()
    return folder

for number in range(1, {TEN} + 1):
    folder_of(notes, f"Note {{number:02d}}")
folder_of(visas, "Note sans lecteur")
leaver.active = False
company = thread_units["DG"].company_id
act = env["gov.delegation"].create({{
    "company_id": company.id, "grantor_id": director.id, "grantor_quality": "la Directrice",
    "grantee_id": deputy.id, "grantee_quality": "le Secrétaire général",
    "reference": "Arrêté n° 12/2026", "act_date": datetime.date.today(),
    "date_from": datetime.date.today(), "act_file": pdf("Arrêté"),
    "act_filename": "arrete.pdf"}})
act.action_activate()
rows = env["parapheur.secretary"].with_user(director).with_company(company)
rows.create({{"secretary_id": thread_users["secretary"].id}})
env.cr.commit()
"""


def script() -> str:
    """Return the script for ``OdooProcess(script=…)``."""
    return thread_scene.script() + MORE
