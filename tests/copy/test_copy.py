"""A copied or restored database neither numbers, seals nor mails until it is declared."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import crowd
import pytest
import requests
import scene
from aiosmtpd.smtp import SMTP
from deposit_client import DepositClient, Done

from maktab_dev.settings import free_port
from odoo_process import OdooProcess

DESK, BEFORE, PENDING = "A1", 2, 2
PATIENCE = 60.0
#: What is done to a copy before it is served → the state it is found in.
COPIES = {
    "another name": ("SELECT 1", "copy"),
    "neutralised": (
        "INSERT INTO ir_config_parameter (key, value)"
        " VALUES ('database.is_neutralized', 'true')",
        "copy",
    ),
    "own uuid": (
        "UPDATE ir_config_parameter SET value = gen_random_uuid()::text"
        " WHERE key = 'database.uuid'",
        "undeclared",
    ),
}
#: The original is the real one, and its mail goes to the sink.
ORIGINAL = """
env["ir.mail_server"].create(
    {{"name": "sink", "smtp_host": "127.0.0.1", "smtp_port": {port}}}
)
env["gov.trust.declaration"].create({{"kind": "move", "reason": "the real one"}})
env.cr.commit()
assert env["gov.trust.identity"]._state() == "ok"
"""
#: What an undeclared database is asked to do (``shell``, on each of ``names``).
TRY = """
import json
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
for name, address in {names!r}.items():
    with Registry(name).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {{}})
        identity = env["gov.trust.identity"]
        told = {{"state": identity._state(), "sentence": identity._explain()}}
        mail = env["mail.mail"].create({{
            "email_from": "office@example.org", "email_to": address,
            "subject": "Held", "body_html": "<p>Held</p>",
        }})
        cr.commit()
        env["mail.mail"].process_email_queue()
        env["gov.journal"]._process_pending()
        env["registry.receipt"]._process_sequenced()
        env["registry.receipt"]._process_mails()
        cr.commit()
        env.invalidate_all()
        told["mail"] = mail.exists().state
        try:
            env["gov.seal"]._seal_pdf(env.company, b"%PDF-1.7")
        except Exception as error:
            told["seal"] = type(error).__name__
        print("TOLD", name, json.dumps(told))
"""
#: Neither another declaration nor one that is rolled back hides a loss.
HIDE = """
from odoo.exceptions import UserError
model, identity = env["gov.trust.declaration"], env["gov.trust.identity"]
try:
    model.create({"kind": "move", "reason": "test"})
except UserError:
    env.cr.rollback()
else:
    raise AssertionError("a move hides the loss")
model.create({"kind": "restore", "reason": "test"})
env.cr.rollback()
assert identity._state() == "restored", identity._state()
"""


class Sink:
    """A mail server that keeps what it is given: (recipients, message)."""

    def __init__(self) -> None:
        self.port, self.got = free_port(), []
        self.loop = asyncio.new_event_loop()
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)

    async def handle_DATA(self, _server, _session, envelope) -> str:
        """Keep a message."""
        self.got.append((tuple(envelope.rcpt_tos), envelope.content))
        return "250 OK"

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(
            self.loop.create_server(
                lambda: SMTP(self, loop=self.loop), "127.0.0.1", self.port
            )
        )
        self.ready.set()
        self.loop.run_forever()

    def start(self) -> Sink:
        """Listen."""
        self.thread.start()
        assert self.ready.wait(10)
        return self

    def stop(self) -> None:
        """Listen no more."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    def told(self, address: str) -> int:
        """Return how many messages an address got."""
        return sum(address in recipients for recipients, _content in self.got)


class Copies(OdooProcess):
    """One server of several databases that are there already."""

    def wait(self) -> None:
        """Wait until the database of this name is served."""
        end = time.monotonic() + 2 * PATIENCE
        while time.monotonic() < end:
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            with contextlib.suppress(requests.ConnectionError):
                page = client_of(self, self.name).get("/web/login")
                if (page.status, page.path) == (200, "/web/login"):
                    return
            time.sleep(0.2)
        raise AssertionError(f"{self.url} does not serve {self.name}")


def client_of(odoo: OdooProcess, name: str) -> DepositClient:
    """Return a browser of a depositor whose session is on this database."""
    client = DepositClient(odoo.url, "fr")
    client.session.get(f"{odoo.url}/web/login?db={name}", timeout=PATIENCE)
    return client


@dataclass
class Family:
    """The original, what was copied from it at one moment, and the mail they send."""

    odoo: OdooProcess
    served: Copies
    copies: dict[str, str]
    backup: str
    sink: Sink
    given: int = BEFORE

    def put_back(self) -> None:
        """Put the backup under the original's name; nothing else is told."""
        self.odoo.databases.workspace.databases.drop(self.odoo.name)
        self.odoo.databases.workspace.databases.create(self.odoo.name, self.backup)


@pytest.fixture(scope="module")
def family(databases, template) -> Iterator[Family]:
    """A database with numbers, its copies, its backup, and the server of its mail."""
    sink = Sink().start()
    # One desk on each side is enough here: a quick start.
    few = scene.script(ORIGINAL.format(port=sink.port)).replace(
        f"CODES = {scene.CODES!r}", f"CODES = {(DESK, 'B1')!r}"
    )
    original = OdooProcess(databases, template, label="copy", script=few)
    prefix = original.name.replace("_run_pycopy_", "_run_pycopied{}_")
    names = {kind: prefix.format(place) for place, kind in enumerate(COPIES)}
    backup = prefix.format("b")
    served = Copies(
        databases,
        template,
        label="copied",
        options=[
            "-d",
            ",".join(names.values()),
            "--db-filter",
            prefix.partition("{}")[0],
        ],
    )
    served.name = names["another name"]
    try:
        original.start()
        client = DepositClient(original.url)
        for number in range(BEFORE):
            done = client.deposit(scene.DESKS[DESK])
            wait_for_number(client, done, number + 1)
            client.receipt(done)
        original.stop()
        for name in (backup, *names.values()):
            databases.copy(original.name, name)
        for kind, name in names.items():
            databases.workspace.databases.sql(COPIES[kind][0], database=name)
        starting = crowd.later(served.start)
        original.start()
        starting()
        yield Family(original, served, names, backup, sink)
    finally:
        original.destroy()
        served.stop()
        for name in (backup, *names.values()):
            databases.drop(name)
        sink.stop()


@pytest.fixture(scope="module")
def attempts(family) -> dict[str, tuple]:
    """Each copy gets deposits, then is asked to number, seal and mail: what came."""
    before = {name: grown(family.served, name) for name in family.copies.values()}
    pending = {
        name: deposit_pending(family.served, name) for name in family.copies.values()
    }
    told = attempt(
        family.odoo.databases,
        {name: f"{name}@example.org" for name in family.copies.values()},
    )
    return {name: (before[name], pending[name], told[name]) for name in before}


def wait_for_number(client: DepositClient, done: Done, expected: int) -> None:
    """The last page of a deposit shows this number, at once or soon."""
    end = time.monotonic() + PATIENCE
    while not done.number and time.monotonic() < end:
        time.sleep(0.3)
        done = Done.of(client.get(done.url))
    assert done.number.endswith(f"/{expected:06d}"), (done, expected)


def deposit_pending(odoo: OdooProcess, name: str) -> list[tuple[DepositClient, Done]]:
    """Make deposits that are accepted, with no number, and say so."""
    made = []
    for _number in range(PENDING):
        client = client_of(odoo, name)
        done = client.deposit(scene.DESKS[DESK])
        assert (done.number, bool(done.code)) == ("", True), done
        page = client.get(done.url)
        assert page.status == 200
        assert page.tree.xpath("//*[@data-number='']"), page.text()[:500]
        receipt = client.get(f"/deposit/receipt/{done.public_id}")
        assert receipt.status == 503, receipt.status
        assert not receipt.content.startswith(b"%PDF-")
        made.append((client, done))
    return made


def rows(odoo: OdooProcess, name: str, query: str) -> list[tuple[str, ...]]:
    """Return the rows of a query on a database, as text."""
    told = odoo.databases.workspace.databases.sql(query, database=name)
    return [tuple(line.split("|")) for line in told.splitlines()]


def grown(odoo: OdooProcess, name: str) -> list[tuple[str, ...]]:
    """Return how far the streams went, and how many heads and proofs there are."""
    return rows(
        odoo,
        name,
        "SELECT j.code, s.size FROM gov_journal j JOIN gov_journal_state s"
        " ON s.journal_id = j.id UNION ALL SELECT 'heads', count(*) FROM gov_journal_head"
        " UNION ALL SELECT 'proofs', count(*) FROM gov_proof"
        " UNION ALL SELECT 'sealed', count(*) FROM registry_receipt"
        " WHERE state <> 'pending' ORDER BY 1",
    )


def attempt(databases, addresses: dict[str, str]) -> dict[str, dict]:
    """Ask databases to mail (to these addresses), number and seal: what they did."""
    output = databases.shell(next(iter(addresses)), TRY.format(names=addresses))
    lines = [line for line in output.splitlines() if line.startswith("TOLD ")]
    return {line.split(" ", 2)[1]: json.loads(line.split(" ", 2)[2]) for line in lines}


def assert_held(family: Family, told: dict, state: str, address: str) -> None:
    """The database said no to everything, with the sentence that says what to do."""
    assert told["state"] == state
    assert "declare" in told["sentence"]
    assert told["mail"] == "outgoing"
    assert told["seal"] == "SealUnavailable"
    assert family.sink.told(address) == 0


def declare(odoo: OdooProcess, name: str, kind: str) -> None:
    """Say what a database is, as its operator does in the window."""
    operator = scene.Rpc(odoo.url, "operator", name)
    operator.call("gov.trust.declaration", "create", [{"kind": kind, "reason": "test"}])


def send_queue(odoo: OdooProcess, name: str) -> None:
    """Let the queue of messages be sent now."""
    odoo.databases.shell(name, 'env["mail.mail"].process_email_queue()')


def numbers(odoo: OdooProcess, name: str) -> list[int]:
    """Return the numbers of the desk, pending ones as 0."""
    found = rows(
        odoo,
        name,
        "SELECT coalesce(e.sequence, 0) FROM registry_entry e JOIN registry_office o"
        f" ON o.id = e.office_id WHERE o.code = '{DESK}' ORDER BY e.id",
    )
    return [int(number) for (number,) in found]


@pytest.mark.parametrize("kind", COPIES)
def test_a_copy_holds_everything_until_it_is_declared(family, attempts, kind):
    odoo, name = family.served, family.copies[kind]
    address = f"{name}@example.org"
    before, pending, told = attempts[name]
    assert_held(family, told, COPIES[kind][1], address)
    assert grown(odoo, name) == before
    assert numbers(odoo, name) == [1, 2, *[0] * PENDING]
    original = card_of(family.odoo)
    declare(odoo, name, "test_copy")
    for number, (client, done) in enumerate(pending, BEFORE + 1):
        wait_for_number(client, done, number)
        client.receipt(done)
    client = client_of(odoo, name)
    done = client.deposit(scene.DESKS[DESK])
    wait_for_number(client, done, BEFORE + PENDING + 1)
    # What the copy does is told nowhere the original could take it for its own.
    assert uuid(odoo, name) != uuid(family.odoo, family.odoo.name)
    assert card_of(family.odoo) == original


def test_what_was_held_is_sent_once(family, attempts):
    name = family.copies["another name"]
    send_queue(family.served, name)
    assert family.sink.told(f"{name}@example.org") == 1


def uuid(odoo: OdooProcess, name: str) -> str:
    """Return who a database says it is."""
    query = "SELECT value FROM ir_config_parameter WHERE key = 'database.uuid'"
    return rows(odoo, name, query)[0][0]


def card_of(odoo: OdooProcess) -> dict:
    """Return what the key folder holds of a database: every file's text."""
    folder = odoo.databases.folder / "keys" / "databases" / uuid(odoo, odoo.name)
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*.json"))
        # The platform's own stream goes on by itself: keys made late, crons.
        if path.name != "trust.json"
    }


def test_the_original_goes_on(family, attempts):
    client = DepositClient(family.odoo.url)
    for number in (BEFORE + 1, BEFORE + 2):
        done = client.deposit(scene.DESKS[DESK])
        wait_for_number(client, done, number)
        client.receipt(done)
    assert numbers(family.odoo, family.odoo.name) == [1, 2, 3, 4]
    family.given = 4


def test_the_original_neutralised_in_place_is_held(family):
    """The same name and server, but neutralised: not the real one any more."""
    odoo = family.odoo
    odoo.sql(COPIES["neutralised"][0])
    told = odoo.shell("print('STATE', env['gov.trust.identity']._state())")
    odoo.sql("DELETE FROM ir_config_parameter WHERE key = 'database.is_neutralized'")
    assert "STATE copy" in told


@pytest.mark.parametrize("running", [False, True], ids=["stopped", "running"])
def test_a_restored_backup_never_gives_a_number_again(family, running):
    """The backup knows 1 and 2; the key folder knows how far it went since."""
    odoo, address = family.odoo, f"restored-{running}@example.org".lower()
    if not running:
        odoo.stop()
    family.put_back()
    known = card_of(odoo)
    if not running:
        odoo.start()
    before = grown(odoo, odoo.name)
    pending = deposit_pending(odoo, odoo.name)
    told = attempt(odoo.databases, {odoo.name: address})
    assert_held(family, told[odoo.name], "restored", address)
    assert grown(odoo, odoo.name) == before
    odoo.shell(HIDE)
    assert card_of(odoo) == known
    declare(odoo, odoo.name, "restore")
    for number, (client, done) in enumerate(pending, family.given + 1):
        wait_for_number(client, done, number)
        client.receipt(done)
    client = DepositClient(odoo.url)
    family.given += PENDING + 1
    wait_for_number(client, client.deposit(scene.DESKS[DESK]), family.given)
    send_queue(odoo, odoo.name)
    assert family.sink.told(address) == 1
    kept = odoo.sql(
        "SELECT body FROM gov_journal_event WHERE kind = 'database.declared'"
        " AND body LIKE '%restore%'"
    )
    assert "lost" in kept and "restored" in kept
