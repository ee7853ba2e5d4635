"""Acts: PDFs signed by several persons, one after the other, and closed by a seal.

All boxes exist before the first signature, in one revision; each signature is one more
revision that fills its own box and touches nothing else, so that the file of each signer
is the beginning of the next one's. The seal comes last and locks everything (FieldMDP
All, P=1). Each signature has the profile of :mod:`.pades`; :mod:`.acts_check` reads them.

Boxes are in the page's own coordinates (its origin, before /Rotate), as a PDF has them.
pyHanko writes the PDF; it is imported late, since that costs half a second.
"""

import datetime
import io

from cryptography import x509

from . import acts_base, keys, pdf_fill, pdf_reader, usage
from .acts_check import Act, ActBroken, Found, check
from .acts_form import (
    SEAL,
    SIGNATURE,
    ActRefused,
    Box,
    Field,
    append_fields,
    draw,
    is_signed,
    refuse_form,
    sig_fields,
)
from .tsp import TimestampUnavailable

__all__ = [
    "Act",
    "ActBroken",
    "ActRefused",
    "Box",
    "Field",
    "Found",
    "add_field",
    "check",
    "prepare",
    "prepare_value",
    "sign",
]


def prepare(pdf: bytes, fields, store=None) -> bytes:
    """Append one revision that holds an empty field for each signature to come.

    Signatures that the document came with are kept, when they allow others after them.

    :param pdf: an unencrypted PDF without form
    :param fields: list of :class:`Field`; a seal, if any, comes last
    :param store: :class:`.trust.Store` to judge what the document is signed with
    :return: the whole file; it begins with ``pdf``
    :raise ActRefused: with the reason
    """
    fields = list(fields)
    kinds = [field.kind for field in fields]
    if not fields or SEAL in kinds[:-1] or set(kinds) - {SIGNATURE, SEAL}:
        raise ActRefused("an act has signatures and at most one seal, which comes last")
    with _refusing("prepared"):
        writer = _writer(pdf)
        signed = is_signed(writer, pdf)
        refuse_form(writer, signed)
        if signed:
            acts_base.check(pdf, store)
            if SEAL not in kinds and len(kinds) < 2:
                raise ActRefused("a file that is signed already needs a box for a seal")
        there = sig_fields(writer)
        append_fields(writer, fields, there)
        prepared = _written(writer, pdf)
        _refuse_hollow(prepared)
        if signed:
            acts_base.check_prepared(prepared, [field.name for field in fields])
        return prepared


def add_field(pdf: bytes, field: Field) -> bytes:
    """Append an empty field for a signer who was not foreseen.

    The file is complete again once that field is signed: call :func:`sign` at once.

    :param field: its kind is ``signature``
    :raise ActRefused: the act is closed, the box or the name is taken…
    """
    if field.kind != SIGNATURE:
        raise ActRefused("only a signature can be added; the seal is prepared first")
    with _refusing("prepared"):
        writer = _writer(pdf)
        there = sig_fields(writer)
        if not there:
            raise ActRefused("the file was not prepared for signature")
        _refuse_closed(there)
        append_fields(writer, [field], there)
        return _written(writer, pdf)


def sign(
    pdf: bytes,
    field_name: str,
    key: keys.LoadedKey,
    *,
    appearance: bytes | None,
    reason: str | None = None,
    name: str | None = None,
    location: str | None = None,
    now: datetime.datetime | None = None,
    stamp=None,
    policy=None,
) -> bytes:
    """Append one revision that fills an empty field.

    :param key: a person's for a signature, an administration's for the seal
    :param appearance: one-page PDF drawn in the box, or None to leave it empty
    :param reason: shown by readers; so are ``name`` and ``location``
    :param now: aware datetime of the claimed time (/M)
    :param stamp: callable that gives the DER token for a SHA-256 digest (B-T), or None
    :param policy: :class:`.cms.Policy` that the signature follows, or None
    :return: the whole file; it begins with ``pdf``
    :raise ActRefused: with the reason
    :raise TimestampUnavailable: no authority gave a token
    """
    words = pdf_fill.Words(reason, name, location, now, policy)
    with _refusing("signed"):
        begin, kind = _opened(pdf, field_name, key, appearance)
        signed = pdf_fill.fill(
            begin, field_name, key, words, lock=kind == SEAL, stamp=stamp
        )
        if not signed.startswith(pdf):
            raise ActRefused("the signed file does not begin with the file to sign")
        return signed


def prepare_value(pdf: bytes, field_name: str, key, *, appearance, words):
    """Append the revision of a person's signature without its value.

    :param key: :class:`.keys.LoadedKey`; its private key is not asked for
    :param words: :class:`.pdf_fill.Words`
    :return: (whole file with zeros where the value goes, SHA-256 of what is signed)
    :raise ActRefused: with the reason
    """
    with _refusing("signed"):
        begin, kind = _opened(pdf, field_name, key, appearance)
        if kind == SEAL:
            raise ActRefused("an act is closed by the seal of the administration alone")
        prepared, digest = pdf_fill.prepare(begin, field_name, key, words)
        if not prepared.startswith(pdf):
            raise ActRefused("the signed file does not begin with the file to sign")
        return prepared, digest


def _opened(pdf, field_name, key, appearance):
    """Return (callable that gives a writer with the box drawn, kind of the field)."""
    writers = [_writer(pdf)]
    there = sig_fields(writers[0])
    _refuse_closed(there)
    if field_name not in there:
        raise ActRefused(f"the file has no field {field_name}")
    field = there[field_name].get_object()
    if "/V" in field:
        raise ActRefused(f"the field {field_name} is signed already")
    kind = SEAL if "/Lock" in field else SIGNATURE
    _refuse_key(key, kind)

    def begin():
        writer = writers.pop() if writers else _writer(pdf)
        if appearance:
            field = sig_fields(writer)[field_name].get_object()
            field["/AP"] = draw(writer, field, appearance)
        return writer, None

    return begin, kind


class _refusing:
    """Turn what pyHanko raises on a hostile file (eight classes) into a refusal."""

    def __init__(self, verb):
        self.verb = verb

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, _trace):
        passed = (ActRefused, TimestampUnavailable, keys.KeyUnavailable)
        if isinstance(error, Exception) and not isinstance(error, passed):
            raise ActRefused(f"the file cannot be {self.verb}: {error}") from error
        return False


def _writer(pdf):
    writer = pdf_fill.open_writer(pdf)
    if writer.prev.encrypted:
        raise ActRefused("the file is encrypted")
    if writer.prev.xrefs.hybrid_xrefs_present:
        raise ActRefused("the file has two tables of contents: print it to PDF again")
    return writer


def _written(writer, pdf):
    out = io.BytesIO()
    writer.write(out)
    prepared = out.getvalue()
    if not prepared.startswith(pdf):
        raise ActRefused("the prepared file does not begin with the given one")
    return prepared


def _refuse_hollow(pdf):
    """Refuse references to objects that do not exist: a later revision may fill them."""
    reader = pdf_reader.open_strict(pdf)
    # Follows every reference, as the check of later revisions does.
    last = reader.get_historical_resolver(reader.xrefs.total_revisions - 1)
    last._load_reverse_xref_cache()


def _refuse_closed(there):
    for ref in there.values():
        if "/Lock" in ref.get_object() and "/V" in ref.get_object():
            raise ActRefused("the act is closed by its seal: nothing can be added")


def _refuse_key(key, kind):
    """A person's key signs, an administration's seals; never the other way round."""
    holder = usage.holder_kind(x509.load_der_x509_certificate(key.certificate))
    person = holder == usage.PERSON
    if holder != usage.UNKNOWN and person != (kind == SIGNATURE):
        raise ActRefused(
            "a person cannot close an act: its last field is for the administration's "
            "seal"
            if person
            else "a seal never stands for a person: this field is for a signature"
        )
