"""One signature of a PDF: its value, its certificate, its time-stamp.

Certificates of the internal authority have our one form of CMS (:mod:`.cms`), to the last
byte. Those of other anchors may also have been used by another program
(:mod:`.cms_any`). Whom to believe is asked of a :class:`.trust.Store`.
"""

import datetime
import hashlib
from dataclasses import dataclass, field

from . import ca, chains, cms, cms_any, keys, tsp
from .acts_form import SEAL, SIGNATURE
from .chains import NotTrusted

HERE, ELSEWHERE = "here", "elsewhere"
#: Trust of a signature whose certificate leads to no anchor.
UNKNOWN = "unknown"
#: Clocks of several servers differ a little.
CLOCKS = datetime.timedelta(minutes=5)


class NotHeld(ValueError):
    """A signature does not hold; the text says what was found."""


@dataclass(frozen=True)
class Found:
    """One signature that holds.

    :param field: name of its field
    :param kind: ``signature`` (a person's) or ``seal``
    :param subject: distinguished name on the certificate
    :param name: common name on the certificate
    :param claimed_at: aware datetime that the signer claims
    :param size: the first ``size`` bytes are the file as it was signed
    :param trust: ``simple``, ``advanced``, ``qualified``, or ``unknown``: no anchor
    :param level: ``B-B``, ``B-T``, ``B-LT`` or ``B-LTA``
    :param timestamp: :class:`.tsp.Token` over the signature, of a trusted authority
    :param made_by: ``here`` (our one form) or ``elsewhere``
    :param certificate: DER
    :param came_with: the document came with it, before it was prepared here
    """

    field: str
    kind: str
    subject: str
    name: str
    issuer: str
    serial: str
    certificate_sha256: str
    claimed_at: datetime.datetime
    size: int
    trust: str = "simple"
    level: str = "B-B"
    timestamp: tsp.Token | None = field(default=None, repr=False)
    made_by: str = HERE
    certificate: bytes = field(default=b"", repr=False)
    came_with: bool = False

    @property
    def best_time(self) -> datetime.datetime:
        """Time proven by the time-stamp; without one, the time claimed."""
        return self.timestamp.gen_time if self.timestamp else self.claimed_at


@dataclass(frozen=True)
class Stamp:
    """A document time-stamp that holds.

    :param trust: level of the anchor of its authority, or ``unknown``
    :param size: it proves that the first ``size`` bytes existed
    """

    field: str
    size: int
    token: tsp.Token = field(repr=False)
    trust: str = UNKNOWN


def signature(pdf, place, store, now, lenient=False) -> Found:
    """Check one signature.

    :param place: dict of :mod:`.acts_places`: ``begin``, ``end``, ``size`` …
    :param store: :class:`.trust.Store`
    :param now: aware datetime; nothing may claim a later time
    :param lenient: whatever is wrong with the certificate, its trust is ``unknown``
    :return: :class:`Found`; ``trust`` is ``unknown`` for a certificate without anchor
    :raise NotHeld: forged, changed, revoked…
    """
    told = _value(pdf, place, store)
    # One that carries no time of its own (other programs) gets none.
    claimed = place["claimed_at"] or told["signing_time"]
    if claimed is None:
        raise NotHeld("a signature claims no readable time")
    token = _signature_token(told["timestamps"], told["signature"], store)
    _refuse_future(claimed, now, "a signature claims a time that has not come yet")
    if token:
        _refuse_future(token.gen_time, now, "a time-stamp says a time to come")
        if claimed > token.gen_time + CLOCKS:
            raise NotHeld("a signature claims a time after its own time-stamp")
    use = SEAL if place["kind"] == SEAL else SIGNATURE
    moment = token.gen_time if token else claimed
    trust = UNKNOWN
    try:
        path = store.path(
            told["certificate"],
            told["others"],
            moment,
            use,
            crls=told["crls"],
            ocsps=told["ocsps"],
        )
    except NotTrusted as error:
        if error.code != "no_anchor" and not lenient:
            raise NotHeld(str(error)) from error
    else:
        _check_form(told, path)
        trust = path.level
    for name in told["hashes"]:
        try:
            store.policy.check_hash(name, moment)
        except ValueError as error:
            raise NotHeld(str(error)) from error
    return _found(told, place, claimed, token, trust)


def timestamp(pdf, place, store, now) -> Stamp:
    """Check one document time-stamp (ISO 32000-2 §12.8.5).

    :raise NotHeld: not over this file, or broken
    """
    raw = _contents(pdf, place)
    try:
        token = tsp.read_token(raw[: cms_any.end_of(raw)])
        covered = hashlib.new(token.hash_name)
    except ValueError as error:
        raise NotHeld(f"a document time-stamp does not hold: {error}") from error
    for part in _covered(pdf, place):
        covered.update(part)
    if covered.digest() != token.imprint:
        raise NotHeld("the file was changed after it was time-stamped")
    _refuse_future(token.gen_time, now, "a time-stamp says a time to come")
    try:
        trust = tsp.check_token(token, store).level
    except tsp.TimestampBroken:
        # No forgery: its authority is not known here, so that it proves nothing.
        trust = UNKNOWN
    return Stamp(place["field"], place["size"], token, trust)


def _refuse_future(moment, now, text):
    if moment > now + CLOCKS:
        raise NotHeld(text)


def _covered(pdf, place):
    whole = memoryview(pdf)
    return whole[: place["begin"]], whole[place["end"] : place["size"]]


def _contents(pdf, place):
    return bytes.fromhex(pdf[place["begin"] + 1 : place["end"] - 1].decode())


def _value(pdf, place, store):
    """What the signature value says, once it was found to match file and key."""
    try:
        one = cms.read(pdf[place["begin"] + 1 : place["end"] - 1])
    except cms.CmsBroken as error:
        return _value_elsewhere(pdf, place, store, error)
    covered = hashlib.sha256()
    for part in _covered(pdf, place):
        covered.update(part)
    if covered.digest() != one.digest:
        raise NotHeld("the file was changed after it was signed")
    signed = cms.to_sign(one.certificate, one.digest, one.policy)
    if not keys.verify(ca.public_key(one.certificate), one.signature, signed):
        raise NotHeld("a signature does not match")
    return {
        "certificate": one.certificate,
        "others": one.chain,
        "signature": one.signature,
        "timestamps": (one.timestamp,) if one.timestamp else (),
        "signing_time": None,
        "crls": (),
        "ocsps": (),
        "made_by": HERE,
        "hashes": ("sha256",),
    }


def _value_elsewhere(pdf, place, store, why):
    try:
        other = cms_any.read(_contents(pdf, place))
        if store.is_internal(other.certificate):
            # What we issue signs in one form, which we write ourselves.
            raise NotHeld(str(why)) from why
        if cms_any.digest_of(other, *_covered(pdf, place)) != other.digest:
            raise NotHeld("the file was changed after it was signed")
        cms_any.verify(other)
    except (cms_any.OtherBroken, NotTrusted) as error:
        raise NotHeld(str(error)) from error
    if place["cades"] and not other.signing_certificate_ok:
        raise NotHeld("a signature does not say which certificate made it")
    return {
        "certificate": other.certificate,
        "others": other.certificates,
        "signature": other.signature,
        "timestamps": other.timestamps,
        "signing_time": other.signing_time,
        "crls": other.crls,
        "ocsps": other.ocsps,
        "made_by": ELSEWHERE,
        "hashes": (other.digest_algorithm, other.signature_hash),
    }


def _check_form(told, path):
    """What is written must be of our form, or of an authority that is not ours."""
    if path.anchor.internal and told["made_by"] != HERE:
        raise NotHeld("a certificate of the platform signs in one form only")
    if told["made_by"] == HERE:
        # Certificates beside the signer's are not signed: each must be a real one.
        issuers = [chains.parsed(der) for der in path.chain[1:]]
        for der in told["others"]:
            leaf = chains.parsed(der)
            if not any(chains.issued(leaf, issuer) for issuer in issuers):
                raise NotHeld("a certificate beside the signer's was changed")


def _signature_token(timestamps, value, store):
    """The earliest time-stamp over a signature that is believed; None without any."""
    believed = []
    for der in timestamps:
        try:
            token = tsp.read_token(der)
            tsp.check_data(token, value)
        except tsp.TimestampBroken as error:
            if error.code == "weak":
                continue
            raise NotHeld(f"a time-stamp does not hold: {error}") from error
        try:
            tsp.check_token(token, store)
        except tsp.TimestampBroken:
            # No forgery: its authority is not known here, so that it proves nothing.
            continue
        believed.append(token)
    return min(believed, key=lambda token: token.gen_time, default=None)


def _found(told, place, claimed, token, trust):
    certificate = told["certificate"]
    try:
        about = ca.describe(certificate)
        name = ca.common_name(certificate)
    except (ValueError, TypeError) as error:
        raise NotHeld("the certificate cannot be read") from error
    return Found(
        field=place["field"],
        kind=place["kind"],
        subject=about["subject"],
        name=name,
        issuer=about["issuer"],
        serial=about["serial"],
        certificate_sha256=about["sha256"],
        claimed_at=claimed,
        size=place["size"],
        trust=trust,
        level="B-T" if token else "B-B",
        timestamp=token,
        made_by=told["made_by"],
        certificate=certificate,
    )
