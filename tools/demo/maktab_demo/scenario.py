"""The order of things: organisation, people, letters, work, receipts, a closed day."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

from . import absences, deposits, organisation, people, rules, website, work
from .letters import Desk
from .store import Store

DATA = Path(__file__).resolve().parents[1] / "data"
DESKS = {"zitoune": "central", "tizi": "eau"}
# A receipt takes a third of a second of a processor: on a busy machine the rest is left
# to the batch that the server starts by itself.
RECEIPT_SECONDS = 45


def play(env) -> None:
    """Load the demo into the database of ``env``; what is there already stays."""
    start = time.monotonic()
    store = Store(env)
    organisation.build(store, _data("administrations"))
    said = _data("people")
    people.build(store, said)
    organisation.open_years(store)
    website.build(store, _data("website"))
    played = work.build(store, _data("work"))
    for key, desk in DESKS.items():
        _letters(Desk(store, key, said, desk), _data(f"letters_{key}")["letter"])
    played.play()
    rules.build(store)
    absences.build(store)
    receipts = _receipts(store)
    _close_day(store)
    letters = env["registry.letter"].search_count([])
    print(
        f"  {letters} letters, {receipts} sealed receipts, "
        f"two administrations ({time.monotonic() - start:.0f} s)"
    )


def _data(name: str) -> dict:
    with (DATA / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def _letters(desk: Desk, letters: list[dict]) -> None:
    for said in letters:
        if said.get("way") == "portal":
            deposits.deposit(desk, said)
        else:
            desk.write(said)
    for said in letters:
        if "cancel" in said or "rectify" in said:
            desk.change(said)


def _receipts(store: Store) -> int:
    """Make the receipts now; e-mails are left to the scheduled batch of the server.

    :return: the number of receipts whose PDF is sealed
    """
    end = time.monotonic() + RECEIPT_SECONDS
    receipts = store.env["registry.receipt"]
    for receipt in receipts.search([("state", "=", "pending")], order="id"):
        if time.monotonic() > end:
            break
        receipt._ensure_pdf()
        store.commit()
    return receipts.search_count([("version_id", "!=", False)])


def _close_day(store: Store) -> None:
    """Close the day of the first register, as its head would at the end of it."""
    register = store.get("register_central_incoming")
    if register.closing_ids:
        return
    register.with_env(store.acting(store.get("user_head"))).action_close_day()
    store.commit()
