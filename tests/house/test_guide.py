"""The user guide names menus and words that are on the screen, and pictures that are there."""

from __future__ import annotations

import ast
import functools
import re

import pytest
from lxml import etree
from source import ADDONS, REPO, python_files, tree

GUIDES = sorted((REPO / "docs" / "guide").glob("*.md"))
BOLD = re.compile(r"\*\*([^*]+)\*\*")
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")
LARGEST = 150_000
WORDS = ("string", "title", "name", "placeholder")
# A key, and a button of the web client itself.
OTHERS = {"Enter", "New"}


@functools.cache
def _sources() -> tuple[etree._Element, ...]:
    return tuple(
        etree.parse(path).getroot()
        for path in sorted(ADDONS.rglob("*.xml"))
        if "tests" not in path.parts and "lib" not in path.parts
    )


@functools.cache
def _menus() -> set[str]:
    """Return the path of each menu: ``Mail desk ▸ Outgoing ▸ Sendings``."""
    found = {}
    for root in _sources():
        addon = root.base.split("/addons/")[-1].split("/")[0]
        for item in root.iter("menuitem"):
            parent = item.get("parent")
            if parent is None and item.getparent().tag == "menuitem":
                parent = item.getparent().get("id")
            name = item.get("name")
            found[_full(addon, item.get("id"))] = (
                name,
                parent and _full(addon, parent),
            )

    def path(item):
        name, parent = found[item]
        return f"{path(parent)} ▸ {name}" if parent in found else name

    return {path(item) for item in found}


def _full(addon: str, name: str) -> str:
    return name if "." in name else f"{addon}.{name}"


@functools.cache
def _words() -> set[str]:
    """Return what our screens say: labels, buttons, texts, terms of the code."""
    words = set()
    for root in _sources():
        for node in root.iter(etree.Element):
            words.update(node.get(name, "") for name in WORDS)
            words.add(" ".join((node.text or "").split()))
            words.add(" ".join((node.tail or "").split()))
    for path in sorted(ADDONS.rglob("static/src/**/*.js")):
        words.update(re.findall(r'_t\(\s*"([^"]+)"', path.read_text("utf-8")))
    for path in python_files():
        words.update(
            node.value
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )
    return words


def _cited(guide) -> list[str]:
    text = " ".join(guide.read_text("utf-8").split())
    return [" ".join(words.split()) for words in BOLD.findall(text)]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_menus_that_are_named_exist(guide):
    cited = [words for words in _cited(guide) if "▸" in words]
    assert cited
    assert not [words for words in cited if words not in _menus()]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_words_that_are_named_are_on_a_screen(guide):
    cited = [words for words in _cited(guide) if "▸" not in words]
    known = _words() | OTHERS
    assert not [words for words in cited if words.rstrip(".") not in known]


def _shown(guide) -> set:
    return {
        (guide.parent / name).resolve()
        for name in PICTURE.findall(guide.read_text("utf-8"))
    }


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_pictures_are_there(guide):
    shown = _shown(guide)
    assert shown
    assert not [path.name for path in shown if not path.is_file()]


def test_pictures_are_small_and_shown():
    kept = set((REPO / "docs" / "images" / "guide").glob("*.png"))
    assert not [path.name for path in kept if path.stat().st_size > LARGEST]
    shown = set().union(*(_shown(guide) for guide in GUIDES))
    assert not [path.name for path in kept - shown]
