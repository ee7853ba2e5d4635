"""Lists, counts and searches at the desk: a million letters against ten thousand.

The people who ask find the same letters in both (``dataset.py``); rules are on. And the
list of one of them against the same list without rules.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import dataset
from bench import Bench
from common import LOWER, Row, interleaved, say
from letters_words import RARE
from measure_dataset import LETTERS

SMALL, ROUNDS, REPEAT = 10_000, 7, 5
SCRIPT = Path(__file__).parent / "writers" / "desk_reader.py"
#: Words of a few letters, and one of many letters of which the person reads a few.
WORDS = [word[:14] for pair in RARE for word in pair]
FREQUENT = "permis"
#: row → who asks, what is asked, its arguments
SIZES = {
    "agent's list": ("agent", "open_letters", ()),
    "list of a basket": ("head", "basket", ("unit",)),
    "basket counts": ("agent", "counts", ()),
    "basket counts of a head": ("head", "counts", ()),
    "words": ("agent", "words", (*WORDS, FREQUENT)),
    "words of a supervisor": ("mail_head", "words", tuple(WORDS)),
    "dispatch board": ("head", "board", ()),
}


class Reader:
    """A process that reads one database."""

    def __init__(self, bench: Bench, database: str) -> None:
        self.process = subprocess.Popen(
            [bench.python, str(SCRIPT), database],
            env=bench.databases.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.figures: dict[tuple, list] = {}
        if self.process.stdout.readline().strip() != "ready":
            raise RuntimeError("a reader did not start")

    def ms(self, login: str, act: str, args: tuple = (), su: bool = False) -> float:
        """Return the milliseconds of one time; what was found is noted."""
        order = {"login": login, "act": act, "args": args, "su": su, "repeat": REPEAT}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        told = json.loads(self.process.stdout.readline())
        self.figures[login, act, args, su] = told["figures"]
        return told["ms"]

    def close(self) -> None:
        """End it."""
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def measure(bench: Bench) -> list[Row]:
    """Return the rows of the desk (N=: how many letters instead of a million)."""
    large_count = int(bench.arguments.get("N") or LETTERS)
    names = [dataset.database(bench, count) for count in (SMALL, large_count)]
    small, large = (Reader(bench, name) for name in names)
    try:
        rows = [_sizes(name, small, large, large_count) for name in SIZES]
        rows.append(_rules(large, large_count))
    finally:
        small.close()
        large.close()
    return rows


def _sizes(name: str, small: Reader, large: Reader, count: int) -> Row:
    asked = SIZES[name]
    found = interleaved(
        {"small": lambda: small.ms(*asked), "large": lambda: large.ms(*asked)},
        rounds=ROUNDS,
    )
    if small.figures[*asked, False] != large.figures[*asked, False]:
        raise RuntimeError(
            f"{name}: not the same letters: {small.figures} {large.figures}"
        )
    say(f"    {name}: {large.figures[*asked, False]}")
    return Row(
        name=name,
        values=found["large"],
        unit="ms",
        reference=f"the same with {SMALL:,} letters",
        reference_values=found["small"],
        bar=1.5,
        better=LOWER,
        note=f"{count:,} letters, rules on, the same letters found",
    )


def _rules(reader: Reader, count: int) -> Row:
    asked = ("agent", "basket", ("unit",))
    found = interleaved(
        {
            "agent": lambda: reader.ms(*asked),
            "superuser": lambda: reader.ms(*asked, su=True),
        },
        rounds=ROUNDS,
    )
    if reader.figures[*asked, False] != reader.figures[*asked, True]:
        raise RuntimeError(f"not the same letters: {reader.figures}")
    return Row(
        name="rules",
        values=found["agent"],
        unit="ms",
        reference="the same list as superuser, without rules",
        reference_values=found["superuser"],
        bar=2.0,
        better=LOWER,
        note=f"the list of a unit as its plain agent, {count:,} letters",
    )
