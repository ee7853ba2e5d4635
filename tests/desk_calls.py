"""What people of the desk do by RPC, for tests with a served Odoo and ``thread_scene``.

``served`` is the process, ``people`` the sessions by login.
"""

from __future__ import annotations


def arrived(served, people) -> tuple[int, int]:
    """Register a letter for the mail office; return the letter and its assignment."""
    registrar = people["registrar"]
    register = served.sql(
        "SELECT r.id FROM registry_register r JOIN registry_office o"
        " ON o.id = r.office_id WHERE o.code = 'A1' AND r.direction = 'incoming'"
    )
    (letter,) = registrar.call(
        "registry.letter",
        "create",
        [{"register_id": int(register), "sender_name": "X", "subject": "Permis"}],
    )
    registrar.call("registry.letter", "action_register", [letter])
    return letter, row_of(served, letter)


def row_of(served, letter) -> int:
    return int(
        served.sql(
            f"SELECT max(id) FROM desk_assignment WHERE letter_id = {letter}"
            " AND role = 'to' AND state IN ('to_dispatch', 'assigned')"
        )
    )


def unit(served, code) -> int:
    return int(served.sql(f"SELECT id FROM hr_department WHERE gov_code = '{code}'"))


def uid(served, login) -> int:
    return int(served.sql(f"SELECT id FROM res_users WHERE login = '{login}'"))


def with_agent(served, people) -> tuple[int, int]:
    letter, row = arrived(served, people)
    urban = unit(served, "URB")
    people["head"].call("desk.assignment", "action_dispatch", [row], unit_id=urban)
    row = row_of(served, letter)
    agent = uid(served, "agent")
    people["chief"].call("desk.assignment", "action_dispatch", [row], user_id=agent)
    return letter, row


def reply_of(served, people, letter) -> int:
    (reply,) = people["agent"].call(
        "desk.outgoing",
        "create",
        [{"kind": "reply", "answers_id": letter}],
    )
    people["agent"].call(
        "desk.outgoing",
        "write",
        [reply],
        {"subject": "Réponse", "body": "<p>Accord.</p>"},
    )
    return reply


def base_of(rpc, model, record) -> str:
    return rpc.call(model, "read", [record], ["base"])[0]["base"]
