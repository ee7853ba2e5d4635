"""One round of a crash: deposits arrive, something is killed, it is started again."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import crowd
import requests
import scene
from deposit_client import DepositClient, Done, Ready, small_pdf

from maktab_dev.common import Problem
from odoo_process import OdooProcess

DESK, CLIENTS = "A1", 8
#: Seconds over which deposits are sent; the blow falls once so many were answered
#: (any number of them), and a moment more.
SPREAD, MOMENT, LONGEST = 0.6, 0.15, 30.0
PATIENCE = 150.0
THREADED = ("odoo", "postmaster", "backend")
PREFORK = ("worker", "main", "odoo", "postmaster", "backend")


@dataclass
class Sender:
    """A depositor with a deposit that only has to be sent."""

    client: DepositClient
    ready: Ready
    delay: float
    answered: str = ""
    trouble: list[str] = field(default_factory=list)

    def send(self) -> None:
        """Send once; remember the address of the last page when it was answered."""
        time.sleep(self.delay)
        try:
            page = self.client.send(self.ready, follow=False)
        except requests.RequestException as error:
            self.trouble.append(type(error).__name__)
            return
        if page.status == 303:
            self.answered = urlsplit(page.headers["Location"]).path
        else:
            self.trouble.append(str(page.status))

    def insist(self, end: float) -> Done:
        """Send again until the last page shows the number, as a person would."""
        while True:
            try:
                if self.answered:
                    page = self.client.get(self.answered)
                else:
                    page = self.client.send(self.ready)
                if page.status == 200:
                    done = Done.of(page)
                    self.answered = self.answered or urlsplit(done.url).path
                    if done.number:
                        return done
            except requests.RequestException as error:
                self.trouble.append(type(error).__name__)
            assert time.monotonic() < end, f"{self.ready.action}: {self.trouble}"
            time.sleep(0.5)


class Crashes:
    """A served Odoo on a PostgreSQL of its own, and everything that was deposited."""

    def __init__(self, odoo: OdooProcess, seed: int) -> None:
        self.odoo = odoo
        self.cluster = odoo.databases.workspace.cluster
        self.chance = random.Random(seed)
        self.done: list[Done] = []
        self.blows = {
            "odoo": self.odoo.kill,
            "main": lambda: os.kill(self.odoo.process.pid, signal.SIGKILL),
            "worker": self._kill_worker,
            "postmaster": lambda: os.kill(self.cluster.postmaster(), signal.SIGKILL),
            "backend": self._kill_backend,
        }

    # ------------------------------------------------------------------
    # Blows
    # ------------------------------------------------------------------
    def _kill_worker(self) -> None:
        pids = [pid for pid in self.odoo.pids() if pid != self.odoo.process.pid]
        os.kill(self.chance.choice(pids), signal.SIGKILL)

    def _kill_backend(self) -> None:
        pids = [
            int(pid)
            for (pid,) in self.odoo.rows(
                "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                f" AND datname = '{self.odoo.name}' ORDER BY state = 'active' DESC, pid"
            )
        ]
        # One that works, when there is one: they come first.
        os.kill(pids[0 if self.chance.random() < 0.7 else -1], signal.SIGKILL)

    def _recover(self, target: str) -> None:
        """Start again what was killed, as an operator or systemd does."""
        end = time.monotonic() + 60
        while target in ("postmaster", "backend"):
            with contextlib.suppress(Problem):
                self.cluster.ensure_running()
                self.odoo.sql("SELECT 1")
                break
            assert time.monotonic() < end, "PostgreSQL does not come back"
            time.sleep(0.3)
        if target == "main":  # what it leaves behind must not hold the port
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.odoo.process.pid, signal.SIGKILL)
        if target in ("odoo", "main"):
            self.odoo.process.wait()
            self.odoo.start()
        self._wait_served()

    def _wait_served(self) -> None:
        """Wait for pages; Odoo's main process may end when PostgreSQL is away."""
        end = time.monotonic() + 60
        while True:
            if self.odoo.process.poll() is not None:
                self.odoo.start()
            try:
                with urllib.request.urlopen(f"{self.odoo.url}/deposit", timeout=20):
                    return
            except (OSError, urllib.error.URLError):
                assert time.monotonic() < end, "Odoo does not serve any more"
                time.sleep(0.3)

    # ------------------------------------------------------------------
    # A round
    # ------------------------------------------------------------------
    def round(self, target: str) -> str:
        """Deposit, strike, start again, check; return a line that tells of it."""
        senders = self._senders()
        wanted = self.chance.randrange(CLIENTS)
        threads = [threading.Thread(target=sender.send) for sender in senders]
        start = time.monotonic()
        for thread in threads:
            thread.start()
        while sum(bool(sender.answered) for sender in senders) < wanted:
            assert time.monotonic() - start < LONGEST, "deposits are not answered"
            time.sleep(0.002)
        time.sleep(self.chance.uniform(0, MOMENT))
        blow_at = time.monotonic() - start
        self.blows[target]()
        for thread in threads:
            thread.join()
        answered = sum(bool(sender.answered) for sender in senders)
        self._recover(target)
        # One who comes after the crash: what it left is numbered before him.
        self.done.append(self._newcomer())
        end = time.monotonic() + PATIENCE
        with ThreadPoolExecutor(4) as pool:
            before = [sender.answered for sender in senders]
            done = list(pool.map(lambda sender: sender.insist(end), senders))
            for place, one in zip(before, done, strict=True):
                assert not place or place.endswith(one.public_id), (place, one)
            receipts = list(
                pool.map(
                    lambda pair: pair[0].client.receipt(pair[1]),
                    zip(senders, done, strict=True),
                )
            )
        assert len(set(receipts)) == len(senders)
        self.done += done
        self.check()
        return (
            f"{target:10} struck at {blow_at:.2f} s, {answered} of {len(senders)} were"
            f" answered; {len(self.done)} deposits, numbered 1..{len(self.done)}"
        )

    def _senders(self) -> list[Sender]:
        files = [("a.pdf", small_pdf(20_000), "application/pdf")]
        made = crowd.prepare(self.odoo, DESK, CLIENTS, last_files=files)
        return [Sender(*one, self.chance.uniform(0, SPREAD)) for one in made]

    def _newcomer(self) -> Done:
        end, client = time.monotonic() + 60, DepositClient(self.odoo.url)
        while True:
            try:
                ready = client.to_check(scene.DESKS[DESK])
                break
            except (AssertionError, requests.RequestException):
                assert time.monotonic() < end, "no deposit can be begun after the crash"
                time.sleep(0.5)
        return Sender(client, ready, 0).insist(end + 30)

    def check(self) -> None:
        """Every deposit once: number, line, letter, receipt; 1..n, no hole."""
        crowd.assert_numbers(self.odoo, DESK, len(self.done))
        assert len({one.number for one in self.done}) == len(self.done)
        assert len({one.public_id for one in self.done}) == len(self.done)
        (counts,) = self.odoo.rows(
            "SELECT (SELECT count(*) FROM registry_letter),"
            " (SELECT count(*) FROM registry_receipt),"
            " (SELECT count(DISTINCT entry_id) FROM registry_receipt),"
            " (SELECT count(*) FROM gov_deposit WHERE state = 'submitted'),"
            " (SELECT count(*) FROM registry_entry)"
        )
        assert set(counts) == {str(len(self.done))}, counts
        told = dict(
            self.odoo.rows(
                "SELECT r.public_id, e.number FROM registry_receipt r"
                " JOIN registry_entry e ON e.id = r.entry_id"
            )
        )
        assert told == {one.public_id: one.number for one in self.done}

    def final_check(self) -> None:
        """The journal holds after all of it, and no receipt waits for ever."""
        rpc = scene.Rpc(self.odoo.url, "auditor", self.odoo.name)
        (register,) = rpc.call(
            "registry.register",
            "search",
            [("office_id.code", "=", DESK), ("direction", "=", "incoming")],
        )
        action = rpc.call("registry.register", "action_verify", [register])
        (shown,) = rpc.call(
            action["res_model"], "read", [action["res_id"]], ["is_intact", "sentence"]
        )
        assert shown["is_intact"], shown["sentence"]
        end = time.monotonic() + PATIENCE
        while (
            self.odoo.sql(
                "SELECT count(*) FROM registry_receipt WHERE state = 'pending'"
            )
            != "0"
        ):
            assert time.monotonic() < end, (
                "receipts wait: the crons do not run any more"
            )
            time.sleep(0.5)
