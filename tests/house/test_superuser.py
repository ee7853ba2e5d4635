"""Every ``sudo()`` is named in docs/security-model.md with its reason; no loose commit."""

from __future__ import annotations

import re

from source import REPO, calls, python_files, relative

DOCUMENT = REPO / "docs" / "security-model.md"
HEADING = "## Superuser calls"
# A batch that commits its progress, and the sequencer on its own cursor.
MAY_COMMIT = re.compile(r"^_(?:process|cron|drain)")


def _documented() -> dict[tuple[str, str], str]:
    """Read the table ``file | method | reason`` below the heading."""
    text = DOCUMENT.read_text("utf-8") if DOCUMENT.is_file() else ""
    section = text.partition(HEADING)[2].partition("\n## ")[0]
    found = {}
    for line in section.splitlines():
        cells = [cell.strip(" `") for cell in line.strip().strip("|").split("|")]
        if len(cells) == 3 and cells[0].endswith(".py"):
            found[cells[0], cells[1]] = cells[2]
    return found


def _used() -> set[tuple[str, str]]:
    return {
        (relative(path), function)
        for path in python_files()
        for function, _call in calls(path, "sudo")
    }


def test_every_superuser_call_has_its_reason():
    missing = sorted(_used() - set(_documented()))
    assert not missing, f"add them to {HEADING!r} of docs/security-model.md"


def test_the_document_names_no_superuser_call_that_is_gone():
    assert not sorted(set(_documented()) - _used())


def test_every_reason_says_something():
    short = [key for key, reason in _documented().items() if len(reason.split()) < 3]
    assert not short


def test_a_superuser_record_is_named_so():
    """What ``sudo()`` returns is kept in a variable that ends in ``_sudo``."""
    loose = re.compile(r"^\s*(\w+)\s*=\s*[^=\n]*\.sudo\(\)\s*$")
    guilty = [
        f"{relative(path)}:{number}"
        for path in python_files()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if (match := loose.match(line)) and not match[1].endswith("sudo")
    ]
    assert not guilty


def test_only_batches_commit():
    guilty = []
    for path in python_files():
        for function, call in calls(path, "commit"):
            target = call.func.value
            name = getattr(target, "attr", getattr(target, "id", ""))
            if name.endswith("cr") and not MAY_COMMIT.match(function):
                guilty.append(f"{relative(path)}:{call.lineno} in {function}")
    assert not guilty
