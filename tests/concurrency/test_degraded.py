"""A deposit succeeds, and says what is pending, when something behind it is down; what is
pending is done once it is back, by the crons alone."""

from __future__ import annotations

import email
import importlib
import socket
import sys
import time
import types
from contextlib import contextmanager
from email.policy import default
from pathlib import Path

import crowd
import pytest
import scene
from aiosmtpd.controller import Controller
from crons import run_cron
from deposit_client import DepositClient, small_pdf

DESK = "A4"
RECEIPTS = "digital_registry.ir_cron_registry_watchdog"
SCAN = "gov_base.ir_cron_gov_intake_scan"


@pytest.fixture(scope="module")
def admin(served) -> scene.Rpc:
    """The system administrator, who sets parameters and may run a cron at once."""
    return scene.Rpc(served.url, "admin", served.name)


def wait(tell, wanted, patience: float = 60):
    """Wait until something tells what is wanted; return it."""
    end = time.monotonic() + patience
    while (found := tell()) not in wanted:
        assert time.monotonic() < end, found
        time.sleep(0.3)
    return found


def let_time_pass(served) -> None:
    """What was put off until later is due."""
    served.sql(
        "UPDATE registry_receipt SET next_attempt_at = NULL, mail_next_at = NULL;"
        " UPDATE gov_document_version SET next_attempt_at = NULL"
    )


def closed_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# ----------------------------------------------------------------------
# PDF engine
# ----------------------------------------------------------------------
def test_pdf_engine_down(served, admin, inject):
    client = DepositClient(served.url)
    (inject / "typeset").touch()
    try:
        done = client.deposit(scene.DESKS[DESK])
        assert done.number and done.code
        page = client.get(done.url)
        assert "being prepared" in page.text()
        answer = client.get(done.receipt)
        assert answer.status == 503
        assert "number is final" in answer.text()
        assert int(answer.headers["Retry-After"]) > 0
        (state, error) = wait(
            lambda: served.rows(
                "SELECT state, coalesce(error, '') <> '' FROM registry_receipt"
                f" WHERE public_id = '{done.public_id}'"
            )[0],
            [("pending", "t")],
        )
        assert (state, error) == ("pending", "t")
        run_cron(admin, RECEIPTS)
        assert client.get(done.receipt).status == 503
    finally:
        (inject / "typeset").unlink()
    let_time_pass(served)

    def after_the_batch() -> str:
        # One run makes so many receipts: those of earlier tests may come first.
        run_cron(admin, RECEIPTS)
        return served.sql(
            f"SELECT state FROM registry_receipt WHERE public_id = '{done.public_id}'"
        )

    wait(after_the_batch, ["sealed"], patience=180)
    assert client.receipt(done)
    assert "being prepared" not in client.get(done.url).text()


# ----------------------------------------------------------------------
# Antivirus
# ----------------------------------------------------------------------
def real_clamd():
    """Return the helper of gov_base that runs the machine's clamd, not yet started."""
    folder = Path(__file__).resolve().parents[2] / "addons" / "gov_base" / "tests"
    package = types.ModuleType("gov_base_tests")
    package.__path__ = [str(folder)]
    sys.modules["gov_base_tests"] = package
    return importlib.import_module("gov_base_tests.clamd_server").RealClamd()


@contextmanager
def configured(admin: scene.Rpc, key: str, value: str):
    """Set a system parameter for a while."""
    admin.call("ir.config_parameter", "set_param", key, value)
    try:
        yield
    finally:
        admin.call("ir.config_parameter", "set_param", key, "")


def test_antivirus_down(served, admin):
    clamd = real_clamd()
    client = DepositClient(served.url)
    with configured(admin, "gov_base.clamd_address", clamd.address):
        done = client.deposit(
            scene.DESKS[DESK], files=[("a.pdf", small_pdf(5000), "application/pdf")]
        )
        assert done.number
        assert "Antivirus analysis pending" in client.get(done.url).text()
        assert client.receipt(done)
        states = (
            "SELECT v.av_state, v.state FROM gov_document_version v"
            " JOIN gov_document d ON d.id = v.document_id"
            " JOIN gov_deposit p ON d.res_model = 'registry.letter'"
            f" AND d.res_id = p.letter_id WHERE p.public_id = '{done.public_id}'"
        )
        run_cron(admin, SCAN)
        ((antivirus, state),) = served.rows(states)
        assert antivirus == "pending" and state != "quarantined"
        with clamd:
            let_time_pass(served)
            run_cron(admin, SCAN)
            assert served.rows(states) == [("clean", "released")]
        assert "Antivirus analysis pending" not in client.get(done.url).text()


# ----------------------------------------------------------------------
# Mail
# ----------------------------------------------------------------------
class Inbox:
    """Keeps what it receives."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], bytes]] = []

    async def handle_DATA(self, _server, _session, envelope):
        """Take a message."""
        self.letters.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


def test_mail_server_down(served, admin):
    port = closed_port()
    (server,) = admin.call(
        "ir.mail_server",
        "create",
        [{"name": "Test", "smtp_host": "127.0.0.1", "smtp_port": port}],
    )
    client, address = DepositClient(served.url), "depositor@example.com"
    who = {"kind": "citizen", "name": "Mail Down", "email": address}
    inbox = Inbox()
    query = (
        "SELECT state, mail_state, coalesce(mail_error, '') <> '' FROM registry_receipt"
        " WHERE public_id = '{}'"
    )
    try:
        done = client.deposit(scene.DESKS[DESK], who=who)
        assert done.number
        receipt = client.receipt(done)
        run_cron(admin, RECEIPTS)
        tell = query.format(done.public_id)
        wait(lambda: served.rows(tell)[0], [("sealed", "failed", "t")])
        controller = Controller(inbox, hostname="127.0.0.1", port=port)
        controller.start()
        try:
            let_time_pass(served)
            run_cron(admin, RECEIPTS)
            wait(lambda: served.rows(tell)[0], [("sealed", "sent", "f")])
        finally:
            controller.stop()
    finally:
        admin.call("ir.mail_server", "unlink", [server])
    mine = [content for to, content in inbox.letters if to == [address]]
    assert len(mine) == 1, "one message, once"
    message = email.message_from_bytes(mine[0], policy=default)
    (attached,) = message.iter_attachments()
    assert attached.get_content() == receipt
    for secret in (done.code, "Demande de rendez-vous"):
        assert secret not in str(message["Subject"])


# ----------------------------------------------------------------------
# Everything at once, and the number after all
# ----------------------------------------------------------------------
def test_everything_down_at_once(served, admin, inject):
    (inject / "typeset").touch()
    try:
        with configured(
            admin, "gov_base.clamd_address", f"tcp:127.0.0.1:{closed_port()}"
        ):
            ready = crowd.prepare(
                served, DESK, 4, last_files=[("a.pdf", small_pdf(), "application/pdf")]
            )
            done = crowd.at_once([lambda one=one: crowd.send(*one) for one in ready])
    finally:
        (inject / "typeset").unlink()
    assert len({one.number for one in done}) == 4
    let_time_pass(served)
    run_cron(admin, SCAN)
    run_cron(admin, RECEIPTS)
    assert all(
        client.receipt(one) for (client, _ready), one in zip(ready, done, strict=True)
    )
