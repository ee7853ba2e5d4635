"""Databases on the server in use: listed, cloned, dropped, looked into."""

from __future__ import annotations

import os
import subprocess

from .common import Problem, run
from .pg_client import Server, psql

# Databases whose name starts so are caches of the tests: nobody's data.
CACHE_PREFIX = "maktab_test_"


class Databases:
    """The databases of one server, reached with psql.

    :param only: the one database that is ours on somebody else's server
    :param template: template of new databases, on the private server
    """

    def __init__(
        self, server: Server, only: str | None = None, template: str | None = None
    ) -> None:
        self.server = server
        self.only = only
        self.template = template

    def run_psql(self, *arguments: str, database: str = "postgres") -> str:
        """Run psql quietly and return its output."""
        done = run(
            (
                *(psql(), "-XAtq", "-v", "ON_ERROR_STOP=1"),
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
        return self.run_psql("-c", statement, database=database)

    def names(self) -> list[str]:
        """Return the databases of the server that may be Odoo's."""
        return self.sql(
            "SELECT datname FROM pg_database WHERE NOT datistemplate"
            " AND datname <> 'postgres' ORDER BY 1"
        ).splitlines()

    def exists(self, name: str) -> bool:
        """Tell whether a database of that name is there."""
        return name in self.names()

    def create(self, name: str, source: str | None = None) -> None:
        """Create a database with the extensions Odoo uses, or a copy of ``source``."""
        if source:
            self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY file_copy')
            return
        if self.template:
            self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{self.template}"')
            return
        self.sql(
            f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C'"
        )
        for extension in ("pg_trgm", "unaccent"):
            self.sql(f"CREATE EXTENSION IF NOT EXISTS {extension}", database=name)

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
            if name == (self.only or name)
            and not name.startswith(CACHE_PREFIX)
            and self.installed(name, "gov_trust")
        ]

    def interactive(self, arguments: list[str], database: str) -> int:
        """Run psql for a person or a script, with its own input and output."""
        return subprocess.call(
            [str(psql()), "-d", database, *arguments],
            env=self.environment(),
        )
