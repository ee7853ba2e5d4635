"""A time-stamp authority on this machine for a measure: RFC 3161, and a latency."""

from __future__ import annotations

import http.server
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager

LATENCY = 0.020


def _serve(pipe, respond) -> None:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            """Answer one request, as late as an authority far away."""
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            answer = respond(asked)
            time.sleep(LATENCY)
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_arguments) -> None:
            """Nothing to tell."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    pipe.send(server.server_port)
    server.serve_forever()


@contextmanager
def timestamper(respond) -> Iterator[int]:
    """Serve in another process; give the port.

    :param respond: function of the request's bytes that gives those of the answer
    """
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe()
    process = fork.Process(target=_serve, args=(theirs, respond), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()
