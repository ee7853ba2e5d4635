"""The arrows of docs/architecture.md: who may depend on whom, and who knows nobody."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from source import SUITE, python_files, relative, tree

# Our addons that an addon may reach, directly or not.
MAY_REACH = {
    "gov_trust": set(),
    "gov_base": {"gov_trust"},
    "digital_registry": {"gov_base", "gov_trust"},
    "e_parapheur": {"gov_base", "gov_trust"},
    "mail_desk": {"digital_registry", "gov_base", "gov_trust"},
    "gov_portal": {"digital_registry", "gov_base", "gov_trust"},
    "l10n_ma_gov": {"gov_base", "gov_trust"},
}
APPS = {"digital_registry", "mail_desk", "e_parapheur", "gov_portal"}
# Keys in clear in the database, remote calls, or far too much for a mail office.
NEVER = {"base_automation", "certificate", "account", "sms", "iap", "snailmail"}


def _core_closure(folders: list[Path], names: set[str]) -> set[str]:
    """Return every addon of Odoo that ``names`` bring, by Odoo's manifests."""
    todo, seen = list(names), set()
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        for folder in folders:
            manifest = folder / name / "__manifest__.py"
            if manifest.is_file():
                todo += ast.literal_eval(manifest.read_text("utf-8")).get("depends", [])
    return seen


@pytest.mark.parametrize("name", sorted(SUITE.manifests))
def test_an_addon_reaches_only_what_the_arrows_allow(name):
    reached = set(SUITE.closure([name])) - {name}
    if name in MAY_REACH:
        assert reached <= MAY_REACH[name]
        return
    assert SUITE.manifests[name].get("auto_install"), (
        f"{name} is not in the house plan: only bridges, which install themselves, "
        "may be added without an arrow"
    )
    assert name not in APPS


@pytest.mark.parametrize("name", sorted(SUITE.manifests))
def test_only_the_four_apps_are_applications(name):
    assert bool(SUITE.manifests[name].get("application")) == (name in APPS)


def test_nothing_brings_what_was_ruled_out(databases):
    folders = databases.workspace.odoo.addons_path
    brought = _core_closure(folders, set(SUITE.core(SUITE.manifests)))
    assert not brought & NEVER


def test_lib_does_not_know_odoo():
    guilty = []
    for path in python_files():
        if "lib" not in path.parts:
            continue
        for node in ast.walk(tree(path)):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            if any(name.split(".")[0] == "odoo" for name in names):
                guilty.append(f"{relative(path)}:{node.lineno}")
    assert not guilty


def test_no_addon_asks_whether_another_is_there():
    asks = re.compile(
        r"""["'][a-z0-9_.]+["']\s+(?:not\s+)?in\s+(?:self\.|request\.)?env\b"""
    )
    guilty = [
        f"{relative(path)}:{number}"
        for path in python_files()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if asks.search(line)
    ]
    assert not guilty
