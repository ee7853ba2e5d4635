"""Officers, an operator, and anchors that two of them put in force."""

from odoo.tests import new_test_user

OFFICER = "gov_trust.group_gov_trust_officer"
OPERATOR = "gov_trust.group_gov_trust_operator"
AUDITOR = "gov_trust.group_gov_trust_auditor"


def make_people(case):
    """Give the test class ``officer``, ``second``, ``operator``, ``auditor``, ``agent``."""
    for name, groups in (
        ("officer", OFFICER),
        ("second", OFFICER),
        ("operator", OPERATOR),
        ("auditor", AUDITOR),
        ("agent", "base.group_user"),
    ):
        setattr(
            case,
            name,
            new_test_user(case.env, f"anchors_{name}", groups=groups),
        )


def propose(case, authority, **more):
    """Propose an authority of ``common_pki`` as the first officer."""
    values = {
        "level": "advanced",
        "uses": ["signature"],
        "purpose": "Accredited provider",
        **more,
    }
    anchors = case.env["gov.anchor"].with_user(case.officer)
    return anchors._propose(authority.pem, **values)


def enable(case, authority, **more):
    """Propose and enable; returns the anchor as superuser."""
    anchor = propose(case, authority, **more)
    # For every administration only an operator enables.
    other = case.second if more.get("company") else case.operator
    anchor.with_user(other).action_enable()
    return anchor.sudo()
