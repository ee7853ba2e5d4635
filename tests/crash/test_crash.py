"""``kill -9`` of Odoo or of PostgreSQL while deposits arrive; nothing that was answered
is lost, nothing is there twice, no number is missing."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import pytest
import rounds
import scene

import own_cluster
from odoo_process import OdooProcess

LONG_ROUNDS = 50


@pytest.fixture(scope="module")
def crashes(databases, template) -> Iterator[rounds.Crashes]:
    """Odoo with the scene, on a PostgreSQL that nobody else works with."""
    own = own_cluster.start(databases, template)
    seed = int(os.environ.get("CRASH_SEED") or random.SystemRandom().randrange(10**9))
    print(f"CRASH_SEED={seed}")
    process = OdooProcess(own, template, label="crash", script=scene.script())
    # Its own folder goes with the cluster: the log stays with those of other tests.
    process.log = databases.folder / "logs" / process.log.name
    try:
        process.start()
        yield rounds.Crashes(process, seed)
    finally:
        process.kill()
        own_cluster.stop(own)


def serve(crashes: rounds.Crashes, workers: int) -> None:
    """Serve threaded (0) or with worker processes."""
    if crashes.odoo.workers != workers:
        crashes.odoo.stop()
        crashes.odoo.workers = workers
        crashes.odoo.start()


@pytest.mark.parametrize(
    ("workers", "target"),
    [(0, "odoo"), (0, "postmaster"), (2, "worker"), (2, "backend"), (2, "odoo")],
)
def test_killed_while_deposits_arrive(crashes, workers, target):
    serve(crashes, workers)
    print(crashes.round(target))


def test_the_journal_holds_after_it(crashes):
    crashes.final_check()


@pytest.mark.long
def test_many_rounds(crashes):
    """As above, fifty times, anything at any instant, in both modes of serving."""
    for number in range(LONG_ROUNDS):
        workers = 0 if number < LONG_ROUNDS // 2 else 2
        serve(crashes, workers)
        target = crashes.chance.choice(rounds.PREFORK if workers else rounds.THREADED)
        print(f"{number + 1:3} {crashes.round(target)}", flush=True)
    crashes.final_check()
