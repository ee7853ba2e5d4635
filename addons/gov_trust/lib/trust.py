"""Whom the platform believes: trust anchors with levels, and paths to them.

A certificate is worth what its anchor is worth: the level (simple, advanced, qualified)
and the uses come from the anchor alone. Anchors are compared by the whole certificate, so
that a famous name with another key leads nowhere. Paths are checked offline
(:mod:`.chains`, RFC 5280 §6), along links whose signatures were verified first. Leaves of
the internal authority, which issues directly, are checked by :mod:`.ca`.
"""

import base64
import datetime
from dataclasses import dataclass, field

from . import algorithms, ca, chains, revocation, usage
from .chains import NotTrusted

SIMPLE, ADVANCED, QUALIFIED = "simple", "advanced", "qualified"
LEVELS = (SIMPLE, ADVANCED, QUALIFIED)
SIGNATURE, SEAL, TIMESTAMP = usage.SIGNATURE, usage.SEAL, usage.TIMESTAMP
USES = (SIGNATURE, SEAL, TIMESTAMP)
#: Certificates between a leaf and its anchor; links tried before giving up.
_DEPTH, _TRIES = 6, 64
#: A hostile file may bring any number of certificates; more are not looked at.
_OTHERS = 64
_INTERNAL_USE = {SIGNATURE: ca.PERSON, SEAL: ca.SEAL}


@dataclass(frozen=True)
class Anchor:
    """One authority to believe.

    :param certificate: DER of its certificate, root or not
    :param level: ``simple``, ``advanced`` or ``qualified``
    :param uses: some of ``signature``, ``seal``, ``timestamp``
    :param name: for people
    :param since: aware datetime from which it is believed; None: always was
    :param until: aware datetime to which it was believed; None: still is
    :param internal: the platform's own authority, with its own strict profile
    """

    certificate: bytes = field(repr=False)
    level: str = SIMPLE
    uses: frozenset = frozenset(USES)
    name: str = ""
    since: datetime.datetime | None = None
    until: datetime.datetime | None = None
    internal: bool = False

    def holds_at(self, moment: datetime.datetime) -> bool:
        """Whether it was trusted at that time (aware datetime)."""
        begun = self.since is None or self.since <= moment
        return begun and (self.until is None or moment <= self.until)


@dataclass(frozen=True)
class Path:
    """How a certificate leads to an anchor.

    :param chain: DER from the certificate itself (first) to the anchor (last)
    :param level: of the anchor
    :param revocation: ``good``, ``unknown`` (no news of the whole chain) or ``revoked``
        (after the moment asked, at :attr:`revoked_at`)
    """

    chain: tuple[bytes, ...] = field(repr=False)
    anchor: Anchor
    level: str
    revocation: str
    revoked_at: datetime.datetime | None = None


@dataclass(frozen=True)
class Store:
    """Everything the platform believes, ready to be asked; never changes.

    :param anchors: tuple of :class:`Anchor`
    :param certificates: DER of intermediates known here
    :param crls: DER of revocation lists known here
    :param policy: :class:`~.algorithms.Policy`
    """

    anchors: tuple[Anchor, ...] = ()
    certificates: tuple[bytes, ...] = field(default=(), repr=False)
    crls: tuple[bytes, ...] = field(default=(), repr=False)
    policy: algorithms.Policy = field(default_factory=algorithms.default, repr=False)

    @classmethod
    def of(cls, roots) -> "Store":
        """Return a store that believes these roots, as the internal authority's own.

        :param roots: DER of roots, or a store (returned as it is)
        """
        if isinstance(roots, cls):
            return roots
        return cls(tuple(Anchor(bytes(der), internal=True) for der in roots))

    @property
    def roots(self) -> list[bytes]:
        """DER of every anchor."""
        return [anchor.certificate for anchor in self.anchors]

    def is_internal(self, certificate: bytes) -> bool:
        """Whether the internal authority issued this certificate (signature checked).

        :param certificate: DER
        """
        leaf = chains.parsed(certificate)
        return any(anchor.internal for anchor in self._over(leaf))

    def level(self, certificate: bytes, others=(), moment=None) -> str | None:
        """Level of a certificate whatever its own dates; None when it leads nowhere.

        :param moment: aware datetime: anchors not trusted then give none
        """
        try:
            leaf = chains.parsed(certificate)
        except NotTrusted:
            return None
        found = [path[-1] for path in self._paths(leaf, others)]
        levels = [one.level for one in found if not moment or one.holds_at(moment)]
        return max(levels, key=LEVELS.index, default=None)

    def path(self, certificate, others, moment, use, *, crls=(), ocsps=()) -> Path:
        """Find the way from a certificate to an anchor, valid at ``moment``.

        :param certificate: DER
        :param others: DER of certificates that came along; they are not believed
        :param moment: aware datetime
        :param use: ``signature`` (of a person), ``seal`` or ``timestamp``
        :param crls: more lists, ``ocsps`` more answers (of a DSS)
        :return: :class:`Path` of the highest level that holds
        :raise NotTrusted: with a code and the reason (RFC 5280 §6)
        """
        leaf = chains.parsed(certificate)
        if certificate in self.roots:
            raise NotTrusted("wrong_usage", "it is the certificate of an authority")
        refusal = NotTrusted("no_anchor", "no authority trusted here issued it")
        paths = sorted(
            self._paths(leaf, others),
            key=lambda path: LEVELS.index(path[-1].level),
            reverse=True,
        )
        for number, path in enumerate(paths):
            try:
                return self._held(path, moment, use, (*self.crls, *crls), ocsps)
            except NotTrusted as error:
                # The first path's reason is told when none holds.
                refusal = error if not number else refusal
        raise refusal

    def to_json(self) -> dict:
        """Plain values, for another process."""
        return {
            "anchors": [
                {
                    "certificate": _text(anchor.certificate),
                    "level": anchor.level,
                    "uses": sorted(anchor.uses),
                    "name": anchor.name,
                    "since": anchor.since and anchor.since.isoformat(),
                    "until": anchor.until and anchor.until.isoformat(),
                    "internal": anchor.internal,
                }
                for anchor in self.anchors
            ],
            "certificates": [_text(der) for der in self.certificates],
            "crls": [_text(der) for der in self.crls],
            "policy": self.policy.to_json(),
        }

    @classmethod
    def from_json(cls, told: dict) -> "Store":
        """Read what :meth:`to_json` wrote."""
        moment = datetime.datetime.fromisoformat
        return cls(
            tuple(
                Anchor(
                    base64.b64decode(one["certificate"]),
                    one["level"],
                    frozenset(one["uses"]),
                    one["name"],
                    one["since"] and moment(one["since"]),
                    one["until"] and moment(one["until"]),
                    one["internal"],
                )
                for one in told["anchors"]
            ),
            tuple(base64.b64decode(der) for der in told["certificates"]),
            tuple(base64.b64decode(der) for der in told["crls"]),
            algorithms.Policy.from_json(told["policy"]),
        )

    # -- finding -------------------------------------------------------
    def _over(self, certificate):
        """Anchors that issued this certificate, their signatures verified."""
        return [
            anchor
            for anchor in self.anchors
            if chains.issued(certificate, chains.parsed(anchor.certificate))
        ]

    def _paths(self, leaf, others):
        """Yield (leaf, intermediate…, anchor) along verified signatures, short first."""
        pool = {}
        for der in (*self.certificates, *tuple(others)[:_OTHERS]):
            try:
                found = chains.parsed(bytes(der))
            except NotTrusted:
                continue
            pool.setdefault(found.subject, {})[bytes(der)] = found
        tries, waiting = _TRIES, [(leaf,)]
        while waiting:
            path = waiting.pop(0)
            for anchor in self._over(path[-1]):
                yield (*path, anchor)
            if len(path) > _DEPTH:
                continue
            for issuer in pool.get(path[-1].issuer, {}).values():
                if not tries:
                    return
                if issuer not in path:
                    tries -= 1
                    if chains.issued(path[-1], issuer):
                        waiting.append((*path, issuer))

    # -- checking ------------------------------------------------------
    def _held(self, path, moment, use, crls, ocsps):
        *certificates, anchor = path
        root = chains.parsed(anchor.certificate)
        if use not in anchor.uses:
            raise NotTrusted(
                "wrong_usage", f"its authority is not trusted here for a {use}"
            )
        if not anchor.holds_at(moment):
            raise NotTrusted(
                "anchor_ended", "its authority was not trusted here at that time"
            )
        for found in (*certificates, root):
            chains.in_time(found, moment)
        self._strong(certificates, root, moment)
        if anchor.internal and use in _INTERNAL_USE and len(certificates) == 1:
            try:
                ca.check(
                    chains.der(certificates[0]),
                    [anchor.certificate],
                    _INTERNAL_USE[use],
                    moment,
                )
            except ca.CertificateRefused as error:
                raise NotTrusted("wrong_usage", str(error)) from error
        else:
            chains.profile(certificates, root, moment)
            try:
                usage.check(certificates[0], use)
            except usage.WrongUsage as error:
                raise NotTrusted("wrong_usage", str(error)) from error
        return self._fresh(certificates, anchor, moment, crls, ocsps)

    def _strong(self, certificates, root, moment):
        try:
            for found in certificates:
                digest = found.signature_hash_algorithm
                self.policy.check_key(found.public_key(), moment)
                if digest is not None:  # Ed25519 has its own
                    self.policy.check_hash(digest.name, moment)
            self.policy.check_key(root.public_key(), moment)
        except algorithms.Weak as error:
            raise NotTrusted("weak", str(error)) from error
        except chains.UNREADABLE as error:
            raise NotTrusted("weak", "its key is of an unknown kind") from error

    def _fresh(self, certificates, anchor, moment, crls, ocsps):
        issuers = [*certificates[1:], chains.parsed(anchor.certificate)]
        later, good = [], True
        for place, (leaf, issuer) in enumerate(zip(certificates, issuers, strict=True)):
            told = revocation.status(leaf, issuer, moment, crls, ocsps, self.policy)
            good &= told.state == revocation.GOOD
            if told.state != revocation.REVOKED:
                continue
            if told.at <= moment:
                raise NotTrusted(
                    "revoked",
                    "the certificate of its authority was revoked"
                    if place
                    else "the certificate was revoked",
                    told.at,
                )
            later.append(told.at)
        state = revocation.GOOD if good else revocation.UNKNOWN
        return Path(
            (*map(chains.der, certificates), anchor.certificate),
            anchor,
            anchor.level,
            revocation.REVOKED if later else state,
            min(later, default=None),
        )


def _text(der):
    return base64.b64encode(der).decode()
