"""Deposits while eight signed files are being checked, against deposits alone.

The same server, the same clients and the same requests as ``deposit``, in turn. Eight
visitors send a signed PDF again and again, each from an address of its own; one who is
told to come again waits a second, which is sooner than the answer asks.
"""

from __future__ import annotations

import base64
import http.client
import os
import secrets
import threading
import time
from contextlib import contextmanager

import scene
from bench import Bench
from common import HIGHER, Row, interleaved, say
from measure_deposit import OURS, WORKERS, Load

from odoo_process import OdooProcess

UPLOADS, ROUNDS = 8, 9
ALONE, BESIDE = "alone", "with uploads"
SIGNED = """
import base64, io, pikepdf
made = pikepdf.new()
for number in range(60):
    page = made.add_blank_page(page_size=(595, 842))
    text = f"BT /F1 12 Tf 60 700 Td (Page {number}) Tj ET".encode() * 200
    page.Contents = made.make_stream(text)
out = io.BytesIO()
made.save(out)
company = env["res.company"].search([("gov_code", "=", "TSTA")], limit=1)
env["gov.key"]._get(company, "seal")
env.cr.commit()
sealed = env["gov.seal"]._seal_pdf(company, out.getvalue())
env.cr.commit()
print("signed", base64.b64encode(sealed).decode())
"""


class Uploads:
    """Visitors who send a file, all at once, until they are stopped."""

    def __init__(self, load: Load, pdf: bytes) -> None:
        self.host = load.host
        mark = secrets.token_hex(16)
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"'
            "\r\nContent-Type: application/pdf\r\n\r\n"
        )
        self.body = head.encode() + pdf + f"\r\n--{mark}--\r\n".encode()
        self.kind = f"multipart/form-data; boundary={mark}"
        self.answers: dict[int, int] = {}
        self.lock = threading.Lock()
        self.sent = 0

    @contextmanager
    def running(self):
        """Send from eight threads while the block runs."""
        stop = threading.Event()
        threads = [
            threading.Thread(target=self._send_until, args=(stop,), daemon=True)
            for _number in range(UPLOADS)
        ]
        for thread in threads:
            thread.start()
        try:
            time.sleep(0.3)
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join(90)

    def _send_until(self, stop: threading.Event) -> None:
        while not stop.is_set():
            with self.lock:
                self.sent += 1
                number = self.sent
            status = self._send(number)
            with self.lock:
                self.answers[status] = self.answers.get(status, 0) + 1
            if status == 503:
                stop.wait(1)

    def _send(self, number: int) -> int:
        # The limit of one source is not what is measured: each request has its own.
        source = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        headers = {
            "Content-Type": self.kind,
            "Accept": "application/json",
            "X-Forwarded-For": source,
            "X-Forwarded-Host": self.host,
        }
        connection = http.client.HTTPConnection(self.host, timeout=90)
        try:
            connection.request("POST", "/verify/upload", self.body, headers)
            answer = connection.getresponse()
            answer.read()
        finally:
            connection.close()
        if answer.status not in (200, 503):
            raise RuntimeError(f"an upload was answered {answer.status}")
        return answer.status


def measure(bench: Bench) -> list[Row]:
    """Return the row of deposits beside uploads."""
    workers = int(os.environ.get("BENCH_WORKERS", WORKERS))
    mode = f"{workers} workers" if workers else "threaded"
    odoo = OdooProcess(
        bench.databases,
        bench.databases.everything(),
        label="bench_uploads",
        workers=workers,
        script=scene.script(),
        options=["--max-cron-threads", "0", "--log-level", "warn", "--proxy-mode"],
    )
    try:
        odoo.start()
        signed = odoo.shell(SIGNED).rsplit("signed ", 1)[1]
        load = Load(odoo, peer=False)
        uploads = Uploads(load, base64.b64decode(signed))

        def beside() -> float:
            with uploads.running():
                return load.rate(OURS)

        found = interleaved(
            {ALONE: lambda: load.rate(OURS), BESIDE: beside}, rounds=ROUNDS
        )
        say(f"    uploads answered (status: times): {uploads.answers}")
        if not uploads.answers.get(200):
            raise RuntimeError("no upload was checked while deposits ran")
    finally:
        odoo.destroy()
    return [
        Row(
            "uploads",
            found[BESIDE],
            "deposits/s",
            "deposits alone",
            found[ALONE],
            0.5,
            HIGHER,
            f"deposits while {UPLOADS} signed PDFs are checked at once, {mode}",
        )
    ]
