"""Many deposits at the same instant: numbers 1..n, and desks that do not wait."""

from __future__ import annotations

import datetime
import threading
import time
import zoneinfo
from functools import partial

import crowd
import scene
from deposit_client import DepositClient, small_pdf

CLIENTS = 30
ZONE = zoneinfo.ZoneInfo("Africa/Casablanca")


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
        served, "A1", CLIENTS, last_files=[("letter.pdf", small_pdf(), "application/pdf")]
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
    found = crowd.at_once([work for pair in zip(works, counter) for work in pair])
    numbers = {getattr(one, "number", one) for one in found}
    assert len(numbers) == CLIENTS
    crowd.assert_numbers(served, "A2", CLIENTS)


def test_two_desks_do_not_wait_for_each_other(served):
    ((slow, slow_ready),) = crowd.prepare(served, "A5", 1)
    ((other, other_ready),) = crowd.prepare(served, "B1", 1)
    answers = []
    with crowd.Held(served, crowd.journal_id(served, "A5")) as held:
        waits = threading.Thread(
            target=lambda: answers.append(slow.send(slow_ready)), daemon=True
        )
        waits.start()
        end = time.monotonic() + 30
        while not (held.waiting() or answers) and time.monotonic() < end:
            time.sleep(0.05)
        assert held.waiting() or answers, "the deposit did not reach its commit"
        start = time.monotonic()
        done = crowd.send(other, other_ready)
        assert done.number.endswith("000001"), done
        assert time.monotonic() - start < crowd.PATIENCE / 2
        assert crowd.sequences(served, "A5") == {0: [None]}
        held.release()
    waits.join(crowd.PATIENCE)
    assert answers, "the deposit still waits after the lock was released"
    assert crowd.settled(slow, answers[0]).number.endswith("000001")
    crowd.assert_numbers(served, "A5", 1)


def test_turn_of_the_year(served, inject):
    """The year is that of Casablanca at the sequencer's instant, and never goes back."""
    now = datetime.datetime.now(datetime.UTC)
    year = now.astimezone(ZONE).year
    midnight = datetime.datetime(year + 1, 1, 1, tzinfo=ZONE)

    def set_clock(after_midnight: float) -> None:
        shift = midnight - datetime.datetime.now(datetime.UTC)
        (inject / "clock").write_text(str(shift.total_seconds() + after_midnight))

    try:
        set_clock(-600)
        for one in crowd.prepare(served, "A3", 3):
            assert crowd.send(*one).number.startswith(f"{year}/")
        # Twelve at once while midnight passes.
        clients = crowd.prepare(served, "A3", 12)
        set_clock(-0.25)
        done = crowd.at_once([partial(crowd.send, *one) for one in clients])
        # Sent before midnight, kept waiting, numbered after: it is a letter of the new
        # year. So is what comes after a clock that was set back.
        ((late, ready),) = crowd.prepare(served, "A3", 1)
        set_clock(5)
        done.append(crowd.send(late, ready))
        set_clock(-3600)
        ((back, ready),) = crowd.prepare(served, "A3", 1)
        done.append(crowd.send(back, ready))
    finally:
        (inject / "clock").unlink()
    assert {one.number[:4] for one in done[-2:]} == {str(year + 1)}
    found = crowd.sequences(served, "A3")
    assert set(found) == {year, year + 1}
    for numbers in found.values():
        assert numbers == list(range(1, len(numbers) + 1)), found
    assert sum(map(len, found.values())) == 17
    journal = served.rows(
        "SELECT number_year, number_sequence, instant FROM gov_journal_event"
        f" WHERE journal_id = {crowd.journal_id(served, 'A3')}"
        " AND number_sequence IS NOT NULL ORDER BY seq"
    )
    order = [(int(year), int(sequence)) for year, sequence, _instant in journal]
    assert order == sorted(order)
    instants = [datetime.datetime.fromisoformat(row[2]) for row in journal]
    assert instants == sorted(instants)
    for (one_year, _number), instant in zip(order, instants):
        assert instant.astimezone(ZONE).year == one_year


def test_pages_say_it_when_the_number_is_being_given(served):
    """Whoever opens the last page before the number is there reads what happens."""
    ((client, ready),) = crowd.prepare(served, "A5", 1)
    with crowd.Held(served, crowd.journal_id(served, "A5")) as held:
        sender = threading.Thread(target=lambda: client.send(ready), daemon=True)
        sender.start()
        end = time.monotonic() + 30
        while not held.waiting() and time.monotonic() < end:
            time.sleep(0.05)
        public_id = served.sql("SELECT public_id FROM gov_deposit ORDER BY id DESC LIMIT 1")
        page = DepositClient(served.url).get(f"/deposit/done/{public_id}")
        assert page.status == 200
        assert "number is being given" in page.text()
        held.release()
    sender.join(crowd.PATIENCE)
    assert crowd.settled(client, client.get(f"/deposit/done/{public_id}")).number
