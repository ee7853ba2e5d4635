"""A copied or restored database neither numbers, seals nor mails until it is declared."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
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
#: What an undeclared database is asked to do; says what it did. ``{ask}`` may follow.
TRY = """
import json
from odoo.exceptions import UserError
identity = env["gov.trust.identity"]
told = {{"state": identity._state(), "sentence": identity._explain()}}
mail = env["mail.mail"].create({{
    "email_from": "office@example.org", "email_to": "{address}", "subject": "Held",
    "body_html": "<p>Held</p>",
}})
env.cr.commit()
env["mail.mail"].process_email_queue()
env["gov.journal"]._process_pending()
env["registry.receipt"]._process_sequenced()
env["registry.receipt"]._process_mails()
env.cr.commit()
env.invalidate_all()
told["mail"] = mail.exists().state
try:
    env["gov.seal"]._seal_pdf(env.company, b"%PDF-1.7")
except UserError as error:
    told["seal"] = type(error).__name__
except Exception as error:
    told["seal"] = type(error).__name__
print("TOLD", json.dumps(told))
"""
DECLARE = """
env["gov.trust.declaration"].create({{"kind": "{kind}", "reason": "test"}})
env.cr.commit()
assert identity._state() == "{state}", identity._state()
env["mail.mail"].process_email_queue()
env.ref("gov_trust.ir_cron_drain")._trigger()
env.cr.commit()
"""


class Sink:
    """A mail server that keeps what it is given: (recipients, message)."""

    def __init__(self) -> None:
        self.port, self.got = free_port(), []
        self.loop = asyncio.new_event_loop()
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802
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


@dataclass
class Family:
    """The original and what was copied from it at one moment."""

    odoo: OdooProcess
    sink: Sink
    copied: Callable[[str], OdooProcess]
    backup: str
    given: int = BEFORE

    def put_back(self) -> None:
        """Put the backup under the original's name; nothing else is told."""
        self.odoo.databases.workspace.databases.drop(self.odoo.name)
        self.odoo.databases.copy(self.backup, self.odoo.name)


@pytest.fixture(scope="module")
def family(databases, template) -> Iterator[Family]:
    """A database with numbers, its copies, its backup, and the server of its mail."""
    sink = Sink().start()
    original = OdooProcess(
        databases,
        template,
        label="copy",
        script=scene.script(ORIGINAL.format(port=sink.port)),
    )
    made = [original]
    names = [f"{original.name}_{number}".replace("_run_", "_run_c", 1) for number in range(4)]

    def copied(kind: str) -> OdooProcess:
        process = OdooProcess(databases, template, label="copied")
        process.name = names[list(COPIES).index(kind)]
        made.append(process)
        process.sql(COPIES[kind][0])
        return process.start()

    try:
        original.start()
        client = DepositClient(original.url)
        for number in range(BEFORE):
            wait_for_number(client, client.deposit(scene.DESKS[DESK]), number + 1)
        original.stop()
        for name in names:
            databases.copy(original.name, name)
        original.start()
        yield Family(original, sink, copied, names[-1])
    finally:
        for process in made:
            process.destroy()
        for name in names:
            databases.drop(name)
        sink.stop()


def wait_for_number(client: DepositClient, done: Done, expected: int) -> None:
    """The last page of a deposit shows this number, at once or soon."""
    end = time.monotonic() + PATIENCE
    while not done.number and time.monotonic() < end:
        time.sleep(0.3)
        done = Done.of(client.get(done.url))
    assert done.number.endswith(f"/{expected:06d}"), (done, expected)


def deposit_pending(odoo: OdooProcess) -> list[tuple[DepositClient, Done]]:
    """Make deposits that are accepted, with no number, and say so."""
    made = []
    for _number in range(PENDING):
        client = DepositClient(odoo.url, "fr")
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


def grown(odoo: OdooProcess) -> list[tuple[str, ...]]:
    """Return how far the streams went, and how many heads and proofs there are."""
    return odoo.rows(
        "SELECT j.code, s.size FROM gov_journal j JOIN gov_journal_state s"
        " ON s.journal_id = j.id UNION ALL SELECT 'heads', count(*) FROM gov_journal_head"
        " UNION ALL SELECT 'proofs', count(*) FROM gov_proof"
        " UNION ALL SELECT 'sealed', count(*) FROM registry_receipt"
        " WHERE state <> 'pending' ORDER BY 1"
    )


def attempt(odoo: OdooProcess, address: str, then: str = "") -> dict:
    """Ask the database to mail, number and seal; return what it did."""
    output = odoo.shell(TRY.format(address=address) + then)
    line = next(line for line in output.splitlines() if line.startswith("TOLD "))
    return json.loads(line.removeprefix("TOLD "))


def assert_held(odoo: OdooProcess, told: dict, state: str) -> None:
    """The database said no to everything, with the sentence that says what to do."""
    assert told["state"] == state
    assert "declare" in told["sentence"]
    assert told["mail"] == "outgoing"
    assert told["seal"] == "SealUnavailable"
    refused = [line for line in odoo.log.read_text().splitlines() if " ERROR " in line]
    assert not refused, refused[:3]


def numbers(odoo: OdooProcess) -> list[int]:
    """Return the numbers of the desk, pending ones as 0."""
    return [
        int(number)
        for (number,) in odoo.rows(
            "SELECT coalesce(e.sequence, 0) FROM registry_entry e JOIN registry_office o"
            f" ON o.id = e.office_id WHERE o.code = '{DESK}' ORDER BY e.id"
        )
    ]


@pytest.mark.parametrize("kind", COPIES)
def test_a_copy_holds_everything_until_it_is_declared(family, kind):
    address = f"{kind.replace(' ', '-')}@example.org"
    odoo = family.copied(kind)
    before, heads = grown(odoo), card_of(family.odoo)
    pending = deposit_pending(odoo)
    assert_held(odoo, attempt(odoo, address), COPIES[kind][1])
    assert family.sink.told(address) == 0
    assert grown(odoo) == before
    assert numbers(odoo) == [1, 2, *[0] * PENDING]
    declared = DECLARE.format(kind="test_copy", state="test_copy")
    odoo.shell("identity = env['gov.trust.identity']\n" + declared)
    for number, (client, done) in enumerate(pending, BEFORE + 1):
        wait_for_number(client, done, number)
        client.receipt(done)
    client = DepositClient(odoo.url)
    done = client.deposit(scene.DESKS[DESK])
    wait_for_number(client, done, BEFORE + PENDING + 1)
    assert family.sink.told(address) == 1, "what was held is sent once, not lost"
    assert uuid(odoo) != uuid(family.odoo)
    # What the copy did is told nowhere the original could take it for its own.
    assert card_of(family.odoo) == heads
    odoo.stop()


def uuid(odoo: OdooProcess) -> str:
    """Return who a database says it is."""
    return odoo.sql("SELECT value FROM ir_config_parameter WHERE key = 'database.uuid'")


def card_of(odoo: OdooProcess) -> dict:
    """Return what the key folder holds of a database: every file's text."""
    folder = odoo.databases.folder / "keys" / "databases" / uuid(odoo)
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*.json"))
    }


def test_the_original_goes_on(family):
    client = DepositClient(family.odoo.url)
    for number in (BEFORE + 1, BEFORE + 2):
        done = client.deposit(scene.DESKS[DESK])
        wait_for_number(client, done, number)
        client.receipt(done)
    assert numbers(family.odoo) == [1, 2, 3, 4]
    family.given = 4


def test_the_original_neutralised_in_place_is_held(family):
    """The same name and server, but neutralised: not the real one any more."""
    family.odoo.sql(COPIES["neutralised"][0])
    told = family.odoo.shell("print('STATE', env['gov.trust.identity']._state())")
    assert "STATE copy" in told
    family.odoo.sql("DELETE FROM ir_config_parameter WHERE key = 'database.is_neutralized'")


@pytest.mark.parametrize("running", [False, True], ids=["stopped", "running"])
def test_a_restored_backup_never_gives_a_number_again(family, running):
    """The backup knows 1 and 2; the key folder knows how far it went since."""
    odoo, address = family.odoo, f"restored-{running}@example.org"
    if not running:
        odoo.stop()
    known = card_of(odoo)
    family.put_back()
    if not running:
        odoo.start()
    before = grown(odoo)
    pending = deposit_pending(odoo)
    assert_held(odoo, attempt(odoo, address), "restored")
    assert (family.sink.told(address), grown(odoo)) == (0, before)
    # Neither another declaration nor one that is rolled back lets it go on.
    odoo.shell(
        "from odoo.exceptions import UserError\n"
        "model, identity = env['gov.trust.declaration'], env['gov.trust.identity']\n"
        "try:\n    model.create({'kind': 'move', 'reason': 'test'})\n"
        "except UserError:\n    env.cr.rollback()\n"
        "else:\n    raise AssertionError('a move hides the loss')\n"
        "model.create({'kind': 'restore', 'reason': 'test'})\n"
        "env.cr.rollback()\n"
        "assert identity._state() == 'restored', identity._state()\n"
    )
    assert card_of(odoo) == known
    declared = DECLARE.format(kind="restore", state="ok")
    odoo.shell("identity = env['gov.trust.identity']\n" + declared)
    for number, (client, done) in enumerate(pending, family.given + 1):
        wait_for_number(client, done, number)
        client.receipt(done)
    client = DepositClient(odoo.url)
    family.given += PENDING + 1
    wait_for_number(client, client.deposit(scene.DESKS[DESK]), family.given)
    assert family.sink.told(address) == 1
    kept = odoo.sql(
        "SELECT body FROM gov_journal_event WHERE kind = 'database.declared'"
        " AND body LIKE '%restore%'"
    )
    assert "lost" in kept and "restored" in kept
