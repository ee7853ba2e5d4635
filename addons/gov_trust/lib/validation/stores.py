"""Stores of validation data (DSS) that no timestamp covers: each piece must prove itself.

Whoever holds a file may append one. What is in it is signed by authorities, so a store
holds when it brings nothing else: certificates somebody there or here issued, lists and
answers somebody there or here signed.
"""

from . import certs
from .structure import entry
from .verdict import reason


def check(reader, walked, store, bags) -> list[dict]:
    """Reasons about stores that come after the last signature.

    :param walked: revisions of :mod:`.revisions`
    :param store: :class:`~..trust.Store`
    :param bags: SignedData of every signature, whose certificates help
    """
    signed = [place for place, one in enumerate(walked) if one.signed]
    last = signed[-1] if signed else -1
    if not any(one.what == "store" for one in walked[last + 1 :]):
        return []
    try:
        held = _holds(entry(reader.root, "/DSS"), store, bags)
    except Exception:  # noqa: BLE001 a hostile store breaks in any way
        held = False
    return [] if held else [reason("store_unproven")]


def _holds(found, store, bags):
    told = {
        key: [ref.get_object().data for ref in entry(found, key) or ()]
        for key in ("/Certs", "/CRLs", "/OCSPs")
    }
    if not told["/CRLs"] and not told["/OCSPs"]:
        return False
    brought = [der for bag in bags for der in certs.bag(bag)]
    known = [*store.roots, *store.certificates, *brought, *told["/Certs"]]
    return (
        all(certs.issued_by(der, known) for der in told["/Certs"])
        and all(certs.list_signed_by(der, known) for der in told["/CRLs"])
        and all(certs.answer_signed_by(der, known) for der in told["/OCSPs"])
        and _same_pieces(found, told)
    )


def _same_pieces(found, told):
    """The parts for one signature (VRI) name pieces of the store, and nothing else."""
    pieces = {data for part in told.values() for data in part}
    for mark in entry(found, "/VRI") or ():
        part = entry(found["/VRI"], mark)
        if set(part) - {"/Type", "/Cert", "/CRL", "/OCSP", "/TU", "/TS"}:
            return False
        for key in ("/Cert", "/CRL", "/OCSP"):
            for ref in entry(part, key) or ():
                if ref.get_object().data not in pieces:
                    return False
    return True
