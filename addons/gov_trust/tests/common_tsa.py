"""Timestamp authorities over real HTTP, honest or not, each in a thread."""

import datetime
import hashlib
import http.server
import subprocess
import tempfile
import threading
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from ..lib import ca, keys, tsa, tsp
from .common_anchors import enable, make_people
from .common_pki import STAMPS, Authority, der

DIGEST = hashlib.sha256(b"what is stamped").digest()
HOUR = datetime.timedelta(hours=1)
_OPENSSL = """
[tsa]
default_policy=1.2.3.4.1
digests=sha256
serial=serial
signer_digest=sha1
"""


def key_of(authority, **options):
    """LoadedKey of a timestamp authority below ``authority`` of ``common_pki``."""
    certificate, private = authority.issue("Clock of tests", **{**STAMPS, **options})
    mark = keys.fingerprint(private.public_key())
    return keys.LoadedKey(private, der(certificate), tuple(authority.chain), mark)


class Clock:
    """One authority on loopback; ``mode`` says how it answers now.

    :ivar requests: how many it was sent
    :ivar headers: of the last request
    """

    def __init__(self, case, key, mode="good"):
        self.key, self.mode = key, mode
        self.requests, self.headers, self.policy = 0, {}, tsa.POLICY
        self._over = threading.Event()
        self._server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), self._handler()
        )
        self._server.daemon_threads = True
        threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        ).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/tsa"
        case.addCleanup(self.close)

    def close(self):
        self._over.set()
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def _handler(self):
        clock = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                clock.requests += 1
                clock.headers = dict(self.headers)
                body = self.rfile.read(int(self.headers["Content-Length"]))
                try:
                    getattr(clock, f"_{clock.mode}")(self, body)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *_arguments):
                """Nothing: the log of a test is looked at."""

        return Handler

    def _send(self, handler, body, status=200, **headers):
        handler.send_response(status)
        handler.send_header("Content-Type", tsa.REPLY_TYPE)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def _answer(self, handler, body, **more):
        self._send(handler, tsa.respond(body, self.key, self.policy, **more))

    def _good(self, handler, body):
        self._answer(handler, body)

    def _silent(self, _handler, _body):
        self._over.wait(5)

    def _drip(self, handler, body):
        handler.send_response(200)
        handler.end_headers()
        for byte in tsa.respond(body, self.key):
            handler.wfile.write(bytes([byte]))
            if self._over.wait(0.02):
                return

    def _error(self, handler, _body):
        self._send(handler, b"oops", 500)

    def _busy(self, handler, _body):
        self._send(handler, b"later", 429)

    def _redirect(self, handler, _body):
        self._send(handler, b"", 307, Location="http://127.0.0.1:1/")

    def _huge(self, handler, _body):
        self._send(handler, b"0" * 3_000_000)

    def _garbage(self, handler, _body):
        self._send(handler, b"<html>not a timestamp</html>")

    def _empty(self, handler, _body):
        self._send(handler, b"")

    def _reject(self, handler, _body):
        self._send(handler, tsa.reject(tsa.SYSTEM_FAILURE, "Out of order."))

    def _nonce(self, handler, _body):
        self._answer(handler, tsp.request(DIGEST).der)

    def _imprint(self, handler, body):
        nonce = tsp.asn1_tsp.TimeStampReq.load(body)["nonce"].native
        other = tsp.request(hashlib.sha256(b"other").digest(), nonce=nonce)
        self._answer(handler, other.der)

    def _minute(self, handler, body):
        now = datetime.datetime.now(datetime.UTC)
        self._answer(handler, body, now=now + HOUR / 60)

    def _ahead(self, handler, body):
        now = datetime.datetime.now(datetime.UTC)
        self._answer(handler, body, now=now + HOUR)

    def _past(self, handler, body):
        now = datetime.datetime.now(datetime.UTC)
        self._answer(handler, body, now=now - 60 * 24 * HOUR)

    def _sha1(self, handler, body):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "q").write_bytes(body)
            (folder / "serial").write_text("01\n")
            (folder / "cnf").write_text(_OPENSSL)
            (folder / "crt").write_text(ca.pem(self.key.certificate))
            (folder / "key").write_bytes(
                self.key.private_key.private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
            )
            subprocess.run(
                (
                    *("openssl", "ts", "-reply", "-config", "cnf", "-section", "tsa"),
                    *("-queryfile", "q", "-signer", "crt", "-inkey", "key"),
                    *("-out", "r"),
                ),
                cwd=folder,
                check=True,
                capture_output=True,
            )
            self._send(handler, (folder / "r").read_bytes())


class WithClocks:
    """For test classes of records: people, a trusted root and authorities below it."""

    @classmethod
    def make_trust(cls):
        make_people(cls)
        cls.root = Authority("Root of clocks")
        cls.key = key_of(cls.root)
        cls.anchor = enable(cls, cls.root, uses=["timestamp"])
        cls.tsa = cls.env["gov.tsa"].with_user(cls.officer)

    def clock(self, mode="good", key=None):
        return Clock(self, key or self.key, mode)

    def add(self, url, enabled=True, **values):
        """An authority at ``url``, put into use by the officer."""
        made = self.tsa.create(
            {"name": "Provider", "url": url, "timeout": 0.3, **values}
        )
        if enabled:
            made.action_enable()
        return made

    def events(self, kind):
        return self.env["gov.journal.event"].search([("kind", "=", kind)])
