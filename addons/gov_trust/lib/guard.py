"""Database triggers that keep evidence tables append-only.

The refusal comes from PostgreSQL itself, so it also meets the Odoo superuser, a
console and any addon. Whoever owns the tables can still switch a trigger off: that
is what the Merkle tree, the signed heads and their witnesses are for.

Two session settings open a door, each for one transaction:
``gov.sequencer`` (the drain, on pending rows) and ``gov.door`` (a migration, whose
value is the id of a journal event that says why; see ``gov.journal._open_door``).
"""

import re

FUNCTION = """
CREATE OR REPLACE FUNCTION gov_evidence_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    marker text := TG_ARGV[0];
    once text[] := string_to_array(TG_ARGV[1], ',');
    free text[] := string_to_array(TG_ARGV[2], ',');
    door text := nullif(current_setting('gov.door', true), '');
    before_row jsonb;
    after_row jsonb;
BEGIN
    IF door IS NOT NULL AND EXISTS (
        SELECT 1 FROM gov_journal_event
         WHERE id = door::bigint AND kind = 'door.opened'
    ) THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        IF TG_OP = 'TRUNCATE' THEN RETURN NULL; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'gov: % on % is refused, its lines are evidence',
            TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    before_row := to_jsonb(OLD) - free;
    after_row := to_jsonb(NEW) - free;
    IF before_row = after_row THEN
        RETURN NEW;
    END IF;
    IF before_row ->> marker IS NULL
       AND current_setting('gov.sequencer', true) = 'on'
       AND (before_row - once) = (after_row - once) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'gov: UPDATE on % (id %) is refused, its lines are evidence',
        TG_TABLE_NAME, OLD.id USING ERRCODE = 'insufficient_privilege';
END
$$
"""

_NAME = re.compile(r"[a-z_][a-z0-9_]*")


def install(cr, table, marker="", once=(), free=()):
    """(Re)create the guard on ``table``; safe to call at every upgrade.

    :param table: table name
    :param marker: column that is NULL while the row is pending; "" = never pending
    :param once: columns the sequencer may set while the row is pending
    :param free: columns that are no evidence and may change
    """
    for name in (table, *filter(None, [marker]), *once, *free):
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a plain SQL name: {name!r}")
    cr.execute(FUNCTION)
    arguments = f"'{marker}', '{','.join(once)}', '{','.join(free)}'"
    for suffix, events, level in (
        ("rows", "UPDATE OR DELETE", "ROW"),
        ("table", "TRUNCATE", "STATEMENT"),
    ):
        # Names alone, each checked above; PostgreSQL takes no parameter there.
        cr.execute(  # pylint: disable=sql-injection
            f"CREATE OR REPLACE TRIGGER {table}_guard_{suffix} BEFORE {events} "
            f"ON {table} FOR EACH {level} "
            f"EXECUTE FUNCTION gov_evidence_guard({arguments})"
        )
