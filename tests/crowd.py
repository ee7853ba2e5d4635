"""Many depositors at once, and what the database says afterwards."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import psycopg2
import scene
from deposit_client import DepositClient, Done, Page, Ready

from odoo_process import OdooProcess

LOCK_SPACE = 0x676F76
PREPARE_AT_ONCE = 4
PATIENCE = 60.0


def at_once(works: Sequence[Callable[[], object]]) -> list:
    """Run each work in a thread of its own, all let go at one instant; their results.

    A work that raises ends the test with that exception.
    """
    gate = threading.Barrier(len(works))

    def run(work):
        gate.wait(60)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def prepare(
    odoo: OdooProcess, desk: str, count: int, **options
) -> list[tuple[DepositClient, Ready]]:
    """Bring so many clients, each with its own cookies, to the last step."""

    def one(number: int) -> tuple[DepositClient, Ready]:
        client = DepositClient(odoo.url)
        letter = {"subject": f"Letter {number}", "body": f"Text {number}"}
        return client, client.to_check(
            scene.DESKS[desk], **({"letter": letter} | options)
        )

    with ThreadPoolExecutor(PREPARE_AT_ONCE) as pool:
        return list(pool.map(one, range(count)))


def settled(client: DepositClient, page: Page, patience: float = PATIENCE) -> Done:
    """Return the last page once it shows the number; it may be being given first."""
    assert page.status < 500, f"{page.status} {page.url}"
    done, end = Done.of(page), time.monotonic() + patience
    while not done.number and time.monotonic() < end:
        time.sleep(0.3)
        done = Done.of(client.get(done.url))
    assert done.number, f"{done.url} shows no number after {patience:.0f} s"
    return done


def send(client: DepositClient, ready: Ready) -> Done:
    """Send the last step and return what the last page says, with its number."""
    return settled(client, client.send(ready))


def journal_id(odoo: OdooProcess, desk: str, direction: str = "incoming") -> int:
    """Return the stream of a desk's register."""
    return int(
        odoo.sql(
            "SELECT r.journal_id FROM registry_register r"
            " JOIN registry_office o ON o.id = r.office_id"
            f" WHERE o.code = '{desk}' AND r.direction = '{direction}'"
        )
    )


def sequences(odoo: OdooProcess, desk: str) -> dict[int, list[int | None]]:
    """Return the numbers of a desk's incoming register by year (None: pending)."""
    rows = odoo.rows(
        "SELECT coalesce(e.year, 0), coalesce(e.sequence, 0) FROM registry_entry e"
        " JOIN registry_office o ON o.id = e.office_id"
        f" WHERE o.code = '{desk}' AND e.direction = 'incoming'"
        " ORDER BY e.year, e.sequence"
    )
    found: dict[int, list[int | None]] = {}
    for year, sequence in rows:
        found.setdefault(int(year), []).append(int(sequence) or None)
    return found


def assert_numbers(odoo: OdooProcess, desk: str, count: int) -> None:
    """The register of a desk holds 1..count: no hole, no duplicate, none pending."""
    found = sequences(odoo, desk)
    assert len(found) == 1, found
    assert next(iter(found.values())) == list(range(1, count + 1)), found


def connect(odoo: OdooProcess):
    """Return a connection of Odoo's own role: the owner of the tables."""
    server = odoo.databases.workspace.server
    return psycopg2.connect(
        host=server.host,
        port=server.port,
        user=server.user,
        password=server.password or None,
        dbname=odoo.name,
    )


def later(work: Callable[[], object]) -> Callable[[], object]:
    """Begin a work in a thread; the function returned waits for it and its result."""
    pool = ThreadPoolExecutor(1)
    begun = pool.submit(work)
    pool.shutdown(wait=False)
    return lambda: begun.result(PATIENCE)


class Held:
    """Holds the sequencer's lock of a stream, as a slow or stuck batch would."""

    def __init__(self, odoo: OdooProcess, stream: int) -> None:
        self.connection = connect(odoo)
        self.stream = stream

    def __enter__(self) -> Held:
        with self.connection.cursor() as cr:
            cr.execute(
                "SELECT pg_advisory_xact_lock(%s, %s)", (LOCK_SPACE, self.stream)
            )
        return self

    def wait(self, seconds: float = 30) -> None:
        """Wait until somebody waits for this lock."""
        end = time.monotonic() + seconds
        while not self.waiting():
            assert time.monotonic() < end, "nobody came to wait for the lock"
            time.sleep(0.05)

    def release(self) -> None:
        """Let the stream go."""
        self.connection.rollback()

    def waiting(self) -> int:
        """Return how many transactions wait for this lock."""
        with self.connection.cursor() as cr:
            cr.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                " AND NOT granted AND classid = %s AND objid = %s",
                (LOCK_SPACE, self.stream),
            )
            return cr.fetchone()[0]

    def __exit__(self, *_exception: object) -> None:
        self.connection.close()
