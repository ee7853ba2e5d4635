"""Warm limited processes, a few per Odoo process, each parsing one file at a time.

Starting Python and pikepdf costs ~300 ms, a request to a warm process ~2 ms. The pool belongs to one process id: after a
fork the child forgets it (the sockets stay the parent's). A process that dies, is too slow or has served many files is
replaced; nothing a file does to it reaches the caller.
"""

import contextlib
import importlib.util
import json
import logging
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from dataclasses import asdict

from .report import Finding, Refusal

_logger = logging.getLogger(__name__)
WORKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "worker.py")
START_SECONDS = 30.0
MAX_SERVED = 500


class Deferred(Exception):
    """The file could not be parsed now, through no fault of its own: try again later."""


class Worker:
    """One limited process and the socket to it.

    It is nobody's child (it forks once at its start and its first half ends): the server has no process to wait for, and
    nothing that reaps children there can take its end away. What is left to hold is the socket and a process descriptor.
    """

    def __init__(self, memory):
        self.memory, self.served, self.buffer = memory, 0, b""
        self.pid, self.closed, self.handle = 0, False, None
        ours, theirs = socket.socketpair()
        self.link = ours
        try:
            subprocess.run(
                [
                    sys.executable,
                    *(("-I", "-B") if sys.dont_write_bytecode else ("-I",)),
                    WORKER,
                    str(theirs.fileno()),
                    str(memory),
                    *_parser_folders(),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
                cwd="/",
                env={"LC_ALL": "C.UTF-8", "PATH": os.defpath},
                timeout=START_SECONDS,
                check=True,
            )
            theirs.close()
            hello = self._line(time.monotonic() + START_SECONDS)
            self.pid, self.closed = hello["pid"], hello["closed"]
            with contextlib.suppress(AttributeError, OSError):
                self.handle = os.pidfd_open(self.pid)
        except (
            OSError,
            EOFError,
            ValueError,
            KeyError,
            subprocess.SubprocessError,
        ) as error:
            self.close()
            raise OSError(f"the intake process does not start: {error!r}") from error
        finally:
            theirs.close()

    def _line(self, deadline):
        while b"\n" not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.link.settimeout(left)
            piece = self.link.recv(65_536)
            if not piece:
                raise EOFError
            self.buffer += piece
        line, self.buffer = self.buffer.split(b"\n", 1)
        return json.loads(line)

    def _body(self, size, deadline):
        pieces = [self.buffer]
        left = size - len(self.buffer)
        while left > 0:
            rest = deadline - time.monotonic()
            if rest <= 0:
                raise TimeoutError
            self.link.settimeout(rest)
            piece = self.link.recv(min(left, 1 << 20))
            if not piece:
                raise EOFError
            pieces.append(piece)
            left -= len(piece)
        self.buffer = b""
        return b"".join(pieces)

    def ask(self, header, content, seconds):
        """Send one request and wait for its answer; a file that comes with it is its ``"file"``."""
        deadline = time.monotonic() + seconds
        self.link.settimeout(seconds)
        self.served += 1
        raw = json.dumps(header).encode()
        self.link.sendall(struct.pack(">I", len(raw)) + raw)
        self.link.sendall(content)
        result = self._line(deadline)
        if "size" in result:
            result["file"] = self._body(result.pop("size"), deadline)
        return result

    def alive(self):
        """False when it ended while idle, so that its end is not taken for the next file's fault."""
        try:
            return not select.select([self.link], [], [], 0)[0]
        except (OSError, ValueError):
            return False

    def close(self):
        """End it. Without a process descriptor it ends by itself: the socket is gone, its processor time is counted."""
        with contextlib.suppress(OSError):
            self.link.close()
        if self.handle is not None:
            with contextlib.suppress(OSError):
                signal.pidfd_send_signal(self.handle, signal.SIGKILL)
            os.close(self.handle)
            self.handle = None

    def forget(self):
        """Drop the copies of a forked child; the process stays the parent's."""
        with contextlib.suppress(OSError):
            self.link.close()
        if self.handle is not None:
            os.close(self.handle)
            self.handle = None


def _parser_folders():
    """Where the parsers are installed: isolated mode forgets PYTHONPATH and the user's own packages."""
    names = ("pikepdf", "PIL", "pypdfium2")
    specs = (importlib.util.find_spec(name) for name in names)
    return sorted(
        {
            os.path.dirname(os.path.dirname(spec.origin))
            for spec in specs
            if spec and spec.origin
        }
    )


class Pool:
    """At most `size` processes; a caller waits at most `patience` seconds for a free one."""

    def __init__(self, size=2):
        self.size = size
        self._reset()

    def _reset(self):
        self.pid = os.getpid()
        self.lock = threading.Lock()
        self.slots = threading.BoundedSemaphore(self.size)
        self.idle = []

    def run(self, content, kind, extension, limits, patience=2.0):
        """`(pages, findings)`; raises :class:`Refusal`, or :class:`Deferred` when nothing can be said now."""
        result = self.ask(content, kind, limits, extension, patience=patience)
        return result["pages"], [
            Finding(code, count) for code, count in result["findings"]
        ]

    def ask(self, content, kind, limits, extension="", options=None, patience=2.0):
        """The whole answer of a process; raises as :meth:`run` does."""
        if self.pid != os.getpid():
            # Forked: the idle sockets belong to the parent. Dropping our copies ends nothing of the parent's.
            for worker in self.idle:
                worker.forget()
            self._reset()
        slots = self.slots
        if not slots.acquire(timeout=patience):
            raise Deferred("all intake processes are busy")
        try:
            return self._ask(content, kind, extension, limits, options)
        finally:
            slots.release()

    def _take(self, memory):
        with self.lock:
            while self.idle:
                worker = self.idle.pop()
                if (
                    worker.memory == memory
                    and worker.served < MAX_SERVED
                    and worker.alive()
                ):
                    return worker
                worker.close()
        try:
            return Worker(memory)
        except OSError as error:
            raise Deferred(str(error)) from error

    def _ask(self, content, kind, extension, limits, options):
        header = {
            "kind": kind,
            "extension": extension,
            "size": len(content),
            "limits": asdict(limits),
            "options": options or {},
        }
        worker = self._take(limits.memory_bytes)
        try:
            result = worker.ask(header, content, limits.wall_seconds)
        except TimeoutError as error:
            worker.close()
            raise Deferred(f"no answer in {limits.wall_seconds:g} s") from error
        except (OSError, EOFError, ValueError) as error:
            worker.close()
            # It ended under this file: out of memory, out of processor time, or a crash of a parser.
            _logger.info(
                "intake: the process ended on a %s file of %s bytes", kind, len(content)
            )
            raise Refusal("unreadable", f"the parser ended: {error!r}") from error
        except BaseException:
            worker.close()
            raise
        with self.lock:
            self.idle.append(worker)
        if "refusal" in result:
            raise Refusal(result["refusal"], result["detail"], **result["params"])
        return result

    def close(self):
        """End the idle processes."""
        with self.lock:
            while self.idle:
                self.idle.pop().close()


shared = Pool()
