"""A real Odoo process on its own database, for tests that stop, kill or load it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from maktab_dev.database import CACHE_PREFIX
from maktab_dev.settings import free_port
from maktab_dev.templates import DECLARE, TestDatabases

START_SECONDS = 90
PREPARE = """
env["ir.config_parameter"].set_param("web.base.url", {url!r})
env["ir.config_parameter"].set_param("web.base.url.freeze", "True")
env.cr.commit()
"""


class OdooProcess:
    """One database and the Odoo process that serves it on http://localhost:<port>."""

    def __init__(
        self,
        databases: TestDatabases,
        template: str,
        label: str = "",
        *,
        workers: int = 0,
        script: str = "",
        env: dict[str, str] | None = None,
        options: Sequence[str] = (),
    ) -> None:
        self.databases = databases
        self.template = template
        self.name = f"{CACHE_PREFIX}run_py{label}_{os.getpid()}"
        self.workers = workers
        self.script = script
        self.extra_env = env or {}
        self.options = list(options)
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.log = Path(databases.folder) / "logs" / f"{self.name}.log"
        self.process: subprocess.Popen | None = None

    def environment(self) -> dict[str, str]:
        """Return the environment in which this Odoo runs."""
        return self.databases.environment() | self.extra_env

    def _options(self) -> list[str]:
        options = ["-d", self.name, "--db-filter", f"^{self.name}$", *self.options]
        if self.workers:
            options += ["--workers", str(self.workers)]
            options += ["--gevent-port", str(free_port())]
        return options

    def start(self) -> OdooProcess:
        """Clone the database when it is not there, start Odoo, wait until it serves."""
        if not self.databases.workspace.databases.exists(self.name):
            self.databases.copy(self.template, self.name)
            self.prepare()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("a") as out:
            self.process = subprocess.Popen(
                self.command(),
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.wait()
        return self

    def prepare(self) -> None:
        """Make the clone a database of its own, before the first start."""
        self.shell(f"{DECLARE}\n{PREPARE.format(url=self.url)}\n{self.script}")

    def command(self) -> list[str]:
        """Return the command line that starts Odoo."""
        return self.databases.workspace.odoo_command(
            *self._options(), "--http-port", str(self.port)
        )

    def wait(self) -> None:
        """Wait until a page is answered."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.process is None or self.process.poll() is not None:
                break
            with contextlib.suppress(OSError, urllib.error.URLError):
                with urllib.request.urlopen(f"{self.url}/web/login", timeout=30):
                    return
            time.sleep(0.1)
        tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-30:])
        raise AssertionError(f"Odoo does not serve {self.url}; its log ends:\n{tail}")

    def pids(self) -> list[int]:
        """Return the process ids of Odoo: the main one and its workers."""
        if self.process is None or self.process.poll() is not None:
            return []
        group = os.getpgid(self.process.pid)
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    if os.getpgid(int(entry.name)) == group:
                        found.append(int(entry.name))
        return sorted(found)

    def stop(self) -> None:
        """Stop Odoo in order."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """``kill -9`` every process of this Odoo at once."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def restart(self) -> None:
        """Start again on the same database and port, after a stop or a kill."""
        self.stop()
        self.start()

    def destroy(self) -> None:
        """Stop Odoo and drop its database and files."""
        self.stop()
        self.databases.drop(self.name)

    def sql(self, statement: str) -> str:
        """Run one SQL statement as Odoo's role; return what psql prints (unaligned)."""
        return self.databases.workspace.databases.sql(statement, database=self.name)

    def rows(self, statement: str) -> list[tuple[str, ...]]:
        """Run a query and return its rows as text."""
        return [tuple(line.split("|")) for line in self.sql(statement).splitlines()]

    def shell(self, script: str) -> str:
        """Run Python in ``odoo shell`` on the database (commit yourself); its output."""
        return self.databases.shell(
            self.name, script, *self.options, env=self.environment()
        )
