"""Rules of the mail desk: two in use that propose, one in preparation that acts."""

from __future__ import annotations

from .store import Store


def build(store: Store) -> None:
    """Make the rules of the commune, once; letters that were there before are left alone."""
    company = store.get("company_zitoune")
    planning, finance = store.get("unit_zitoune_URB"), store.get("unit_zitoune_FIN")
    permits = store.make(
        "rule_permits",
        "gov.rule",
        {
            "name": "Permis : division de l'urbanisme",
            "company_id": company.id,
            "event": "desk_registered",
            "conditions": [
                {
                    "field": "text",
                    "operator": "any",
                    "value": [
                        "permis de construire",
                        "urbanisme",
                        "رخصة البناء",
                        "التعمير",
                    ],
                }
            ],
            "actions": [{"action": "propose", "params": {"unit": planning.id}}],
        },
    )
    contracts = store.make(
        "rule_contracts",
        "gov.rule",
        {
            "name": "Marchés : service des finances",
            "company_id": company.id,
            "event": "desk_registered",
            "conditions": [
                {
                    "field": "subject",
                    "operator": "any",
                    "value": ["marché", "retenue de garantie", "صفقة"],
                }
            ],
            "actions": [{"action": "propose", "params": {"unit": finance.id}}],
        },
    )
    for rule in (permits, contracts):
        if not rule.in_use:
            rule.action_use()
    store.make(
        "rule_invoices",
        "gov.rule",
        {
            "name": "Factures : finances, sous cinq jours ouvrables",
            "company_id": company.id,
            "event": "desk_registered",
            "conditions": [
                {"field": "subject", "operator": "any", "value": ["facture", "فاتورة"]}
            ],
            "actions": [
                {"action": "assign", "params": {"unit": finance.id}},
                {"action": "deadline", "params": {"days": 5, "working": True}},
            ],
        },
    )
    store.commit()
