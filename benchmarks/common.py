"""What every measure shares: a row of the table, and rounds taken in turn."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

HIGHER, LOWER = "higher", "lower"


@dataclass
class Row:
    """One measure beside the floor or peer taken in the same run.

    Figures are those of each round, the reference taken right beside the value: the
    ratio is the median over the rounds, so that a busy minute of the machine weighs on
    both. ``bar`` is what the ratio must reach (``better`` higher) or may not pass (lower);
    a row without a bar is information.
    """

    name: str
    values: list[float]
    unit: str
    reference: str
    reference_values: list[float]
    bar: float | None
    better: str = HIGHER
    note: str = ""

    @property
    def value(self) -> float:
        """The median of our figures."""
        return statistics.median(self.values)

    @property
    def reference_value(self) -> float:
        """The median of the reference's figures."""
        return statistics.median(self.reference_values)

    @property
    def ratio(self) -> float:
        """The value as a multiple of the reference, median over the rounds."""
        pairs = zip(self.values, self.reference_values, strict=True)
        return statistics.median(ours / theirs for ours, theirs in pairs)

    @property
    def ok(self) -> bool:
        """Tell whether the bar is reached."""
        if self.bar is None:
            return True
        return (
            self.ratio >= self.bar if self.better == HIGHER else self.ratio <= self.bar
        )

    def as_dict(self) -> dict:
        """Return what ``results.json`` holds of this row."""
        return {
            "name": self.name,
            "value": round(self.value, 3),
            "unit": self.unit,
            "reference": self.reference,
            "reference_value": round(self.reference_value, 3),
            "ratio": round(self.ratio, 3),
            "bar": self.bar,
            "better": self.better,
            "ok": self.ok,
            "note": self.note,
        }


def say(text: str) -> None:
    """Tell the person what is going on, at once."""
    print(text, flush=True)


def seconds(work: Callable[[], object]) -> float:
    """Return how long ``work`` took."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def interleaved(
    works: dict[str, Callable[[], float]], rounds: int, warm: int = 1
) -> dict[str, list[float]]:
    """Run each measure in turn, several times, and return its figure of each round.

    The order turns with each round, so that none always follows the same neighbour.

    :param works: name → function that returns its figure of one round
    :param warm: rounds that are thrown away first
    """
    found: dict[str, list[float]] = {name: [] for name in works}
    names = list(works)
    for number in range(warm + rounds):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            figure = works[name]()
            if number >= warm:
                found[name].append(figure)
        if number >= warm:
            told = "  ".join(
                f"{name} {figures[-1]:.1f}" for name, figures in found.items()
            )
            say(f"    round {number - warm + 1}/{rounds}: {told}")
    return found
