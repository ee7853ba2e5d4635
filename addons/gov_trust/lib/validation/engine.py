"""Judges one file: our own structural judge, pyHanko's, and our profile for what is ours.

The worst verdict wins. Nothing here limits time or memory: hostile files go through
:mod:`.service`.
"""

import datetime
import hashlib
import importlib
import io
import json
import logging
import os

from . import boxes, certs, cms_form, limits, prepared, revisions, stores, structure
from .verdict import INDICATION, answer, of, reason, sub_indication, unreadable, worst

_logger = logging.getLogger(__name__)
#: Where the end of a file must be found.
_TAIL = 4096
_HEAVY = (
    *("pyhanko.pdf_utils.reader", "pyhanko.sign.validation.ades", "pypdfium2"),
    *("pyhanko.sign.validation.report.tools", "lxml.etree", "PIL.Image"),
    *("pyhanko.sign.validation.pdf_embedded", "xsdata.formats.dataclass.serializers"),
)


class Refused(ValueError):
    """The file is not judged further; ``code`` says why."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code, self.params = code, params


def run(pdf: bytes, store, *, now: datetime.datetime | None = None) -> dict:
    """Judge every signature of a PDF, and the file as a whole.

    :param pdf: whole file, any bytes
    :param store: :class:`~..trust.Store`, or list of DER of roots that are our own
    :param now: aware datetime of the validation
    :return: plain values, see :func:`.verdict.answer`; never raises on what a file holds
    """
    now = (now or datetime.datetime.now(datetime.UTC)).astimezone(datetime.UTC)
    try:
        return _run(pdf, _store(store), now)
    except Refused as refused:
        return unreadable(pdf, refused.code, **refused.params)
    except structure.TooMany:
        return unreadable(pdf, "too_many_signatures", most=limits.MAX_SIGNATURES)
    except OverflowError as error:
        code = "too_many_pages" if "pages" in str(error) else "too_many_objects"
        return unreadable(pdf, code, most=getattr(limits, code.upper()[4:], ""))
    except RecursionError:
        return unreadable(pdf, "too_complex")
    except MemoryError:
        raise
    except Exception as error:
        _logger.info("a file could not be judged: %s", type(error).__name__)
        _logger.debug("where it broke", exc_info=True)
        return unreadable(pdf, "unreadable", why=type(error).__name__)


def run_descriptors(file: int, told: int) -> bytes:
    """The same in a child of :mod:`.worker`: file and rules come as descriptors.

    :param told: JSON of ``{"store": Store.to_json(), "now": ISO text or null}``
    :return: the answer as JSON
    """
    from .. import trust

    rules = json.loads(_all(told))
    now = rules["now"] and datetime.datetime.fromisoformat(rules["now"])
    told = run(_all(file), trust.Store.from_json(rules["store"]), now=now)
    return json.dumps(told).encode()


def preload():
    """Import what judging needs, which takes most of a second."""
    for name in _HEAVY:
        importlib.import_module(name)


def _all(descriptor):
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0)


def _store(store):
    from .. import trust

    return trust.Store.of(store)


def _run(pdf, store, now):
    reader = _open(pdf)
    found = structure.signatures(reader, pdf)
    pages = int(reader.root["/Pages"]["/Count"])
    common = {
        "size": len(pdf),
        "sha256": hashlib.sha256(pdf).hexdigest(),
        "pages": pages,
    }
    if not found:
        astray = structure.together(found, pdf) + revisions.removed(reader)
        return answer(astray or [reason("not_signed")], **common)
    reasons = structure.together(found, pdf)
    walked, more = revisions.walk(reader, pdf, found)
    reasons += more
    held = not more and not reasons
    if held:
        reasons += boxes.check(pdf, walked, found)
        bags = [one.content["data"] for one in found if one.content]
        reasons += stores.check(reader, walked, store, bags)
    preparation, notes = prepared.look(reader)
    reasons += preparation
    told, xml = _signatures(reader, found, store, now)
    reasons += _ours(pdf, found, store, now)
    _tell_levels(pdf, told, store)
    every = [*reasons, *(item for one in told for item in one["reasons"])]
    made = answer(every, **common)
    made["reasons"] = _unique(every)
    made["notes"] = notes
    made["verdict"] = verdict = worst(of(every), of(reasons))
    made["indication"] = INDICATION[verdict]
    made["signatures"] = told
    made["revisions"] = _told_revisions(walked, told)
    made["etsi_xml"] = xml
    return made


def _open(pdf):
    from pyhanko.pdf_utils.reader import PdfFileReader

    if not pdf:
        raise Refused("empty_file")
    if len(pdf) > limits.MAX_SIZE:
        raise Refused("too_large", most=limits.MAX_SIZE // limits.MB)
    if b"%PDF-" not in pdf[:1024]:
        raise Refused("not_pdf")
    if b"startxref" not in pdf[-_TAIL:]:
        # Readers look for the end from behind, byte by byte.
        raise Refused("unreadable", why="no end")
    if pdf.count(b"startxref") > limits.MAX_REVISIONS:
        raise Refused("too_many_revisions", most=limits.MAX_REVISIONS)
    if pdf.count(b" obj") > limits.MAX_OBJECTS:
        raise Refused("too_many_objects", most=limits.MAX_OBJECTS)
    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    if reader.xrefs.total_revisions > limits.MAX_REVISIONS:
        raise Refused("too_many_revisions", most=limits.MAX_REVISIONS)
    if "/Encrypt" in reader.trailer or reader.encrypted:
        raise Refused("encrypted")
    if reader.xrefs.hybrid_xrefs_present:
        raise Refused("hybrid")
    if int(reader.root["/Pages"]["/Count"]) > limits.MAX_PAGES:
        raise Refused("too_many_pages", most=limits.MAX_PAGES)
    return reader


def _signatures(reader, found, store, now):
    """Each signature judged twice; document timestamps first, the last one before."""
    from .ades import Judge

    judge, told = Judge(reader, store, now), {}
    order = [one for one in reversed(found) if one.stamp]
    order += [one for one in found if not one.stamp]
    for one in order:
        told[id(one)] = _signature(judge, one, store, now)
    return [told[id(one)] for one in found], judge.xml()


def _signature(judge, one, store, now):
    certificate = certs.signer(one.content["data"]) if one.content else None
    told = {
        "field": one.name[:200],
        "kind": certs.kind(certificate, one.stamp),
        **certs.describe(certificate),
        "trust": None,
        "format": one.subfilter.lstrip("/")[:40],
        "claimed_at": None,
        "best_time": None,
        "timestamps": [],
        "size": one.size,
    }
    reasons = list(one.reasons)
    if one.content and not reasons:
        try:
            asked = judge.ask(one)
        except Exception as error:
            _logger.debug("where a signature broke", exc_info=True)
            asked = {
                "reasons": [reason("signature_unreadable", why=type(error).__name__)]
            }
        reasons += asked["reasons"]
        for key in ("claimed_at", "best_time", "timestamps"):
            told[key] = asked.get(key) or told[key]
        reasons += _trusted(one, told, asked, certificate, store, now)
    elif not reasons:
        reasons.append(reason("signature_broken", why="CMS"))
    verdict = of(reasons)
    told["reasons"] = _unique(reasons)
    told["indication"] = INDICATION[verdict]
    told["sub_indication"] = sub_indication(reasons)
    return _plain(told)


def _trusted(one, told, asked, certificate, store, now):
    """What our own trust store says of a signature that pyHanko accepts."""
    from ..trust import NotTrusted

    reasons = []
    if certificate is None:
        return [reason("etsi_no_signing_certificate_found")]
    data = one.content["data"]
    known = [*store.roots, *store.certificates]
    bags = [data, *certs.stamps(one)]
    if any(certs.astray(bag, known) for bag in bags):
        reasons.append(reason("certificate_astray"))
    if not all(cms_form.usual(bag) for bag in bags):
        reasons.append(reason("cms_unusual"))
    use = {"seal": "seal", "timestamp": "timestamp"}.get(told["kind"], "signature")
    told["trust"] = store.level(certificate, certs.bag(data))
    if told["trust"] is None:
        return [*reasons, reason("no_anchor", name=told["name"])]
    if told["claimed_at"] and told["claimed_at"] > now + datetime.timedelta(minutes=5):
        reasons.append(reason("time_to_come"))
    if not asked.get("passed"):
        return reasons
    moment = told["best_time"] or now
    try:
        store.path(certificate, certs.bag(data), moment, use)
    except NotTrusted as error:
        code = {"revoked": "certificate_revoked"}.get(error.code, error.code)
        reasons.append(reason(code, name=told["name"]))
    return reasons


def _ours(pdf, found, store, now):
    """A signature under our own authority must have our own form, all of it."""
    from . import profile

    internal = [
        one
        for one in found
        if one.content
        and not one.stamp
        and (certificate := certs.signer(one.content["data"]))
        and store.is_internal(certificate)
    ]
    return profile.check(pdf, store, now) if internal else []


def _tell_levels(pdf, told, store):
    """Add to each signature how far its proof of time goes: B-B to B-LTA, or nothing."""
    from .. import lta

    try:
        levels = lta.levels(pdf, store)
    except lta.LtaRefused:
        levels = {}
    for one in told:
        one["level"] = levels.get(one["field"])


def _told_revisions(walked, told):
    names = {one["size"]: one["name"] for one in told}
    return [
        {
            "number": place,
            "size": one.size,
            "what": one.what,
            "by": names.get(one.size) or names.get(one.bare) if one.signed else None,
            "changes": one.changes,
        }
        for place, one in enumerate(walked, 1)
    ]


def _unique(reasons):
    kept = []
    for one in reasons:
        if one not in kept:
            kept.append(one)
    return kept


def _plain(told):
    """Times as text, so that the answer travels as JSON."""
    for key in ("claimed_at", "best_time"):
        told[key] = told[key].isoformat() if told[key] else None
    told["timestamps"] = [
        {**stamp, "at": stamp["at"].isoformat()} for stamp in told["timestamps"]
    ]
    return told
