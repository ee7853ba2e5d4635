"""Databases of the tests: cached templates, and clones that are thrown away."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from . import odoo_conf
from .addons import Suite
from .common import Problem, digest, file_lock, say, step, tree_digest, write_atomic
from .database import CACHE_PREFIX
from .workspace import Workspace

KEPT_TEMPLATES = 8
# What most of our addons stand on, together with Odoo's own glue.
CORE = ("hr", "mail", "portal", "resource", "website")
RENEW_UUID = (
    "UPDATE ir_config_parameter SET value = gen_random_uuid()"
    " WHERE key = 'database.uuid'"
)
# In ``odoo shell`` on a clone: a copied database neither numbers nor seals until it is
# said what it is. An empty one becomes a database of its own, else a test copy.
DECLARE = """
if "gov.trust.identity" in env:
    identity = env["gov.trust.identity"]
    identity._establish()
    if identity._state() not in ("ok", "test_copy"):
        env["gov.trust.declaration"].create(
            {"kind": "test_copy", "reason": "clone of a test template"}
        )
    env.cr.commit()
"""


class TestDatabases:
    """Makes and clones the databases of one test run.

    The tests have their own folder below the state: configuration, filestore, master
    key. The key of real data is never used by a test.
    """

    __test__ = False

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.suite = Suite.of(workspace.settings)
        folder = workspace.settings.state / "test"
        folder.mkdir(parents=True, exist_ok=True)
        key = folder / "keys" / "master.key"
        if not key.is_file():
            key.parent.mkdir(mode=0o700, exist_ok=True)
            write_atomic(key, secrets.token_hex(32) + "\n", 0o600)
        self.folder = folder
        self.settings = replace(
            workspace.settings,
            state=folder,
            master_key=key,
            database="maktab_test",
        )
        self.conf = self.settings.conf
        # Any of the tests' databases may be served.
        odoo_conf.write(self.settings, workspace.odoo, workspace.server, True)

    def environment(self) -> dict[str, str]:
        """Return the environment of Odoo processes in tests."""
        env = self.workspace.environment()
        return env | {
            "ODOO_RC": str(self.conf),
            "GOV_TRUST_MASTER_KEY_FILE": str(self.settings.master_key),
            "MAKTAB_TEST_STATE": str(self.folder),
        }

    def filestore(self, name: str) -> Path:
        """Return the folder of a database's attachments."""
        return self.folder / "data" / "filestore" / name

    def names(self) -> list[str]:
        """Return the test databases that exist."""
        return [
            name
            for name in self.workspace.databases.names()
            if name.startswith(CACHE_PREFIX)
        ]

    def copy(self, source: str, target: str) -> None:
        """Clone a database with its filestore (hard links: files never change).

        Copies of one that has no seal yet are different databases from the start: two
        of them may install at the same time.
        """
        databases = self.workspace.databases
        databases.create(target, source)
        if not databases.installed(target, "gov_trust"):
            databases.sql(RENEW_UUID, database=target)
        store = self.filestore(source)
        shutil.rmtree(self.filestore(target), ignore_errors=True)
        if store.is_dir():
            shutil.copytree(store, self.filestore(target), copy_function=os.link)

    def drop(self, name: str) -> None:
        """Drop a test database and its filestore."""
        if not name.startswith(CACHE_PREFIX):
            raise Problem(f"{name} is not a test database; it is left alone.")
        self.workspace.databases.drop(name)
        shutil.rmtree(self.filestore(name), ignore_errors=True)
        for card in (self.folder / "keys" / "databases").glob("*/card.json"):
            # Another lane may drop a database of its own meanwhile.
            with contextlib.suppress(FileNotFoundError):
                if json.loads(card.read_text()).get("database") == name:
                    shutil.rmtree(card.parent)

    def shell(
        self,
        name: str,
        script: str,
        *options: str,
        env: dict[str, str] | None = None,
    ) -> str:
        """Run Python in ``odoo shell`` on a database (commit yourself); its output."""
        done = subprocess.run(
            self.workspace.odoo_command(
                "shell", "-d", name, "--no-http", "--log-level=error", *options
            ),
            env=env or self.environment(),
            input=script,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Problem(
                f"A script failed in `odoo shell` on {name}:\n"
                f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
            )
        return done.stdout

    @contextlib.contextmanager
    def clone(self, source: str, label: str) -> Iterator[str]:
        """Give a throw-away copy of a template, declared as what it is."""
        name = f"{CACHE_PREFIX}run_{label}_{os.getpid()}"[:63]
        self.drop(name)
        self.copy(source, name)
        try:
            if self.workspace.databases.installed(name, "gov_trust"):
                self.shell(name, DECLARE)
            yield name
        finally:
            self.drop(name)

    def _install(
        self, name: str, modules: Iterable[str], auto: bool, ours: bool = True
    ) -> None:
        log = self.folder / "logs" / f"{name}.log"
        log.parent.mkdir(exist_ok=True)
        core = ",".join(map(str, self.workspace.odoo.addons_path))
        command = self.workspace.odoo_command(
            *("-d", name, "-i", ",".join(modules), "--stop-after-init", "--no-http"),
            *([] if auto else ["--skip-auto-install"]),
            *([] if ours else ["--addons-path", core]),
        )
        with log.open("w") as out:
            done = subprocess.run(
                command,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                check=False,
            )
        wanted = set(modules)
        missing = sorted(
            module
            for module in wanted
            if not self.workspace.databases.installed(name, module)
        )
        if done.returncode or missing:
            tail = log.read_text(errors="replace").splitlines()[-30:]
            raise Problem(
                f"Odoo could not install {', '.join(missing or wanted)}; the end of "
                f"{log}:\n" + "\n".join(tail)
            )

    def _template(
        self,
        name: str,
        base: str | None,
        modules: tuple[str, ...],
        auto: bool,
        ours: bool = True,
    ) -> str:
        """Return a template, made when it is not there; half-made ones are replaced."""
        lock = self.folder / "locks" / f"{name}.lock"
        with file_lock(lock, f"template database {name} is being made; waiting for it"):
            if not self.workspace.databases.exists(name):
                with step(f"template database {name}: {', '.join(modules)}"):
                    self._make(name, base, modules, auto, ours)
        self._touch(name)
        return name

    def _make(self, name: str, base: str | None, *install) -> None:
        partial = f"{CACHE_PREFIX}partial_{os.getpid()}"
        self.drop(partial)
        if base:
            self.copy(base, partial)
        else:
            self.workspace.databases.create(partial)
        try:
            self._install(partial, *install)
        except BaseException:
            self.drop(partial)
            raise
        store = self.filestore(name)
        shutil.rmtree(store, ignore_errors=True)
        self.workspace.databases.rename(partial, name)
        if self.filestore(partial).is_dir():
            self.filestore(partial).rename(store)

    def _touch(self, name: str) -> None:
        used = self.folder / "templates"
        used.mkdir(exist_ok=True)
        (used / name).touch()

    def core(self, names: Iterable[str], auto: bool) -> str:
        """Return the template of what some of our addons need from Odoo.

        With Odoo's own glue (``auto``) one template serves all; without, it holds
        exactly what the manifests name, so that a missing dependency shows.
        """
        needed = self.suite.core(names)
        self._check_known(needed)
        modules = tuple(sorted({*needed, *CORE})) if auto else needed or ("base",)
        mark = digest(
            self.workspace.odoo.revision,
            self.settings.repo / "requirements.lock",
            ",".join(modules),
            str(auto),
        )
        kind = "core" if auto else "bare"
        return self._template(f"{CACHE_PREFIX}{kind}_{mark[:12]}", None, modules, auto)

    def stock(self) -> str:
        """Return the template of a stock Odoo that never heard of our addons."""
        lock = self.settings.repo / "requirements.lock"
        name = f"{CACHE_PREFIX}stock_{digest(self.workspace.odoo.revision, lock)[:12]}"
        return self._template(name, None, ("base",), True, ours=False)

    def _check_known(self, modules: Iterable[str]) -> None:
        for module in modules:
            if not any(
                (folder / module / "__manifest__.py").is_file()
                for folder in self.workspace.odoo.addons_path
            ):
                raise Problem(
                    f"A manifest depends on {module}, which is neither in "
                    f"{self.suite.folder} nor in Odoo."
                )

    def of_modules(self, modules: tuple[str, ...], auto: bool) -> str:
        """Return a template in which some of our addons are installed, as they are now."""
        core = self.core(modules, auto)
        if not modules:
            return core
        mark = digest(
            core,
            tree_digest([self.suite.folder / name for name in modules], ("tests",)),
            self.settings.master_key,
        )
        return self._template(f"{CACHE_PREFIX}addons_{mark[:12]}", core, modules, auto)

    def everything(self) -> str:
        """Return the template with all our addons, as a customer would install them."""
        return self.of_modules(tuple(self.suite.manifests), auto=True)

    def tidy(self) -> None:
        """Drop clones of dead runs and templates that were not used for long."""
        used = self.folder / "templates"
        names = self.names()
        for name in names:
            owner = name.rpartition("_")[2]
            passing = (f"{CACHE_PREFIX}run_", f"{CACHE_PREFIX}partial_")
            alive = owner.isdigit() and Path(f"/proc/{owner}").exists()
            if name.startswith(passing) and not alive:
                say(f"· drop {name}, left by an earlier run")
                self.drop(name)
        kept = sorted(
            (name for name in names if (used / name).is_file()),
            key=lambda name: (used / name).stat().st_mtime,
            reverse=True,
        )
        for name in kept[KEPT_TEMPLATES:]:
            self.drop(name)
            (used / name).unlink()
