"""``make test``: addons in Odoo, then each subset alone; ``tests/`` with pytest beside."""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from .common import Problem, file_lock, say
from .odoo_tests import OdooTests, Run
from .pytest_run import PytestRun
from .report import Report
from .settings import Settings
from .templates import TestDatabases
from .workspace import prepare


@dataclass(frozen=True)
class Wish:
    """What the caller asked to be tested: one addon, some tags, paths for pytest."""

    addon: str | None = None
    tags: str | None = None
    paths: tuple[str, ...] = ()
    markers: str | None = None


class TestRun:
    """One run under the test lock of the state folder."""

    __test__ = False

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.report = Report()
        self.databases = TestDatabases(prepare(settings, for_tests=True))
        self.suite = self.databases.suite
        self.odoo = OdooTests(self.databases, self.report)
        self.pytest = PytestRun(self.databases, self.report)

    def one_addon(self, addon: str, tags: str | None) -> None:
        """Install the addon on its dependencies, as they are now, and run its tests."""
        if addon not in self.suite.manifests:
            raise Problem(
                f"There is no addon {addon} in {self.suite.folder}; there are: "
                f"{', '.join(self.suite.manifests)}."
            )
        needs = tuple(name for name in self.suite.closure([addon]) if name != addon)
        base = self.databases.of_modules(needs, auto=True)
        with self.databases.clone(base, addon) as name:
            wanted = tags or f"/{addon}"
            self.odoo.run(Run(addon, name, wanted, (addon,)))
        unit = self.settings.repo / "tests" / "unit"
        paths = [unit / addon, unit / f"test_{addon}.py"]
        found = [str(path) for path in paths if path.exists()]
        if found:
            self.pytest.run(found)

    def tags(self, tags: str) -> None:
        """Run the tests that have some tags, in a database with all our addons."""
        with self.databases.clone(self.databases.everything(), "tags") as name:
            self.odoo.run(Run("tags", name, tags))

    def every_addon(self) -> None:
        """Install all our addons at once and run all their tests."""
        names = list(self.suite.manifests)
        if not names:
            say("· no addon yet: nothing to test in Odoo")
            return
        tags = ",".join(f"/{name}" for name in names)
        core = self.databases.core(names, auto=True)
        with self.databases.clone(core, "all") as name:
            ran = self.odoo.run(Run("all", name, tags, tuple(names)))
        self._must_have_run(self.suite.with_tests(names), ran)

    def _must_have_run(self, addons: list[str], ran: list[str]) -> None:
        """A suite that silently stopped running is a failure."""
        for addon in addons:
            if not any(name.startswith(f"{addon}: ") for name in ran):
                self.report.add(f"{addon} has tests that ran", "failed", "none ran")

    def each_subset(self) -> None:
        """Install each subset alone, without Odoo's own glue, with its lone tests."""
        for subset in self.suite.subsets() if self.suite.manifests else ():
            core = self.databases.core(subset.modules, auto=False)
            tags = ",".join(f"alone/{name}" for name in subset.tested)
            label = f"alone-{subset.name}"
            with self.databases.clone(core, "alone") as name:
                self.odoo.run(Run(label, name, tags, subset.modules, auto=False))

    def everything(self) -> None:
        """Run all there is in two lanes at once: Odoo's own tests, and pytest.

        Each lane does mostly one thing at a time: together they keep two cores busy. A
        lane that breaks is a failure; the other goes on to its end.
        """
        beside = threading.Thread(
            target=self._part,
            args=("pytest", lambda: self.pytest.run(["tests"], "not long", True)),
        )
        beside.start()
        try:
            self._part("all addons", self.every_addon)
            self._part("subsets", self.each_subset)
            beside.join()
        except BaseException:
            self.pytest.stop()
            beside.join()
            raise

    def _part(self, name: str, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception:  # noqa: BLE001 - whatever broke it is shown and counted
            self.report.add(f"{name}: ran to its end", "failed", traceback.format_exc())

    def run(self, wish: Wish) -> int:
        """Do what was asked and return the exit code."""
        self.databases.tidy()
        if wish.paths:
            self.pytest.run(list(wish.paths), wish.markers)
        elif wish.addon:
            self.one_addon(wish.addon, wish.tags)
        elif wish.tags:
            self.tags(wish.tags)
        else:
            self.everything()
        return self.report.close()


def run(settings: Settings, wish: Wish) -> int:
    """Run tests; two runs on one state folder wait for each other."""
    signal.signal(signal.SIGTERM, lambda *_args: sys.exit(143))
    lock = settings.state / "locks" / "tests.lock"
    with file_lock(lock, "another test run is at work here; waiting for it") as fd:
        os.ftruncate(fd, 0)
        os.write(fd, f"{os.getpid()}\n".encode())
        return TestRun(settings).run(wish)
