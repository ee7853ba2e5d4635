"""Judges hostile files in a process of its own, with limits that the kernel keeps.

One zygote per server process, started when the first file comes; two files at once, a
few waiting, and a clear answer to the others. Safe with threads, with forks of the server
and with the death of any of the processes. The file travels in memory only.
"""

import hashlib
import importlib.util
import io
import json
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from . import limits
from .verdict import answer, reason

_logger = logging.getLogger(__name__)
_HERE = Path(__file__).resolve()
#: What a child needs beside the standard library, when the server got it by PYTHONPATH.
_NEEDED = ("pyhanko", "cryptography", "asn1crypto", "pypdfium2", "lxml")
_CHUNK = 1 << 20
#: How a child ended, and what that means. Negative: a signal.
_ENDS = {
    "late": "timeout",
    -signal.SIGXCPU: "timeout",
    -signal.SIGKILL: "timeout",
    3: "out_of_memory",
}


class _Lost(Exception):
    """The zygote died before it answered."""


class Service:
    """One zygote and the queue before it. :data:`service` is the one to use."""

    def __init__(self):
        self._reset()

    def _reset(self):
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(limits.AT_ONCE)
        self._queue = threading.BoundedSemaphore(limits.AT_ONCE + limits.WAITING)
        self._control = self._process = self._owner = None

    def forked(self):
        """In a new process of the server: leave the other one's zygote alone."""
        if self._control is not None:
            self._control.close()
        self._reset()

    def validate(self, fileobj, store, *, now=None) -> dict:
        """Judge one file; see :func:`.engine.run` for what comes back.

        :param fileobj: bytes, or a file open for reading in binary mode
        :param store: :class:`~..trust.Store` or list of DER of roots
        :param now: aware datetime of the validation
        :return: the answer; a limit, a crash or a full queue is ``indeterminate`` with
            a reason of its own, never an exception
        """
        source = io.BytesIO(fileobj) if isinstance(fileobj, bytes) else fileobj
        descriptor, size, digest = _copied(source)
        if descriptor is None:
            most = limits.MAX_SIZE // limits.MB
            return answer([reason("too_large", most=most)], size=size, sha256=digest)
        try:
            told = self._ask(descriptor, _told(store, now))
        finally:
            os.close(descriptor)
        if isinstance(told, str):
            told = answer([reason(told)])
        return told | {"size": size, "sha256": digest}

    # -- the queue -----------------------------------------------------
    def _ask(self, descriptor, told):
        if not self._queue.acquire(blocking=False):
            return "busy"
        try:
            if not self._places.acquire(timeout=limits.WAIT_SECONDS):
                return "busy"
            try:
                for _attempt in range(2):
                    try:
                        return self._exchange(descriptor, told)
                    except _Lost:
                        _logger.warning("the process that judges files was lost")
                return "worker_lost"
            finally:
                self._places.release()
        finally:
            self._queue.release()

    def _exchange(self, descriptor, told):
        rules = _memory(told)
        mine, theirs = socket.socketpair()
        try:
            try:
                with self._lock:
                    control = self._started()
                    socket.send_fds(
                        control, [b"judge"], [theirs.fileno(), descriptor, rules]
                    )
            except OSError as error:
                self._stop()
                raise _Lost from error
            finally:
                theirs.close()
                os.close(rules)
            return self._read(mine)
        finally:
            mine.close()

    def _read(self, mine):
        """Everything a child says, then the line of the zygote about how it ended."""
        got, deadline = bytearray(), time.monotonic() + limits.WALL_SECONDS + 10
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([mine], [], [], left)[0]:
                self._stop()
                raise _Lost
            part = mine.recv(_CHUNK)
            if not part:
                break
            got += part
            if len(got) > limits.MAX_ANSWER:
                return "crashed"
        body, _line, end = bytes(got).rpartition(b"\n")
        if not end:
            self._stop()
            raise _Lost
        code = json.loads(end)["end"]
        if code == 0:
            return json.loads(body)
        return _ENDS.get(code, "crashed")

    # -- the zygote ----------------------------------------------------
    def _started(self):
        if self._owner != os.getpid():
            self.forked_locked()
        if self._process is not None and self._process.poll() is not None:
            self._drop()
        if self._control is None:
            mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                paths = [str(_HERE.parents[2]), *_packages()]
                self._process = subprocess.Popen(
                    [sys.executable, "-I", str(_HERE.with_name("worker.py"))]
                    + [str(theirs.fileno()), *paths],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    cwd="/",
                    env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"},
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,
                )
            self._control, self._owner = mine, os.getpid()
        return self._control

    def forked_locked(self):
        """The same as :meth:`forked` for a process that was forked without notice."""
        if self._control is not None:
            self._control.close()
        self._control = self._process = None

    def _stop(self):
        with self._lock:
            self._drop()

    def _drop(self):
        if self._control is not None:
            self._control.close()
        process, self._control, self._process = self._process, None, None
        if process is not None and self._owner == os.getpid():
            process.kill()
            process.wait()

    def close(self):
        """End the zygote; the next file starts another."""
        self._stop()


def _told(store, now):
    from .. import trust

    told = {"store": trust.Store.of(store).to_json(), "now": now and now.isoformat()}
    return json.dumps(told).encode()


def _copied(source):
    """(descriptor of the file in memory, size, SHA-256); no descriptor when too large."""
    digest, size = hashlib.sha256(), 0
    descriptor = os.memfd_create("document", os.MFD_CLOEXEC)
    try:
        while part := source.read(_CHUNK):
            size += len(part)
            digest.update(part)
            if size > limits.MAX_SIZE:
                os.close(descriptor)
                return None, size, ""
            view = memoryview(part)
            while view:
                view = view[os.write(descriptor, view) :]
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor, size, digest.hexdigest()


def _memory(data):
    descriptor = os.memfd_create("rules", os.MFD_CLOEXEC)
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
    return descriptor


def _packages():
    """Folders that hold what the child imports; -I makes it forget PYTHONPATH."""
    found = []
    for name in _NEEDED:
        spec = importlib.util.find_spec(name)
        if spec and spec.origin:
            folder = str(Path(spec.origin).parents[1])
            if folder not in found:
                found.append(folder)
    return found


service = Service()
validate = service.validate
os.register_at_fork(after_in_child=service.forked)
