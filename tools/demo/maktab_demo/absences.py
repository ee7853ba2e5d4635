"""An absence to come with its substitute, and a delegation of signature in force."""

from __future__ import annotations

import base64
from datetime import timedelta

from . import papers
from .store import Store


def build(store: Store) -> None:
    """Say when the director is away and who stands in; who signs in her place. Once."""
    company = store.get("company_zitoune")
    director, head = store.get("user_director"), store.get("user_head")
    today = store.env["gov.absence"]._today(company)
    store.make(
        "absence_director",
        "gov.absence",
        {
            "user_id": director.id,
            "company_id": company.id,
            "substitute_id": store.get("user_secretary").id,
            "date_from": today + timedelta(days=14),
            "date_to": today + timedelta(days=21),
        },
    )
    delegation = store.make(
        "delegation_head",
        "gov.delegation",
        {
            "company_id": company.id,
            "kind": "delegation",
            "grantor_id": director.id,
            "grantor_quality": "la Directrice générale des services",
            "grantee_id": head.id,
            "grantee_quality": "le Chef de division",
            "reference": "Décision n° 12",
            "act_date": today,
            "date_from": today,
            "amount_max": 50000,
        },
    )
    if delegation.state == "draft":
        admin = store.acting(store.get("user_deskadmin"))
        given = delegation.with_env(admin).with_company(company)
        given.act_filename = "decision-12.pdf"
        given.act_file = base64.b64encode(_act(company, today))
        given.action_activate()
    store.commit()


def _act(company, today) -> bytes:
    """Return the decision by which the director lets the head of a division sign."""
    return papers.letter_pdf(
        papers.Paper(
            lang="fr",
            sender=company.gov_name,
            address=" ".join((company.gov_address or "").split()),
            recipient="",
            day=today,
            subject="Décision n° 12 portant délégation de signature",
            text="M. Rachid Amrani signe, par délégation, les actes de la direction générale des "
            "services jusqu'à 50 000 dirhams.",
            signed=False,
        )
    )
