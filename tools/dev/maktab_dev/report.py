"""Counts of a test run, progress lines, and the closing line."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from .common import say

PROGRESS_SECONDS = 15
SLOWEST = 20
# A failed assertion may quote a whole page in one line.
LONGEST_LINE = 400


def _shown(text: str) -> str:
    """Return a failure's text, indented, with endless lines cut."""
    return "\n".join(
        f"    {line[:LONGEST_LINE]}{' […]' if len(line) > LONGEST_LINE else ''}"
        for line in text.rstrip().splitlines()
    )


@dataclass
class Report:
    """Everything that passed, failed or was skipped in one ``make test``.

    Several threads may add to it.
    """

    passed: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)
    skips: list[tuple[str, str]] = field(default_factory=list)
    slowest: list[tuple[float, str]] = field(default_factory=list)
    _shown: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, name: str, outcome: str, text: str = "", seconds: float = 0) -> None:
        """Count one test; failures and skips are printed at once."""
        with self._lock:
            self._add(name, outcome, text, seconds)

    def _add(self, name: str, outcome: str, text: str, seconds: float) -> None:
        if outcome == "passed":
            self.passed += 1
        elif outcome == "skipped":
            self.skips.append((name, text))
            say(f"  skipped  {name}: {text.strip()}")
        else:
            self.failures.append((name, text))
            say(f"  FAILED   {name}\n{_shown(text)}")
        self.slowest.append((seconds, name))
        if time.monotonic() - self._shown > PROGRESS_SECONDS:
            self._shown = time.monotonic()
            say(f"  … {self.line()}; last: {name}")

    @property
    def count(self) -> int:
        """How many tests were counted."""
        return self.passed + len(self.failures) + len(self.skips)

    def line(self) -> str:
        """Return the closing line."""
        text = f"{self.passed} passed, {len(self.failures)} failed"
        return text + (f", {len(self.skips)} skipped" if self.skips else "")

    def close(self) -> int:
        """Print what failed once more, the slowest tests, the closing line."""
        slow = [item for item in sorted(self.slowest, reverse=True) if item[0] >= 5]
        if slow:
            say("\nslowest tests:")
            for seconds, name in slow[:SLOWEST]:
                say(f"  {seconds:6.1f} s  {name}")
        if self.failures:
            say("\nfailed:")
            for name, text in self.failures:
                last = text.strip().splitlines()[-1:] or [""]
                say(f"  {name}: {last[0].strip()[:LONGEST_LINE]}")
        if not self.count:
            say("\nNo test ran: that is a failure of the run itself.")
        say(f"\n{self.line()}")
        return 0 if self.count and not self.failures else 1
