"""``make pot``: the terms of our addons, and ar, fr and zgh kept in step with them."""

from __future__ import annotations

import json
import subprocess
import tempfile

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


def changes(databases: TestDatabases, template: str, write: bool) -> list[str]:
    """Export the terms of all our addons and merge them; return what changed.

    :param template: a database in which all our addons are installed
    :param write: write the files, or only tell what would change
    """
    suite, settings = databases.suite, databases.workspace.settings
    modules = sorted(suite.manifests)
    with tempfile.TemporaryDirectory() as folder:
        with databases.clone(template, "pot") as name:
            databases.shell(name, EXPORT.format(modules=modules, folder=folder))
        work = [
            {
                "pot": f"{folder}/{module}.pot",
                "folder": str(suite.folder / module / "i18n"),
                "module": module,
                "languages": ",".join(LANGUAGES),
                "write": "yes" if write else "",
            }
            for module in modules
        ]
        return _merge(settings, work)


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
        if not databases.suite.manifests:
            say("no addon yet")
            return 0
        template = databases.everything()
        with step("export the terms"):
            changed = changes(databases, template, write=not check)
    for line in changed:
        say(f"  {line}")
    say("the translations are in step" if not changed else f"{len(changed)} changed")
    return 1 if check and changed else 0
