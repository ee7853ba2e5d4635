"""Make the database of letters that other measures read, and keep it (``N=``: how many)."""

from __future__ import annotations

import dataset
from bench import Bench
from common import Row, say

LETTERS = 1_000_000


def measure(bench: Bench) -> list[Row]:
    """Make it when it is not there; there is no row to reach."""
    name = dataset.database(bench, int(bench.arguments.get("N") or LETTERS))
    size = bench.sql(
        name, "SELECT pg_size_pretty(pg_database_size(current_database()))"
    )
    say(f"    {name}: {size}")
    return []
