"""What the desk of an administration keeps: clocks, rules, requests, mailings, absences…

``SCRIPT`` runs in ``odoo shell`` inside the script of ``test_isolation`` (which defines
``user_of``), for both administrations.
"""

from __future__ import annotations

SCRIPT = """
def desk_things(agent, side):
    company = agent.company_id
    context = {"allowed_company_ids": company.ids}
    work = env(user=agent.id, su=False, context=context)
    own = env(context=context)
    suffix = "" if side == "A" else "2"
    registrar = env(user=user_of("registrar" + suffix).id, su=False, context=context)
    unit = env["hr.department"].search([("company_id", "=", company.id)], limit=1)
    unit.desk_on_paper = True
    # Lengths and holidays.
    clock = own["gov.clock"].create(
        {"name": "Secret clock " + side, "length": 30, "company_id": company.id})
    category = own["registry.category"].create({
        "name": "Secret heading " + side, "company_id": company.id, "clock_id": clock.id})
    today = company._gov_today()
    own["gov.holiday"].create({
        "name": "Secret feast", "company_id": company.id, "date_from": today,
        "date_to": today})
    own["gov.act.nature"].create({"name": "Secret acts", "company_id": company.id})
    own["gov.letterhead"].create({"name": "Secret head", "company_id": company.id})
    rule = own["gov.rule"].create({
        "name": "Secret rule " + side, "company_id": company.id,
        "event": "desk_registered", "conditions": [],
        "actions": [{"action": "deadline", "params": {"days": 9}}]})
    rule.action_use()
    # One letter that the rule has seen, one that it has not.
    def letter():
        made = registrar["registry.letter"].create({
            "subject": "Secret clocked " + side, "category_id": category.id,
            "sender_name": "Secret sender " + side, "channel": "counter",
            "register_id": registrar["registry.register"].search([
                ("office_id.code", "=", side + "1"), ("direction", "=", "incoming")]).id})
        made.action_register()
        env.cr.commit()
        return made
    seen = letter()
    own["gov.rule.task"]._process_tasks()
    letter()
    clocked = work["registry.letter"].browse(seen.id)
    clocked._desk_row().action_dispatch(user_id=agent.id)
    clocked.action_ask_completion("Secret question " + side, channel="other")
    clocked.action_write_margin("Secret margin " + side)
    own["desk.precedent"]._note(
        company, [("words:secret", "words", "secret", None, unit.id, None, 3)])
    # Letters to many, slips.
    many = work["desk.outgoing"].create({
        "kind": "letter", "subject": "Secret mailing", "body": "<p>Secret</p>",
        "unit_id": unit.id})
    many.action_mailing()
    many.mailing_id.action_add_recipients("Secret recipient;secret@example.org")
    work["desk.slip"].create({
        "unit_id": unit.id, "recipient_name": "Secret addressee",
        "line_ids": [Command.create({"designation": "Secret piece", "pieces": 1})]})
    # Who stands in, who signs, what is handed over.
    second = user_of("head" + suffix)
    own["gov.delegation"].create({
        "company_id": company.id, "kind": "delegation", "grantor_id": agent.id,
        "grantor_quality": "Secret quality", "grantee_id": second.id,
        "reference": "Secret act", "act_date": today, "date_from": today})
    circuit = own["gov.circuit"].create({
        "name": "Secret visa", "company_id": company.id, "step_ids": [Command.create({
            "rank": 1, "name": "Secret visa", "kind": "visa",
            "actor_rule": "person", "user_ids": [Command.set(agent.ids)]})]})
    circuit.action_publish()
    own["desk.circuit.choice"].create(
        {"company_id": company.id, "circuit_id": circuit.id, "purpose": "letter"})
    # Baskets.
    saved = work["ir.filters"].create({
        "name": "Secret filter " + side, "model_id": "registry.letter",
        "domain": "[('subject', 'ilike', 'secret')]", "user_ids": agent.ids})
    work["desk.basket"].action_share(saved.id, unit_ids=unit.ids)
    own["desk.basket.setting"].with_company(company).action_configure()
    env.cr.commit()
    other = user_of("employee" + suffix)
    handover = work["desk.handover"].create({
        "user_id": agent.id, "company_id": company.id, "reason": "Secret reason",
        "target_ids": [Command.create({"user_ids": [Command.set(other.ids)]})]})
    handover.action_process()
    env["desk.digest"].create({"user_id": agent.id, "company_id": company.id})
    own["gov.absence"].create({
        "user_id": agent.id, "company_id": company.id, "substitute_id": second.id,
        "date_from": today, "date_to": today + datetime.timedelta(days=1)})
    env.cr.commit()

for suffix, side in (("", "A"), ("2", "B")):
    desk_things(user_of("agent" + suffix), side)
"""
