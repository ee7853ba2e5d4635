"""The private PostgreSQL cluster: made once, started on demand, own port and socket.

PostgreSQL refuses to run as root; as root it runs under an unprivileged account.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path

from . import pg_contents
from .common import (
    Problem,
    file_lock,
    is_root,
    run,
    say,
    step,
    write_atomic,
)
from .pg_client import Server, programs, psql, use_wheel, wheel_programs
from .settings import Settings, free_port, port_is_free

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
# Many short statements of many parts: compiling them takes longer than running them.
jit = off
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


class Cluster:
    """The private cluster of one state folder."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        use_wheel(wheel_programs(settings.state))
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
    def programs(self) -> Path:
        """The server programs of the cluster's own version."""
        version = self.data / "PG_VERSION"
        return programs(version.read_text().strip() if version.is_file() else None)

    @property
    def port(self) -> int:
        """The port the cluster was last started on."""
        return int((self.folder / "port").read_text())

    def server(self) -> Server:
        """Return how Odoo and psql reach the cluster (Unix socket)."""
        return Server(str(self.sockets), self.port, pg_contents.ROLE, "")

    def is_running(self) -> bool:
        """Tell whether the server answers."""
        if not (self.data / "postmaster.pid").is_file():
            return False
        done = subprocess.run(
            [
                *(str(self.programs / "pg_isready"), "-q", "-t", "3"),
                *("-h", str(self.sockets), "-p", str(self.port)),
                *("-U", "postgres", "-d", "postgres"),
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
                *(self.programs / "initdb", "-D", partial, "-U", "postgres"),
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
                    *(self.programs / "pg_ctl", "start", "-w", "-t", "120", "-s"),
                    *("-D", self.data, "-l", self.log, "-o", options),
                )
            except Problem as problem:
                tail = self.log.read_text(errors="replace").splitlines()[-8:]
                raise Problem(
                    "PostgreSQL does not start; the end of its log:\n" + "\n".join(tail)
                ) from problem

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement as the cluster's superuser; return what psql prints."""
        return self._psql(statement, database, "postgres")

    def _psql(self, statement: str, database: str, user: str) -> str:
        done = run(
            (
                *(psql(), "-XAtq", "-v", "ON_ERROR_STOP=1"),
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
            started = False
            if not self.is_running():
                self._recover_wait()
            if not self.is_running():
                self.start()
                started = True
            pg_contents.ensure(self)
            return started

    def _recover_wait(self) -> None:
        """Wait for a server in crash recovery, and for what a killed one left behind.

        A killed server's own processes end a moment later; where nobody buries the
        dead (a container without init) its id stays, and PostgreSQL takes it for alive.
        """
        for _attempt in range(120):
            if not self._processes() or self.is_running():
                break
            time.sleep(0.25)
        if not self._processes():
            for left in (self.data / "postmaster.pid", *self.sockets.glob(".s.PGSQL*")):
                left.unlink(missing_ok=True)

    def _processes(self) -> list[int]:
        """Return the living processes that work in the data folder."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    if (entry / "cwd").resolve() == self.data.resolve():
                        found.append(int(entry.name))
        return found

    def postmaster(self) -> int | None:
        """Return the process id of the running server, if it runs."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            return None
        return pid if str(self.data).encode() in command else None

    def kill(self) -> None:
        """``kill -9`` the server and everything it started (crash tests)."""
        for pid in self._processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def stop(self, mode: str = "fast") -> None:
        """Stop the server cleanly (mode as in pg_ctl: smart, fast, immediate)."""
        if not self.postmaster():
            return
        with step("stop PostgreSQL"):
            self._run(
                *(self.programs / "pg_ctl", "stop", "-s", "-w", "-t", "60"),
                *("-m", mode, "-D", self.data),
            )
