"""Codes for people: Crockford base32, derived from the master key, stored hashed.

A code is never stored: it is computed again from the master key and a reference when
it has to be printed, and recognised by its SHA-256.
"""

import hashlib
import hmac
import re

from . import master as master_lib

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP = 4
BITS = 5
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
# Spaces of any kind, dashes of any kind, direction marks and joiners.
_IGNORED = re.compile(
    r"[\s\-_.\u00ad\u061c\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
# Arabic-Indic and Persian digits mean the same digits.
_DIGITS = {0x660 + value: str(value) for value in range(10)} | {
    0x6F0 + value: str(value) for value in range(10)
}


def derive(label: str, ref: str, chars: int, master=None) -> str:
    """Return the code of ``ref``: ``chars`` × 5 bits of HMAC-SHA256.

    :param label: family of codes, so that two families never give the same code
    :param ref: reference that is unique in the family
    :param chars: at most 51
    :param MasterKey master: the server's own unless given
    :raise MasterKeyError: the master key cannot be used
    """
    if not 0 < chars * BITS <= hashlib.sha256().digest_size * 8:
        raise ValueError("a code has between 1 and 51 characters")
    key = (master or master_lib.default()).derive(f"code {label}")
    digest = hmac.digest(key, ref.encode(), hashlib.sha256)
    number = int.from_bytes(digest, "big") >> (len(digest) * 8 - chars * BITS)
    return "".join(
        ALPHABET[number >> BITS * place & 31] for place in reversed(range(chars))
    )


def again(label: str, ref: str, chars: int, known: str, master=None) -> str:
    """Return the code of ``ref`` that was made before, under any key of the ring.

    :param str known: :func:`digest` of the code
    :raise MasterKeyError: the master key cannot be used, or did not make this code
    """
    for member in (master or master_lib.default()).ring:
        code = derive(label, ref, chars, member)
        if hmac.compare_digest(digest(code), known):
            return code
    raise master_lib.MasterKeyWrong(
        "This code was made under another master key. Put back the master key of this "
        "database."
    )


def normalise(text: str) -> str:
    """Return what a person meant: capitals, no spaces or dashes, O→0, I and L→1."""
    kept = _IGNORED.sub("", text).translate(_DIGITS)
    return kept.upper().translate(_LOOKALIKES)


def is_code(text: str, chars: int) -> bool:
    """Tell whether a normalised text can be a code of that length."""
    return len(text) == chars and not set(text) - set(ALPHABET)


def digest(code: str) -> str:
    """SHA-256 of a normalised code, hexadecimal: what is stored and looked up."""
    return hashlib.sha256(normalise(code).encode()).hexdigest()


def grouped(code: str) -> str:
    """``XXXXXXXXXXXXXXXX`` → ``XXXX-XXXX-XXXX-XXXX``."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
