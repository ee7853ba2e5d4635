"""``pip install -r requirements.txt`` is enough: it names all that our addons import."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import sys

import pytest
from house import SUITE

from maktab_dev.common import REPO

REQUIREMENTS = REPO / "requirements.txt"
#: Import name → name on the package index, where several packages bring the import.
CHOSEN = {"PIL": {"pillow"}, "dateutil": {"python-dateutil"}}


def canonical(name: str) -> str:
    """Return a package name as the index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def required() -> set[str]:
    """Return the packages of requirements.txt."""
    lines = (line.partition("#")[0].strip() for line in REQUIREMENTS.open())
    return {canonical(re.match(r"[\w.-]+", line)[0]) for line in lines if line}


def imported(addon: str) -> dict[str, set[str]]:
    """Map each foreign package that an addon imports to the files that do, late or not."""
    found: dict[str, set[str]] = {}
    folder = SUITE.folder / addon
    for path in folder.rglob("*.py"):
        if "tests" in path.relative_to(folder).parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for name in names:
                top = name.partition(".")[0]
                if top not in sys.stdlib_module_names | {"odoo"}:
                    found.setdefault(top, set()).add(path.name)
    return found


def declared(addon: str) -> set[str]:
    """Return the packages that the manifests of an addon and of what it needs declare."""
    return {
        canonical(package)
        for name in SUITE.closure([addon])
        for package in SUITE.manifests[name]
        .get("external_dependencies", {})
        .get("python", [])
    }


@pytest.fixture(scope="module")
def brought() -> dict[str, set[str]]:
    """Map an import name to the installed packages that bring it."""
    table = importlib.metadata.packages_distributions()
    found = {top: {canonical(name) for name in names} for top, names in table.items()}
    return found | CHOSEN


@pytest.mark.parametrize("addon", sorted(SUITE.manifests))
def test_what_an_addon_imports_is_required(addon, brought):
    named = required()
    missing = {
        top: files
        for top, files in imported(addon).items()
        if not brought.get(top, {canonical(top)}) & named
    }
    assert not missing, "name them in requirements.txt"


@pytest.mark.parametrize("addon", sorted(SUITE.manifests))
def test_what_an_addon_imports_is_declared(addon, brought):
    """So that Odoo refuses with a sentence what pip has not installed."""
    of_odoo = odoo_packages()
    missing = {
        top: files
        for top, files in imported(addon).items()
        if not brought.get(top, {canonical(top)}) & (declared(addon) | of_odoo)
    }
    assert not missing, f"declare them in external_dependencies of {addon}"


def odoo_packages() -> set[str]:
    """Return what Odoo itself cannot start without: the first part of the file."""
    text = REQUIREMENTS.read_text("utf-8").partition("# Ours")[0]
    return {
        canonical(match[0])
        for line in text.splitlines()
        if line and not line.startswith("#")
        for match in [re.match(r"[\w.-]+", line)]
        if match
    }


def test_the_environment_satisfies_the_file(databases):
    """What the lock installed is a solution of requirements.txt; nothing is fetched."""
    python = databases.workspace.settings.python
    pip = [str(python), "-m", "pip", "--disable-pip-version-check"]
    done = subprocess.run(
        [*pip, "install", "--dry-run", "--no-index", "-r", str(REQUIREMENTS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Would install" not in done.stdout, done.stdout
    checked = subprocess.run(
        [*pip, "check"], capture_output=True, text=True, check=False
    )
    # Odoo's package names psycopg2 and PyPDF2; it runs with their successors.
    wrong = [
        line
        for line in checked.stdout.splitlines()
        if "requires" in line and not line.startswith("odoo ")
    ]
    assert not wrong
