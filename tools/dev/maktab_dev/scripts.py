"""Programs that other parts of the repository bring: benchmarks, demo, screenshots."""

from __future__ import annotations

import subprocess
from pathlib import Path

from .common import Problem, file_lock
from .settings import Settings
from .templates import TestDatabases
from .workspace import prepare


def run(settings: Settings, script: Path, arguments: list[str]) -> int:
    """Run a Python program of the repository with everything set up for it.

    Its environment is that of the tests: their configuration, filestore and master key,
    and ``maktab_dev`` importable to make databases and start Odoo.
    """
    path = settings.repo / script
    if not path.is_file():
        raise Problem(f"{script} is not in this checkout.")
    lock = settings.state / "locks" / "tests.lock"
    with file_lock(lock, "a test run is at work here; waiting for it"):
        databases = TestDatabases(prepare(settings, for_tests=True))
        databases.tidy()
        env = databases.environment() | {
            "PYTHONPATH": f"{settings.repo}/tools/dev:{settings.repo}/tests"
        }
        return subprocess.call(
            [str(settings.python), str(path), *arguments], cwd=settings.repo, env=env
        )


def look_at(settings: Settings, script: Path, arguments: list[str]) -> int:
    """Run a Python program that looks at a server from outside, as a browser does.

    It has the packages and the browser of the tests, no database and no master key, and
    takes no turn among the test runs.
    """
    workspace = prepare(settings, for_tests=True)
    env = workspace.environment() | {
        "PYTHONPATH": f"{settings.repo}/tools/dev:{settings.repo}/tools/screenshots"
        f":{settings.repo}/tests"
    }
    return subprocess.call(
        [str(settings.python), str(settings.repo / script), *arguments],
        cwd=settings.repo,
        env=env,
    )
