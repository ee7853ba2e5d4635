"""Entry point of the tooling: ``python3 tools/dev/cli.py COMMAND``; ``make`` calls it."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

if sys.version_info < (3, 11):
    sys.exit("maktab: Python 3.11 or newer is needed; try python3.11 tools/dev/cli.py.")

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from maktab_dev import lint, pot, relock, scripts, serve, test_run  # noqa: E402
from maktab_dev.common import Problem, fail, say  # noqa: E402
from maktab_dev.postgres import Cluster  # noqa: E402
from maktab_dev.settings import Settings  # noqa: E402
from maktab_dev.workspace import prepare, stop_server  # noqa: E402


def setup(settings: Settings, words: list[str]) -> int:
    """Set everything up (``--tests``: also what only tests need)."""
    start = time.monotonic()
    workspace = prepare(settings, for_tests="--tests" in words)
    say(
        f"Ready in {time.monotonic() - start:.1f} s: Odoo {workspace.odoo.revision}, "
        f"PostgreSQL on {workspace.server.host} port {workspace.server.port}, "
        f"state in {settings.state}"
    )
    return 0


def odoo(settings: Settings, words: list[str]) -> int:
    """Run Odoo with the generated configuration: ``odoo -- -d db -u addon``."""
    prepare(settings).exec_odoo(words)
    return 0


def shell(settings: Settings, words: list[str]) -> int:
    """Open an Odoo shell on the demo database (or ``-d db``)."""
    named = any(word.startswith(("-d", "--database")) for word in words)
    chosen = [] if named else ["-d", settings.database]
    prepare(settings).exec_odoo(["shell", "--no-http", *chosen, *words])
    return 0


def psql(settings: Settings, words: list[str]) -> int:
    """Run psql on the server in use: ``psql -- -d db -c 'SELECT 1'``."""
    databases = prepare(settings).databases
    there = databases.exists(settings.database)
    return databases.interactive(words, settings.database if there else "postgres")


def run(settings: Settings, _words: list[str]) -> int:
    """Serve the demo database in the foreground (DEMO=0: without demo)."""
    return serve.run(settings, demo=os.environ.get("DEMO") != "0")


def reset(settings: Settings, _words: list[str]) -> int:
    """Drop the demo database."""
    return serve.reset(settings)


def stop(settings: Settings, _words: list[str]) -> int:
    """Stop the private PostgreSQL, unless another command works with it."""
    stop_server(settings, Cluster(settings))
    return 0


def test(settings: Settings, words: list[str]) -> int:
    """Run tests: all, ``A=addon``, ``T=/tags``, or paths below tests/ for pytest."""
    given = dict(word.split("=", 1) for word in words if "=" in word)
    paths = tuple(word for word in words if "=" not in word)
    unknown = set(given) - {"A", "T"}
    if unknown:
        raise Problem(f"{', '.join(unknown)} is unknown; A=addon and T=tags exist.")
    wish = test_run.Wish(given.get("A") or None, given.get("T") or None, paths)
    return test_run.run(settings, wish)


def crash(settings: Settings, _words: list[str]) -> int:
    """Run the long kill -9 tests (marked ``long``)."""
    return test_run.run(settings, test_run.Wish(paths=("tests",), markers="long"))


def e2e(settings: Settings, _words: list[str]) -> int:
    """Run the browser scenarios (marked ``e2e``)."""
    return test_run.run(settings, test_run.Wish(paths=("tests",), markers="e2e"))


def bench(settings: Settings, words: list[str]) -> int:
    """Run the benchmarks: ``bench B=name``."""
    return scripts.run(settings, Path("benchmarks/run.py"), words)


def screenshots(settings: Settings, words: list[str]) -> int:
    """Make the pictures of the documentation."""
    return scripts.run(settings, Path("tools/screenshots/run.py"), words)


def guide(settings: Settings, words: list[str]) -> int:
    """Make the pictures of the user guide from a served demo: ``guide URL names``."""
    return scripts.look_at(settings, Path("tools/guide/run.py"), words)


def rotate_master(settings: Settings, words: list[str]) -> int:
    """Give the server a new master key: ``rotate-master -- --status -d db``."""
    named = any(word.startswith(("-d", "--database")) for word in words)
    chosen = [] if named else ["-d", settings.database]
    prepare(settings).exec_odoo(["gov_rotate_master", *chosen, *words])
    return 0


COMMANDS: dict[str, Callable[[Settings, list[str]], int]] = {
    "setup": setup,
    "run": run,
    "test": test,
    "lint": lambda settings, _words: lint.lint(settings),
    "fix": lambda settings, _words: lint.fix(settings),
    "bench": bench,
    "crash": crash,
    "e2e": e2e,
    "shell": shell,
    "odoo": odoo,
    "psql": psql,
    "reset": reset,
    "stop": stop,
    "pot": lambda settings, words: pot.run(settings, check="--check" in words),
    "screenshots": screenshots,
    "guide": guide,
    "rotate-master": rotate_master,
    "lock": lambda settings, words: relock.lock(settings, "--upgrade" in words),
}


def main() -> int:
    """Run one command; a ``Problem`` is a sentence for a person, exit code 2."""
    parser = argparse.ArgumentParser(prog="cli.py", description=__doc__)
    parser.add_argument("command", choices=list(COMMANDS))
    parser.add_argument("words", nargs=argparse.REMAINDER, help="as the command says")
    options = parser.parse_args()
    words = [word for word in options.words if word != "--"]
    try:
        return COMMANDS[options.command](Settings.from_env(), words)
    except Problem as problem:
        fail(problem)
    except KeyboardInterrupt:
        return 130
    return 2


if __name__ == "__main__":
    sys.exit(main())
