"""What the owner of the tables may do to evidence by SQL, and what the check finds."""

from __future__ import annotations

import crowd
import psycopg2
import pytest
import scene
from deposit_client import small_pdf

DESK, LINES = "A4", 6
TABLES = ("gov_journal_event", "registry_entry", "gov_journal_head", "gov_journal_tile")
#: What somebody who wants to change the past would write.
STATEMENTS = (
    "UPDATE gov_journal_event SET body = body || ' ' WHERE id = {event}",
    "UPDATE gov_journal_event SET seq = seq + 1000000 WHERE id = {event}",
    "UPDATE gov_journal_event SET instant = '2020-01-01T00:00:00.000000Z' WHERE id = {event}",
    "UPDATE gov_journal_event SET leaf = repeat('0', 64) WHERE id = {event}",
    "UPDATE gov_journal_event SET number_text = '2020/000001' WHERE id = {event}",
    "UPDATE gov_journal_event SET seq = NULL WHERE id = {event}",
    "UPDATE gov_journal_event SET actor_name = 'Somebody' WHERE id = {event}",
    "SET LOCAL gov.sequencer = 'on'; UPDATE gov_journal_event SET body = '{{}}'"
    " WHERE id = {event}",
    "SET LOCAL gov.door = '{event}'; DELETE FROM gov_journal_event WHERE id = {event}",
    "INSERT INTO gov_journal_event (id, journal_id, uid, kind, body)"
    " SELECT id, journal_id, uid, kind, '{{}}' FROM gov_journal_event WHERE id = {event}"
    " ON CONFLICT (id) DO UPDATE SET body = EXCLUDED.body",
    "UPDATE registry_entry SET number = '2020/000001' WHERE id = {entry}",
    "UPDATE registry_entry SET display_number = 'X' WHERE id = {entry}",
    "UPDATE registry_entry SET sequence = sequence + 1000000 WHERE id = {entry}",
    "UPDATE registry_entry SET registered_at = '2020-01-01' WHERE id = {entry}",
    "UPDATE registry_entry SET submitted_at = '2020-01-01' WHERE id = {entry}",
    "UPDATE registry_entry SET content_hash = repeat('0', 64) WHERE id = {entry}",
    "UPDATE registry_entry SET company_id = company_id WHERE FALSE;"
    " UPDATE registry_entry SET unit_code = 'X' WHERE id = {entry}",
    "SET LOCAL gov.sequencer = 'on'; UPDATE registry_entry SET number = '1'"
    " WHERE id = {entry}",
    "UPDATE gov_journal_head SET root = repeat('0', 64)",
    "UPDATE gov_journal_head SET signature = NULL",
    "DELETE FROM gov_journal_event WHERE id = {event}",
    "DELETE FROM gov_journal_event",
    "DELETE FROM registry_entry WHERE id = {entry}",
    "DELETE FROM registry_entry",
    "DELETE FROM gov_journal_head",
    *(f"TRUNCATE {table} CASCADE" for table in TABLES),
)


@pytest.fixture(scope="module")
def lines(served) -> list[tuple[int, int, str]]:
    """Event, entry and number of some numbered lines of one register, in order."""
    for one in crowd.prepare(
        served, DESK, LINES, files=[("a.pdf", small_pdf(), "application/pdf")]
    ):
        crowd.send(*one)
    found = served.rows(
        "SELECT v.id, e.id, e.number FROM registry_entry e JOIN gov_journal_event v"
        " ON v.uid = e.event_uid WHERE v.seq IS NOT NULL AND"
        f" v.journal_id = {crowd.journal_id(served, DESK)} ORDER BY v.seq"
    )
    return [(int(event), int(entry), number) for event, entry, number in found]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_sql_of_the_owner_is_refused(served, lines, statement):
    event, entry, _number = lines[1]
    connection = crowd.connect(served)
    try:
        with connection.cursor() as cr:
            cr.execute(
                "SELECT tableowner = current_user FROM pg_tables"
                " WHERE tablename = 'registry_entry'"
            )
            assert cr.fetchone() == (True,), "this must be tried as the owner"
            with pytest.raises(psycopg2.Error) as refused:
                cr.execute(statement.format(event=event, entry=entry))
    finally:
        connection.close()
    assert isinstance(
        refused.value,
        psycopg2.errors.InsufficientPrivilege | psycopg2.errors.ForeignKeyViolation,
    ), refused.value


#: How a line is falsified once the trigger is off → what is changed.
FORGERIES = {
    "body of the event": (
        "gov_journal_event",
        "UPDATE gov_journal_event SET body = replace(body, '\"portal\"', '\"counter\"')"
        " WHERE id = {event}",
    ),
    "instant of the event": (
        "gov_journal_event",
        "UPDATE gov_journal_event SET instant = '2020-01-01T00:00:00.000000Z'"
        " WHERE id = {event}",
    ),
    "number of the line": (
        "registry_entry",
        "UPDATE registry_entry SET number = '2020/000001' WHERE id = {entry}",
    ),
    "instant of the line": (
        "registry_entry",
        "UPDATE registry_entry SET registered_at = '2020-01-01' WHERE id = {entry}",
    ),
    "a line that is gone": (
        "gov_journal_event",
        "DELETE FROM gov_journal_event WHERE id = {event}",
    ),
    "subject in the detail": (
        "registry_entry_detail",
        "UPDATE registry_entry_detail SET content_json ="
        ' replace(content_json, \'"subject":"\', \'"subject":"X\')'
        " WHERE entry_id = {entry}",
    ),
}


class Forged:
    """Changes lines with the triggers off, and puts the old rows back."""

    def __init__(self, served, table: str) -> None:
        self.connection, self.table = crowd.connect(served), table

    def __enter__(self) -> Forged:
        with self.connection.cursor() as cr:
            cr.execute(f"CREATE TABLE kept AS SELECT * FROM {self.table}")
            cr.execute(f"ALTER TABLE {self.table} DISABLE TRIGGER USER")
        self.connection.commit()
        return self

    def change(self, statement: str) -> None:
        """Change exactly one line, and turn the triggers on again."""
        with self.connection.cursor() as cr:
            cr.execute(statement)
            assert cr.rowcount == 1, statement
            cr.execute(f"ALTER TABLE {self.table} ENABLE TRIGGER USER")
            cr.execute(f"SELECT * FROM {self.table} EXCEPT SELECT * FROM kept")
            assert cr.fetchall() or "DELETE" in statement, "nothing was changed"
        self.connection.commit()

    def __exit__(self, *_exception: object) -> None:
        self.connection.rollback()
        with self.connection.cursor() as cr:
            cr.execute(f"ALTER TABLE {self.table} DISABLE TRIGGER USER")
            cr.execute(
                f"SELECT string_agg(quote_ident(column_name) || ' = k.' ||"
                f" quote_ident(column_name), ', ') FROM information_schema.columns"
                f" WHERE table_name = '{self.table}'"
            )
            (columns,) = cr.fetchone()
            cr.execute(
                f"UPDATE {self.table} t SET {columns} FROM kept k"
                f" WHERE k.id = t.id AND k.* IS DISTINCT FROM t.*"
            )
            cr.execute(
                f"INSERT INTO {self.table} SELECT k.* FROM kept k WHERE NOT EXISTS"
                f" (SELECT 1 FROM {self.table} t WHERE t.id = k.id)"
            )
            cr.execute(f"ALTER TABLE {self.table} ENABLE TRIGGER USER")
            cr.execute("DROP TABLE kept")
        self.connection.commit()
        self.connection.close()


def verify(served, login: str) -> dict:
    """Press "Check the register" as a person; return what the window shows."""
    rpc = scene.Rpc(served.url, login, served.name)
    (register,) = rpc.call(
        "registry.register",
        "search",
        [("office_id.code", "=", DESK), ("direction", "=", "incoming")],
    )
    action = rpc.call("registry.register", "action_verify", [register])
    (shown,) = rpc.call(
        action["res_model"],
        "read",
        [action["res_id"]],
        ["is_intact", "sentence", "first_bad_number"],
    )
    return shown


@pytest.mark.parametrize("forgery", FORGERIES)
def test_the_check_names_the_first_bad_line(served, lines, forgery):
    assert verify(served, "auditor")["is_intact"]
    table, statement = FORGERIES[forgery]
    event, entry, number = lines[2]
    with Forged(served, table) as forged:
        forged.change(statement.format(event=event, entry=entry))
        shown = verify(served, "auditor")
        assert not shown["is_intact"], shown
        if "gone" in forgery:  # without its event, the line's place is named
            assert any(name in shown["sentence"] for name in (number, "3 ")), shown
        else:
            assert shown["first_bad_number"] == number, shown
            assert number in shown["sentence"]
    assert verify(served, "auditor")["is_intact"]


def test_the_first_of_two_bad_lines_is_named(served, lines):
    table, statement = FORGERIES["body of the event"]
    (first, _entry, number), (second, *_rest) = lines[1], lines[4]
    both = statement.replace("= {event}", f"= {first}"), statement.format(event=second)
    with Forged(served, table) as forged:
        with forged.connection.cursor() as cr:
            cr.execute(both[1])
        forged.change(both[0])
        shown = verify(served, "registrar")
        assert shown["first_bad_number"] == number, shown
    assert verify(served, "registrar")["is_intact"]
