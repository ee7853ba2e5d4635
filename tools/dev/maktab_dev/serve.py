"""``make run``: the demo database, served in the foreground until Ctrl-C or SIGTERM."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from .addons import Suite
from .common import Problem, Stamp, say, step, tree_digest
from .settings import Settings, port_is_free
from .workspace import Workspace, prepare

DEMO_SCRIPT = Path("tools") / "demo" / "load.py"
LOGINS = (
    "admin deskadmin registrar agent head director secretary auditor trust operator "
    "operator2 citizen company deskadmin2 registrar2 agent2 head2 director2"
)
PAGES = ("/", "/deposit", "/track", "/verify", "/desks", "/odoo")
STOP_SECONDS = 20
# Run in ``odoo shell``: the address is fixed, whoever logs in first does not change it.
FREEZE = """
params = env["ir.config_parameter"].sudo()
params.set_param("web.base.url", {url!r})
params.set_param("web.base.url.freeze", "True")
env.cr.commit()
"""
ADMIN_PASSWORD = """
env.ref("base.user_admin").password = {password!r}
env.cr.commit()
"""


class Server:
    """The development server of one checkout."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.settings = workspace.settings
        self.url = f"http://localhost:{self.settings.http_port}"
        self.suite = Suite.of(self.settings)

    def _odoo(self, *arguments: str, script: str | None = None) -> str:
        """Run Odoo to its end; return its output, or raise with the end of it."""
        done = subprocess.run(
            self.workspace.odoo_command(*arguments),
            env=self.workspace.environment(),
            input=script or "",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode or (script and "Traceback (most recent" in done.stdout):
            tail = "\n".join(done.stdout.splitlines()[-25:])
            raise Problem(f"Odoo failed while making the database:\n{tail}")
        return done.stdout

    def _shell(self, script: str) -> str:
        """Run a script in ``odoo shell`` on the database."""
        name = self.settings.database
        return self._odoo(
            "shell", "-d", name, "--no-http", "--log-level=warn", script=script
        )

    def make_database(self, demo: bool) -> None:
        """Make the database when it is not there; one that was half made, again.

        A file in the state folder marks a database in the making. A database that
        somebody made or restored by other means is served as it is.
        """
        databases, name = self.workspace.databases, self.settings.database
        making = self.settings.stamps / f"making-{name}"
        current = Stamp(
            self.settings.stamps,
            f"database-{name}",
            tree_digest([self.suite.folder], ("tests", "static", "readme")),
        )
        modules = tuple(self.suite.at_home()) or ("base", "web")
        there = databases.exists(name)
        if there and not making.exists() and databases.installed(name, "base"):
            if not current.fresh():
                self._update(modules)
                current.write()
            return
        if making.exists():
            say(f"· the database {name} was half made by an earlier run: made anew")
            databases.drop(name)
            there = False
        making.parent.mkdir(parents=True, exist_ok=True)
        making.touch()
        if not there:
            databases.create(name)
        with step(f"make database {name}: {', '.join(modules)}"):
            self._odoo(
                *("-d", name, "-i", ",".join(modules), "--stop-after-init"),
                *("--no-http", "--log-level=warn"),
            )
        self._shell(FREEZE.format(url=self.url))
        self._fill(demo)
        current.write()
        making.unlink()

    def _update(self, modules: tuple[str, ...]) -> None:
        """Bring the database in step with addons that changed since it was made."""
        name = self.settings.database
        with step(f"the addons changed: update database {name}"):
            self._odoo(
                *("-d", name, "-i", ",".join(modules), "-u", ",".join(modules)),
                *("--stop-after-init", "--no-http", "--log-level=warn"),
            )

    def _fill(self, demo: bool) -> None:
        """Load the demo, or give the administrator a password of its own."""
        script = self.settings.repo / DEMO_SCRIPT
        if demo and script.is_file():
            with step("load the demo"):
                say(self._shell(script.read_text("utf-8")).strip())
        elif not demo:
            password = secrets.token_urlsafe(12)
            self._shell(ADMIN_PASSWORD.format(password=password))
            say(f"\n  login admin, password {password} (shown this once)\n")

    def _follow_port(self) -> None:
        """Keep the frozen address in step with MAKTAB_HTTP_PORT."""
        self.workspace.databases.sql(
            f"UPDATE ir_config_parameter SET value = '{self.url}'"
            f" WHERE key = 'web.base.url' AND value <> '{self.url}'",
            database=self.settings.database,
        )

    def serve(self) -> int:
        """Serve until told to stop; return the exit code."""
        self._follow_port()
        name = self.settings.database
        start = time.monotonic()
        process = subprocess.Popen(
            # Said here again: another command of this state may rewrite the file.
            self.workspace.odoo_command(
                *("-d", name, "--db-filter", f"^{name}$"),
                *("--http-port", str(self.settings.http_port)),
            ),
            env=self.workspace.environment(),
            stdin=subprocess.DEVNULL,
            # Ctrl-C reaches this process alone, which then stops Odoo once.
            start_new_session=True,
        )
        try:
            self._wait_until_served(process)
            self._keep_trust_root()
            self._welcome(time.monotonic() - start)
            return process.wait()
        finally:
            _stop(process)

    def _wait_until_served(self, process: subprocess.Popen) -> None:
        while process.poll() is None:
            with contextlib.suppress(OSError, urllib.error.URLError):
                with urllib.request.urlopen(f"{self.url}/web/login", timeout=60):
                    return
            time.sleep(0.3)
        raise Problem("Odoo ended before it served a page; its log above says why.")

    def _keep_trust_root(self) -> None:
        """Put the platform's public root where ``tools/verify.py`` looks for it."""
        folder = self.settings.state / "trust"
        with contextlib.suppress(OSError, urllib.error.URLError):
            with urllib.request.urlopen(f"{self.url}/trust/ca.pem", timeout=60) as page:
                folder.mkdir(parents=True, exist_ok=True)
                (folder / "ca.pem").write_bytes(page.read())

    def _welcome(self, seconds: float) -> None:
        say(f"\nMaktab is served (after {seconds:.1f} s). Ctrl-C stops it.")
        for page in PAGES:
            say(f"  {self.url}{page}")
        demo = self.workspace.databases.sql(
            "SELECT count(*) FROM res_users WHERE login = 'registrar'",
            database=self.settings.database,
        )
        if demo != "0":
            say(f"  demo logins (password = login): {LOGINS}\n")


def _interrupt(*_args: object) -> None:
    raise KeyboardInterrupt


def _stop(process: subprocess.Popen) -> None:
    """Stop Odoo in order; after a while, for good."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def run(settings: Settings, demo: bool) -> int:
    """Set up, make the database when it is not there, and serve it."""
    if not port_is_free(settings.http_port):
        raise Problem(
            f"Port {settings.http_port} is taken; stop what listens there or set "
            "MAKTAB_HTTP_PORT to another port."
        )
    signal.signal(signal.SIGTERM, _interrupt)
    workspace = prepare(settings)
    try:
        server = Server(workspace)
        server.make_database(demo)
        return server.serve()
    except KeyboardInterrupt:
        say("\n· stopped")
        return 0
    finally:
        if workspace.started_server:
            workspace.stop_server()


def reset(settings: Settings) -> int:
    """Drop the demo database with its files, and say what is kept."""
    workspace = prepare(settings, need_key=False)
    name = settings.database
    workspace.databases.drop(name)
    shutil.rmtree(settings.state / "data" / "filestore" / name, ignore_errors=True)
    for mark in (f"making-{name}", f"database-{name}.stamp"):
        (settings.stamps / mark).unlink(missing_ok=True)
    say(f"The database {name} and its files are gone; the master key is kept.")
    return 0
