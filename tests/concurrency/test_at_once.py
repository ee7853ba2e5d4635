"""Many deposits at the same instant: numbers 1..n, and desks that do not wait."""

from __future__ import annotations

import datetime
import time
from functools import partial

import crowd
import pytest
import pytz
import scene
from deposit_client import DepositClient, small_pdf

CLIENTS = 30


def register_at_counter(rpc: scene.Rpc, register: int, number: int) -> str:
    """Write and register a letter as a registrar does; return its number."""
    (letter,) = rpc.call(
        "registry.letter",
        "create",
        [
            {
                "register_id": register,
                "subject": f"Counter {number}",
                "sender_name": f"Sender {number}",
                "channel": "counter",
            }
        ],
    )
    rpc.call("registry.letter", "action_register", [letter])
    end = time.monotonic() + crowd.PATIENCE
    while time.monotonic() < end:
        (found,) = rpc.call("registry.letter", "read", [letter], ["number"])
        if found["number"]:
            return found["number"]
        time.sleep(0.2)
    raise AssertionError(f"letter {letter} has no number")


def test_thirty_deposits_at_once(served):
    clients = crowd.prepare(
        served,
        "A1",
        CLIENTS,
        last_files=[("letter.pdf", small_pdf(), "application/pdf")],
    )
    done = crowd.at_once([partial(crowd.send, *one) for one in clients])
    assert len({one.number for one in done}) == CLIENTS
    assert len({one.public_id for one in done}) == CLIENTS
    assert len({one.code for one in done} - {""}) == CLIENTS
    crowd.assert_numbers(served, "A1", CLIENTS)


def test_counter_and_portal_at_once(served):
    (register,) = scene.Rpc(served.url, "registrar", served.name).call(
        "registry.register",
        "search",
        [("office_id.code", "=", "A2"), ("direction", "=", "incoming")],
    )
    desks = [scene.Rpc(served.url, "registrar", served.name) for _number in range(3)]
    portal = crowd.prepare(served, "A2", CLIENTS // 2)
    counter = [
        partial(register_at_counter, desks[number % 3], register, number)
        for number in range(CLIENTS // 2)
    ]
    works = [partial(crowd.send, *one) for one in portal]
    found = crowd.at_once(
        [work for pair in zip(works, counter, strict=True) for work in pair]
    )
    numbers = {getattr(one, "number", one) for one in found}
    assert len(numbers) == CLIENTS
    crowd.assert_numbers(served, "A2", CLIENTS)


def test_two_desks_do_not_wait_for_each_other(served):
    ((slow, slow_ready),) = crowd.prepare(served, "A5", 1)
    ((other, other_ready),) = crowd.prepare(served, "B1", 1)
    with crowd.Held(served, crowd.journal_id(served, "A5")) as held:
        answer = crowd.later(lambda: slow.send(slow_ready))
        held.wait()
        done = crowd.send(other, other_ready)
        assert done.number.endswith("000001"), done
        assert crowd.sequences(served, "A5") == {0: [None]}
        assert held.waiting()
        held.release()
    assert crowd.settled(slow, answer()).number.endswith("000001")
    crowd.assert_numbers(served, "A5", 1)


@pytest.mark.parametrize(
    ("desk", "name"), [("A3", "Africa/Casablanca"), scene.FAR_ZONE]
)
def test_turn_of_the_year(served, inject, desk, name):
    """The year is that of the register's zone at the sequencer's instant; no going back.

    The second desk is far from UTC: the first one need not be at the turn of a year.
    """
    zone = pytz.timezone(name)
    year = datetime.datetime.now(zone).year
    midnight = zone.localize(datetime.datetime(year + 1, 1, 1))

    def set_clock(after_midnight: float) -> None:
        shift = midnight - datetime.datetime.now(datetime.UTC)
        (inject / "clock").write_text(str(shift.total_seconds() + after_midnight))

    try:
        set_clock(-600)
        for one in crowd.prepare(served, desk, 3):
            assert crowd.send(*one).number.startswith(f"{year}/")
        # Twelve at once while midnight passes.
        clients = crowd.prepare(served, desk, 12)
        set_clock(-0.25)
        done = crowd.at_once([partial(crowd.send, *one) for one in clients])
        # What comes after a clock that was set back stays in the new year.
        set_clock(5)
        ((late, ready),) = crowd.prepare(served, desk, 1)
        done.append(crowd.send(late, ready))
        set_clock(-3600)
        ((back, ready),) = crowd.prepare(served, desk, 1)
        done.append(crowd.send(back, ready))
    finally:
        (inject / "clock").unlink()
    assert {one.number[:4] for one in done[-2:]} == {str(year + 1)}
    found = crowd.sequences(served, desk)
    assert set(found) == {year, year + 1}
    for numbers in found.values():
        assert numbers == list(range(1, len(numbers) + 1)), found
    assert sum(map(len, found.values())) == 17
    journal = served.rows(
        "SELECT number_year, number_sequence, instant FROM gov_journal_event"
        f" WHERE journal_id = {crowd.journal_id(served, desk)}"
        " AND number_sequence IS NOT NULL ORDER BY seq"
    )
    order = [(int(year), int(sequence)) for year, sequence, _instant in journal]
    assert order == sorted(order)
    instants = [datetime.datetime.fromisoformat(row[2]) for row in journal]
    assert instants == sorted(instants)
    for (one_year, _number), instant in zip(order, instants, strict=False):
        assert instant.astimezone(zone).year == one_year


def test_midnight_between_commit_and_number(served, inject):
    """Sent in the old year, kept waiting, numbered in the new one: the number's year is
    that of its own instant, and the instant of deposit is kept apart."""
    zone = pytz.timezone("Africa/Casablanca")
    now = datetime.datetime.now(zone)
    midnight = zone.localize(datetime.datetime(now.year + 1, 1, 1))
    ((client, ready),) = crowd.prepare(served, "A7", 1)
    with crowd.Held(served, crowd.journal_id(served, "A7")) as held:
        answer = crowd.later(lambda: client.send(ready))
        held.wait()
        shift = midnight - datetime.datetime.now(datetime.UTC)
        (inject / "clock").write_text(str(shift.total_seconds() + 60))
        held.release()
        done = crowd.settled(client, answer())
    (inject / "clock").unlink()
    assert done.number == f"{now.year + 1}/000001"
    (row,) = served.rows(
        "SELECT submitted_at, registered_at FROM registry_entry WHERE"
        f" number = '{done.number}' AND office_id ="
        " (SELECT id FROM registry_office WHERE code = 'A7')"
    )
    submitted, registered = (pytz.utc.localize(_instant(text)) for text in row)
    assert submitted.astimezone(zone).year == now.year
    assert registered.astimezone(zone).year == now.year + 1


def _instant(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(microsecond=0)


def test_pages_say_it_when_the_number_is_being_given(served):
    """Whoever opens the last page before the number is there reads what happens."""
    ((client, ready),) = crowd.prepare(served, "A5", 1)
    with crowd.Held(served, crowd.journal_id(served, "A5")) as held:
        answer = crowd.later(lambda: client.send(ready))
        held.wait()
        public_id = served.sql(
            "SELECT public_id FROM gov_deposit ORDER BY id DESC LIMIT 1"
        )
        page = DepositClient(served.url).get(f"/deposit/done/{public_id}")
        assert page.status == 200
        assert "number is being given" in page.text()
        held.release()
    assert crowd.settled(client, answer()).number
