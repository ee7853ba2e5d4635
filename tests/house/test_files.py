"""Every file has one subject and says so; nothing of a machine is in the repository."""

from __future__ import annotations

import re

import pytest
from source import ADDONS, REPO, SUITE, relative, tracked

LONGEST = 300
# Handed out alone, so that anybody checks a document with one download: ADR 5.
ONE_FILE = {"tools/verify.py"}
# Written in pieces, so that this file does not find itself.
HOSTS = re.compile(
    "|".join(
        re.escape(f"{name}.{end}")
        for name, end in (
            ("deb.debian", "org"),
            ("security.debian", "org"),
            ("files.pythonhosted", "org"),
            ("registry.npmjs", "org"),
            ("proxy.golang", "org"),
        )
    )
    + "|https?://pypi"
    + r"\.org"
)
MACHINE = re.compile(r"(?<![\w.$}])/(?:root|work|home/\w+)/\w")
SECRETS = re.compile(
    "-----BEGIN (?:[A-Z]+ )?PRIVATE"
    + r" KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{30,}"
)


def _texts():
    for path in tracked():
        if path.suffix in (".png", ".jpg", ".pdf", ".woff2", ".ttf", ".ico", ".p12"):
            continue
        yield path, path.read_text("utf-8", errors="replace")


def test_no_source_file_is_longer_than_a_subject():
    long = [
        f"{relative(path)}: {text.count(chr(10))} lines"
        for path, text in _texts()
        if path.suffix in (".py", ".js")
        and relative(path).startswith(("addons/", "tools/"))
        and not {"tests", "lib.min"} & set(path.parts)
        and "/static/lib/" not in relative(path)
        and relative(path) not in ONE_FILE
        and text.count("\n") > LONGEST
    ]
    assert not long


@pytest.mark.parametrize(
    ("what", "pattern"),
    [("registry host", HOSTS), ("path of one machine", MACHINE), ("secret", SECRETS)],
    ids=["host", "machine", "secret"],
)
def test_nothing_of_a_machine_is_in_the_repository(what, pattern):
    found = [
        f"{relative(path)}: {what}: {match.group(0)}"
        for path, text in _texts()
        for match in [pattern.search(text)]
        if match
    ]
    assert not found


def test_no_unfinished_work():
    unfinished = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    found = [
        f"{relative(path)}: {match.group(0)}"
        for path, text in _texts()
        if path.suffix in (".py", ".js", ".xml", ".scss")
        for match in [unfinished.search(text)]
        if match
    ]
    assert not found


@pytest.mark.parametrize("name", sorted(SUITE.manifests))
def test_an_addon_presents_itself(name):
    manifest, folder = SUITE.manifests[name], ADDONS / name
    assert (folder / "readme" / "DESCRIPTION.md").is_file()
    assert manifest["license"] == "LGPL-3"
    assert re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", manifest["version"])
    assert manifest.get("summary")
    if manifest.get("application"):
        assert (folder / "static" / "description" / "icon.png").is_file()


@pytest.mark.parametrize("name", sorted(SUITE.manifests))
def test_python_packages_of_an_addon_are_bounded(name):
    bounded = (REPO / "requirements.txt").read_text("utf-8").lower()
    packages = SUITE.manifests[name].get("external_dependencies", {}).get("python", [])
    missing = [
        package
        for package in packages
        if not re.search(rf"^{re.escape(package.lower())}\b", bounded, re.M)
    ]
    assert not missing
