"""``make test``: addons in Odoo, each subset alone, then ``tests/`` with pytest."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

from .common import Problem, file_lock, say, step
from .odoo_tests import OdooTests, Run
from .report import Report
from .settings import Settings
from .templates import TestDatabases
from .workspace import prepare

# pytest: 5 = nothing collected.
NOTHING_COLLECTED = 5


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
        self.pytest([str(path) for path in paths if path.exists()])

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

    def pytest(self, paths: list[str], markers: str | None = None) -> None:
        """Run pytest on some paths and add its counts."""
        if not paths:
            return
        result = self.databases.folder / "pytest.xml"
        result.unlink(missing_ok=True)
        command = [
            *(str(self.settings.python), "-m", "pytest", "-q", "-ra"),
            *("--tb=short", f"--junitxml={result}", "-p", "no:cacheprovider"),
            *(["-m", markers] if markers else []),
            *paths,
        ]
        with step(f"pytest {' '.join(paths)}"):
            code = subprocess.call(
                command,
                cwd=self.settings.repo,
                env=self.databases.environment(),
                stdin=subprocess.DEVNULL,
            )
        if result.is_file():
            self._count(result)
        elif code != NOTHING_COLLECTED:
            self.report.add("pytest", "failed", f"pytest ended with exit code {code}")

    def _count(self, result: Path) -> None:
        for case in ElementTree.parse(result).getroot().iter("testcase"):
            outcome, text = "passed", ""
            for kind, meaning in (
                ("skipped", "skipped"),
                ("failure", "failed"),
                ("error", "failed"),
            ):
                for element in case.findall(kind):
                    outcome, text = meaning, element.get("message", "")
            name = f"{case.get('classname')}.{case.get('name')}"
            self.report.add(name, outcome, text, float(case.get("time") or 0))

    def run(self, wish: Wish) -> int:
        """Do what was asked and return the exit code."""
        self.databases.tidy()
        if wish.paths:
            self.pytest(list(wish.paths), wish.markers)
        elif wish.addon:
            self.one_addon(wish.addon, wish.tags)
        elif wish.tags:
            self.tags(wish.tags)
        else:
            self.every_addon()
            self.each_subset()
            self.pytest(["tests"], "not long")
        return self.report.close()


def run(settings: Settings, wish: Wish) -> int:
    """Run tests; two runs on one state folder wait for each other."""
    signal.signal(signal.SIGTERM, lambda *_args: sys.exit(143))
    lock = settings.state / "locks" / "tests.lock"
    with file_lock(lock, "another test run is at work here; waiting for it") as fd:
        os.ftruncate(fd, 0)
        os.write(fd, f"{os.getpid()}\n".encode())
        return TestRun(settings).run(wish)
