"""Which algorithms count, and until when: data, not code.

The rows of :func:`default` follow ETSI TS 119 312 (cryptographic suites) and the SOG-IS
agreed mechanisms it refers to: SHA-1 never; RSA under 3000 bits is legacy and ends with
2030; no end is foreseen for SHA-2, SHA-3, RSA from 3000 bits and the curves of 256 bits
and more. The platform keeps its own copy of the rows, which a trust officer changes.
"""

import datetime
from dataclasses import asdict, dataclass

from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

HASH, KEY = "hash", "key"
#: Date of an algorithm that never counts.
NEVER = datetime.date(1970, 1, 1)
_LEGACY_RSA = datetime.date(2030, 12, 31)


class Weak(ValueError):
    """An algorithm or a key does not count; the text says why.

    :param code: hash_unknown, hash_ended, key_unknown, key_short, key_ended
    :param params: ``name``, ``bits``, ``until`` (ISO date or None)
    """

    def __init__(self, code, text, **params):
        super().__init__(text)
        self.code = code
        self.params = params


@dataclass(frozen=True)
class Row:
    """One algorithm.

    :param kind: ``hash`` or ``key``
    :param name: ``sha256``…, ``rsa``, ``ed25519``, ``ed448`` or the name of a curve
    :param bits: least size of the key this row is for (0 where it says nothing)
    :param sign_until: last day new signatures may use it; None: no end foreseen
    :param validate_until: a signature made after that day does not count
    """

    kind: str
    name: str
    bits: int = 0
    sign_until: datetime.date | None = None
    validate_until: datetime.date | None = None


@dataclass(frozen=True)
class Policy:
    """Rows, with the name and the version that reports give."""

    rows: tuple[Row, ...]
    name: str = "ETSI TS 119 312"
    version: str = "1"

    def check_hash(self, name: str, moment: datetime.datetime, signing=False):
        """Check that a hash counts at ``moment`` (aware datetime).

        :param name: as ``sha256``, ``sha-256`` or ``SHA2-256``, any case
        :param signing: a new signature, not an old one that is checked
        :raise Weak: hash_unknown, hash_ended
        """
        name = hash_name(name)
        row = next((r for r in self.rows if (r.kind, r.name) == (HASH, name)), None)
        if row is None:
            raise Weak(
                "hash_unknown",
                f"the hash algorithm {name} is not accepted",
                name=name,
                bits=0,
                until=None,
            )
        self._in_time(row, moment, signing, 0)

    def check_key(self, public_key, moment: datetime.datetime, signing=False):
        """Check that a public key counts at ``moment`` (aware datetime).

        :param public_key: of :mod:`cryptography`
        :param signing: a new signature, not an old one that is checked
        :raise Weak: key_unknown, key_short, key_ended
        """
        name, bits = describe_key(public_key)
        rows = [row for row in self.rows if (row.kind, row.name) == (KEY, name)]
        if not rows:
            raise Weak(
                "key_unknown",
                f"keys of the kind {name} are not accepted",
                name=name,
                bits=bits,
                until=None,
            )
        row = self._row_of(rows, bits)
        if row is None:
            raise Weak(
                "key_short",
                f"the key is too short: {name}, {bits} bits",
                name=name,
                bits=bits,
                until=None,
            )
        self._in_time(row, moment, signing, bits)

    def ends(self, public_key) -> datetime.date | None:
        """Last day a signature by this key counts; None: no end foreseen.

        :return: :data:`NEVER` for a key that does not count at all
        """
        name, bits = describe_key(public_key)
        rows = [row for row in self.rows if (row.kind, row.name) == (KEY, name)]
        row = self._row_of(rows, bits)
        return row.validate_until if row else NEVER

    def to_json(self) -> dict:
        """Plain values, for another process and for reports."""
        rows = [
            {
                key: value.isoformat() if isinstance(value, datetime.date) else value
                for key, value in asdict(row).items()
            }
            for row in self.rows
        ]
        return {"name": self.name, "version": self.version, "rows": rows}

    @classmethod
    def from_json(cls, told: dict) -> "Policy":
        """Read what :meth:`to_json` wrote."""
        rows = tuple(
            Row(
                row["kind"],
                row["name"],
                row["bits"],
                _date(row["sign_until"]),
                _date(row["validate_until"]),
            )
            for row in told["rows"]
        )
        return cls(rows, told["name"], told["version"])

    @staticmethod
    def _row_of(rows, bits):
        fit = [row for row in rows if row.bits <= bits]
        return max(fit, key=lambda row: row.bits, default=None)

    @staticmethod
    def _in_time(row, moment, signing, bits):
        until = row.sign_until if signing else row.validate_until
        if until is not None and moment.astimezone(datetime.UTC).date() > until:
            size = f" of {bits} bits" if bits else ""
            since = "" if until == NEVER else f" after {until.isoformat()}"
            raise Weak(
                f"{row.kind}_ended",
                f"{row.name}{size} is not accepted{since}",
                name=row.name,
                bits=bits,
                until=None if until == NEVER else until.isoformat(),
            )


def default() -> Policy:
    """The rows a fresh platform begins with."""
    hashes = ("sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512")
    curves = (
        ("secp256r1", 256),
        ("secp384r1", 384),
        ("secp521r1", 521),
        ("brainpoolP256r1", 256),
        ("brainpoolP384r1", 384),
        ("brainpoolP512r1", 512),
        ("ed25519", 256),
        ("ed448", 448),
    )
    return Policy(
        (
            *(Row(HASH, name) for name in hashes),
            *(Row(HASH, name, 0, NEVER, NEVER) for name in ("md5", "sha1")),
            Row(KEY, "rsa", 2048, _LEGACY_RSA, _LEGACY_RSA),
            Row(KEY, "rsa", 3000),
            *(Row(KEY, name, bits) for name, bits in curves),
        )
    )


def hash_name(text: str) -> str:
    """One spelling of a hash: ``SHA2-256``, ``sha-256`` → ``sha256``."""
    name = text.lower().replace("sha2-", "sha").replace("sha3-", "sha3_")
    return name.replace("sha-", "sha")


def describe_key(public_key) -> tuple[str, int]:
    """Name and size in bits of a public key.

    :return: ``("rsa", 2048)``, ``("secp256r1", 256)``, ``("dsapublickey", 0)``…
    """
    if isinstance(public_key, rsa.RSAPublicKey):
        return "rsa", public_key.key_size
    if isinstance(public_key, ec.EllipticCurvePublicKey):
        return public_key.curve.name, public_key.curve.key_size
    if isinstance(public_key, ed25519.Ed25519PublicKey):
        return "ed25519", 256
    if isinstance(public_key, ed448.Ed448PublicKey):
        return "ed448", 448
    return type(public_key).__name__.lower(), getattr(public_key, "key_size", 0)


def _date(text):
    return datetime.date.fromisoformat(text) if text else None
