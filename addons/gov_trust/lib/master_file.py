"""Changing the master key file: a new first line, or an old line that goes.

A change is one rename: whoever reads meets the old file or the new one, and a server
that runs notices it at the next key it opens. Lines that stay are copied as they are.
"""

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from . import master

NEW_BYTES = 32


def add(path: str | os.PathLike, secret: bytes | None = None) -> master.MasterKey:
    """Put a new key on the first line; the lines that are there stay below it.

    :param secret: the new key, 32 bytes or more; random unless given
    :return: the ring with its new first key
    :raise MasterKeyError: the file is no master key, or the new key is too short
    :raise OSError: the folder cannot be written to
    """
    with _changing(path) as (file, before):
        secret = secret or secrets.token_bytes(NEW_BYTES)
        new = master.MasterKey(secret)
        if new.fingerprint == before.fingerprint:
            return before
        text = file.read_text("ascii")
        # A key that was retired comes first again: one line of it is enough.
        kept = _without(text, new.fingerprint)
        _replace(file, f"{secret.hex()}\n{kept}")
    return master.load(path)


def drop(path: str | os.PathLike, fingerprint: str) -> master.MasterKey:
    """Take a retired key out of the file. What hangs on it is lost.

    :raise ValueError: the key in use, or no key of this file
    :raise MasterKeyError: the file is no master key
    :raise OSError: the folder cannot be written to
    """
    with _changing(path) as (file, before):
        if fingerprint not in {member.fingerprint for member in before.retired}:
            raise ValueError("only a retired key of the file can be dropped")
        _replace(file, _without(file.read_text("ascii"), fingerprint))
    return master.load(path)


def _without(text, fingerprint):
    return "".join(
        f"{line}\n"
        for line in text.splitlines()
        if not line.strip()
        or line.strip().startswith("#")
        or master.MasterKey(bytes.fromhex(line.strip())).fingerprint != fingerprint
    )


@contextlib.contextmanager
def _changing(path) -> Iterator[tuple[Path, master.MasterKey]]:
    """Yield (the file, what it holds now) while nobody else changes it."""
    before = master.load(path)
    # The name may be a link: the file it leads to is replaced, not the link.
    file = Path(path).resolve()
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        before = master.load(path)
        yield file, before
        os.fsync(folder)
    finally:
        os.close(folder)


def _replace(file, text):
    draft = file.with_name(f".{file.name}.new")
    owner = file.stat()
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(text)
            out.flush()
            if os.geteuid() == 0:
                # An administrator who runs this as root does not lock Odoo out.
                os.fchown(out.fileno(), owner.st_uid, owner.st_gid)
            os.fsync(out.fileno())
        os.replace(draft, file)
    finally:
        draft.unlink(missing_ok=True)
