"""The private PostgreSQL cluster: made once, started on demand, own port and socket.

PostgreSQL refuses to run as root; as root it runs under an unprivileged account.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import secrets
import shutil
import stat
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from .common import Problem, file_lock, is_root, run, say, step, write_atomic
from .settings import Settings, free_port, port_is_free

ROLE = "maktab"
ACCOUNTS = ("postgres", "nobody")
LONGEST_SOCKET = 90
TUNING = """
# Written by the set-up; durability settings stay at their safe defaults (fsync on).
listen_addresses = '127.0.0.1'
max_connections = 200
shared_buffers = 512MB
work_mem = 16MB
maintenance_work_mem = 256MB
effective_cache_size = 4GB
random_page_cost = 1.1
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
log_timezone = 'UTC'
timezone = 'UTC'
"""
RIGHTS = """
# The socket folder is closed to other accounts; TCP asks for the password.
local all all trust
host all all 127.0.0.1/32 scram-sha-256
"""


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


def programs() -> Path:
    """Return the folder of PostgreSQL's server programs, newest version first."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: [int(part) for part in re.findall(r"\d+", str(path))],
    )
    if found:
        return found[-1].parent
    other = shutil.which("initdb")
    if other:
        return Path(other).resolve().parent
    raise Problem("PostgreSQL's server programs are missing; install postgresql.")


class Cluster:
    """The private cluster of one state folder."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.account = self._account() if is_root() else None
        self.folder = self._folder()
        self.data = self.folder / "data"
        self.log = self.folder / "postgresql.log"
        sockets = self.folder / "socket"
        if len(str(sockets)) > LONGEST_SOCKET:
            sockets = Path(f"/tmp/maktab-{os.geteuid()}-{settings.identity}")
        self.sockets = sockets

    @staticmethod
    def _account() -> pwd.struct_passwd:
        for name in ACCOUNTS:
            with contextlib.suppress(KeyError):
                return pwd.getpwnam(name)
        raise Problem(
            "PostgreSQL cannot run as root and there is no account postgres or nobody; "
            "run the set-up as an ordinary user."
        )

    def _folder(self) -> Path:
        """Return a folder that the server's account can reach; say when it moves."""
        wanted = self.settings.state / "postgresql"
        if not self.account or (wanted / "data").is_dir():
            return wanted
        self.settings.state.mkdir(parents=True, exist_ok=True)
        probe = subprocess.run(
            ["test", "-x", str(self.settings.state)],
            **self._as_account(),
            cwd="/",
            check=False,
        )
        if probe.returncode == 0:
            return wanted
        elsewhere = Path("/var/lib") / f"maktab-{self.settings.identity}"
        if not elsewhere.exists():
            say(
                f"  the account {self.account.pw_name} cannot enter "
                f"{self.settings.state}: the database cluster goes to {elsewhere}"
            )
        return elsewhere

    def _as_account(self) -> dict:
        if not self.account:
            return {}
        return {
            "user": self.account.pw_uid,
            "group": self.account.pw_gid,
            "extra_groups": [],
        }

    def _run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        return run(command, cwd="/", **self._as_account())

    def _own_folder(self, folder: Path, mode: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        owner = self.account.pw_uid if self.account else os.geteuid()
        if self.account:
            os.chown(folder, owner, self.account.pw_gid)
        info = folder.lstat()
        if not stat.S_ISDIR(info.st_mode) or info.st_uid != owner:
            raise Problem(f"{folder} belongs to somebody else; remove it first.")
        folder.chmod(mode)

    @property
    def exists(self) -> bool:
        """Tell whether the cluster was made completely."""
        return (self.data / "PG_VERSION").is_file()

    @property
    def port(self) -> int:
        """The port the cluster was last started on."""
        return int((self.folder / "port").read_text())

    def server(self) -> Server:
        """Return how Odoo and psql reach the cluster (Unix socket)."""
        return Server(str(self.sockets), self.port, ROLE, "")

    def is_running(self) -> bool:
        """Tell whether the server answers."""
        if not (self.data / "postmaster.pid").is_file():
            return False
        done = subprocess.run(
            [
                *(str(programs() / "pg_isready"), "-q", "-t", "3"),
                *("-h", str(self.sockets), "-p", str(self.port)),
            ],
            check=False,
        )
        return done.returncode == 0

    def create(self) -> None:
        """Make the cluster beside its final place, then rename it."""
        with step("make the private PostgreSQL cluster"):
            self._own_folder(self.folder, 0o700)
            partial = self.folder / "data.partial"
            shutil.rmtree(partial, ignore_errors=True)
            self._run(
                *(programs() / "initdb", "-D", partial, "-U", "postgres"),
                *("-E", "UTF8", "--locale=C.UTF-8", "--auth=trust"),
                "--data-checksums",
            )
            with (partial / "postgresql.conf").open("a") as conf:
                conf.write(TUNING)
            (partial / "pg_hba.conf").write_text(RIGHTS)
            partial.rename(self.data)

    def _choose_port(self) -> int:
        asked = self.settings.pg_port
        if asked:
            if not port_is_free(asked):
                raise Problem(
                    f"Port {asked} (MAKTAB_PG_PORT) is taken; free it or choose another."
                )
            return asked
        with contextlib.suppress(OSError, ValueError):
            if port_is_free(self.port):
                return self.port
        return free_port()

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._own_folder(self.sockets, 0o700)
        port = self._choose_port()
        write_atomic(self.folder / "port", str(port))
        options = f"-p {port} -k '{self.sockets}'"
        with step(f"start PostgreSQL on port {port}"):
            try:
                self._run(
                    *(programs() / "pg_ctl", "start", "-w", "-t", "120", "-s"),
                    *("-D", self.data, "-l", self.log, "-o", options),
                )
            except Problem as problem:
                tail = self.log.read_text(errors="replace").splitlines()[-8:]
                raise Problem(
                    "PostgreSQL does not start; the end of its log:\n" + "\n".join(tail)
                ) from problem
            self._ensure_role()

    def _ensure_role(self) -> None:
        """Make Odoo's role (no superuser, like in production) and its password."""
        secret = self.settings.state / "keys" / "postgresql.password"
        if not secret.is_file():
            secret.parent.mkdir(parents=True, exist_ok=True)
            secret.parent.chmod(0o700)
            write_atomic(secret, secrets.token_urlsafe(24), 0o600)
        known = self.sql("SELECT 1 FROM pg_roles WHERE rolname = 'maktab'")
        verb = "ALTER" if known else "CREATE"
        self.sql(
            f"{verb} ROLE {ROLE} LOGIN CREATEDB PASSWORD '{secret.read_text().strip()}'"
        )

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement as the cluster's superuser; return what psql prints."""
        return self._psql(statement, database, "postgres")

    def _psql(self, statement: str, database: str, user: str) -> str:
        done = run(
            (
                *(programs() / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1"),
                *("-h", self.sockets, "-p", str(self.port)),
                *("-U", user, "-d", database, "-c", statement),
            ),
            cwd="/",
        )
        return done.stdout.strip()

    def ensure_running(self) -> bool:
        """Make and start the cluster when needed; return True when this started it."""
        lock = self.settings.state / "locks" / "postgresql.lock"
        with file_lock(lock, "another set-up is starting PostgreSQL; waiting"):
            if not self.exists:
                self.create()
            if self.is_running():
                return False
            self._recover_wait()
            if self.is_running():
                return False
            self.start()
            return True

    def _recover_wait(self) -> None:
        """Give a server that is still in crash recovery a moment to answer."""
        pid = self.postmaster()
        for _attempt in range(60 if pid else 0):
            if self.is_running() or not self.postmaster():
                return
            time.sleep(0.5)

    def postmaster(self) -> int | None:
        """Return the process id of the running server, if it runs."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            return None
        return pid if str(self.data).encode() in command else None

    def stop(self, mode: str = "fast") -> None:
        """Stop the server cleanly (mode as in pg_ctl: smart, fast, immediate)."""
        if not self.postmaster():
            return
        with step("stop PostgreSQL"):
            self._run(
                *(programs() / "pg_ctl", "stop", "-s", "-w", "-t", "60"),
                *("-m", mode, "-D", self.data),
            )
