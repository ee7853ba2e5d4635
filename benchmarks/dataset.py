"""A database of realistic letters, as many as asked: by COPY, kept as a template.

Ten years of one administration, in French and Arabic: letters with their line in the
register, its words, their parties and their route through the units, numbered without a
hole in each register and year. Whatever the size, the measured unit has the same letters:
its people find the same lists in ten thousand letters as in a million.

Left out: the journal behind the lines (nothing can be checked against it, and nothing
should be registered there), receipts, documents, the timeline and the chatter.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import Bench
from common import say, seconds
from letters import Letters
from letters_tables import TABLES
from letters_words import UNITS

from maktab_dev.common import Problem, digest
from maktab_dev.database import CACHE_PREFIX
from maktab_dev.pg_client import psql
from maktab_dev.templates import DECLARE

HERE = Path(__file__).resolve().parent
SOURCES = [HERE / "dataset.py", *sorted(HERE.glob("letters*.py"))]
#: Bytes a letter takes with its lines and indexes, and what stays free for others.
BYTES, SPARE = 9_000, 5 << 30
#: Units, people and registers, by the ORM; what the letters need of them is printed.
MAKE = """
import json
from odoo import Command
company = env.company
company.write({{"gov_code": "BENCH", "name": "Commune de Bench"}})
company.partner_id.country_id = env.ref("base.ma")
users = {{}}
desk = "mail_desk.group_mail_desk_"

def unit_of(code, name, parent, people):
    unit = env["hr.department"].create({{
        "name": name, "gov_code": code, "company_id": company.id,
        "parent_id": parent and parent.id}})
    for login in people:
        user = env["res.users"].with_context(no_reset_password=True).create({{
            "name": login.replace("_", " ").title(), "login": login, "password": login,
            "lang": "en_US", "tz": "Africa/Casablanca",
            "company_id": company.id, "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.link(env.ref(desk + "agent").id)]}})
        employee = env["hr.employee"].create({{
            "name": user.name, "user_id": user.id, "company_id": company.id,
            "department_id": unit.id}})
        users[login] = user.id
        if login == people[0]:
            unit.manager_id = employee
    return unit

top = unit_of("DG", "Direction générale", None, ["director"])
mail = unit_of("BO", "Bureau d'ordre", top, ["mail_head", "mail_agent"])
own = unit_of("URB", "Service urbanisme", top, ["head", "agent", "colleague"])
others = []
for number, name in enumerate({units!r}):
    people = [f"u{{number}}_{{rank}}" for rank in range(3)]
    others.append(
        (unit_of(f"U{{number:02d}}", name, top, people).id, [users[p] for p in people]))
env["res.users"].browse(users["mail_head"]).group_ids = [
    Command.link(env.ref(desk + "supervisor").id),
    Command.link(env.ref("digital_registry.group_digital_registry_registrar").id)]
office = env["registry.office"].create(
    {{"name": "Bureau d'ordre central", "code": "BO1", "unit_id": mail.id,
      "company_id": company.id}})
office.action_create_registers()
registers = {{r.direction: r for r in env["registry.register"].search(
    [("office_id", "=", office.id)])}}
env.cr.commit()
print("made" + json.dumps({{
    "company": company.id, "office": office.id, "users": users, "others": others,
    "mail": mail.id, "own": own.id,
    "registers": {{name: r.id for name, r in registers.items()}},
    "formats": {{name: r._number_format() for name, r in registers.items()}},
    "instructions": env["desk.instruction"].sudo().search([]).ids,
    "natures": env["registry.nature"].sudo().search([]).ids,
    "priorities": env["registry.priority"].sudo().search([]).ids,
}}))
"""
INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
  FROM pg_index i
 WHERE i.indrelid = '{table}'::regclass
   AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""
KEYS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE conrelid = '{table}'::regclass AND contype = 'f'
"""


def database(bench: Bench, letters: int) -> str:
    """Return the database with so many letters, made when it is not there."""
    everything = bench.databases.everything()
    prefix = f"{CACHE_PREFIX}letters_{letters}_"
    name = prefix + digest(everything, *SOURCES)[:12]
    servers = bench.databases.workspace.databases
    if servers.exists(name):
        return name
    _check_disk(bench, letters)
    for old in bench.databases.names():
        if old.startswith(prefix):
            bench.databases.drop(old)
    partial = f"{name}_partial"
    bench.databases.drop(partial)
    bench.databases.copy(everything, partial)
    try:
        say(f"    make {letters:,} letters in {name}")
        took = seconds(lambda: _fill(bench, partial, letters))
        say(f"    {letters:,} letters: {took:.0f} s")
        servers.rename(partial, name)
        if bench.databases.filestore(partial).is_dir():
            shutil.rmtree(bench.databases.filestore(name), ignore_errors=True)
            bench.databases.filestore(partial).rename(bench.databases.filestore(name))
    except BaseException:
        bench.databases.drop(partial)
        raise
    return name


def _check_disk(bench: Bench, letters: int) -> None:
    free = shutil.disk_usage(bench.settings.state).free
    needed = letters * BYTES + SPARE
    if free < needed:
        raise Problem(
            f"{letters:,} letters need {needed / 2**30:.0f} GB and "
            f"{free / 2**30:.0f} GB are free in {bench.settings.state}; make room, or "
            "ask for fewer with N=."
        )


def _fill(bench: Bench, name: str, letters: int) -> None:
    bench.shell(name, DECLARE)
    told = bench.shell(name, MAKE.format(units=UNITS))
    house = json.loads(told.rsplit("made", 1)[1])
    with _bare_tables(bench, name), ExitStack() as stack:
        pipes = {
            table: stack.enter_context(_copy(bench, name, table, columns))
            for table, columns in TABLES.items()
        }
        for table, line in Letters(house, letters):
            pipes[table].write(line)
    bench.sql(name, "VACUUM (FREEZE, ANALYZE)")


@contextmanager
def _copy(bench: Bench, name: str, table: str, columns: tuple[str, ...]) -> Iterator:
    """Give a pipe into one table; every column is named."""
    databases = bench.databases.workspace.databases
    command = [
        *(str(psql()), "-Xq", "-v", "ON_ERROR_STOP=1", "-d", name, "-c"),
        f"COPY {table} ({', '.join(columns)}) FROM STDIN",
    ]
    process = subprocess.Popen(
        command,
        env={**databases.environment(), "PGCLIENTENCODING": "UTF8"},
        stdin=subprocess.PIPE,
        encoding="utf-8",
        cwd="/",
    )
    try:
        yield process.stdin
    finally:
        process.stdin.close()
        if process.wait():
            raise Problem(f"The rows of {table} do not fit; see what psql says above.")


@contextmanager
def _bare_tables(bench: Bench, name: str) -> Iterator[None]:
    """Take away indexes and foreign keys; put them back, which checks what was copied."""

    def pairs(query: str) -> list[tuple[str, str]]:
        rows = bench.sql(name, query).splitlines()
        return [tuple(row.split("|", 1)) for row in rows]

    back = []
    for table in TABLES:
        for key, definition in pairs(KEYS.format(table=table)):
            bench.sql(name, f"ALTER TABLE {table} DROP CONSTRAINT {key}")
            back.append(f"ALTER TABLE {table} ADD CONSTRAINT {key} {definition}")
        for index, definition in pairs(INDEXES.format(table=table)):
            bench.sql(name, f"DROP INDEX {index}")
            back.insert(0, definition)
    yield
    fast = "SET maintenance_work_mem = '512MB'; "
    for statement in back:
        bench.sql(name, fast + statement)
    for table in TABLES:
        last = f"SELECT max(id) FROM {table}"  # noqa: S608
        bench.sql(name, f"SELECT setval('{table}_id_seq', ({last}))")
