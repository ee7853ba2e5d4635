"""A checkout that is set up: Odoo, packages, database server, key, configuration."""

from __future__ import annotations

import fcntl
import os
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from . import masterkey, odoo_conf, odoo_source, packages, system
from .common import Problem, file_lock, is_root, say
from .database import Databases
from .odoo_source import OdooSource
from .pg_client import Server
from .pg_contents import TEMPLATE
from .postgres import Cluster
from .settings import Settings, free_port


@dataclass
class Workspace:
    """What every command works with after the set-up."""

    settings: Settings
    odoo: OdooSource
    server: Server
    cluster: Cluster | None
    started_server: bool
    held: ExitStack = field(default_factory=ExitStack)

    @property
    def databases(self) -> Databases:
        """The databases of the server in use."""
        if self.cluster:
            return Databases(self.server, template=TEMPLATE)
        return Databases(self.server, only=self.settings.database)

    def odoo_command(self, *arguments: str | Path) -> list[str]:
        """Return the command line that runs the ``odoo`` program."""
        return [
            str(self.settings.python),
            str(self.odoo.script),
            *map(str, arguments),
        ]

    def environment(self) -> dict[str, str]:
        """Return the environment of Odoo and of every tool of the virtual environment."""
        return odoo_conf.environment(self.settings) | {
            "MAKTAB_ODOO": str(self.odoo.script)
        }

    def exec_odoo(self, arguments: list[str]) -> None:
        """Become Odoo. A free port is chosen, so that several can run side by side."""
        options = list(arguments)
        is_server = not options or options[0].startswith("-") or options[0] == "server"
        has_port = any(
            word in ("-p", "--no-http")
            or word.startswith(("-p=", "--http-port", "--no-http"))
            for word in options
        )
        if is_server and not has_port:
            options += ["--http-port", str(free_port())]
        command = self.odoo_command(*options)
        os.execve(command[0], command, self.environment())

    def stop_server(self) -> None:
        """Stop the private server unless another command works with it."""
        self.held.close()
        if self.cluster:
            stop_server(self.settings, self.cluster)


def stop_server(settings: Settings, cluster: Cluster) -> None:
    """Stop the private server; every command that uses it holds a shared lock."""
    path = settings.state / "locks" / "users.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("· PostgreSQL stays up: another command works with it")
            return
        cluster.stop()


def _needs(settings: Settings, for_tests: bool) -> tuple[system.Need, ...]:
    """Return what the system must bring; an ordinary user's PostgreSQL is a wheel."""
    needs = system.TO_RUN + (system.TO_TEST if for_tests else ())
    if is_root() and not settings.database_url:
        return (system.SERVER, *needs)
    return needs


def _check_answers(databases: Databases) -> None:
    """Refuse a MAKTAB_DATABASE_URL behind which no server lets us in."""
    try:
        databases.sql("SELECT 1")
    except Problem as problem:
        lines = [line for line in str(problem).splitlines() if "psql: error" in line]
        why = lines[0].strip() if lines else str(problem)
        raise Problem(
            f"The server of MAKTAB_DATABASE_URL does not let us in ({why}); start it, or "
            "correct the address, the user or the password."
        ) from problem


def prepare(
    settings: Settings, for_tests: bool = False, need_key: bool = True
) -> Workspace:
    """Set up what is missing and return the workspace; quick when all is there."""
    locks = settings.state / "locks"
    system.check_disk(settings)
    with file_lock(locks / "setup.lock", "another set-up is at work here; waiting"):
        system.ensure(_needs(settings, for_tests))
        odoo = odoo_source.find(settings)
        packages.ensure_venv(settings, odoo)
        packages.ensure_npm(settings)
        packages.ensure_postgres(settings)
        held = ExitStack()
        cluster, started = None, False
        if settings.database_url:
            parts = settings.external_database()
            server = Server(
                parts["host"], int(parts["port"]), parts["user"], parts["password"]
            )
        else:
            users = file_lock(locks / "users.lock", "waiting for PostgreSQL", True)
            os.set_inheritable(held.enter_context(users), True)
            cluster = Cluster(settings)
            started = cluster.ensure_running()
            server = cluster.server()
        workspace = Workspace(settings, odoo, server, cluster, started, held)
        if not cluster:
            _check_answers(workspace.databases)
        if need_key:
            masterkey.ensure(settings, workspace.databases)
        odoo_conf.write(settings, odoo, server)
    return workspace
