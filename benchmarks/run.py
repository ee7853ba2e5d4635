"""``make bench``: every measure, one row each; ``B=name`` one of them, ``N=`` its size.

Ratios only: the floor or peer of a row is measured in the same run, in turn with ours.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path

from bench import Bench
from common import LOWER, Row, say

MEASURES = (
    *("seal", "bulk", "numbering", "journal", "deposit", "uploads", "serve", "desk"),
)
#: Made for other measures, when it is asked for.
TOOLS = ("dataset",)
RESULTS = Path(__file__).resolve().parent / "results.json"


def table(rows: list[Row]) -> str:
    """Return the rows as people read them."""
    lines = [("measure", "value", "beside", "value", "ratio", "bar", "")]
    for row in rows:
        bar = (
            "–"
            if row.bar is None
            else f"{'≤' if row.better == LOWER else '≥'} {row.bar:g}"
        )
        lines.append(
            (
                row.name,
                f"{row.value:,.1f} {row.unit}",
                row.reference,
                f"{row.reference_value:,.1f}",
                f"{row.ratio:.2f}",
                bar,
                ("–" if row.bar is None else "ok" if row.ok else "MISSED"),
            )
        )
    widths = [max(len(line[column]) for line in lines) for column in range(7)]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True))
        for line in lines
    )


def _keep(rows: list[Row], whole: bool) -> None:
    """Write the results; a run of one measure replaces its own rows alone."""
    found = [row.as_dict() for row in rows]
    if not whole and RESULTS.is_file():
        new = {one["name"] for one in found}
        old = json.loads(RESULTS.read_text())
        found = [one for one in old if one["name"] not in new] + found
    RESULTS.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")


def main(words: list[str]) -> int:
    """Run what was asked and return 1 when a bar is missed."""
    arguments = dict(word.split("=", 1) for word in words if "=" in word)
    wanted = [arguments["B"]] if arguments.get("B") else list(MEASURES)
    unknown = set(wanted) - {*MEASURES, *TOOLS}
    if unknown:
        say(
            f"There is no measure {', '.join(unknown)}; there are "
            f"{', '.join((*MEASURES, *TOOLS))}."
        )
        return 2
    bench, rows = Bench(arguments), []
    for name in wanted:
        say(f"· {name}")
        start = time.monotonic()
        rows += importlib.import_module(f"measure_{name}").measure(bench)
        say(f"  {name}: {time.monotonic() - start:.0f} s")
        if rows:
            _keep(rows, whole=len(wanted) > 1)
    if not rows:
        return 0
    say(f"\n{table(rows)}\n")
    missed = [row.name for row in rows if not row.ok]
    say(
        f"{len(rows) - len(missed)} of {len(rows)} rows reach their bar."
        + (f" Missed: {', '.join(missed)}." if missed else "")
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
