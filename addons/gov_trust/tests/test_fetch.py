import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest.mock import patch

from odoo.tests import BaseCase, tagged
from odoo.tools import config, mute_logger

from ..lib import fetch
from .common_anchors import enable
from .common_pki import Authority
from .test_anchors import AnchorCase

HERE = ("127.0.0.1",)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        kind, _sep, rest = self.path[1:].partition("/")
        if kind == "moved":
            self.send_response(302)
            self.send_header("Location", self.server.places.get(rest, "/" + rest))
            self.end_headers()
        elif kind == "missing":
            self.send_error(404)
        elif kind == "headers":
            try:
                self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
                for _step in range(100):
                    self.wfile.write(b"x")
                    time.sleep(0.1)
            except OSError:
                return  # the client left, as it should
        elif kind == "slow":
            self.send_response(200)
            self.end_headers()
            try:
                for _step in range(50):
                    self.wfile.write(b"x")
                    time.sleep(0.1)
            except OSError:
                return  # the client left, as it should
        else:
            body = self.server.files.get(kind, b"x" * 5000)
            self.send_response(200)
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                return  # the client left, as it should

    def log_message(self, *_args):
        """Nothing on the console."""


class Server:
    """A real server on this machine."""

    def __enter__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.asked, self.server.files, self.server.places = [], {}, {}
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.server.shutdown()
        self.server.server_close()

    def url(self, path):
        return f"http://127.0.0.1:{self.server.server_port}/{path}"


@tagged("standard")
class TestFetch(BaseCase):
    def setUp(self):
        super().setUp()
        self.here = self.enterContext(Server())

    def refused(self, text, url, **more):
        with self.assertRaisesRegex(fetch.FetchRefused, text):
            fetch.get(url, **more)

    def test_listed_host(self):
        self.here.server.files["list"] = b"content"
        self.assertEqual(fetch.get(self.here.url("list"), allowed=HERE), b"content")
        moved = self.here.url("moved/list")
        self.assertEqual(fetch.get(moved, allowed=HERE), b"content")

    def test_private_addresses(self):
        for url in (
            self.here.url("list"),
            f"http://localhost:{self.here.server.server_port}/list",
            *("http://10.1.2.3/x", "http://192.168.1.1/", "http://169.254.169.254/"),
            *("http://[::1]/", "http://0.0.0.0/", "http://100.64.0.1/"),
            *("http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/"),
            *("http://[::ffff:127.0.0.1]/", "http://[fd00::1]/", "http://224.0.0.1/"),
            *("http://2130706433/", "http://0x7f000001/", "http://127.1/"),
        ):
            with self.subTest(url=url):
                self.refused("not on the public network|no answer", url)
        self.assertFalse(self.here.server.asked)

    def test_moved_to_a_private_address(self):
        self.here.server.places["away"] = "http://10.0.0.1/"
        self.refused("public network", self.here.url("moved/away"), allowed=HERE)
        self.here.server.places["file"] = "file:///etc/passwd"
        self.refused("only http", self.here.url("moved/file"), allowed=HERE)
        self.here.server.places["loop"] = "/moved/loop"
        self.refused("without end", self.here.url("moved/loop"), allowed=HERE)

    def test_bounds(self):
        self.refused("too large", self.here.url("big"), allowed=HERE, limit=100)
        for path in ("slow", "headers"):
            began = time.monotonic()
            self.refused(
                "too long|no answer|server answers",
                self.here.url(path),
                allowed=HERE,
                seconds=1,
            )
            self.assertLess(time.monotonic() - began, 3)
        self.refused("404", self.here.url("missing"), allowed=HERE)

    def test_addresses(self):
        for url in (
            *("", "ftp://example.org/", "file:///etc/passwd", "http://", "x"),
            *("http://me:pw@example.org/", "http://example.org:0/", "http://e x.org/"),
            *("http://example.org:99999/", "http://example.org/\r\nHost: x", "//x/y"),
        ):
            with self.subTest(url=url), self.assertRaises(fetch.FetchRefused):
                fetch.check_url(url)


@tagged("standard")
class TestFetchedLists(AnchorCase):
    def setUp(self):
        super().setUp()
        self.here = self.enterContext(Server())
        self.enterContext(
            patch.object(self.env.registry["ir.cron"], "_commit_progress")
        )
        self.lists = self.env["gov.anchor.list"]

    def configured(self, hosts):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        file = folder / "odoo.conf"
        file.write_text(f"[gov_trust]\nfetch_private_hosts = {hosts}\n")
        self.enterContext(patch.dict(config.options, {"config": str(file)}))

    @mute_logger("odoo.addons.gov_trust.models.gov_anchor_list")
    def test_only_where_asked(self):
        quiet = enable(self, Authority("Quiet"), crl_urls=self.here.url("quiet"))
        self.assertFalse(quiet.crl_fetch)
        root = Authority("Asking")
        asking = enable(self, root, crl_urls=self.here.url("list"), crl_fetch=True)
        self.lists._process_lists()
        self.assertFalse(self.here.server.asked, "a private host that is not listed")
        self.configured("127.0.0.1")
        self.here.server.files["list"] = root.crl()
        self.lists._process_lists()
        self.assertEqual(self.here.server.asked, ["/list"])
        self.assertEqual(len(asking.list_ids), 1)
        self.assertTrue(asking.list_ids.source)
        self.assertTrue(self.events("crl.received"))
        self.here.server.files["list"] = b"not a list"
        self.lists._process_lists()
        self.assertEqual(len(asking.list_ids), 1)
        asking.with_user(self.officer).action_withdraw("No more")
        self.lists._process_lists()
        self.assertEqual(len(self.here.server.asked), 2)
