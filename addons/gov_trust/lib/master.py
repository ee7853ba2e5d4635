"""The master key: a file beside the database, never in it.

Every private key is wrapped under it and every verification code is derived from it,
so a stolen database dump opens nothing. The file holds at least 32 random bytes in
hexadecimal and is readable by the server's account alone.

The file is a ring: its first line is in use, the lines below are retired and only open
what was made with them. Blank lines and lines that begin with ``#`` mean nothing.
"""

import configparser
import functools
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MIN_BYTES = 32
ENVIRONMENT = "GOV_TRUST_MASTER_KEY_FILE"
SECTION, OPTION = "gov_trust", "master_key_file"
_SALT = b"maktab gov_trust master key v1"
_EVERYBODY = stat.S_IRWXG | stat.S_IRWXO


class MasterKeyError(Exception):
    """The master key cannot be used; ``code`` says why, the text what to do."""

    code = "master_key"


class MasterKeyMissing(MasterKeyError):
    """No file is configured, or it is not there or not readable."""

    code = "missing"


class MasterKeyInvalid(MasterKeyError):
    """The file is not a master key."""

    code = "invalid"


class MasterKeyExposed(MasterKeyError):
    """Other accounts of the machine can read or change the file."""

    code = "exposed"


class MasterKeyWrong(MasterKeyError):
    """The secret was wrapped under another master key."""

    code = "wrong"


class MasterKey:
    """A loaded master key: derives, and never shows, its secret.

    :ivar tuple retired: the other keys of its ring, newest first
    """

    __slots__ = ("_root", "fingerprint", "retired")

    def __init__(self, secret: bytes, retired: tuple = ()):
        if len(secret) < MIN_BYTES:
            raise MasterKeyInvalid(
                f"The master key is too short: at least {MIN_BYTES} bytes in "
                f"hexadecimal are needed, {len(secret)} were found. Put the right "
                "file back from its backup."
            )
        self._root = secret
        self.fingerprint = self.derive("fingerprint", 16).hex()
        self.retired = retired

    def __repr__(self):
        return f"<MasterKey {self.fingerprint}>"

    @property
    def ring(self) -> tuple["MasterKey", ...]:
        """This key and the retired ones."""
        return (self, *self.retired)

    def member(self, fingerprint: str) -> "MasterKey":
        """Return the key of the ring with this fingerprint.

        :raise MasterKeyWrong: the ring has none
        """
        for found in self.ring:
            if found.fingerprint == fingerprint:
                return found
        raise MasterKeyWrong(
            f"This was encrypted under another master key ({fingerprint}; the one in "
            f"use is {self.fingerprint}). Point {ENVIRONMENT} to the master key of this "
            "database."
        )

    def derive(self, label: str, length: int = 32) -> bytes:
        """Return ``length`` bytes that only this master key gives for ``label``.

        HKDF-SHA256 (RFC 5869) with the label as info.
        """
        return HKDF(
            algorithm=hashes.SHA256(), length=length, salt=_SALT, info=label.encode()
        ).derive(self._root)


_cache: dict[tuple, MasterKey] = {}
_lock = threading.Lock()
_sources: list[Callable[[], str | None]] = []


def configure(path: Callable[[], str | None]) -> None:
    """Say where the file is named when the environment does not name it."""
    _sources[:] = [path]


def in_configuration(path: str | os.PathLike | None) -> str | None:
    """Return the file named in the section ``[gov_trust]`` of odoo.conf, or None.

    A section of our own: Odoo warns at each start of an option it does not know.
    """
    try:
        changed = os.stat(path or "").st_mtime_ns
    except OSError:
        return None
    return _section(str(path), changed)


@functools.lru_cache(maxsize=4)
def _section(path: str, _changed: int) -> str | None:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read(path, encoding="utf-8")
    except (configparser.Error, ValueError):
        return None
    return parser.get(SECTION, OPTION, fallback="").strip() or None


def named() -> str:
    """Return where the master key should be, or an empty text when nothing says it."""
    found = os.environ.get(ENVIRONMENT) or next((name() for name in _sources), None)
    return found or ""


def default() -> MasterKey:
    """Load the master key of this server; see :func:`load` for what it raises."""
    return load(named())


def ring() -> tuple[MasterKey, ...]:
    """Load every key of the file of this server: the one in use, then retired ones."""
    return default().ring


def load(path: str | os.PathLike | None) -> MasterKey:
    """Read the master key file; kept in memory until the file changes.

    :return: the key in use; the retired ones are its ``ring``
    :raise MasterKeyMissing: no path, or no such file
    :raise MasterKeyExposed: mode gives anything to group or others
    :raise MasterKeyInvalid: content is not hexadecimal, or too short
    """
    if not path:
        raise MasterKeyMissing(
            f"No master key is configured. Set {ENVIRONMENT} (or {OPTION} in the section "
            f"[{SECTION}] of odoo.conf) to a file that holds 64 random hexadecimal "
            "characters, readable by the server's account alone."
        )
    file = Path(path)
    try:
        info = file.stat()
        key = (str(file), info.st_ino, info.st_mtime_ns, info.st_size, info.st_mode)
        with _lock:
            if key not in _cache:
                found = _read(file, info)
                _cache.clear()
                _cache[key] = found
            return _cache[key]
    except OSError as error:
        raise MasterKeyMissing(
            f"The master key file {file} cannot be read ({error.strerror}). Put the "
            "file back from its backup: without it nothing can be numbered or sealed."
        ) from error


def _read(file: Path, info: os.stat_result) -> MasterKey:
    if info.st_mode & _EVERYBODY:
        raise MasterKeyExposed(
            f"The master key file {file} is open to other accounts of this machine "
            f"(mode {stat.S_IMODE(info.st_mode):o}). Run: chmod 600 {file}"
        )
    secrets = []
    try:
        for line in file.read_text("ascii").splitlines():
            text = line.strip()
            if text and not text.startswith("#"):
                secrets.append(bytes.fromhex(text))
    except ValueError as error:
        raise MasterKeyInvalid(
            f"{file} is not a master key: it must hold hexadecimal characters only. "
            "Put the right file back from its backup."
        ) from error
    # An empty file is a key that is too short.
    first, *others = dict.fromkeys(secrets or [b""])
    return MasterKey(first, tuple(map(MasterKey, others)))
