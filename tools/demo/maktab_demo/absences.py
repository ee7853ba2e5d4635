"""An absence to come with its substitute, and a delegation of signature that waits for its act."""

from __future__ import annotations

from datetime import timedelta

from .store import Store


def build(store: Store) -> None:
    """Say when the director is away and who stands in; prepare a delegation. Once."""
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
    store.make(
        "delegation_head",
        "gov.delegation",
        {
            "company_id": company.id,
            "kind": "delegation",
            "grantor_id": director.id,
            "grantor_quality": "le Directeur général des services",
            "grantee_id": head.id,
            "reference": "Décision n° 12",
            "act_date": today,
            "date_from": today,
        },
    )
    store.commit()
