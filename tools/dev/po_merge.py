"""Merge exported terms into an addon's .pot and .po files (called by ``make pot``).

Reads a list of jobs as JSON from standard input and prints the list of files that
changed. Dates are kept when no term changed, so that a second run changes nothing.
"""

import json
import sys
from pathlib import Path

import polib

WIDTH = 78
PLURALS = {
    "ar": (
        "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 "
        "? 3 : n%100>=11 ? 4 : 5;"
    ),
    "fr": "nplurals=2; plural=(n > 1);",
    "zgh": "nplurals=2; plural=(n != 1);",
}


def _terms(catalogue: polib.POFile) -> list[tuple]:
    return sorted(
        (entry.msgctxt or "", entry.msgid, entry.comment, tuple(entry.occurrences))
        for entry in catalogue
        if not entry.obsolete
    )


def _load(path: Path) -> polib.POFile:
    return polib.pofile(str(path), wrapwidth=WIDTH)


def _merge_pot(source: Path, target: Path, write: bool) -> tuple[polib.POFile, bool]:
    new = _load(source)
    if target.is_file():
        old = _load(target)
        if _terms(old) == _terms(new):
            return old, False
    new.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    if write:
        new.save(str(target))
    return new, True


def _new_po(template: polib.POFile, lang: str) -> polib.POFile:
    po = polib.POFile(wrapwidth=WIDTH)
    po.metadata = {
        **template.metadata,
        "Language": lang,
        "Plural-Forms": PLURALS[lang],
    }
    return po


def _merge_po(
    template: polib.POFile, target: Path, lang: str, write: bool
) -> tuple[bool, int]:
    """Bring one translation in step; return whether it changed, and what is left."""
    po = _load(target) if target.is_file() else _new_po(template, lang)
    before = str(po) if target.is_file() else ""
    po.merge(template)
    for entry in po.obsolete_entries():
        po.remove(entry)
    for entry in po:
        # A guess is not a translation: what changed is translated anew.
        if entry.fuzzy:
            entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
            entry.msgstr = ""
            entry.previous_msgid = None
    po.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    changed = str(po) != before
    if changed and write:
        po.save(str(target))
    return changed, len(po.untranslated_entries())


def run(job: dict) -> list[str]:
    """Do one addon; return the files that changed, with the terms left to translate."""
    source, folder = Path(job["pot"]), Path(job["folder"])
    if not source.stat().st_size:
        return []
    write = bool(job["write"])
    if write:
        folder.mkdir(exist_ok=True)
    found = []
    template, changed = _merge_pot(source, folder / f"{job['module']}.pot", write)
    if changed:
        found.append(f"{job['module']}.pot: {len(template)} terms")
    for lang in job["languages"].split(","):
        target = folder / f"{lang}.po"
        changed, left = _merge_po(template, target, lang, write)
        if changed:
            found.append(f"{job['module']}/{lang}.po: {left} terms to translate")
    return found


def main() -> None:
    """Read the jobs, do them, print what changed."""
    jobs = json.load(sys.stdin)
    print(json.dumps([line for job in jobs for line in run(job)]))


if __name__ == "__main__":
    main()
