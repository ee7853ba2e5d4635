"""The second ``make run``: how long until it serves."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request

from bench import Bench
from common import LOWER, Row, say

from maktab_dev.settings import free_port

LIMIT = 20.0
FIRST = 900


def _until_served(bench: Bench, environment: dict[str, str], limit: float) -> float:
    """Start ``make run``, wait until the first page, stop it; return the seconds."""
    port = environment["MAKTAB_HTTP_PORT"]
    start = time.monotonic()
    process = subprocess.Popen(
        ["make", "--no-print-directory", "run"],
        cwd=bench.settings.repo,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        while time.monotonic() - start < limit:
            if process.poll() is not None:
                raise RuntimeError(f"make run ended with {process.returncode}")
            try:
                with urllib.request.urlopen(
                    f"http://localhost:{port}/deposit", timeout=30
                ):
                    return time.monotonic() - start
            except (OSError, urllib.error.URLError):
                time.sleep(0.1)
        raise RuntimeError(f"make run did not serve within {limit:.0f} s")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def measure(bench: Bench) -> list[Row]:
    """Return the row of the second start."""
    kept = ("HOME", "PATH", "LANG", "USER", "TERM", "ODOO_HOME")
    environment = {key: os.environ[key] for key in kept if key in os.environ}
    # The environment of the tests does not reach it: this is what a person types.
    environment |= {
        "MAKTAB_STATE": str(bench.settings.state),
        "MAKTAB_HTTP_PORT": str(free_port()),
        "MAKTAB_DB": "maktab_test_bench_serve",
        "DEMO": "0",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
    }
    name = environment["MAKTAB_DB"]
    bench.databases.workspace.databases.drop(name)
    try:
        first = _until_served(bench, environment, FIRST)
        say(f"    first start, database made: {first:.1f} s")
        again = [_until_served(bench, environment, 120) for _round in range(3)]
    finally:
        subprocess.run(
            ["make", "--no-print-directory", "reset"],
            cwd=bench.settings.repo,
            env=environment,
            stdout=subprocess.DEVNULL,
            check=False,
        )
    say(f"    second and later starts: {', '.join(f'{one:.1f}' for one in again)} s")
    return [
        Row(
            name="serve",
            values=again,
            unit="s",
            reference="the limit of issue 2, in seconds",
            reference_values=[LIMIT] * len(again),
            bar=1.0,
            better=LOWER,
            note="second `make run`, from the command to the first page",
        )
    ]
