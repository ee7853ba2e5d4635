"""The gate before a document circulates: what it hides, what it does, what it shows. Pure Python.

Everything is done in limited processes of their own (:mod:`.intake.pool`): a file that breaks a parser breaks nothing
else. A clean document has no form, script, action, layer, embedded file, earlier version or turned page; what its pages
look like is kept as a digest of each picture, so that what was shown is what is signed.
"""

import hashlib
import json
from dataclasses import dataclass, field, replace

from .intake import Limits
from .intake.pool import Deferred, Pool
from .intake.report import Refusal

INFO, CHANGED, WARNING, REFUSED = "info", "changed", "warning", "refused"
#: what each finding weighs
LEVELS = {
    "pages": INFO,
    "ocr": INFO,
    "font_standard": INFO,
    "signed": INFO,
    "links": CHANGED,
    "scripts": CHANGED,
    "actions": CHANGED,
    "media": CHANGED,
    "embedded": CHANGED,
    "xfa": CHANGED,
    "form": CHANGED,
    "annotations": CHANGED,
    "notes": CHANGED,
    "hidden_annotations": CHANGED,
    "annotations_gone": WARNING,
    "empty_signature": CHANGED,
    "layers": CHANGED,
    "turned": CHANGED,
    "cropped": CHANGED,
    "versions": CHANGED,
    "objects": CHANGED,
    "redactions": WARNING,
    "over_text": WARNING,
    "looks_other": WARNING,
    "text_invisible": WARNING,
    "text_outside": WARNING,
    "text_covered": WARNING,
    "text_tiny": WARNING,
    "text_colour": WARNING,
    "text_unread": WARNING,
    "font_missing": WARNING,
    "tag_without_signer": WARNING,
    "tag_repeated": WARNING,
    "tag_crowded": WARNING,
    "tag_missing": INFO,
}
#: why a document may not circulate
REFUSALS = frozenset(
    {
        *(
            "broken",
            "encrypted",
            "no_page",
            "too_many_pages",
            "page_twice",
            "page_size",
        ),
        *("portfolio", "external", "layers", "xfa", "annotations", "active"),
        *("signed_active", "too_slow"),
    }
)
SECONDS, CPU_SECONDS, PATIENCE = 75.0, 60, 30.0
MAX_WORD, MAX_WORDS = 40, 20


class Busy(Exception):
    """Nothing can be said now, through no fault of the file: try again in a moment."""


@dataclass
class Report:
    """What was found in a document.

    :param rows: list of ``(code, page, facts)``; pages from 1, 0 for the whole document
    :param refusal: one of :data:`REFUSALS`, or None
    :param content: the clean file; None when refused or only looked at
    :param pages: geometry of each page of it: ``width``, ``height`` as seen (points),
        ``box`` and ``rotation`` as stored
    :param before: SHA-256 of the picture of each page as it came, ``after`` as it is clean
    :param tags: list of ``[page from 0, kind, number, x, y, width, height, word]``
    :param engine: what drew the pictures; those of two engines are not compared
    """

    rows: list = field(default_factory=list)
    refusal: str | None = None
    facts: dict = field(default_factory=dict)
    content: bytes | None = None
    pages: list = field(default_factory=list)
    before: list = field(default_factory=list)
    after: list = field(default_factory=list)
    tags: list = field(default_factory=list)
    engine: str = ""

    @property
    def level(self):
        """The heaviest level of what was found."""
        if self.refusal:
            return REFUSED
        order = (INFO, CHANGED, WARNING)
        found = [order.index(LEVELS[code]) for code, _page, _facts in self.rows]
        return order[max(found, default=0)]


def examine(pdf, words=None, clean=True):
    """Examine a main document, and make it clean.

    :param bytes pdf: the file
    :param dict words: {word of a tag without its ``#``: ``signature`` or ``seal``}
    :param bool clean: False to look only: a file that is signed already stays as it is
    :rtype: Report
    :raise Busy: nothing can be said now
    """
    words = dict(list((words or {}).items())[:MAX_WORDS])
    options = {
        "clean": clean,
        "words": {word[:MAX_WORD]: kind for word, kind in words.items()},
    }
    try:
        told = _ask(pdf, options)
    except Refusal as refusal:
        facts = dict(refusal.params)
        code = facts.pop("hygiene", None) or {
            "encrypted": "encrypted",
            "too_many_pages": "too_many_pages",
            "bomb": "too_slow",
        }.get(refusal.code, "broken")
        if refusal.detail.startswith("the parser ended"):
            # Out of its time, of its memory, or a crash of a parser.
            code = "too_slow"
        return Report(refusal=code, facts=facts)
    return Report(
        rows=[tuple(row) for row in told["rows"]],
        content=told.get("file") if clean else None,
        pages=told["pages"],
        before=told["before"],
        after=told["after"],
        tags=told["tags"],
        engine=told["engine"],
    )


def digests(pdf):
    """What each page of a PDF looks like, without its fields: (list of SHA-256, engine).

    :raise Busy: nothing can be said now
    :raise ValueError: the file cannot be drawn
    """
    told = _plain(pdf, {"task": "digests"})
    return told["after"], told["engine"]


def picture(pdf, page, width, clean=False):
    """One page as a PNG file.

    :param int page: from 0
    :param int width: of the picture, in points of a screen
    :param bool clean: as the page will be once the file is clean
    :raise Busy: nothing can be said now
    :raise ValueError: no such page, or it cannot be drawn
    """
    options = {"task": "picture", "page": page, "width": width, "clean": clean}
    return _plain(pdf, options)["file"]


def compare(old, new, notes=(False, False)):
    """Two versions of a document page by page: which belong together, and where they differ.

    :param notes: whether form fields and notes of the first, and of the second, are drawn
    :return: list of ``{"state" (``same``, ``changed``, ``added``, ``removed``), "old", "new"
        (page from 0, or None), "marks": [[x, y, width, height]] in parts of the page,
        "texts": [before, after] or None}``
    :raise Busy: nothing can be said now
    :raise ValueError: one of them cannot be drawn
    """
    options = {"task": "compare", "split": len(old), "notes": list(notes)}
    return _plain(old + new, options)["pages"]


def digest(value):
    """SHA-256 of plain values, whatever the order of their keys."""
    raw = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(raw.encode()).hexdigest()


def _plain(pdf, options):
    try:
        return _ask(pdf, options)
    except Refusal as refusal:
        raise ValueError(f"the pages cannot be drawn: {refusal.detail}") from refusal


def _ask(pdf, options):
    limits = replace(Limits(), cpu_seconds=CPU_SECONDS, wall_seconds=SECONDS)
    try:
        return _pool.ask(pdf, "hygiene", limits, options=options, patience=PATIENCE)
    except Deferred as error:
        if "no answer" in str(error):
            # It had its time: the next attempt would take as long.
            raise Refusal(
                "unreadable", "hygiene: too slow", hygiene="too_slow"
            ) from error
        raise Busy(str(error)) from error


#: Its own processes: a long document does not keep files from coming in.
_pool = Pool()
