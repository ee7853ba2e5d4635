"""The revisions of a signed PDF: where each ends, who signed it, what it changed.

A revision that comes after a signature must be written behind it, be read through its own
table of contents, and change nothing that was signed. The last one must be signed, or
bring nothing but what proves signatures.
"""

import re
from dataclasses import dataclass, field

from .. import xref_bounds
from .changes import Step
from .verdict import reason

_END = re.compile(rb"startxref\s+(\d{1,12})\s+%%EOF(\r\n|\n|\r)?")
_PROOFS = frozenset({"store_added", "dates_changed", "version_changed"})

#: What a signature that locks the file forbids, but for document timestamps.
_AFTER_LOCK = frozenset({"signature_added", "field_added"})


@dataclass
class Revision:
    """One revision, or all those before the first signature that cannot be told apart."""

    number: int
    last: int
    size: int
    bare: int
    what: str = "document"
    signed: list = field(default_factory=list)
    changes: list = field(default_factory=list)
    added: list = field(default_factory=list)


def walk(reader, pdf: bytes, found):
    """Follow the revisions of a file.

    :param found: signatures of :mod:`.structure`
    :return: (list of :class:`Revision`, list of reasons)
    """
    made = _made_in(reader.xrefs, found)
    first = min(made, default=reader.xrefs.total_revisions)
    revisions, reasons = _bounds(reader.xrefs, pdf, first)
    for one in revisions:
        for number in range(one.number, one.last + 1):
            one.signed += made.get(number, [])
        if len(one.signed) > 1:
            reasons.append(reason("structure", why="two signatures in one revision"))
        for signature in one.signed:
            one.what = "timestamp" if signature.stamp else "signature"
            if signature.size not in (one.size, one.bare):
                reasons.append(reason("structure", why="signature beyond its revision"))
    reasons += _behind(reader.xrefs, pdf, revisions, first)
    if any(
        xref_bounds.beyond(reader.xrefs, number, max(one.size for one in signed))
        for number, signed in made.items()
    ):
        reasons.append(reason("structure", why="objects out of their revision"))
    if any(xref_bounds.odd(reader, at) for at in range(reader.xrefs.total_revisions)):
        reasons.append(reason("structure", why="odd table"))
    if not reasons:
        reasons += _changed(reader, revisions, first)
    tail = pdf[revisions[-1].size :] if revisions else b""
    if tail:
        blank = len(tail) <= 2 and not tail.strip(b"\r\n")
        reasons.append(reason("line_end_added" if blank else "trailing_data"))
    return revisions, reasons


def _made_in(xrefs, found):
    """Signatures by the revision that wrote them."""
    made = {}
    for one in found:
        ref = one.value_ref or one.field_ref
        if ref is None or not one.size:
            continue
        number = xrefs.get_last_change(ref)
        if one.value_ref and xrefs.get_introducing_revision(ref) != number:
            one.refuse("structure", why="signature written twice")
        made.setdefault(number, []).append(one)
    return made


def _bounds(xrefs, pdf, first):
    ends = {}
    for match in _END.finditer(pdf):
        ends.setdefault(int(match[1]), []).append(
            (match.start(), match.end() - len(match[2] or b""), match.end())
        )
    revisions, reasons, start = [], [], 0
    for number in range(xrefs.total_revisions):
        told = xrefs.get_xref_container_info(number)
        places = [
            place
            for place in ends.get(xrefs.get_startxref_for_revision(number), ())
            if place[0] >= told.end_location - 1
        ]
        if not places:
            # A linearised file has two tables and one end.
            if number >= first or number == xrefs.total_revisions - 1:
                reasons.append(reason("structure", why="revision without end"))
            continue
        _at, bare, size = places[0]
        revisions.append(Revision(start, number, size, bare))
        start = number + 1
    return revisions, reasons


def _behind(xrefs, pdf, revisions, first):
    """After the first signature each revision lies behind the one before, whole."""
    reasons = []
    for before, one in zip(revisions, revisions[1:], strict=False):
        if one.last <= first:
            continue
        if one.size <= before.size or one.number != one.last:
            return [reason("structure", why="revisions out of order")]
        if xref_bounds.stray(xrefs, pdf, one.last, before.bare, one.bare):
            reasons.append(reason("structure", why="objects outside the table"))
        told = xrefs.get_xref_container_info(one.last)
        places = [told.start_location, told.declared_startxref]
        data = xrefs.get_xref_data(one.last)
        places += [place for _generation, place in data.standard_xrefs.values()]
        if any(not before.bare <= place < one.size for place in places):
            reasons.append(reason("structure", why="objects out of their revision"))
        packed = {ref.obj_stream_id for ref in data.xrefs_in_objstm.values()}
        if packed - set(data.standard_xrefs):
            reasons.append(reason("structure", why="objects out of their revision"))
    return reasons


def _changed(reader, revisions, first):
    reasons, locked = [], False
    for one in revisions:
        if one.last > first:
            step = Step(reader, one.last, one.signed)
            one.changes, one.added = step.changes(), step.added
            _classify(one)
            codes = {change["code"] for change in one.changes}
            if locked and one.what != "timestamp" and codes & _AFTER_LOCK:
                one.changes.append(
                    {"code": "after_lock", "page": None, "params": {}, "allowed": False}
                )
            forbidden = [change for change in one.changes if not change["allowed"]]
            if forbidden:
                reasons.append(reason("changed_after_signature", revision=one.last + 1))
        locked = locked or any(locks(signature) for signature in one.signed)
    last = revisions[-1]
    quiet = all(change["allowed"] for change in last.changes)
    if quiet and last.last > first and not last.signed and last.what != "store":
        reasons.append(reason("unsigned_revision"))
    return reasons


def _classify(one):
    codes = {change["code"] for change in one.changes}
    if one.signed:
        return
    if "store_added" in codes and codes <= _PROOFS:
        one.what = "store"
    elif "field_added" in codes and codes <= _PROOFS | {"field_added"}:
        one.what = "fields"
    else:
        one.what = "other"


def locks(one) -> bool:
    """Whether a signature says that nothing may come after it (P = 1)."""
    from .structure import entry

    levels = []
    for told in entry(one.value, "/Reference", ()):
        params = entry(told.get_object(), "/TransformParams", {})
        method = entry(told.get_object(), "/TransformMethod")
        # ISO 32000-2: /P of DocMDP is 2 when it is left out.
        if method == "/DocMDP":
            levels.append(entry(params, "/P", 2))
        elif method == "/FieldMDP" and entry(params, "/Action") == "/All":
            levels.append(entry(params, "/P", 0))
    return 1 in levels


def removed(reader) -> list[dict]:
    """A reason when an earlier revision was signed and the last one shows no signature."""
    from .structure import fields

    for number in range(reader.xrefs.total_revisions - 1):
        root = reader.get_historical_root(number)
        for _name, kind, item, _reference, _widgets in fields(root):
            if kind == "/Sig" and "/V" in item:
                return [reason("signature_removed")]
    return []
