"""The settings of one checkout: where its state lies, which ports it takes."""

from __future__ import annotations

import contextlib
import fcntl
import os
import random
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import unquote, urlsplit

from .common import REPO, Problem, digest

PORTS = range(20_000, 32_000)
_given: list[IO] = []


def port_is_free(port: int) -> bool:
    """Tell whether nobody listens on a TCP port of the loopback address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a TCP port of the loopback address that is free and nobody else is given.

    Outside the range from which the system takes the ports of connections; a lock file
    that this process holds keeps it from those who ask before the port is listened on.
    """
    folder = Path(tempfile.gettempdir()) / f"maktab-ports-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    ports = list(PORTS)
    random.shuffle(ports)
    for port in ports:
        given = (folder / str(port)).open("w")
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(given, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if port_is_free(port):
                _given.append(given)
                return port
        given.close()
    raise Problem("No TCP port is free on the loopback address.")


def _port(name: str) -> int | None:
    text = os.environ.get(name, "").strip()
    if not text:
        return None
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Problem(f"{name}={text} is not a port; give a number from 1 to 65535.")
    return int(text)


@dataclass(frozen=True)
class Settings:
    """Everything that the environment decides, read once."""

    repo: Path
    state: Path
    http_port: int
    pg_port: int | None
    database: str
    database_url: str | None
    odoo_home: Path | None
    master_key: Path

    @classmethod
    def from_env(cls) -> Settings:
        """Read the MAKTAB_* variables of docs/contract; defaults suit a laptop."""
        state = Path(os.environ.get("MAKTAB_STATE") or REPO / ".local")
        state = state.expanduser().absolute()
        home = os.environ.get("ODOO_HOME")
        key = os.environ.get("GOV_TRUST_MASTER_KEY_FILE")
        return cls(
            repo=REPO,
            state=state,
            http_port=_port("MAKTAB_HTTP_PORT") or 8069,
            pg_port=_port("MAKTAB_PG_PORT"),
            database=os.environ.get("MAKTAB_DB") or "maktab",
            database_url=os.environ.get("MAKTAB_DATABASE_URL") or None,
            odoo_home=Path(home).expanduser().absolute() if home else None,
            master_key=Path(key).expanduser().absolute()
            if key
            else state / "keys" / "master.key",
        )

    @property
    def addons(self) -> Path:
        """The folder of our own addons."""
        return self.repo / "addons"

    @property
    def stamps(self) -> Path:
        """Where finished steps leave their stamps."""
        return self.state / "stamps"

    @property
    def venv(self) -> Path:
        """The virtual environment that holds Odoo's and our Python packages."""
        return self.state / "venv"

    @property
    def python(self) -> Path:
        """The interpreter of the virtual environment."""
        return self.venv / "bin" / "python"

    @property
    def npm(self) -> Path:
        """The folder in which the npm tools are installed."""
        return self.state / "npm"

    @property
    def conf(self) -> Path:
        """The generated configuration of the development server."""
        return self.state / "odoo.conf"

    @property
    def identity(self) -> str:
        """A short name of this state folder, for things that must lie elsewhere."""
        return digest(str(self.state))[:10]

    def external_database(self) -> dict[str, str]:
        """Split MAKTAB_DATABASE_URL (postgresql://user:password@host:port/) in parts."""
        parts = urlsplit(self.database_url or "")
        if parts.scheme not in ("postgres", "postgresql") or not parts.hostname:
            raise Problem(
                "MAKTAB_DATABASE_URL must read postgresql://user:password@host:port/."
            )
        return {
            "host": unquote(parts.hostname),
            "port": str(parts.port or 5432),
            "user": unquote(parts.username or "odoo"),
            "password": unquote(parts.password or ""),
        }
