"""A PostgreSQL of its own for tests that kill it: nobody else works with it."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace

from maktab_dev.postgres import Cluster
from maktab_dev.templates import TestDatabases


def start(databases: TestDatabases, template: str) -> TestDatabases:
    """Make a second cluster below the tests' folder and copy the template into it.

    :return: its databases; ``.workspace.cluster`` can be killed and started again
    """
    state = databases.folder / "own"
    shutil.rmtree(state, ignore_errors=True)
    (state / "test" / "keys").mkdir(parents=True)
    tools = databases.workspace.settings
    for name in ("venv", "npm", "pycache", "postgresql-programs"):
        (state / name).symlink_to(tools.state / name)
    # What the template's keys are wrapped under.
    shutil.copy2(databases.settings.master_key, state / "test" / "keys")
    settings = replace(tools, state=state, pg_port=None, database_url=None)
    cluster = Cluster(settings)
    cluster.ensure_running()
    workspace = replace(
        databases.workspace,
        settings=settings,
        cluster=cluster,
        server=cluster.server(),
        started_server=True,
    )
    own = TestDatabases(workspace)
    _copy(databases, own, template)
    return own


def _copy(source: TestDatabases, target: TestDatabases, name: str) -> None:
    """Copy one database with its files from a cluster to another."""
    target.workspace.databases.create(name)
    programs = target.workspace.cluster.programs
    dump = subprocess.Popen(
        [str(programs / "pg_dump"), "-U", "maktab", "-Fc", "-Z0", name],
        env=source.workspace.databases.environment(),
        stdout=subprocess.PIPE,
    )
    subprocess.run(
        [str(programs / "pg_restore"), "-U", "postgres", "-d", name],
        env=target.workspace.databases.environment(),
        stdin=dump.stdout,
        check=True,
    )
    if dump.wait():
        raise RuntimeError(f"pg_dump of {name} failed")
    if source.filestore(name).is_dir():
        shutil.copytree(
            source.filestore(name), target.filestore(name), copy_function=os.link
        )


def stop(own: TestDatabases) -> None:
    """Kill the cluster and remove everything it wrote."""
    own.workspace.cluster.kill()
    shutil.rmtree(own.workspace.cluster.folder, ignore_errors=True)
    shutil.rmtree(own.workspace.settings.state, ignore_errors=True)
