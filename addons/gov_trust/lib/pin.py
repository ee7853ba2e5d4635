"""The PIN of a personal key: which ones are good, and what a key makes of them.

A PIN is never kept. It is stretched (scrypt, RFC 7914) with a salt of its own, and the
key is encrypted under that together with the master key: a stolen database opens
nothing, neither does the server alone.
"""

import os
import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MIN_DIGITS, MAX_DIGITS = 6, 12
#: Cost, block size and parallelism (RFC 7914 §2): 64 MB and about 0.2 s.
COST, BLOCK, PARALLEL = 2**16, 8, 1
#: Upper bound of the cost a stored parameter may ask for.
MAX_COST = 2**20
_PLAIN = re.compile(rf"[0-9]{{{MIN_DIGITS},{MAX_DIGITS}}}")
#: Found first in every published list, and not made by a rule below.
_NOTORIOUS = {"147258", "147258369", "159753", "258456", "789456", "112358", "314159"}


@dataclass(frozen=True)
class Stretch:
    """How a PIN was stretched. Nothing in it is secret."""

    salt: bytes
    cost: int = COST
    block: int = BLOCK
    parallel: int = PARALLEL

    @classmethod
    def new(cls):
        return cls(os.urandom(16))

    @classmethod
    def parse(cls, text: str):
        """Read what :meth:`__str__` wrote; ValueError when it is something else."""
        name, cost, block, parallel, salt = text.split(":")
        told = cls(bytes.fromhex(salt), int(cost), int(block), int(parallel))
        if name != "scrypt" or told.cost > MAX_COST or len(told.salt) < 16:
            raise ValueError("not the parameters of a PIN")
        return told

    def __str__(self):
        return f"scrypt:{self.cost}:{self.block}:{self.parallel}:{self.salt.hex()}"

    def __call__(self, pin: str) -> bytes:
        """Return 32 bytes that cost time and memory to find from the PIN."""
        derived = Scrypt(self.salt, 32, self.cost, self.block, self.parallel)
        return derived.derive(pin.encode(errors="surrogatepass"))


def normal(text) -> str:
    """Western digits of what was typed (٠١٢ and ۰۱۲ are digits too), blanks dropped."""
    kept = "".join(str(text or "").split())
    return "".join(str(unicodedata.decimal(char, char)) for char in kept)


def is_pin(text: str) -> bool:
    """Whether a normal text has the shape of a PIN: 6 to 12 digits."""
    return bool(_PLAIN.fullmatch(text))


def is_weak(pin: str) -> bool:
    """Whether a PIN is among the first that somebody would try."""
    once = re.sub(r"(.)\1+", r"\1", pin)
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    steps_once = {(int(b) - int(a)) % 10 for a, b in pairwise(once)}
    return (
        len(set(pin)) < 3
        or pin in _NOTORIOUS
        or steps in ({1}, {9})
        # 112233
        or steps_once in ({1}, {9})
        # 123123, 121212
        or any(pin == (pin[:size] * len(pin))[: len(pin)] for size in (1, 2, 3))
        # 123321
        or pin == pin[::-1]
    )
