"""The rights table of docs/security-model.md, compared cell by cell with the database.

The table says what a person of each role may do by access list (record rules narrow it
further). A cell holds the letters of what is allowed: ``r`` read, ``w`` write, ``c``
create, ``d`` delete; ``–`` is nothing.
"""

from __future__ import annotations

from pathlib import Path

import pytest

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "security-model.md"
ADDONS_FOLDER = Path(__file__).resolve().parents[2] / "addons"
HEADING = "## Rights"
#: Column of the table → groups a person of that role has.
ROLES = {
    "citizen": ("base.group_portal",),
    "public": ("base.group_public",),
    "employee": ("base.group_user",),
    "agent": ("gov_base.group_gov_base_agent",),
    "auditor": ("gov_base.group_gov_base_auditor",),
    "admin": ("gov_base.group_gov_base_admin",),
    "registrar": ("digital_registry.group_digital_registry_registrar",),
    "head": ("digital_registry.group_digital_registry_head",),
    "reg. auditor": ("digital_registry.group_digital_registry_auditor",),
    "reg. admin": ("digital_registry.group_digital_registry_admin",),
    "trust auditor": ("gov_trust.group_gov_trust_auditor",),
    "trust officer": ("gov_trust.group_gov_trust_officer",),
    "operator": ("gov_trust.group_gov_trust_operator",),
    "system": ("base.group_system",),
    "desk agent": ("mail_desk.group_mail_desk_agent",),
    "desk supervisor": ("mail_desk.group_mail_desk_supervisor",),
    "desk auditor": ("mail_desk.group_mail_desk_auditor",),
    "desk admin": ("mail_desk.group_mail_desk_admin",),
    "book agent": ("e_parapheur.group_e_parapheur_agent",),
    "book auditor": ("e_parapheur.group_e_parapheur_auditor",),
    "book admin": ("e_parapheur.group_e_parapheur_admin",),
}
ADDONS = tuple(
    sorted(path.parent.name for path in ADDONS_FOLDER.glob("*/__manifest__.py"))
)
#: Evidence and what only operations write: nobody at all writes, creates or deletes, the administrator included.
EVIDENCE = {
    "gov.access",
    "gov.circuit.run",
    "gov.clock.change",
    "gov.clock.run",
    "gov.clock.stop",
    "desk.completion",
    "gov.circuit.run.actor",
    "gov.circuit.run.step",
    "gov.journal.event",
    "gov.journal.head",
    "gov.journal.tile",
    "gov.proof",
    "gov.document.version",
    "registry.entry",
    "registry.entry.detail",
    "registry.entry.status",
    "registry.receipt",
    "parapheur.dispatch",
    "parapheur.hygiene",
    "parapheur.order",
    "parapheur.paper",
    "parapheur.piece",
    "parapheur.private.comment",
    "parapheur.signature",
    "parapheur.signing",
    "desk.assignment",
    "desk.event",
    "desk.fiche",
    "desk.handover.line",
    "desk.margin",
    "desk.outgoing.version",
    "desk.passage",
    "desk.sending",
    "gov.rule.log",
    "gov.substitute",
    "registry.exchange",
}
_MODELS = """
    SELECT DISTINCT m.model FROM ir_model m
      JOIN ir_model_data d ON d.model = 'ir.model' AND d.res_id = m.id
     WHERE d.module IN %s AND m.transient IS NOT TRUE AND m.abstract IS NOT TRUE
       AND split_part(m.model, '.', 1) IN ('gov', 'registry', 'desk', 'parapheur')
  ORDER BY m.model
"""
_RIGHTS = """
    WITH RECURSIVE held(id) AS (
        SELECT res_id FROM ir_model_data
         WHERE model = 'res.groups' AND module || '.' || name IN %s
         UNION
        SELECT i.hid FROM res_groups_implied_rel i JOIN held ON held.id = i.gid
    )
    SELECT m.model, bool_or(a.perm_read), bool_or(a.perm_write),
           bool_or(a.perm_create), bool_or(a.perm_unlink)
      FROM ir_model_access a JOIN ir_model m ON m.id = a.model_id
     WHERE a.active AND (a.group_id IS NULL OR a.group_id IN (SELECT id FROM held))
  GROUP BY m.model
"""


def _granted(odoo) -> dict[str, dict[str, str]]:
    """What the database grants: {model: {role: letters}}."""
    models = [row[0] for row in odoo.rows(_MODELS % (ADDONS,))]
    table = {model: dict.fromkeys(ROLES, "–") for model in models}
    for role, groups in ROLES.items():
        wanted = "(" + ", ".join(f"'{group}'" for group in groups) + ")"
        for model, *allowed in odoo.rows(_RIGHTS % wanted):
            flags = [flag in (True, "t", "True") for flag in allowed]
            letters = "".join(
                letter for letter, flag in zip("rwcd", flags, strict=True) if flag
            )
            if model in table and letters:
                table[model][role] = letters
    return table


def _documented() -> dict[str, dict[str, str]]:
    text = DOCUMENT.read_text("utf-8").partition(HEADING)[2].partition("\n## ")[0]
    rows = [
        [cell.strip(" `") for cell in line.strip().strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]
    header, _rule, *body = rows
    return {row[0]: dict(zip(header[1:], row[1:], strict=True)) for row in body}


def _as_table(granted) -> str:
    lines = [
        "| model | " + " | ".join(ROLES) + " |",
        "|---" * (len(ROLES) + 1) + "|",
    ]
    for model, row in granted.items():
        lines.append(f"| `{model}` | " + " | ".join(row[role] for role in ROLES) + " |")
    return "\n".join(lines)


@pytest.fixture(scope="module")
def granted(odoo):
    return _granted(odoo)


def test_every_cell_is_what_the_document_says(granted):
    assert _documented() == granted, f"the database grants:\n{_as_table(granted)}"


def test_nobody_writes_evidence(granted):
    guilty = {
        (model, role): letters
        for model in EVIDENCE & granted.keys()
        for role, letters in granted[model].items()
        if set(letters) - {"r", "–"}
    }
    assert not guilty


def test_visitors_and_citizens_have_no_right_at_all(granted):
    guilty = {
        (model, role)
        for model, row in granted.items()
        for role in ("public", "citizen")
        if row[role] != "–"
    }
    assert not guilty
