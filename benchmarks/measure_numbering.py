"""Number on one register from 8 processes, against plain inserts from the same 8."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from bench import Bench
from common import HIGHER, Row, interleaved, say

WRITERS, SECONDS, ROUNDS = 8, 3.0, 5
AT_ONCE = 30
SCRIPT = Path(__file__).parent / "writers" / "numbering_writer.py"
MAKE = """
journal = env["gov.journal"]._ensure(
    "bench-numbering", name="Bench", kind="register", tz="Africa/Casablanca",
    company_id=env.company.id,
)
journal._append("bench.begun", {})
env.cr.execute("CREATE TABLE bench_plain (LIKE gov_journal_event INCLUDING DEFAULTS)")
env.cr.execute("ALTER TABLE bench_plain ADD PRIMARY KEY (id)")
env.cr.execute("CREATE SEQUENCE bench_plain_id_seq OWNED BY bench_plain.id")
env.cr.execute(
    "ALTER TABLE bench_plain ALTER id SET DEFAULT nextval('bench_plain_id_seq')")
env.cr.commit()
print("journal", journal.id)
"""


class Writers:
    """Eight processes that write when told."""

    def __init__(self, bench: Bench, database: str, journal_id: int) -> None:
        self.processes = [
            subprocess.Popen(
                [bench.python, str(SCRIPT), database, str(journal_id)],
                env=bench.databases.environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _number in range(WRITERS)
        ]
        for process in self.processes:
            if process.stdout.readline().strip() != "ready":
                raise RuntimeError("a writer did not start")

    def tell(self, orders: list[str]) -> list[dict]:
        """Give each writer its order and return what they tell."""
        for process, order in zip(self.processes, orders, strict=True):
            process.stdin.write(order + "\n")
            process.stdin.flush()
        return [json.loads(process.stdout.readline()) for process in self.processes]

    def rate(self, word: str) -> float:
        """Return the lines a second of all writers together."""
        told = self.tell([f"{word} {SECONDS}"] * WRITERS)
        if any(one["failures"] for one in told):
            raise RuntimeError(f"a transaction failed or was replayed: {told}")
        return sum(one["lines"] for one in told) / max(one["seconds"] for one in told)

    def close(self) -> None:
        """End the writers."""
        for process in self.processes:
            process.stdin.close()
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _check_numbers(bench: Bench, database: str, journal_id: int) -> int:
    """Return how many numbers were given; they must be 1..n."""
    told = bench.sql(
        database,
        "SELECT count(*), count(DISTINCT number_sequence), min(number_sequence),"  # noqa: S608
        " max(number_sequence), count(*) FILTER (WHERE seq IS NULL)"
        f" FROM gov_journal_event WHERE journal_id = {journal_id}"
        " AND number_format IS NOT NULL",
    )
    count, distinct, least, most, pending = map(int, told.split("|"))
    if pending or not count == distinct == most or least != 1:
        raise RuntimeError(f"numbers are not 1..n: {told}")
    return count


def measure(bench: Bench) -> list[Row]:
    """Return the row of the numbering."""
    with bench.clone("numbering") as database:
        journal_id = int(bench.shell(database, MAKE).rsplit("journal", 1)[1])
        writers = Writers(bench, database, journal_id)
        try:
            share = [
                AT_ONCE // WRITERS + (n < AT_ONCE % WRITERS) for n in range(WRITERS)
            ]
            writers.tell([f"once {count}" for count in share])
            if _check_numbers(bench, database, journal_id) != AT_ONCE:
                raise RuntimeError("30 at once did not give 1..30")
            found = interleaved(
                {
                    "numbered": lambda: writers.rate("number"),
                    "plain": lambda: writers.rate("plain"),
                },
                rounds=ROUNDS,
            )
        finally:
            writers.close()
        say(f"    {_check_numbers(bench, database, journal_id)} numbers: 1..n, no hole")
    return [
        Row(
            name="numbering",
            values=found["numbered"],
            unit="lines/s",
            reference="PostgreSQL insert without a number, 8 writers",
            reference_values=found["plain"],
            bar=0.3,
            better=HIGHER,
            note="8 writer processes on one register; no failed or replayed transaction",
        )
    ]
