"""Databases on the server in use: listed, cloned, dropped, looked into."""

from __future__ import annotations

import os
import subprocess

from .common import Problem, run
from .postgres import Server, programs

# Databases whose name starts so are caches of the tests: nobody's data.
CACHE_PREFIX = "maktab_test_"


class Databases:
    """The databases of one server, reached with psql."""

    def __init__(self, server: Server, only: str | None = None) -> None:
        self.server = server
        self.only = only

    def psql(self, *arguments: str, database: str = "postgres") -> str:
        """Run psql quietly and return its output."""
        done = run(
            (
                *(programs() / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1"),
                *("-d", database),
                *arguments,
            ),
            env=self.environment(),
            cwd="/",
        )
        return done.stdout.strip()

    def environment(self) -> dict[str, str]:
        """Return an environment in which libpq programs reach the server."""
        return {**os.environ, **self.server.environment()}

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement and return what psql prints (unaligned, no header)."""
        return self.psql("-c", statement, database=database)

    def names(self) -> list[str]:
        """Return the databases of our role (or the one we were pointed to)."""
        rows = self.sql(
            "SELECT datname FROM pg_database WHERE NOT datistemplate"
            " AND datname <> 'postgres' ORDER BY 1"
        ).splitlines()
        return [name for name in rows if not self.only or name == self.only]

    def exists(self, name: str) -> bool:
        """Tell whether a database of that name is there."""
        return name in self.names()

    def create(self, name: str, template: str = "template0") -> None:
        """Create a database; from a template when one is named."""
        extra = " STRATEGY file_copy" if template != "template0" else ""
        self.sql(
            f'CREATE DATABASE "{name}" TEMPLATE "{template}" ENCODING \'UTF8\''
            f" LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'{extra}"
        )

    def drop(self, name: str) -> None:
        """Drop a database, also while somebody is connected to it."""
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def rename(self, old: str, new: str) -> None:
        """Rename a database."""
        self.sql(f'ALTER DATABASE "{old}" RENAME TO "{new}"')

    def installed(self, name: str, module: str) -> bool:
        """Tell whether an Odoo module is installed in a database."""
        try:
            found = self.sql(
                "SELECT to_regclass('ir_module_module') IS NOT NULL", database=name
            )
        except Problem:
            return False
        return found == "t" and bool(
            self.sql(
                f"SELECT 1 FROM ir_module_module WHERE name = '{module}'"
                " AND state IN ('installed', 'to upgrade')",
                database=name,
            )
        )

    def sealed(self) -> list[str]:
        """Return the databases whose keys hang on the master key."""
        return [
            name
            for name in self.names()
            if not name.startswith(CACHE_PREFIX) and self.installed(name, "gov_trust")
        ]

    def interactive(self, arguments: list[str], database: str) -> int:
        """Run psql for a person or a script, with its own input and output."""
        return subprocess.call(
            [str(programs() / "psql"), "-d", database, *arguments],
            env=self.environment(),
        )
