"""The master key: made with a new cluster, never replaced behind sealed data."""

from __future__ import annotations

import os
import re
import secrets

from .common import Problem, say
from .database import Databases
from .settings import Settings

LOST = """The master key {path} is missing, but {names} holds sealed data.
Without this key the seals' private keys cannot be opened: nothing more can be numbered,
sealed or signed there, and no new key can replace it. Put the key file back from its
backup (or point GOV_TRUST_MASTER_KEY_FILE to it). If this data may be thrown away:
`make reset`."""


def ensure(settings: Settings, databases: Databases) -> None:
    """Make the key when no database depends on one; refuse to start when it is lost."""
    path = settings.master_key
    if path.is_file():
        mode = path.stat().st_mode & 0o777
        if mode & 0o077:
            raise Problem(
                f"{path} may be read by other accounts (mode {mode:o}); "
                f"run: chmod 600 {path}"
            )
        # A ring: the key in use, then retired ones, with blank lines and remarks.
        lines = [line.strip() for line in path.read_text().splitlines()]
        keys = [line for line in lines if line and not line.startswith("#")]
        if not keys or not all(re.fullmatch("[0-9A-Fa-f]{64}", key) for key in keys):
            raise Problem(
                f"{path} is not a master key (32 bytes in hexadecimal); put the right "
                "file back from its backup."
            )
        return
    sealed = databases.sealed()
    if sealed:
        raise Problem(LOST.format(path=path, names=", ".join(sealed)))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "w") as out:
        out.write(secrets.token_hex(32) + "\n")
        out.flush()
        os.fsync(out.fileno())
    say(f"  new master key in {path}: keep a copy apart from the database's backups")
