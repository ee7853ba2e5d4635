import socket
import unittest

from odoo.tests import BaseCase, tagged

from ..lib.clamd_client import (
    CLEAN,
    INFECTED,
    UNSCANNABLE,
    ClamdError,
    Client,
    parse_address,
)
from . import intake_files as files
from .clamd_server import FakeClamd, RealClamd, eicar_reply


@tagged("alone", "standard", "at_install")
class TestClamdClient(BaseCase):
    """U-07, U-08, U-09 on the wire: only an exact OK is clean."""

    def test_addresses(self):
        self.assertEqual(
            parse_address("unix:/run/clamav/clamd.ctl"),
            ("unix", "/run/clamav/clamd.ctl"),
        )
        self.assertEqual(
            parse_address(" tcp:localhost:3310 "), ("tcp", ("localhost", 3310))
        )
        self.assertEqual(parse_address("tcp:[::1]:3310"), ("tcp", ("::1", 3310)))
        for address in (
            "",
            None,
            "clamd",
            "unix:relative",
            "tcp:host",
            "tcp::3310",
            "tcp:h:0",
            "tcp:h:70000",
            "http://x",
        ):
            with self.subTest(address=address), self.assertRaises(ValueError):
                parse_address(address)

    def test_verdicts(self):
        cases = {
            b"stream: OK": (CLEAN, ""),
            b"stream: Win.Test.EICAR_HDB-1 FOUND": (INFECTED, "Win.Test.EICAR_HDB-1"),
            b"stream: OK FOUND": (INFECTED, "OK"),
            b"stream: Heuristics.Phishing.Email FOUND": (
                INFECTED,
                "Heuristics.Phishing.Email",
            ),
            b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND": (
                UNSCANNABLE,
                "Heuristics.Limits.Exceeded.MaxFileSize",
            ),
            b"stream: Heuristics.Encrypted.PDF FOUND": (
                UNSCANNABLE,
                "Heuristics.Encrypted.PDF",
            ),
        }
        for reply, (kind, signature) in cases.items():
            with (
                self.subTest(reply=reply),
                FakeClamd(lambda content, reply=reply: reply) as server,
            ):
                verdict = Client(server.address).scan(b"x")
                self.assertEqual((verdict.kind, verdict.signature), (kind, signature))

    def test_everything_else_is_no_verdict(self):
        replies = [
            None,
            b"",
            b"OK",
            b"stream: OKAY",
            b"stream: ok",
            b"stream: OK\nstream: X FOUND",
            b"other: OK",
            b"stream: Can't open file ERROR",
            b"UNKNOWN COMMAND",
            b"HTTP/1.1 200 OK",
            b"x" * 10_000,
            b"\xff\xfe\xfd",
        ]
        for reply in replies:
            with (
                self.subTest(reply=reply),
                FakeClamd(lambda content, reply=reply: reply) as server,
            ):
                with self.assertRaises(ClamdError) as caught:
                    Client(server.address, timeout=5).scan(b"x")
                self.assertTrue(caught.exception.reachable)

    def test_time_out(self):
        with (
            FakeClamd(lambda content: 1.5) as server,
            self.assertRaises(ClamdError) as caught,
        ):
            Client(server.address, timeout=0.3).scan(b"x")
        self.assertTrue(caught.exception.reachable)

    def test_nobody_there(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
        for address in (
            f"tcp:127.0.0.1:{port}",
            "unix:/nonexistent/clamd.sock",
            f"unix:/{'x' * 200}",
        ):
            with (
                self.subTest(address=address[:40]),
                self.assertRaises(ClamdError) as caught,
            ):
                Client(address).scan(b"x")
            self.assertFalse(caught.exception.reachable)

    def test_the_bytes_arrive_whole(self):
        content = files.pdf(filler=700_000)
        with FakeClamd(eicar_reply) as server:
            self.assertEqual(Client(server.address).scan(content).kind, CLEAN)
            self.assertEqual(Client(server.address).scan(b"").kind, CLEAN)
        self.assertEqual(server.received, [content, b""])

    def test_size_limit_while_sending(self):
        with FakeClamd(limit=200_000) as server:
            self.assertEqual(
                Client(server.address).scan(bytes(20_000_000)).kind, UNSCANNABLE
            )

    def test_ping_and_version(self):
        with FakeClamd() as server:
            Client(server.address).ping()
            self.assertEqual(Client(server.address).version(), "ClamAV 1.4.6/1/test")
        with (
            FakeClamd(banner=b"SSH-2.0-OpenSSH") as server,
            self.assertRaises(ClamdError),
        ):
            Client(server.address).version()


@tagged("alone", "standard", "at_install")
@unittest.skipUnless(RealClamd.program, "clamd is not installed on this machine")
class TestRealClamd(BaseCase):
    """The same against the daemon itself, with one signature of its own."""

    def test_real_verdicts(self):
        with RealClamd() as daemon:
            client = Client(daemon.address)
            client.ping()
            self.assertRegex(client.version(), r"^ClamAV \d")
            self.assertEqual(client.scan(files.pdf()).kind, CLEAN)
            cases = {
                "alone": files.eicar(),
                "in a zip": files.package({"e.com": files.eicar()}),
                "in a docx": files.docx(word__media__e_dot_bin=files.eicar()),
                "in a PDF": files.pdf(
                    catalog="/Names << /EmbeddedFiles << /Names [(a) 5 0 R] >> >>",
                    objects=[
                        "<< /Type /Filespec /F (e.com) /EF << /F 6 0 R >> >>",
                        files.flate(files.eicar(), "/Type /EmbeddedFile"),
                    ],
                ),
            }
            for name, content in cases.items():
                with self.subTest(name):
                    verdict = client.scan(content)
                    self.assertEqual(verdict.kind, INFECTED, verdict)
                    self.assertIn("Eicar", verdict.signature)
            # Above MaxFileSize, then above StreamMaxLength: neither is clean.
            self.assertEqual(client.scan(files.pdf(filler=600_000)).kind, UNSCANNABLE)
            self.assertEqual(client.scan(files.pdf(filler=3_000_000)).kind, UNSCANNABLE)
            self.assertEqual(client.scan(files.encrypted_pdf()).kind, UNSCANNABLE)
        with self.assertRaises(ClamdError):
            client.ping()
