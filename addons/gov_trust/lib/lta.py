"""Proof for the long run: PAdES B-T, B-LT and B-LTA, appended to a signed PDF.

B-LT: the security store (:mod:`.dss`) gets the certificates of signers, intermediates and
time-stamp authorities, and what says that they were not revoked. B-LTA: a document
time-stamp (``ETSI.RFC3161``) over all that, in a field that nobody sees; again before its
certificate ends. Every revision is appended; the file begins with what it was.
Source: EN 319 142-1 §5.4 and §6; the level told is the one that is there, never more.
"""

import datetime
from dataclasses import dataclass, field as dataclass_field

from . import algorithms, chains, revocation, trust, tsp
from .lta_append import LtaRefused, add_dss, add_timestamp
from .proofs import FileRefused, Proofs, read

__all__ = [
    "LEVELS",
    "LtaRefused",
    "Reached",
    "add_dss",
    "add_timestamp",
    "expires",
    "extend",
    "level",
    "levels",
    "reach",
]

LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")
#: The outermost time-stamp is renewed in the last tenth of its certificate, and at
#: most this long before.
RENEW = datetime.timedelta(days=90)


@dataclass(frozen=True)
class Reached:
    """How far a file was taken.

    :param level: the lowest of its signatures, as :func:`level` tells it
    :param missing: why it is not more, one sentence each; hostile text may be in them
    :param unavailable: the error of the time-stamp authority, if it was that
    """

    pdf: bytes = dataclass_field(repr=False)
    level: str | None
    missing: tuple[str, ...] = ()
    unavailable: Exception | None = None


def extend(pdf: bytes, store, stamp, level="B-LTA", *, now=None, renew=False) -> bytes:
    """Append what a signed file lacks for a level, as far as it can be had.

    Called again it adds nothing, until the outermost time-stamp must be renewed. An
    authority that does not answer, a revocation list that is not there are no error:
    :func:`reach` tells them, :func:`level` tells what was reached.

    :param store: :class:`~.trust.Store`, or a list of DER roots
    :param stamp: callable(SHA-256 digest) → DER of a token, or None
    :param level: ``B-T``, ``B-LT`` or ``B-LTA``
    :param now: aware datetime
    :param renew: put one more time-stamp over a file that has one
    :return: the whole file; it begins with ``pdf``
    :raise LtaRefused: the file cannot be read, or is not signed
    """
    return reach(pdf, store, stamp, level, now=now, renew=renew).pdf


def reach(pdf: bytes, store, stamp, level="B-LTA", *, now=None, renew=False) -> Reached:
    """As :func:`extend`, and say how far it went and why not further."""
    if level not in LEVELS:
        raise LtaRefused(f"there is no level {level}")
    store, now = _store(store), now or datetime.datetime.now(datetime.UTC)
    file = _open(pdf, store)
    if not file.all:
        raise LtaRefused("the file carries no signature")
    steps, wanted = _Steps(file, store, stamp, now), LEVELS.index(level)
    if wanted == 1 or wanted == 2:
        steps.prove_time()
    if wanted >= 2:
        steps.collect(renew or (wanted == 3 and _due(file, now)))
    if wanted == 3:
        steps.close(renew or _due(file, now))
    return steps.reached()


def level(pdf: bytes, store=None) -> str | None:
    """Level that a file has: the lowest of its signatures, None without any.

    :param store: see :func:`levels`
    :raise LtaRefused: the file cannot be read
    """
    found = levels(pdf, store).values()
    return min(found, key=LEVELS.index, default=None)


def levels(pdf: bytes, store=None, reader=None) -> dict[str, str]:
    """Level of each signature by the name of its field.

    B-T asks for a time-stamp that stands on it (its own, or one over the file), B-LT for
    news on every certificate of signer and time-stamp authority in the security store,
    B-LTA for a document time-stamp over these.

    :param store: :class:`~.trust.Store` or list of DER roots to judge by; None believes
        every time-stamp and every root
    :param reader: pyHanko's, when the file was opened before
    :raise LtaRefused: the file cannot be read
    """
    file = _open(pdf, _store(store), reader)
    return {proof.field: _level(file, proof) for proof in file.signatures}


def expires(pdf: bytes, store=None) -> datetime.datetime | None:
    """When the outermost proof of time ends: its certificate, or its algorithms.

    :return: aware datetime; None when nothing proves a time
    :raise LtaRefused: the file cannot be read
    """
    return _ends(_open(pdf, _store(store)))


class _Steps:
    """The steps of one file towards a level."""

    def __init__(self, file, store, stamp, now):
        self.file, self.store, self.stamp, self.now = file, store, stamp, now
        self.missing, self.error, self.collected = [], None, False

    def prove_time(self):
        """A time for every signature that has none yet."""
        if any(self.file.time(proof) is None for proof in self.file.signatures):
            self._timestamp()

    def collect(self, renew):
        """Certificates and news of every signer and time-stamp authority."""
        file, self.collected = self.file, True
        last = file.all[-1]
        closed = last in file.timestamps and last.size == len(file.pdf)
        # News on the outermost authority come when its time-stamp is renewed.
        if closed and not renew and not any(self._lacking(file.all[:-1])):
            return
        certificates, crls = self._lacking(file.all)
        if certificates or crls:
            self.file = _open(add_dss(file.pdf, certificates, crls), self.store)

    def _lacking(self, proofs):
        """Certificates and lists that the security store lacks for these."""
        file, certificates, crls = self.file, {}, {}
        for certificate, moment in _subjects(file, proofs, self.now):
            if not read(certificate):
                continue
            chain, _whole = file.chain(certificate)
            certificates.update(dict.fromkeys(chain))
            crls.update(dict.fromkeys(self._news(chain, moment)))
        kept = file.kept
        if not crls and not kept.crls and not kept.ocsps:
            # Certificates alone prove nothing more.
            return [], []
        return [der for der in certificates if der not in kept.certificates], [*crls]

    def _news(self, chain, moment):
        """Lists to add for a chain, one for each link that nothing answers yet."""
        kept = self.file.kept
        for leaf, issuer in zip(chain, chain[1:], strict=False):
            link = chains.parsed(leaf), chains.parsed(issuer), moment
            if _answers(link, kept.crls, kept.ocsps):
                continue
            fitting = [crl for crl in self.store.crls if _answers(link, (crl,))]
            if fitting:
                yield max(fitting, key=_made)

    def close(self, renew):
        """A document time-stamp over everything."""
        file = self.file
        last = file.all[-1]
        if renew or last not in file.timestamps or last.size != len(file.pdf):
            self._timestamp()

    def _timestamp(self):
        if self.stamp is None:
            self.missing.append("no time-stamp authority is set up")
            return
        tokens = [len(proof.token.der) for proof in self.file.all if proof.token]
        # Those of one authority are alike; a larger one starts again.
        room = max(tokens) + 512 if tokens else None
        try:
            stamped = add_timestamp(self.file.pdf, self.stamp, room)
        except (tsp.TimestampUnavailable, tsp.TimestampBroken) as error:
            self.error = error
            self.missing.append(str(error))
            return
        self.file = _open(stamped, self.store)

    def reached(self):
        """What there is now."""
        file, missing = self.file, list(self.missing)
        for proof in file.signatures if self.collected else ():
            for certificate, moment in _subjects(file, [proof], self.now):
                for der in file.unanswered(certificate, moment, file.kept):
                    found = read(der)
                    told = found.subject.rfc4514_string() if found else "?"
                    missing.append(f"nothing says whether this was revoked: {told}")
        found = [_level(file, proof) for proof in file.signatures]
        lowest = min(found, key=LEVELS.index, default=None)
        return Reached(file.pdf, lowest, tuple(dict.fromkeys(missing)), self.error)


def _subjects(file, proofs, now):
    """(certificate, moment its news must reach) of signers and authorities."""
    for proof in proofs:
        moment = file.time(proof) or now
        if proof in file.timestamps:
            later = file.over(proof)
            moment = later[0].token.gen_time if later else now
        if proof.certificate:
            yield proof.certificate, moment
        if proof.token and proof.token.certificate != proof.certificate:
            yield proof.token.certificate, moment


def _answers(link, crls, ocsps=()):
    return revocation.status(*link, crls, ocsps).state != revocation.UNKNOWN


def _made(crl):
    from cryptography import x509

    found = x509.load_der_x509_crl(crl)
    return found.last_update_utc, found.next_update_utc


def _level(file, proof):
    moment = file.time(proof)
    if moment is None or not proof.certificate:
        return LEVELS[0] if moment is None else LEVELS[1]
    over = file.over(proof)
    for reached, last in (("B-LTA", over[-1] if over else None), ("B-LT", None)):
        if reached == "B-LTA" and last is None:
            continue
        kept = file.kept_at(last) if last else file.kept
        inner = [one for one in over if one is not last]
        subjects = list(_subjects(file, [proof, *inner], moment))
        if not kept.crls and not kept.ocsps:
            continue
        if not any(file.unanswered(one, at, kept) for one, at in subjects):
            return reached
    return "B-T"


def _ends(file):
    """The last proof of time decides; earlier ones live on under it."""
    proofs = file.timestamps or [proof for proof in file.all if proof.token]
    if not proofs:
        return None
    found = chains.parsed(proofs[-1].token.certificate)
    sunset = (file.store.policy if file.store else algorithms.default()).ends(
        found.public_key()
    )
    ends = [found.not_valid_after_utc]
    if sunset:
        at = datetime.datetime.combine(sunset, datetime.time.min, datetime.UTC)
        ends.append(at)
    return min(ends)


def _due(file, now):
    stamps = file.timestamps
    if not stamps or stamps[-1].size != len(file.pdf):
        return False
    found = chains.parsed(stamps[-1].token.certificate)
    life = found.not_valid_after_utc - found.not_valid_before_utc
    return now >= _ends(file) - min(RENEW, life / 10)


def _store(store):
    return trust.Store.of(store) if isinstance(store, (list, tuple)) else store


def _open(pdf, store, reader=None):
    try:
        return Proofs(pdf, store, reader)
    except FileRefused as error:
        raise LtaRefused(str(error)) from error
