"""Tables that are filled by COPY, their columns, and how a row is written for it."""

from __future__ import annotations

AUDIT = ("create_uid", "create_date", "write_uid", "write_date")
TABLES = {
    "registry_entry": (
        *("id", "register_id", "office_id", "company_id", "unit_id", "unit_code"),
        *("direction", "channel", "number", "display_number", "year", "sequence"),
        *("journal_seq", "registered_at", "submitted_at", "event_uid", "content_hash"),
        *("document_count", "actor_id", "actor_name", "is_late"),
    ),
    "registry_entry_detail": (
        *("entry_id", "company_id", "kind", "event_uid", "subject", "sender_name"),
        *("content_json", "salts_json"),
    ),
    "registry_letter": (
        *("id", "reference", "company_id", "register_id", "office_id", "direction"),
        *("unit_id", "subject", "body", "channel", "sender_kind", "sender_name"),
        *("sender_reference", "document_date", "arrival_date", "received_at"),
        *("language", "pieces_announced", "pieces_received", "state", "entry_id"),
        *("nature_id", "priority_id", "closing_state", "active", "desk_state"),
        *("desk_unit_id", "desk_user_id", "desk_due_date", "desk_instruction_id"),
        *("desk_closing", "desk_closing_reason", "desk_closed_at"),
        *("desk_closed_by_id", *AUDIT),
    ),
    "registry_party": (
        *("letter_id", "company_id", "sequence", "role", "kind", "name"),
        *("organisation", "email", "phone", "address", "identifier", *AUDIT),
    ),
    "desk_assignment": (
        *("id", "letter_id", "company_id", "unit_id", "user_id", "instruction_id"),
        *("role", "parent_id", "from_unit_id", "state", "due_date", "reason"),
        *("assigned_by_id", "assigned_at", "closed_by_id", "closed_at", *AUDIT),
    ),
}


def line(table: str, values: dict) -> tuple[str, str]:
    """Return the table and its row as COPY reads it; what is not named is NULL."""
    cells = [_cell(values.get(column)) for column in TABLES[table]]
    return table, "\t".join(cells) + "\n"


def _cell(value) -> str:
    """Return a value as COPY reads it."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
    return str(value)
