"""Fetch a small public file without being led into the house.

The name is resolved once, every address it has must be public, and the connection goes to
one of those very addresses, so that a second answer of the name server changes nothing.
Each step of a redirection is looked at the same way.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from urllib.parse import urljoin, urlsplit

SECONDS = 10
LIMIT = 10 * 1024 * 1024
_REDIRECTS = 3
_CHUNK = 65536
#: Addresses that a gateway turns into IPv4 (RFC 6052 §2.1).
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_MOVED = (301, 302, 303, 307, 308)


class FetchRefused(ValueError):
    """The file could not be fetched, or may not be; the text says why."""


def check_url(url: str) -> str:
    """Return the address when its form does.

    :raise FetchRefused: not http or https, a password, control characters
    """
    if not url.isascii() or not url.isprintable() or " " in url or len(url) > 2000:
        raise FetchRefused("the address is not written as it must be")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise FetchRefused("the address cannot be read") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise FetchRefused("only http and https addresses are called")
    if parts.username or parts.password:
        raise FetchRefused("the address holds a name or a password")
    return url


def get(url: str, *, allowed=(), limit=LIMIT, seconds=SECONDS) -> bytes:
    """Fetch a file.

    :param allowed: hosts (names or addresses as written) that may be private
    :param limit: most bytes
    :param seconds: for everything together
    :raise FetchRefused: with the reason
    """
    deadline = time.monotonic() + seconds
    for _step in range(_REDIRECTS + 1):
        url = check_url(url)
        try:
            moved, body = _one(url, allowed, limit, deadline)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if isinstance(error, FetchRefused):
                raise
            raise FetchRefused(f"no answer: {error}") from error
        if moved is None:
            return body
        url = urljoin(url, moved)
    raise FetchRefused("the address leads from one to another without end")


def addresses(host: str, port: int, allowed=()) -> list:
    """Addresses of a host, all of them public unless it is listed.

    :raise FetchRefused: one is private, or there is none
    """
    found = {
        one[4][0] for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    }
    if not found:
        raise FetchRefused("the host has no address")
    if host.lower() not in {name.lower() for name in allowed}:
        for text in found:
            if not _public(ipaddress.ip_address(text.partition("%")[0])):
                raise FetchRefused("the host is not on the public network")
    return sorted(found)


def embedded(address):
    """The IPv4 address that an IPv6 address stands for (mapped, 6to4, NAT64), or None."""
    if address.version == 4:
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _public(address):
    inner = embedded(address)
    if inner is not None:
        return _public(inner)
    return address.is_global and not address.is_multicast


def _left(deadline):
    left = deadline - time.monotonic()
    if left <= 0:
        raise FetchRefused("the answer takes too long")
    return left


def _one(url, allowed, limit, deadline):
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    place = addresses(parts.hostname, port, allowed)[0]
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(parts.hostname, port, timeout=_left(deadline))
    sock = socket.create_connection((place, port), timeout=_left(deadline))
    # Time-outs of sockets begin anew with each byte; this one does not.
    other_end = sock.dup()
    end = threading.Timer(_left(deadline), _cut, [other_end])
    end.start()
    try:
        if secure:
            context = ssl.create_default_context()
            sock = context.wrap_socket(sock, server_hostname=parts.hostname)
        connection.sock = sock
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"Accept": "*/*"})
        answer = connection.getresponse()
        if answer.status in _MOVED:
            return answer.getheader("Location") or "", b""
        if answer.status != 200:
            raise FetchRefused(f"the server answers {answer.status}")
        return None, _body(answer, sock, limit, deadline)
    finally:
        end.cancel()
        connection.close()
        sock.close()
        other_end.close()


def _cut(sock):
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it had ended by itself


def _body(answer, sock, limit, deadline):
    parts, size = [], 0
    while True:
        sock.settimeout(_left(deadline))
        part = answer.read1(_CHUNK)
        if not part:
            _left(deadline)  # it may have ended because it was cut
            return b"".join(parts)
        size += len(part)
        if size > limit:
            raise FetchRefused("the file is too large")
        parts.append(part)
