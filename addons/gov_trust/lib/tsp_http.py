"""One POST to a timestamp authority, within one deadline (RFC 3161 §3.4).

The deadline covers all of it: name, connection, TLS, every byte of the answer. An answer
that drips ends when it is over. Nothing is followed, nothing is retried, no proxy is
asked. Private addresses are an operator's network and may be meant; addresses that give
out a machine's own secrets never are.
"""

import base64
import http.client
import io
import ipaddress
import socket
import ssl
import threading
import time
from urllib.parse import SplitResult, urlsplit

from .fetch import embedded

MAX_URL = 2000
MAX_SECONDS = 10
#: Longest answer (bytes): a token with its chain has a few thousand.
MAX_ANSWER = 64 * 1024
#: Where machines of the large hosts ask for their own credentials.
_METADATA = {
    ipaddress.ip_address(text)
    for text in ("100.100.100.200", "168.63.129.16", "fd00:ec2::254")
}


class HttpFailed(Exception):
    """No answer that can be read; ``code`` for programs, the text for people."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


def check_url(url: str) -> SplitResult:
    """Return the parts of an address that may be asked.

    :raise HttpFailed: code ``address``, with what is wrong with it
    """
    try:
        parts = urlsplit(url or "")
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise HttpFailed("address", "the address cannot be read") from error
    if len(url) > MAX_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise HttpFailed("address", "the address has characters that none has")
    if parts.scheme not in ("http", "https"):
        raise HttpFailed("address", "the address must begin with http:// or https://")
    if not host or port == 0:
        raise HttpFailed("address", "the address names no server")
    if parts.username is not None or parts.password is not None:
        raise HttpFailed("address", "the login does not belong into the address")
    if parts.fragment:
        raise HttpFailed("address", "the address may have no part after #")
    _check_literal(host)
    return parts


def is_elsewhere(before: str | None, after: str | None) -> bool:
    """Whether two addresses lead to different servers, or one of them in clear text."""

    def server(url):
        parts = urlsplit(url or "")
        return parts.scheme, parts.hostname, parts.port

    try:
        return server(before) != server(after)
    except ValueError:
        return True


def post(
    url: str,
    body: bytes,
    content_type: str,
    *,
    seconds: float,
    login: str = "",
    password: str = "",
) -> bytes:
    """Send ``body`` and return the body of the answer.

    :param seconds: deadline of the whole exchange, 10 at most
    :param login: for basic authentication (RFC 7617); empty sends none
    :raise HttpFailed: with the reason, in words for people
    """
    parts = check_url(url)
    until = time.monotonic() + min(seconds, MAX_SECONDS)
    headers = {
        "Content-Type": content_type,
        "Accept-Encoding": "identity",
        "Connection": "close",
        "User-Agent": "Maktab",
    }
    if login:
        pair = base64.b64encode(f"{login}:{password}".encode()).decode()
        headers["Authorization"] = f"Basic {pair}"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    connection = http.client.HTTPConnection(parts.hostname, port)
    plain = None
    try:
        plain = _secured(_connect(parts.hostname, port, until), parts, until)
        connection.sock = _Deadline(plain, until)
        connection.request("POST", path, body, headers)
        with connection.getresponse() as answer:
            return _read(answer)
    except TimeoutError as error:
        raise HttpFailed(
            "timeout", f"it did not answer within {seconds:g} seconds"
        ) from error
    except ssl.SSLCertVerificationError as error:
        raise HttpFailed(
            "tls", f"its server has no valid certificate ({error.verify_message})"
        ) from error
    except ssl.SSLError as error:
        raise HttpFailed("tls", "no secure connection could be made") from error
    except ConnectionRefusedError as error:
        raise HttpFailed("refused_connection", "nothing listens there") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise HttpFailed(
            "connection", f"the connection failed ({type(error).__name__})"
        ) from error
    finally:
        if plain:
            plain.close()


def _read(answer) -> bytes:
    status = answer.status
    if 300 <= status < 400:
        raise HttpFailed("redirect", "it sends elsewhere, which is not followed")
    if status == 429:
        raise HttpFailed("http_429", "it says that it is asked too often (429)")
    if status in (401, 403):
        raise HttpFailed("login", f"it refuses the login and password ({status})")
    if status != 200:
        raise HttpFailed(f"http_{status}", f"it answered with an error ({status})")
    body = answer.read(MAX_ANSWER + 1)
    if len(body) > MAX_ANSWER:
        raise HttpFailed("too_long", "its answer is far too long")
    return body


def _connect(host, port, until):
    failure = None
    for address in _addresses(host, port, until):
        plain = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        try:
            plain.settimeout(_left(until))
            plain.connect((address, port))
        except OSError as error:
            plain.close()
            failure = error
            continue
        return plain
    raise failure


def _secured(plain, parts, until):
    if parts.scheme == "http":
        return plain
    try:
        plain.settimeout(_left(until))
        context = ssl.create_default_context()
        return context.wrap_socket(plain, server_hostname=parts.hostname)
    except OSError:
        plain.close()
        raise


def _addresses(host, port, until) -> list[str]:
    """Addresses of a host, all of them allowed; the one checked is the one called."""
    try:
        found = [str(ipaddress.ip_address(host))]
    except ValueError:
        found = _resolve(host, port, until)
    for address in found:
        _check_literal(address)
    return found


def _resolve(host, port, until):
    """Ask for the addresses of a name in a thread: the system's call has no deadline."""
    answer = []

    def ask():
        try:
            answer.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answer.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(_left(until))
    if not answer:
        raise TimeoutError("name")
    if isinstance(answer[0], Exception):
        raise HttpFailed("name", "its name is not known to this network")
    return list(dict.fromkeys(row[4][0].partition("%")[0] for row in answer[0]))


def _check_literal(host):
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return
    address = embedded(address) or address
    if (
        address.is_link_local
        or address.is_multicast
        or address.is_unspecified
        or address in _METADATA
    ):
        raise HttpFailed("address", "this address is never asked from here")


def _left(until) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("over")
    return left


class _Deadline:
    """A socket whose every operation ends at the same moment."""

    def __init__(self, plain, until):
        self._plain, self._until = plain, until

    def sendall(self, data):
        self._plain.settimeout(_left(self._until))
        self._plain.sendall(data)

    def makefile(self, _mode):
        return io.BufferedReader(_Incoming(self._plain, self._until))

    def close(self):
        """The library closes before it has read; :func:`post` closes in the end."""


class _Incoming(io.RawIOBase):
    def __init__(self, plain, until):
        super().__init__()
        self._plain, self._until = plain, until

    def readable(self):
        return True

    def readinto(self, buffer):
        self._plain.settimeout(_left(self._until))
        return self._plain.recv_into(buffer)
