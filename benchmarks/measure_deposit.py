"""The deposit's last step (100 kB PDF, consent), against a bare route and a peer.

Same server, same mode, same bytes, same clients, in turn. What comes after the number
(PDF of the receipt, mails) is work of crons: they are off while this is measured, and
``receipts`` tells how fast they are.
"""

from __future__ import annotations

import http.client
import os
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
import scene
from bench import Bench
from common import HIGHER, Row, interleaved, say, seconds
from deposit_client import DepositClient, small_pdf

from odoo_process import OdooProcess

WORKERS, CLIENTS, POSTS, ROUNDS = 2, 4, 40, 9
SIZE = 100_000
FLOOR, PEER, OURS = "bare route", "helpdesk_mgmt", "deposit"
PROCESS = """
import time
receipts = env["registry.receipt"].search([("state", "=", "pending")], limit=20)
receipts[:2]._process_sequenced(2)
env.cr.commit()
start = time.perf_counter()
env["registry.receipt"]._process_sequenced(10)
print("seconds", time.perf_counter() - start)
"""


@dataclass
class Post:
    """A request that is ready to be sent, and the answer that is right."""

    path: str
    body: bytes
    headers: dict[str, str]
    expected: tuple[int, str]


def _prepared(
    session: requests.Session, url: str, data, files, expected: tuple[int, str]
) -> Post:
    parts = [*files, *((name, (None, value.encode())) for name, value in data)]
    ready = session.prepare_request(requests.Request("POST", url, files=parts))
    return Post(urlsplit(url).path, ready.body, dict(ready.headers), expected)


class Load:
    """Prepares requests beforehand, then sends them from several clients at once."""

    def __init__(self, odoo: OdooProcess, *, peer: bool = True) -> None:
        self.odoo = odoo
        self.host = urlsplit(odoo.url).netloc
        self.pool = ThreadPoolExecutor(CLIENTS)
        self.clients = [DepositClient(odoo.url) for _number in range(CLIENTS)]
        if not peer:
            return
        self.citizen = self._login()
        self.token = self._csrf(
            self.citizen.get(f"{odoo.url}/new/ticket", timeout=90).text
        )

    def _login(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False
        told = session.post(
            f"{self.odoo.url}/web/session/authenticate",
            json={
                "params": {
                    "db": self.odoo.name,
                    "login": "citizen",
                    "password": "citizen",
                }
            },
            timeout=90,
        ).json()
        if not told.get("result", {}).get("uid"):
            raise RuntimeError(f"the peer's user cannot log in: {told}")
        return session

    @staticmethod
    def _csrf(page: str) -> str:
        return page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]

    def pdf(self):
        """Return a PDF of its own, as a form carries it."""
        name = f"letter-{secrets.token_hex(4)}.pdf"
        return (name, small_pdf(SIZE), "application/pdf")

    def prepare(self, kind: str) -> list[Post]:
        """Return the requests of one round."""
        make = {FLOOR: self._floor, PEER: self._peer, OURS: self._deposit}[kind]
        return list(self.pool.map(make, range(POSTS)))

    def _floor(self, _number: int) -> Post:
        # Without cookie, as the design measured its floor.
        url = f"{self.odoo.url}/bench/floor"
        files = [("files", self.pdf())]
        return _prepared(requests.Session(), url, [], files, (303, "/bench/"))

    def _peer(self, _number: int) -> Post:
        data = [
            ("csrf_token", self.token),
            ("subject", "Demande de rendez-vous"),
            ("description", "Je demande un rendez-vous."),
        ]
        url = f"{self.odoo.url}/submitted/ticket"
        files = [("attachment", self.pdf())]
        return _prepared(self.citizen, url, data, files, (302, "/my/ticket/"))

    def _deposit(self, number: int) -> Post:
        client = self.clients[number % CLIENTS]
        ready = client.to_check(scene.DESKS["A1"], last_files=[self.pdf()])
        return _prepared(
            client.session,
            ready.action,
            ready.data,
            ready.files,
            (303, "/deposit/done/"),
        )

    def send(self, post: Post) -> None:
        """Send one request; a wrong answer ends the measure."""
        connection = http.client.HTTPConnection(self.host, timeout=90)
        try:
            connection.request("POST", post.path, post.body, post.headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        status, place = post.expected
        location = urlsplit(answer.getheader("Location") or "").path
        if answer.status != status or not location.startswith(place):
            raise RuntimeError(
                f"{post.path}: {answer.status} {location} {content[:600]}"
            )

    def rate(self, kind: str) -> float:
        """Return the posts a second of all clients together."""
        posts = self.prepare(kind)
        return POSTS / seconds(lambda: list(self.pool.map(self.send, posts)))


def _check(odoo: OdooProcess) -> int:
    """Return how many deposits are numbered; 1..n, each with its receipt record."""
    told = odoo.sql(
        "SELECT count(*), count(DISTINCT e.sequence), coalesce(max(e.sequence), 0),"
        " count(r.id) FROM registry_entry e"
        " LEFT JOIN registry_receipt r ON r.entry_id = e.id"
    )
    lines, distinct, most, receipts = map(int, told.split("|"))
    if not lines == distinct == most == receipts:
        raise RuntimeError(f"not every deposit has its number and receipt: {told}")
    return lines


def _row(name: str, ours: list, peer: str, theirs: list, bar: float, note: str) -> Row:
    return Row(name, ours, "posts/s", peer, theirs, bar, HIGHER, note)


def measure(bench: Bench) -> list[Row]:
    """Return the rows of the deposit."""
    workers = int(os.environ.get("BENCH_WORKERS", WORKERS))
    mode = f"{workers} workers" if workers else "threaded"
    with bench.with_peers() as template:
        odoo = OdooProcess(
            bench.databases,
            template,
            label="bench",
            workers=workers,
            script=scene.script(),
            options=["--max-cron-threads", "0", "--log-level", "warn"],
        )
        try:
            odoo.start()
            load = Load(odoo)
            works: dict[str, Callable[[], float]] = {
                kind: (lambda kind=kind: load.rate(kind))
                for kind in (FLOOR, PEER, OURS)
            }
            found = interleaved(works, rounds=ROUNDS)
            say(
                f"    {_check(odoo)} deposits numbered 1..n, each with its receipt record"
            )
            took = float(odoo.shell(PROCESS).rsplit("seconds", 1)[1])
        finally:
            odoo.destroy()
    note = f"POST with a 100 kB PDF and consent, {mode}, {CLIENTS} clients"
    ours = found[OURS]
    return [
        _row(
            "deposit",
            ours,
            "bare Odoo route storing the same bytes",
            found[FLOOR],
            0.5,
            note,
        ),
        _row("deposit-peer", ours, "OCA helpdesk_mgmt ticket", found[PEER], 1.0, note),
        Row(
            "receipts",
            [10 / took] * ROUNDS,
            "PDF/s",
            "deposits/s",
            ours,
            None,
            HIGHER,
            "receipt PDFs made, sealed and stored by one process after the number",
        ),
    ]
