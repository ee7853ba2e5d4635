"""Loaded by Python before Odoo: every connection that would leave the machine is noted
and refused. Used by test_outbound.py through PYTHONPATH."""

import ipaddress
import os
import socket
import traceback

NOTE = os.environ.get("MAKTAB_OUTBOUND_NOTE", "")
_connect, _connect_ex = socket.socket.connect, socket.socket.connect_ex
_getaddrinfo = socket.getaddrinfo


def _is_local(host) -> bool:
    if host in ("localhost", "", None):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refuse(what):
    with open(NOTE, "a") as out:
        stack = "".join(traceback.format_stack(limit=12)[:-2])
        out.write(f"{what}\n{stack}\n")
    raise ConnectionRefusedError(f"outbound call refused by the test: {what}")


def _check(sock, address):
    if sock.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(address[0]):
        _refuse(f"connect {address}")


def connect(self, address):
    """Connect on this machine only."""
    _check(self, address)
    return _connect(self, address)


def connect_ex(self, address):
    """Connect on this machine only."""
    _check(self, address)
    return _connect_ex(self, address)


def getaddrinfo(host, *args, **kwargs):
    """Look up names of this machine only."""
    name = host.decode() if isinstance(host, bytes) else host
    own = (socket.gethostname(), "0.0.0.0", "::")
    if not _is_local(name) and name not in own:
        _refuse(f"look up {name}")
    return _getaddrinfo(host, *args, **kwargs)


if NOTE:
    socket.socket.connect = connect
    socket.socket.connect_ex = connect_ex
    socket.getaddrinfo = getaddrinfo
