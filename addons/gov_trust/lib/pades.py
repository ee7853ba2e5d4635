"""The seal: PAdES B-B or B-T over a whole PDF, and its strict check.

One profile, written (:mod:`.pdf_fill`) and read (:mod:`.held`) by the same code as acts:
one signature, ``ETSI.CAdES.detached``, SHA-256, in a CMS that can be written in one way
only (:mod:`.cms`), so no byte of the file can change unseen: not the padding, not the
case of a hexadecimal digit, not an unsigned field.

Sources: EN 319 142-1 (PAdES baseline), EN 319 122-1 (attributes), RFC 5652, RFC 5035.
pyHanko writes and reads the PDF; it is imported late, since that costs half a second.
"""

import datetime
from dataclasses import dataclass

from . import acts_diff, acts_places, held, keys, pdf_fill, tsp
from .acts_form import SEAL
from .acts_places import SUBFILTER
from .trust import Store

FIELD = "Seal"


class SealBroken(ValueError):
    """The seal does not hold; the text says what was found."""


class NotSealed(ValueError):
    """The file carries no seal of this kind."""


@dataclass(frozen=True)
class Seal:
    """A seal that holds."""

    subject: str
    issuer: str
    serial: str
    certificate_sha256: str
    claimed_at: datetime.datetime
    field_name: str
    timestamp: tsp.Token | None = None


def seal(
    pdf: bytes,
    key: keys.LoadedKey,
    *,
    field_name=FIELD,
    reason=None,
    now=None,
    stamp=None,
) -> bytes:
    """Append a sealed revision to ``pdf`` and return the whole file.

    The field is invisible and locks every field; no later change is allowed
    (FieldMDP All, P=1).

    :param pdf: an unsigned, unencrypted PDF
    :param key: loaded key with its certificate
    :param str reason: printed by readers beside the seal
    :param now: aware datetime of the claimed time (/M)
    :param stamp: callable that gives the DER token for a SHA-256 digest (B-T), or None
    :raise SealBroken: the file cannot be sealed
    :raise TimestampUnavailable: no authority gave a token
    """
    from pyhanko.sign import fields

    def begin():
        writer = pdf_fill.open_writer(pdf)
        if any(True for _ in fields.enumerate_sig_fields(writer)):
            raise SealBroken("the file already has a signature field")
        return writer, fields.SigFieldSpec(
            field_name,
            field_mdp_spec=fields.FieldMDPSpec(fields.FieldMDPAction.ALL),
            doc_mdp_update_value=fields.MDPPerm.NO_CHANGES,
        )

    words = pdf_fill.Words(reason=reason, now=now)
    try:
        sealed = pdf_fill.fill(begin, field_name, key, words, lock=True, stamp=stamp)
    except (SealBroken, keys.KeyUnavailable, tsp.TimestampUnavailable):
        raise
    except Exception as error:
        # pyHanko answers a hostile file with eight unrelated exception classes.
        raise SealBroken(f"the file cannot be sealed: {error}") from error
    if not sealed.startswith(pdf):
        raise SealBroken("the sealed file does not begin with the file to seal")
    return sealed


def check(pdf: bytes, store, now=None) -> Seal:
    """Check a seal strictly.

    :param pdf: whole file
    :param store: :class:`.trust.Store`, or DER of the roots of the only authorities to
        trust
    :param now: aware datetime; the claimed time may not be later
    :raise NotSealed: no signature at all
    :raise SealBroken: anything else than one seal over every byte of the file, with its
        proofs in time after it
    """
    now = now or datetime.datetime.now(datetime.UTC)
    if b"/ByteRange" not in pdf and SUBFILTER.encode() not in pdf:
        raise NotSealed("the file carries no seal")
    try:
        reader = acts_places.open_reader(pdf)
        places = acts_places.find(pdf, reader)
        place, *stamps = places
        others = any(one["kind"] != acts_places.TIMESTAMP for one in stamps)
        if others or len(acts_diff.fields_of(reader)) != len(places):
            raise SealBroken("the file must carry one seal")
        if place["kind"] != SEAL or not place["ours"]:
            raise SealBroken("the signature is of another kind")
        store = Store.of(store)
        found = held.signature(pdf, place, store, now)
        if found.trust == held.UNKNOWN:
            raise SealBroken("no trusted authority issued the certificate")
        for one in stamps:
            held.timestamp(pdf, one, store, now)
        acts_diff.check(reader, pdf, places)
    except SealBroken:
        raise
    except Exception as error:
        # pyHanko answers a hostile file with eight unrelated exception classes.
        raise SealBroken(f"the seal does not hold: {error}") from error
    return Seal(
        subject=found.subject,
        issuer=found.issuer,
        serial=found.serial,
        certificate_sha256=found.certificate_sha256,
        claimed_at=found.claimed_at,
        field_name=found.field,
        timestamp=found.timestamp,
    )
