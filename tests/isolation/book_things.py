"""What the signature book of an administration keeps besides folders and signatures.

``SCRIPT`` runs in ``odoo shell`` inside the script of ``test_isolation`` (which defines
``user_of`` and ``stream``, a page of PDF), for both administrations.
"""

from __future__ import annotations

SCRIPT = """
def book_things(agent, second):
    company = agent.company_id
    context = {"allowed_company_ids": company.ids}
    work = env(user=agent.id, su=False, context=context)
    own = env(context=context)
    folders = work["parapheur.folder"]
    content = base64.b64encode(stream.getvalue()).decode()

    # Settings: a text to accept, another circuit for some folders, a sending.
    own["parapheur.consent"].create(
        {"text_fr": "Secret", "text_ar": "سر", "company_id": company.id})
    circuit = own["gov.circuit"].create({
        "name": "Secret hand", "company_id": company.id, "step_ids": [Command.create({
            "rank": 1, "name": "Secret paper", "kind": "paper", "actor_rule": "person",
            "user_ids": [Command.set(agent.ids)],
            "replacement_ids": [Command.create({"user_id": second.id})]})]})
    circuit.action_publish()
    paper = own["parapheur.nature"].create({
        "name": "Secret agreement", "company_id": company.id, "circuit_id": circuit.id})
    paper.action_new_version()
    unit = own["hr.department"].search([("company_id", "=", company.id)], limit=1)
    paper.draft_id.way_ids = [Command.create({
        "circuit_id": circuit.id,
        "conditions": [{"field": "unit", "operator": "in", "value": unit.ids}]})]
    own["parapheur.source"].create({
        "name": "Secret sending", "company_id": company.id, "model": "hr.employee",
        "nature_id": paper.id, "title": "Secret {{ name }}", "lang": "fr_FR",
        "field_ids": [Command.create({"path": "name"})],
        "back_ids": [Command.create(
            {"moment": "done", "field_name": "job_title", "value": "@reference"})]})

    # A sheet that is printed, files that were sent by e-mail.
    folder = folders.create({"title": "Secret sheet", "nature_id": paper.id})
    folder.action_add_document("secret.pdf", content)
    folder.action_submit()
    folder.action_paper_print()
    folders.search([("state", "=", "done")], limit=1).action_dispatch(
        [{"name": "Secret", "email": "secret@example.org"}])

    second.group_ids = [Command.link(env.ref("e_parapheur.group_e_parapheur_agent").id)]
    # Who prepares the desk, in which order, and words for nobody else.
    work["parapheur.secretary"].create({"secretary_id": second.id})
    waiting = folders.search([("state", "=", "running"), ("title", "=", "Secret waiting")])
    folders.action_set_order(agent.id, [{"id": waiting.id, "priority": "urgent"}])
    waiting.action_comment_privately("Secret words", [])
    folders.action_open_signing(
        "135791", [{"id": waiting.id, "base": waiting._circuit_base()}],
        folders.get_consent()["id"])
    env.cr.commit()

for suffix in ("", "2"):
    book_things(user_of("agent" + suffix), user_of("head" + suffix))
"""
