"""One writer process of the numbering measure; told what to do on its standard input.

``plain SECONDS``: insert and commit a line in an ordinary table. ``number SECONDS``: write
an event that asks for a number, commit, and let the sequencer run as after any commit.
``once COUNT``: number so many. Answers a line of JSON: lines written, failures.
"""

import json
import sys
import time
import uuid

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

COLUMNS = (
    "journal_id, uid, kind, body, subject_model, subject_id, company_id, actor_id,"
    " actor_name, number_format, number_zone"
)
# Constant names alone.
INSERT = f"INSERT INTO {{table}} ({COLUMNS}) VALUES ({', '.join(['%s'] * 11)})"  # noqa: S608
BODY = json.dumps({f"field_{number}": "a" * 40 for number in range(12)}, sort_keys=True)


class Writer:
    """Writes lines on one register."""

    def __init__(self, database: str, journal_id: int) -> None:
        config.parse_config(["--log-level=error"], setup_logging=True)
        self.registry = Registry(database)
        self.journal_id = journal_id
        self.failures = 0

    def _values(self):
        own = str(uuid.uuid4())
        return (
            *(self.journal_id, own, "letter.registered", BODY, None, None, None),
            *(SUPERUSER_ID, "Writer", "{year}/{number:06d}", "Africa/Casablanca"),
        )

    def plain(self) -> None:
        """Insert a line without a number, and commit."""
        with self.registry.cursor() as cr:
            cr.execute(INSERT.format(table="bench_plain"), self._values())

    def number(self) -> None:
        """Insert an event, commit, number."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cr.execute(INSERT.format(table="gov_journal_event"), self._values())
            env["gov.journal"].browse(self.journal_id)._schedule_drain()

    def repeat(self, work, seconds: float, count: int = 0) -> dict:
        """Do ``work`` for some seconds, or ``count`` times."""
        end, done = time.perf_counter() + seconds, 0
        start = time.perf_counter()
        while done < count if count else time.perf_counter() < end:
            try:
                work()
                done += 1
            except psycopg2.Error as error:
                self.failures += 1
                print(error, file=sys.stderr)
        return {
            "lines": done,
            "failures": self.failures,
            "seconds": time.perf_counter() - start,
        }


def main() -> None:
    """Obey until the standard input ends."""
    writer = Writer(sys.argv[1], int(sys.argv[2]))
    print("ready", flush=True)
    for line in sys.stdin:
        word, figure = line.split()
        if word == "once":
            told = writer.repeat(writer.number, 0, int(figure))
        else:
            told = writer.repeat(getattr(writer, word), float(figure))
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
