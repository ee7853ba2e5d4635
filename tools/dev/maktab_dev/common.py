"""What every part of the tooling shares: errors, step lines, stamps, locks, commands."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

REPO = Path(__file__).resolve().parents[3]


class Problem(Exception):
    """Something a person can put right: one sentence that says what happened and what to do."""


def say(text: str) -> None:
    """Print one line at once, also when the output goes to a pipe.

    One write: lines of several threads do not run into each other.
    """
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a step, and say how long it took when it is over."""
    say(f"· {title} …")
    start = time.monotonic()
    yield
    say(f"  {title}: {time.monotonic() - start:.1f} s")


def digest(*parts: str | bytes | Path) -> str:
    """Return a short hexadecimal SHA-256 over texts, bytes and the content of files."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            part = part.read_bytes() if part.is_file() else b"absent"
        elif isinstance(part, str):
            part = part.encode()
        total.update(hashlib.sha256(part).digest())
    return total.hexdigest()[:20]


def tree_digest(roots: Sequence[Path], skip: tuple[str, ...] = ()) -> str:
    """Return a digest over the names and contents of every file below ``roots``."""
    total = hashlib.sha256()
    for root in sorted(roots):
        for path in sorted(root.rglob("*")):
            if path.is_file() and not {"__pycache__", *skip} & set(path.parts):
                total.update(str(path.relative_to(root.parent)).encode())
                total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:20]


class Stamp:
    """A file that remembers for which inputs a step was last finished."""

    def __init__(self, folder: Path, name: str, value: str) -> None:
        self.path = folder / f"{name}.stamp"
        self.value = value

    def fresh(self) -> bool:
        """Tell whether the step was finished for exactly these inputs."""
        return self.path.is_file() and self.path.read_text() == self.value

    def write(self) -> None:
        """Record that the step is finished; written last, so a broken step is redone."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(self.path, self.value)


def write_atomic(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a file so that a reader sees the old content or the new one, never half."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    fd = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(fd, "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(path)


def run(
    command: Sequence[str | Path], *, quiet: bool = True, **options
) -> subprocess.CompletedProcess[str]:
    """Run a command; on failure raise ``Problem`` with the end of what it printed."""
    if quiet:
        options.setdefault("stdout", subprocess.PIPE)
        options.setdefault("stderr", subprocess.STDOUT)
    options.setdefault("stdin", subprocess.DEVNULL)
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, text=True, check=False, **options)
    except FileNotFoundError as error:
        raise Problem(
            f"The program {error.filename} is missing; install it and try again."
        ) from error
    if done.returncode:
        tail = "\n".join((done.stdout or "").strip().splitlines()[-15:])
        raise Problem(
            f"`{' '.join(words[:6])}` failed (exit {done.returncode}).\n{tail}"
        )
    return done


@contextlib.contextmanager
def file_lock(path: Path, waiting: str, shared: bool = False) -> Iterator[int]:
    """Hold a lock file; when somebody else holds it, say ``waiting`` once and wait.

    The descriptor is inherited by programs that this one starts or becomes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    os.set_inheritable(fd, False)
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    try:
        try:
            fcntl.flock(fd, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"· {waiting}")
            fcntl.flock(fd, kind)
        yield fd
    finally:
        os.close(fd)


def is_root() -> bool:
    """Tell whether this process may install system packages."""
    return os.geteuid() == 0


def fail(problem: Problem) -> None:
    """Print a problem the way a person reads it, and leave with exit code 2."""
    sys.stdout.flush()
    sys.stderr.write(f"\nmaktab: {problem}\n")
    sys.exit(2)
