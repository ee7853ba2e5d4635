"""What every measure shares: a row of the table, and rounds taken in turn."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

HIGHER, LOWER = "higher", "lower"


@dataclass
class Row:
    """One measure beside the floor or peer taken in the same run.

    The ratio is value / reference; ``bar`` is what it must reach (``better`` higher) or
    may not pass (lower). A row without a bar is information.
    """

    name: str
    value: float
    unit: str
    reference: str
    reference_value: float
    bar: float | None
    better: str = HIGHER
    note: str = ""

    @property
    def ratio(self) -> float:
        """The value, as a multiple of the reference."""
        return self.value / self.reference_value if self.reference_value else 0.0

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
        told = asdict(self) | {"ratio": round(self.ratio, 3), "ok": self.ok}
        for key in ("value", "reference_value"):
            told[key] = round(told[key], 3)
        return told


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
) -> dict[str, float]:
    """Run each measure in turn, several times, and return the medians.

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
            told = "  ".join(f"{name} {figures[-1]:.1f}" for name, figures in found.items())
            say(f"    round {number - warm + 1}/{rounds}: {told}")
    return {name: statistics.median(figures) for name, figures in found.items()}
