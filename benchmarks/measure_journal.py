"""Verify a whole journal, against a loop that reads the same rows and hashes each."""

from __future__ import annotations

import json

from bench import Bench
from common import LOWER, Row, say

EVENTS, ROUNDS = 100_000, 3
BATCH = 500
# Events as the outbox holds them, then the sequencer's own code gives them their place.
FILL = """
import json, uuid
from odoo.tools import SQL
journal = env["gov.journal"]._ensure(
    "bench-journal", name="Bench", kind="register", tz="Africa/Casablanca",
    company_id=env.company.id,
)
journal._append("bench.begun", {{}})
env.cr.commit()
body = json.dumps({{f"field_{{n}}": "a" * 40 for n in range(12)}}, sort_keys=True,
                  separators=(",", ":"))
for first in range(0, {events}, 20000):
    count = min(20000, {events} - first)
    env.cr.execute(
        "INSERT INTO gov_journal_event (journal_id, uid, kind, body, actor_id,"
        " actor_name, company_id, number_format, number_zone)"
        " SELECT %s, gen_random_uuid()::text, 'letter.registered', %s, 1, 'Bench', %s,"
        " %s, 'Africa/Casablanca' FROM generate_series(1, %s)",
        (journal.id, body, env.company.id, "{{year}}/{{number:06d}}", count))
    env.cr.commit()
    journal._drain(journal.id)
    print("line", first + count, flush=True)
"""
MEASURE = """
import hashlib, json, time
journal = env["gov.journal"].search([("code", "=", "bench-journal")])

def verify():
    told = journal._verify()
    assert told["ok"], told
    return told["size"]

def floor():
    lines = env.cr._cnx.cursor(name="bench_floor")
    lines.itersize = 5000
    lines.execute(
        "SELECT seq, leaf, body, uid, instant, kind, number_year, number_sequence,"
        " number_text FROM gov_journal_event WHERE journal_id = %s ORDER BY seq",
        (journal.id,))
    count = 0
    for row in lines:
        hashlib.sha256(row[2].encode()).digest()
        count += 1
    lines.close()
    return count

found = {{"verify": [], "floor": []}}
for round_ in range({rounds} + 1):
    for name, work in (("floor", floor), ("verify", verify)):
        start = time.perf_counter()
        size = work()
        if round_:
            found[name].append(time.perf_counter() - start)
        env.cr.rollback()
found["size"] = size
print("found" + json.dumps(found))
"""


def measure(bench: Bench) -> list[Row]:
    """Return the row of the journal's check (N=: how many events)."""
    events = int(bench.arguments.get("N") or EVENTS)
    with bench.clone("journal") as database:
        say(f"    write {events:,} events")
        bench.shell(database, FILL.format(events=events))
        bench.sql(database, "VACUUM ANALYZE gov_journal_event")
        out = bench.shell(database, MEASURE.format(rounds=ROUNDS))
    found = json.loads(out.rsplit("found", 1)[1])
    say(f"    {found}")
    return [
        Row(
            name="journal",
            values=found["verify"],
            unit="s",
            reference="a loop that reads the same rows and hashes each",
            reference_values=found["floor"],
            bar=2.0,
            better=LOWER,
            note=f"verify a journal of {found['size']:,} events",
        )
    ]
