"""A copied database neither numbers, seals nor mails until somebody says what it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import crowd
import scene
from deposit_client import DepositClient, Done
from odoo_process import OdooProcess

DESK = "A1"
MAIL_HELD = """
mail = env["mail.mail"].create({"subject": "Held", "email_to": "x@example.com",
                                "body_html": "<p>x</p>"})
env.cr.commit()
mail.send()
env.cr.commit()
print("state", mail.exists().state)
"""
SEAL = """
from odoo.addons.gov_trust.exceptions import SealUnavailable
try:
    env["gov.seal"]._seal_pdf(env["res.company"].search([], limit=1), b"%PDF-1.7")
    print("seal done")
except SealUnavailable as error:
    print("seal refused:", error)
"""


class Pair:
    """An original with some deposits, and its copy under another name."""

    def __init__(self, original: OdooProcess, copy: OdooProcess) -> None:
        self.original = original
        self.copy = copy


@pytest.fixture(scope="module")
def pair(databases, template) -> Iterator[Pair]:
    """Deposit twice, stop, ``createdb -T``, serve both."""
    original = OdooProcess(
        databases, template, label="original", script=scene.script()
    )
    copy = OdooProcess(databases, template, label="copy")
    try:
        original.start()
        for one in crowd.prepare(original, DESK, 2):
            crowd.send(*one)
        original.stop()
        # A plain copy: no declaration, unlike the clones of the tests.
        databases.copy(original.name, copy.name)
        original.start()
        copy.start()
        yield Pair(original, copy)
    finally:
        copy.destroy()
        original.destroy()


def deposited(odoo: OdooProcess) -> tuple[DepositClient, Done]:
    """Deposit on the desk; the last page need not show a number."""
    client = DepositClient(odoo.url)
    return client, client.deposit(scene.DESKS[DESK])


def test_a_copy_takes_the_letter_and_gives_no_number(pair):
    client, done = deposited(pair.copy)
    assert done.public_id and not done.number
    assert "number is being given" in client.get(done.url).text()
    assert client.get(done.receipt).status == 503
    numbers = crowd.sequences(pair.copy, DESK)
    assert numbers.pop(0) == [None]
    assert list(numbers.values()) == [[1, 2]]


def test_a_copy_does_not_drain_by_its_cron(pair):
    pair.copy.shell("env['gov.journal']._process_pending(); env.cr.commit()")
    assert crowd.sequences(pair.copy, DESK)[0] == [None]


def test_a_copy_says_what_it_is_and_what_to_do(pair):
    told = pair.copy.shell(
        "identity = env['gov.trust.identity']\n"
        "print('told', identity._state(), identity._explain())"
    )
    assert "told copy" in told
    assert "declare" in told


def test_a_copy_does_not_seal(pair):
    told = pair.copy.shell(SEAL)
    assert "seal refused:" in told and "declare" in told


def test_a_copy_does_not_mail(pair):
    assert "state outgoing" in pair.copy.shell(MAIL_HELD)


def test_the_original_goes_on(pair):
    _client, done = deposited(pair.original)
    assert done.number.endswith("000003")
    crowd.assert_numbers(pair.original, DESK, 3)


def test_a_declared_test_copy_numbers_for_itself(pair):
    operator = scene.Rpc(pair.copy.url, "operator", pair.copy.name)
    operator.call(
        "gov.trust.declaration",
        "create",
        [{"kind": "test_copy", "reason": "rehearsal of an upgrade"}],
    )
    client, done = deposited(pair.copy)
    assert done.number.endswith("000004"), "the one that waited came first"
    crowd.assert_numbers(pair.copy, DESK, 4)
    assert client.receipt(done).startswith(b"%PDF-")
    declared = pair.copy.sql(
        "SELECT count(*) FROM gov_journal_event e JOIN gov_journal j"
        " ON j.id = e.journal_id WHERE j.code = 'trust' AND e.seq IS NOT NULL"
        " AND e.kind = 'database.declared' AND e.body LIKE '%rehearsal%'"
    )
    assert declared == "1"


def test_the_original_is_unaffected(pair):
    told = pair.original.shell(
        "print('told', env['gov.trust.identity']._state(), env['gov.journal'].search("
        f"[('id', '=', {crowd.journal_id(pair.original, DESK)})])._verify()['ok'])"
    )
    assert "told ok True" in told or "told test_copy True" in told
    client, done = deposited(pair.original)
    assert done.number.endswith("000004")
    assert client.receipt(done).startswith(b"%PDF-")
    crowd.assert_numbers(pair.original, DESK, 4)


def test_who_may_declare(pair):
    """The registrar and the functional administrator may not."""
    for login in ("registrar", "deskadmin", "trust"):
        rpc = scene.Rpc(pair.copy.url, login, pair.copy.name)
        with pytest.raises(scene.RpcError) as refused:
            rpc.call(
                "gov.trust.declaration", "create", [{"kind": "move", "reason": "mine"}]
            )
        assert refused.value.name == "odoo.exceptions.AccessError"
