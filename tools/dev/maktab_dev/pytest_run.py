"""Runs pytest on ``tests/``, here or beside Odoo's own tests, and counts its results."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import IO

from .common import say, step
from .report import Report
from .templates import TestDatabases

# pytest: 5 = nothing collected.
NOTHING_COLLECTED = 5
STOP_SECONDS = 60


class PytestRun:
    """Starts pytest and feeds the report; another thread may stop it."""

    def __init__(self, databases: TestDatabases, report: Report) -> None:
        self.databases = databases
        self.report = report
        self.process: subprocess.Popen | None = None
        self.stopped = False
        self.starting = threading.Lock()

    def run(
        self, paths: list[str], markers: str | None = None, beside: bool = False
    ) -> None:
        """Run pytest on some paths and add its counts.

        :param beside: something else prints meanwhile: only whole lines are printed,
            and what follows the dots comes out in one piece
        """
        result = self.databases.folder / "pytest.xml"
        result.unlink(missing_ok=True)
        workspace = self.databases.workspace
        command = [
            *(str(workspace.settings.python), "-m", "pytest", "-q", "-ra"),
            *("--tb=short", f"--junitxml={result}", "-p", "no:cacheprovider"),
            *(["-m", markers] if markers else []),
            *paths,
        ]
        with step(f"pytest {' '.join(paths)}"):
            code = self._call(command, beside)
        if self.stopped:
            return
        if result.is_file():
            self._count(result)
        elif code != NOTHING_COLLECTED:
            self.report.add("pytest", "failed", f"pytest ended with exit code {code}")

    def _call(self, command: list[str], beside: bool) -> int:
        with self.starting:
            if self.stopped:
                return 1
            self.process = subprocess.Popen(
                command,
                cwd=self.databases.workspace.settings.repo,
                env=self.databases.environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if beside else None,
                stderr=subprocess.STDOUT if beside else None,
                text=True,
                errors="replace",
            )
        try:
            if self.process.stdout:
                _relay(self.process.stdout)
            return self.process.wait()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Have pytest stop what its tests started, then kill what is left of it."""
        with self.starting:
            self.stopped = True
        process = self.process
        if not process or process.poll() is not None:
            return
        below = descendants(process.pid)
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            below |= descendants(process.pid)
            process.kill()
            process.wait()
        for pid, started in below.items():
            if _running().get(pid, (0, ""))[1] == started:
                _kill(pid)

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


def _relay(lines: IO[str]) -> None:
    """Print whole lines; from the first heading on, all at once when it is over."""
    kept: list[str] = []
    for line in lines:
        if kept or line.startswith("="):
            kept.append(line)
        else:
            say(line.rstrip("\n"))
    if kept:
        say("".join(kept).rstrip("\n"))


def _running() -> dict[int, tuple[int, str]]:
    """Map each process id to its parent's and to when it started."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name of a program, in parentheses, may hold anything.
            told = path.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        found[int(path.parent.name)] = (int(told[1]), told[19])
    return found


def descendants(pid: int) -> dict[int, str]:
    """Return the processes below a process, whatever sessions they are in.

    :return: process id → when it started, as the kernel counts
    """
    running = _running()
    found: dict[int, str] = {}
    todo = [pid]
    while todo:
        above = todo.pop()
        below = {one: at for one, (parent, at) in running.items() if parent == above}
        found |= below
        todo += below
    return found


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
