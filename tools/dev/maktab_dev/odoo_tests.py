"""Runs Odoo's tests in one database, counts them one by one, and reads the log."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .common import step
from .report import Report
from .settings import free_port
from .templates import TestDatabases

# These say that a test failed or that none ran, which is counted already.
COUNTED = (
    r" WARNING \S+ odoo\.tests\.result: 0 failed, 0 error\(s\) of 0 tests",
    r"^\S+ \S+ \d+ ERROR \S+ odoo\.addons\.\w+\.tests\.\S+: (FAIL|ERROR): ",
    r" ERROR \S+ odoo\.tests\.suite: (FAIL|ERROR): ",
    r" ERROR \S+ odoo\.modules\.loading: At least one test failed when loading",
    r" ERROR \S+ odoo\.tests\.result: \d+ failed, \d+ error\(s\) of \d+ tests",
    r" ERROR \S+ odoo\.modules\.loading: Module \w+: \d+ failures, \d+ errors of ",
)


@dataclass(frozen=True)
class Run:
    """One start of Odoo with tests."""

    label: str
    database: str
    tags: str
    install: tuple[str, ...] = ()
    auto: bool = True


class OdooTests:
    """Starts Odoo with tests and feeds the report."""

    def __init__(self, databases: TestDatabases, report: Report) -> None:
        self.databases = databases
        self.report = report
        self.allowed = databases.workspace.settings.repo / "tests" / "log-allowed.txt"

    def run(self, run: Run) -> list[str]:
        """Run the tests; return the names of the tests that ran."""
        log = self.databases.folder / "logs" / f"{run.label}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with step(f"{run.label}: {run.tags}"):
            code, names = self._start(run, log)
        self._judge(run, log, code, names)
        return names

    def _command(self, run: Run) -> list[str]:
        workspace = self.databases.workspace
        hook = Path(__file__).resolve().parents[1] / "odoo_with_results.py"
        options = [
            *("-d", run.database, "--test-enable", "--test-tags", run.tags),
            *("--stop-after-init", "--http-port", str(free_port())),
            *("--max-cron-threads", "0"),
        ]
        if run.install:
            options += ["-i", ",".join(run.install)]
        if not run.auto:
            options.append("--skip-auto-install")
        return [str(workspace.settings.python), str(hook), *options]

    def _start(self, run: Run, log: Path) -> tuple[int, list[str]]:
        names: list[str] = []
        read_fd, write_fd = os.pipe()
        env = self.databases.environment() | {"MAKTAB_RESULTS_FD": str(write_fd)}
        with log.open("w") as out:
            process = subprocess.Popen(
                self._command(run),
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                pass_fds=[write_fd],
            )
        os.close(write_fd)
        reader = threading.Thread(target=self._read, args=(run, read_fd, names))
        reader.start()
        try:
            code = process.wait()
        except BaseException:
            process.terminate()
            process.wait(30)
            raise
        reader.join()
        return code, names

    def _read(self, run: Run, read_fd: int, names: list[str]) -> None:
        with os.fdopen(read_fd) as lines:
            for line in lines:
                record = json.loads(line)
                names.append(record["test"])
                self.report.add(
                    f"[{run.label}] {record['test']}",
                    record["outcome"],
                    record["text"],
                    record["seconds"],
                )

    def _judge(self, run: Run, log: Path, code: int, names: list[str]) -> None:
        """Count two more checks: Odoo ended well, and its log is clean."""
        mark = f"[{run.label}]"
        failed_here = any(name.startswith(mark) for name, _ in self.report.failures)
        if code and not failed_here:
            lines = log.read_text(errors="replace").splitlines()
            tail = [line for line in lines if " INFO " not in line][-25:]
            self.report.add(
                f"[{run.label}] install and load",
                "failed",
                "\n".join((f"exit code {code}; what {log} says:", *tail)),
            )
            return
        self.report.add(f"[{run.label}] install and load", "passed")
        if not names:
            text = f"no test matches the tags {run.tags}"
            self.report.add(f"[{run.label}] tests ran", "failed", text)
        checklog = self.databases.workspace.settings.venv / "bin" / "checklog-odoo"
        found = unexpected(checklog, log, allowed_patterns(self.allowed))
        self.report.add(
            f"[{run.label}] log without warning",
            "failed" if found else "passed",
            "\n".join(found.splitlines()[:60]),
        )


def allowed_patterns(path: Path) -> list[str]:
    """Read tests/log-allowed.txt: a regular expression a line, its reason above it."""
    patterns: list[str] = []
    reason = ""
    for line in path.read_text("utf-8").splitlines() if path.is_file() else ():
        if line.startswith("#"):
            reason = line
        elif line.strip():
            if not reason:
                raise ValueError(f"{path}: the pattern {line!r} has no reason above it")
            patterns.append(line.rstrip("\n"))
        else:
            reason = ""
    return patterns


def unexpected(program: Path, log: Path, allowed: Sequence[str]) -> str:
    """Return what checklog-odoo finds in a log, without what is allowed or counted."""
    options = [word for pattern in (*COUNTED, *allowed) for word in ("-i", pattern)]
    done = subprocess.run(
        [str(program), "--no-echo", "--no-err-if-empty", *options, str(log)],
        capture_output=True,
        text=True,
        check=False,
        cwd=log.parent,
    )
    if not done.returncode:
        return ""
    _ignored, _mark, found = done.stdout.partition("errors that caused failure")
    return found or done.stdout + done.stderr
