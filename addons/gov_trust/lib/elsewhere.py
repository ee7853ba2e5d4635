"""Signatures made where the key is: prepared here, or on a file that comes back.

Two ways. Prepared: everything is written here but the signature value, which another
program makes over :attr:`Prepared.to_sign`; the file gets our one form. Brought back: the
whole file was signed by another program; it must be the one that was handed out, with
exactly one more signature, in the box that was meant, and nothing else.
"""

import contextlib
import datetime
import re
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from . import (
    acts,
    acts_diff,
    acts_places,
    ca,
    chains,
    cms,
    cms_any,
    held,
    keys,
    pdf_fill,
    trust,
)

_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


class ElsewhereRefused(ValueError):
    """What came back does not do; the text says why.

    :param code: changed, truncated, unsigned, several, wrong_field, unreadable, broken,
        form, no_time, future, past, not_matching, and those of :class:`.chains.NotTrusted`
    """

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Prepared:
    """A file that lacks its signature value alone.

    :param pdf: the whole file, zeros where the value goes
    :param begin: where the value begins, ``end`` where it ends, brackets included
    :param digest: SHA-256 of the file without that place
    :param to_sign: what the signature covers (DER of the signed attributes)
    """

    pdf: bytes = field(repr=False)
    begin: int
    end: int
    digest: bytes
    to_sign: bytes


@dataclass(frozen=True)
class Brought:
    """A signature that came back and holds.

    :param act: :class:`.acts.Act` of the whole file
    :param found: the new signature among those of the act
    """

    act: acts.Act
    found: acts.Found


def prepare(pdf, field_name, certificate, chain, *, appearance=None, words=None):
    """Write everything of a signature but its value.

    :param pdf: a prepared act
    :param certificate: DER of a person's certificate, ``chain`` of its issuers
    :param appearance: one-page PDF drawn in the box
    :param words: :class:`.pdf_fill.Words`
    :return: :class:`Prepared`
    :raise acts.ActRefused: this file cannot be signed
    """
    key = keys.LoadedKey(None, certificate, tuple(chain))
    prepared, digest = acts.prepare_value(
        pdf, field_name, key, appearance=appearance, words=words or pdf_fill.Words()
    )
    begin, end, _length = (int(one) for one in _RANGE.findall(prepared)[-1])
    return Prepared(prepared, begin, end, digest, cms.to_sign(certificate, digest))


def value(certificate: bytes, signature: bytes, to_sign: bytes) -> bytes:
    """The one accepted form of a signature value, once it was found to match.

    :param signature: DER or r‖s (ECDSA), PKCS#1 v1.5 (RSA), over SHA-256
    :raise ElsewhereRefused: not_matching
    """
    public = ca.public_key(certificate)
    for one in (signature, _from_pair(public, signature)):
        try:
            if one and keys.verify(public, one, to_sign):
                return keys.canonical_signature(public, one)
        except (ValueError, TypeError):
            continue
    raise ElsewhereRefused(
        "not_matching", "the signature was not made by the key of the certificate"
    )


def complete(prepared, begin, end, value: bytes) -> bytes:
    """Put the DER of a CMS where it goes.

    :param prepared: file of :class:`Prepared`
    :raise ElsewhereRefused: broken: it does not fit
    """
    room = end - begin - 2
    text = value.hex().upper().encode()
    place = prepared[begin + 1 : end - 1]
    if len(text) > room or place.strip(b"0") or prepared[begin : begin + 1] != b"<":
        raise ElsewhereRefused("broken", "the signature does not fit in its place")
    return prepared[: begin + 1] + text.ljust(room, b"0") + prepared[end - 1 :]


def accept(base, signed, field_name, store, *, now=None, since=None) -> Brought:
    """Check a file that was signed by another program.

    :param base: the file that was handed out
    :param signed: the file that came back
    :param field_name: the box that was meant
    :param store: :class:`.trust.Store`
    :param now: aware datetime; ``since``: no signature claims an earlier time
    :raise ElsewhereRefused: with a code
    """
    now = now or datetime.datetime.now(datetime.UTC)
    reader, place = _new_place(base, signed, field_name)
    if not place["cades"]:
        raise ElsewhereRefused("form", "the signature is not in the form of PAdES")
    certificate, others, claimed, hashes = _value(signed, place)
    if claimed is None:
        raise ElsewhereRefused("no_time", "the signature claims no readable time")
    if claimed > now + held.CLOCKS:
        raise ElsewhereRefused("future", "the signature claims a time to come")
    if since and claimed < since - held.CLOCKS:
        raise ElsewhereRefused("past", "the signature claims a time before the file")
    check_certificate(certificate, others, store, claimed, hashes)
    try:
        found = held.signature(signed, place, store, now)
        act = acts.check(signed, store, now)
        _check_rest(reader, place, len(base))
    except ValueError as error:
        # NotHeld, ActBroken: their text says what was found.
        raise ElsewhereRefused("broken", str(error)) from error
    if not found.timestamp:
        # Nothing proves that it is older than an end of its certificate.
        check_certificate(certificate, others, store, now, hashes)
    (mine,) = (one for one in act.signatures if one.field == field_name)
    return Brought(act, mine)


def check_certificate(certificate, others, store, moment, hashes=("sha256",)):
    """Check that a person may sign with a certificate at ``moment``.

    :return: :class:`.trust.Path`
    :raise ElsewhereRefused: with the codes of :class:`.chains.NotTrusted`
    """
    try:
        path = store.path(certificate, others, moment, trust.SIGNATURE)
        public = chains.parsed(certificate).public_key()
        store.policy.check_key(public, moment, signing=True)
        for name in hashes:
            store.policy.check_hash(name, moment, signing=True)
    except ValueError as error:
        code = error.code if isinstance(error, chains.NotTrusted) else "weak"
        raise ElsewhereRefused(code, str(error)) from error
    return path


def compare(base: bytes, signed: bytes):
    """Check that a file begins as the one handed out, and goes on; nothing is read.

    :raise ElsewhereRefused: changed, truncated, unsigned
    """
    if len(signed) < len(base):
        cut = base.startswith(signed)
        raise ElsewhereRefused(
            "truncated" if cut else "changed", "the file does not begin as it did"
        )
    if not signed.startswith(base):
        raise ElsewhereRefused("changed", "the file does not begin as it did")
    if len(signed) == len(base):
        raise ElsewhereRefused("unsigned", "nobody signed the file")


def _new_place(base, signed, field_name):
    compare(base, signed)
    try:
        reader = acts_places.open_reader(signed)
        places = acts_places.find(signed, reader)
    except acts_places.OutOfPlace as error:
        raise ElsewhereRefused("broken", str(error)) from error
    except Exception as error:
        # pyHanko answers a hostile file with eight unrelated exception classes.
        raise ElsewhereRefused("unreadable", "the file cannot be read") from error
    new = [
        place
        for place in places
        if place["size"] > len(base) and place["kind"] != acts_places.TIMESTAMP
    ]
    if not new:
        raise ElsewhereRefused("unsigned", "nobody signed the file")
    if len(new) > 1:
        raise ElsewhereRefused("several", "the file holds more than one new signature")
    if new[0]["field"] != field_name:
        raise ElsewhereRefused("wrong_field", "another box was signed")
    return reader, new[0]


def _check_rest(reader, place, size):
    """Nothing was changed before the signature either."""
    try:
        acts_diff.check_since(reader, place, size)
    except ValueError:
        raise
    except Exception as error:
        # pyHanko answers a hostile file with eight unrelated exception classes.
        raise acts.ActBroken(f"the file cannot be read: {error}") from error


def _value(signed, place):
    """(certificate, others, claimed time, hashes) of a signature, not believed yet."""
    text = signed[place["begin"] + 1 : place["end"] - 1]
    # Not our form: read as another program's.
    with contextlib.suppress(cms.CmsBroken):
        one = cms.read(text)
        return one.certificate, one.chain, place["claimed_at"], ("sha256",)
    try:
        other = cms_any.read(bytes.fromhex(text.decode()))
    except ValueError as error:
        raise ElsewhereRefused("broken", str(error)) from error
    claimed = place["claimed_at"] or other.signing_time
    hashes = (other.digest_algorithm, other.signature_hash)
    return other.certificate, other.certificates, claimed, hashes


def _from_pair(public, signature):
    """ECDSA as tokens give it (r‖s), in DER; None when it cannot be that."""
    if not isinstance(public, ec.EllipticCurvePublicKey):
        return None
    wide = (public.key_size + 7) // 8
    if len(signature) != 2 * wide:
        return None
    return encode_dss_signature(
        int.from_bytes(signature[:wide], "big"), int.from_bytes(signature[wide:], "big")
    )
