"""A client of clamd's socket protocol: PING, VERSION, INSTREAM. Pure Python, no Odoo.

What it never does is turn silence into an answer: only the exact reply ``stream: OK`` means clean. No daemon, a time-out, a
cut connection, a reply it does not know: :class:`ClamdError`, and the file stays unanswered.
"""

import contextlib
import re
import socket
import struct
import time
from dataclasses import dataclass

CHUNK = 128 * 1024
MAX_REPLY = 4096
FOUND = re.compile(r"stream: (.{1,300}) FOUND")
SIZE_LIMIT = re.compile(r"INSTREAM(:)? size limit exceeded", re.IGNORECASE)
# clamd reports these when it could not look inside: no infection was found, and none was excluded.
NOT_SCANNABLE = re.compile(r"^Heuristics\.(Limits\.Exceeded|Encrypted)", re.IGNORECASE)

CLEAN, INFECTED, UNSCANNABLE = "clean", "infected", "not_scannable"


class ClamdError(Exception):
    """No verdict. `reachable` tells whether somebody answered: if not, the next file need not be tried now."""

    def __init__(self, message, reachable=False):
        super().__init__(message)
        self.reachable = reachable


@dataclass(frozen=True)
class Verdict:
    """`kind` is clean, infected or not_scannable; `signature` is clamd's own word."""

    kind: str
    signature: str = ""


def parse_address(address):
    """`("unix", path)` or `("tcp", (host, port))` out of ``unix:/path`` or ``tcp:host:port``; ValueError otherwise."""
    scheme, _separator, rest = (address or "").strip().partition(":")
    if scheme == "unix" and rest.startswith("/"):
        return "unix", rest
    if scheme == "tcp":
        host, separator, port = rest.rpartition(":")
        host = host.strip("[]")
        if separator and host and port.isdigit() and 0 < int(port) < 65_536:
            return "tcp", (host, int(port))
    raise ValueError("unix:/path/to/clamd.sock or tcp:host:port")


class Client:
    """One daemon. Each call is one connection: nothing is kept between two files."""

    def __init__(self, address, timeout=60.0, connect_timeout=5.0):
        self.family, self.target = parse_address(address)
        self.timeout = timeout
        self.connect_timeout = connect_timeout

    def ping(self):
        """Raise unless the daemon answers."""
        reply = self._command(b"PING")
        if reply != "PONG":
            raise ClamdError(f"unexpected reply {reply[:80]!r}", reachable=True)

    def version(self):
        """What the daemon says it is, for example ``ClamAV 1.4.6/27500/…``."""
        reply = self._command(b"VERSION")
        if not reply.startswith("ClamAV"):
            raise ClamdError(f"unexpected reply {reply[:80]!r}", reachable=True)
        return reply

    def scan(self, content):
        """The :class:`Verdict` of `content`."""
        deadline = time.monotonic() + self.timeout
        with self._connect() as link:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                # clamd stops reading when a limit is reached, and says so: read its word anyway.
                self._send_stream(link, content, deadline)
            reply = self._read(link, deadline)
        if reply == "stream: OK":
            return Verdict(CLEAN)
        found = FOUND.fullmatch(reply)
        if found:
            signature = found[1]
            return Verdict(
                UNSCANNABLE if NOT_SCANNABLE.match(signature) else INFECTED, signature
            )
        if SIZE_LIMIT.match(reply):
            return Verdict(UNSCANNABLE, "size limit of the antivirus exceeded")
        raise ClamdError(f"unexpected reply {reply[:80]!r}", reachable=True)

    # -- wire

    def _connect(self):
        link = socket.socket(socket.AF_UNIX) if self.family == "unix" else None
        try:
            if link is None:
                return socket.create_connection(self.target, self.connect_timeout)
            link.settimeout(self.connect_timeout)
            link.connect(self.target)
        except (OSError, ValueError) as error:
            if link is not None:
                link.close()
            reason = getattr(error, "strerror", None) or error
            raise ClamdError(f"no connection: {reason}") from error
        return link

    def _send_stream(self, link, content, deadline):
        view = memoryview(content)
        try:
            self._send(link, b"zINSTREAM\0", deadline)
            for at in range(0, len(view), CHUNK):
                piece = view[at : at + CHUNK]
                self._send(link, struct.pack(">I", len(piece)), deadline)
                self._send(link, piece, deadline)
            self._send(link, struct.pack(">I", 0), deadline)
        except TimeoutError as error:
            raise ClamdError("time-out while sending", reachable=True) from error

    @staticmethod
    def _send(link, data, deadline):
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        link.settimeout(left)
        link.sendall(data)

    def _command(self, name):
        deadline = time.monotonic() + min(self.timeout, 10.0)
        with self._connect() as link:
            try:
                self._send(link, b"z" + name + b"\0", deadline)
            except OSError as error:
                raise ClamdError(f"connection lost: {error}") from error
            return self._read(link, deadline)

    @staticmethod
    def _read(link, deadline):
        reply = b""
        while b"\0" not in reply:
            left = deadline - time.monotonic()
            try:
                if left <= 0:
                    raise TimeoutError
                link.settimeout(left)
                piece = link.recv(MAX_REPLY)
            except TimeoutError as error:
                raise ClamdError("no answer in time", reachable=True) from error
            except OSError as error:
                raise ClamdError(f"connection lost: {error}", reachable=True) from error
            if not piece:
                raise ClamdError("connection closed without an answer", reachable=True)
            reply += piece
            if len(reply) > MAX_REPLY:
                raise ClamdError("reply too long", reachable=True)
        return reply.split(b"\0", 1)[0].decode("utf-8", "replace").strip()
