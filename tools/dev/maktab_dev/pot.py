"""``make pot``: the terms of our addons, and ar, fr and zgh kept in step with them."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

from .addons import Suite
from .common import Problem, file_lock, say, step
from .settings import Settings
from .templates import TestDatabases
from .workspace import prepare

LANGUAGES = ("ar", "fr", "zgh")
# In ``odoo shell``: one file for each addon.
EXPORT = """
from pathlib import Path
from odoo.tools.translate import trans_export
for module in {modules!r}:
    with (Path({folder!r}) / (module + ".pot")).open("wb") as out:
        if not trans_export(None, [module], out, "po", env):
            out.write(b"")
"""


def _export(databases: TestDatabases, folder: Path) -> None:
    """Write the terms of each addon, from a database where all are installed."""
    modules = sorted(databases.suite.manifests)
    with databases.clone(databases.everything(), "pot") as name:
        databases.shell(name, EXPORT.format(modules=modules, folder=str(folder)))


def _merge(settings: Settings, work: list[dict[str, str]]) -> list[str]:
    """Merge the exported terms into the addons' files with polib; say what changed."""
    script = settings.repo / "tools" / "dev" / "po_merge.py"
    done = subprocess.run(
        [str(settings.python), str(script)],
        input=json.dumps(work),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Problem(f"The translations could not be merged:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)


def run(settings: Settings, check: bool) -> int:
    """Export and merge; with ``check`` only tell what would change (exit 1)."""
    with file_lock(settings.state / "locks" / "tests.lock", "waiting for a test run"):
        databases = TestDatabases(prepare(settings))
        suite = Suite.of(settings)
        if not suite.manifests:
            say("no addon yet")
            return 0
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with step("export the terms"):
                _export(databases, folder)
            work = [
                {
                    "pot": str(folder / f"{module}.pot"),
                    "folder": str(suite.folder / module / "i18n"),
                    "module": module,
                    "languages": ",".join(LANGUAGES),
                    "write": "" if check else "yes",
                }
                for module in suite.manifests
            ]
            changed = _merge(settings, work)
    for line in changed:
        say(f"  {line}")
    say("the translations are in step" if not changed else f"{len(changed)} changed")
    return 1 if check and changed else 0
