"""A timestamp authority on loopback, in a process of its own.

``clock.py FOLDER``: writes ``root.pem`` and ``url`` into FOLDER, then answers as the file
``mode`` there says: ``good``, ``ahead`` (by a minute) or ``error``.
"""

import datetime
import http.server
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "addons" / "gov_trust"))

from lib import ca, keys, tsa

FOLDER = Path(sys.argv[1])


def _key():
    root_key, key = keys.generate(), keys.generate()
    root = ca.make_root(root_key, ca.Holder("Clock of several processes"))
    holder = ca.Holder("Clock")
    certificate = ca.issue(root, root_key, key.public_key(), holder, ca.TSA)
    (FOLDER / "root.pem").write_text(ca.pem(root))
    return keys.LoadedKey(key, certificate, (root,))


KEY = _key()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        mode = (FOLDER / "mode").read_text()
        ahead = datetime.timedelta(minutes=mode == "ahead")
        now = datetime.datetime.now(datetime.UTC) + ahead
        self.send_response(500 if mode == "error" else 200)
        self.end_headers()
        self.wfile.write(tsa.respond(body, KEY, now=now))

    def log_message(self, *_arguments):
        """Nothing."""


def main():
    (FOLDER / "mode").write_text("good")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    (FOLDER / "url.new").write_text(f"http://127.0.0.1:{server.server_port}/")
    (FOLDER / "url.new").rename(FOLDER / "url")
    server.serve_forever()


if __name__ == "__main__":
    main()
