"""Two people act on the same letter at the same second: one wins, the other is told.

Nothing is lost: what was decided stands once in the route, in the timeline and in the
register's journal.
"""

from __future__ import annotations

import pytest
import scene
import thread_scene
from crowd import at_once
from desk_calls import arrived, base_of, reply_of, row_of, uid, unit, with_agent

from odoo_process import OdooProcess

ROUNDS = 3


@pytest.fixture(scope="module")
def desk(databases, template):
    process = OdooProcess(
        databases, template, label="desk", workers=2, script=thread_scene.script()
    )
    try:
        process.start()
        yield process
    finally:
        process.destroy()


@pytest.fixture(scope="module")
def people(desk):
    logins = [*thread_scene.PEOPLE, "registrar"]
    return {login: scene.Rpc(desk.url, login, desk.name) for login in logins}


def both(*works):
    """Run these calls at one instant; return how many passed, and what the others were told."""

    def told(work):
        def run():
            try:
                work()
            except scene.RpcError as error:
                return error
            return None

        return run

    answers = at_once([told(work) for work in works])
    errors = [answer for answer in answers if answer is not None]
    for error in errors:
        kind = error.name.rpartition(".")[2]
        assert kind in ("UserError", "AccessError"), f"{error.name}: {error.message}"
        assert len(error.message) > 20, error.message
    return len(answers) - len(errors), [error.message for error in errors]


def rows(desk, letter, where="TRUE") -> int:
    return int(
        desk.sql(
            f"SELECT count(*) FROM desk_assignment WHERE letter_id = {letter} AND {where}"
        )
    )


def lines(desk, letter, kind) -> int:
    return int(
        desk.sql(
            f"SELECT count(*) FROM desk_event WHERE letter_id = {letter}"
            f" AND kind = '{kind}'"
        )
    )


def at_urbanism(desk, people):
    letter, row = arrived(desk, people)
    people["head"].call(
        "desk.assignment", "action_dispatch", [row], unit_id=unit(desk, "URB")
    )
    return letter, row_of(desk, letter)


def test_two_heads_dispatch(desk, people):
    for _round in range(ROUNDS):
        letter, row = at_urbanism(desk, people)
        chosen = {"chief": uid(desk, "agent"), "director": uid(desk, "chief")}
        passed, _told = both(
            *(
                lambda login=login, user=user, row=row: people[login].call(
                    "desk.assignment", "action_dispatch", [row], user_id=user
                )
                for login, user in chosen.items()
            )
        )
        assert passed == 1
        assert rows(desk, letter, "state = 'assigned' AND user_id IS NOT NULL") == 1
        # One dispatch by the mail office, one by whoever was first.
        assert lines(desk, letter, "dispatched") == 2


def test_one_returns_while_the_other_redirects(desk, people):
    for _round in range(ROUNDS):
        letter, row = at_urbanism(desk, people)
        legal = unit(desk, "JUR")
        passed, _told = both(
            lambda row=row: people["chief"].call(
                "desk.assignment", "action_return", [row], reason="Not ours"
            ),
            lambda row=row, legal=legal: people["director"].call(
                "desk.assignment",
                "action_redirect",
                [row],
                unit_id=legal,
                reason="For the lawyers",
            ),
        )
        assert passed == 1
        assert lines(desk, letter, "returned") + lines(desk, letter, "redirected") == 1
        open_rows = rows(desk, letter, "role = 'to' AND state = 'to_dispatch'")
        assert open_rows == 1


def test_close_while_a_reply_is_submitted(desk, people):
    for _round in range(ROUNDS):
        letter, row = with_agent(desk, people)
        reply = reply_of(desk, people, letter)
        both(
            lambda row=row: people["chief"].call(
                "desk.assignment", "action_done", [row]
            ),
            lambda reply=reply: people["agent"].call(
                "desk.outgoing", "action_submit", [reply], levels=1
            ),
        )
        closed = desk.sql(
            f"SELECT desk_state = 'closed' FROM registry_letter WHERE id = {letter}"
        )
        under_way = desk.sql(
            f"SELECT count(*) FROM desk_outgoing WHERE id = {reply}"
            " AND state = 'validating'"
        )
        # Closed with a reply on its way is the state that must not exist.
        assert not (closed in ("t", "true", "True") and under_way == "1")


def test_two_superiors_decide(desk, people):
    for _round in range(ROUNDS):
        letter, _row = with_agent(desk, people)
        reply = reply_of(desk, people, letter)
        people["agent"].call("desk.outgoing", "action_submit", [reply], levels=1)
        base = base_of(people["chief"], "desk.outgoing", reply)
        passed, _told = both(
            lambda reply=reply, base=base: people["chief"].call(
                "desk.outgoing", "action_decide", [reply], "approve", base=base
            ),
            lambda reply=reply: people["agent"].call(
                "desk.outgoing", "action_take_back", [reply]
            ),
        )
        assert passed >= 1
        state = desk.sql(f"SELECT state FROM desk_outgoing WHERE id = {reply}")
        # Taken back after the approval is a draft again; approved stays approved.
        assert state in ("draft", "validated"), state


def test_two_opinions_are_both_kept(desk, people):
    for _round in range(ROUNDS):
        letter, _row = with_agent(desk, people)
        asked = ("expert", "director")
        people["agent"].call(
            "registry.letter",
            "action_ask_opinion",
            [letter],
            user_ids=[uid(desk, login) for login in asked],
            question="May we?",
        )
        works = [
            lambda login=login, letter=letter: people[login].call(
                "registry.letter", "action_give_opinion", [letter], f"By {login}"
            )
            for login in asked
        ]
        _passed, told = both(*works)
        if told:
            # Whoever came second was told, and says it again.
            for work in works:
                both(work)
        kept = desk.sql(
            "SELECT count(*) FROM gov_circuit_run_actor a JOIN gov_circuit_run r"
            f" ON r.id = a.run_id WHERE r.res_id = {letter}"
            " AND r.res_model = 'registry.letter' AND a.comment LIKE 'By %'"
        )
        assert kept == "2"
