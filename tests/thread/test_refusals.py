"""Out of turn, out of role, on an older version, twice, from the other administration.

Each is refused by RPC, as the web client calls, with a sentence that says why; nothing of
what was asked is done. The screens hide the buttons by the same gates (addons' tests).
"""

from __future__ import annotations

import re

import pytest
import scene
import thread_scene
from desk_calls import arrived, base_of, reply_of, row_of, uid, unit, with_agent

from odoo_process import OdooProcess

PIN = thread_scene.PIN
SENTENCE = re.compile(r"^[^\n]{12,600}[.!?»”]?(\n|$)")


@pytest.fixture(scope="module")
def served(databases, template):
    process = OdooProcess(
        databases, template, label="refusals", script=thread_scene.script()
    )
    try:
        process.start()
        yield process
    finally:
        process.destroy()


@pytest.fixture(scope="module")
def people(served):
    """Sessions of everybody, of both administrations."""
    logins = [
        *thread_scene.PEOPLE,
        "registrar",
        "registrar2",
        "agent2",
        "head2",
        "auditor",
    ]
    return {login: scene.Rpc(served.url, login, served.name) for login in logins}


def refused(rpc, model, method, *args, **kwargs) -> str:
    """Call and return the sentence of the refusal; no other error will do."""
    with pytest.raises(scene.RpcError) as caught:
        rpc.call(model, method, *args, **kwargs)
    error = caught.value
    assert error.name.rpartition(".")[2] in (
        "UserError",
        "AccessError",
        "ValidationError",
        "MissingError",
        "PinRefused",
    ), f"{error.name}: {error.message}"
    assert SENTENCE.match(error.message), error.message
    return error.message


def test_dispatch(served, people):
    letter, row = arrived(served, people)
    urban = unit(served, "URB")
    for login in ("agent", "expert", "registrar", "auditor", "agent2", "head2"):
        refused(
            people[login], "desk.assignment", "action_dispatch", [row], unit_id=urban
        )
    assert row_of(served, letter) == row
    other = served.sql(
        "SELECT id FROM hr_department WHERE name->>'en_US' = 'Secretariat B'"
    )
    refused(
        people["head"], "desk.assignment", "action_dispatch", [row], unit_id=int(other)
    )
    stranger = uid(served, "agent2")
    refused(
        people["head"], "desk.assignment", "action_dispatch", [row], user_id=stranger
    )
    people["head"].call("desk.assignment", "action_dispatch", [row], unit_id=urban)
    refused(people["head"], "desk.assignment", "action_dispatch", [row], unit_id=urban)
    refused(people["head"], "desk.assignment", "write", [row], {"state": "done"})


def test_reading_from_the_other_administration(served, people):
    letter, _row = with_agent(served, people)
    reply = reply_of(served, people, letter)
    for login in ("agent2", "head2", "registrar2"):
        rpc = people[login]
        for model, record in (("registry.letter", letter), ("desk.outgoing", reply)):
            refused(rpc, model, "read", [record], ["display_name"])
    # In the same administration, who has nothing to do with it reads nothing of it.
    refused(people["expert"], "registry.letter", "read", [letter], ["subject"])


def test_validation(served, people):
    letter, _row = with_agent(served, people)
    reply = reply_of(served, people, letter)
    refused(
        people["chief"], "desk.outgoing", "action_decide", [reply], decision="approve"
    )
    refused(people["agent"], "desk.outgoing", "action_number", [reply])
    people["agent"].call("desk.outgoing", "action_submit", [reply], levels=1)
    refused(people["agent"], "desk.outgoing", "action_submit", [reply], levels=1)
    refused(people["agent"], "desk.outgoing", "write", [reply], {"body": "<p>No.</p>"})
    refused(people["agent"], "desk.outgoing", "write", [reply], {"state": "validated"})
    old = base_of(people["chief"], "desk.outgoing", reply)
    for login in ("agent", "expert", "director", "agent2", "head2"):
        refused(
            people[login],
            "desk.outgoing",
            "action_decide",
            [reply],
            decision="approve",
            base=old,
        )
    # Taken back, changed, submitted again: what was read before is an older version.
    people["agent"].call("desk.outgoing", "action_take_back", [reply])
    people["agent"].call(
        "desk.outgoing", "write", [reply], {"body": "<p>Accord sous conditions.</p>"}
    )
    people["agent"].call("desk.outgoing", "action_submit", [reply], levels=1)
    told = refused(
        people["chief"],
        "desk.outgoing",
        "action_decide",
        [reply],
        decision="approve",
        base=old,
    )
    new = base_of(people["chief"], "desk.outgoing", reply)
    assert new != old, told
    people["chief"].call(
        "desk.outgoing", "action_decide", [reply], decision="approve", base=new
    )
    refused(
        people["chief"],
        "desk.outgoing",
        "action_decide",
        [reply],
        decision="approve",
        base=new,
    )
    assert (
        served.sql(f"SELECT state FROM desk_outgoing WHERE id = {reply}") == "validated"
    )


def test_signature(served, people):
    letter, _row = with_agent(served, people)
    reply = reply_of(served, people, letter)
    people["agent"].call("desk.outgoing", "action_submit", [reply], levels=1)
    base = base_of(people["chief"], "desk.outgoing", reply)
    people["chief"].call(
        "desk.outgoing", "action_decide", [reply], decision="approve", base=base
    )
    people["agent"].call("desk.outgoing", "action_to_sign", [reply])
    folder = int(
        served.sql(f"SELECT id FROM parapheur_folder WHERE desk_outgoing_id = {reply}")
    )
    consent = people["chief"].call("parapheur.folder", "get_consent")["id"]
    base = digest(people["chief"], folder)

    def sign(login, pin=PIN, base=base, consent=consent):
        return refused(
            people[login],
            "parapheur.folder",
            "action_sign",
            [folder],
            pin,
            base=base,
            consent=consent,
        )

    for login in ("director", "agent", "expert", "agent2", "head2"):
        sign(login)  # out of turn, out of role, from elsewhere
    sign("chief", pin="111222")
    sign("chief", base="0" * 64)
    sign("chief", consent=None)
    refused(people["chief"], "parapheur.folder", "action_approve", [folder])
    refused(people["chief"], "parapheur.folder", "write", [folder], {"state": "done"})
    run = int(served.sql(f"SELECT run_id FROM parapheur_folder WHERE id = {folder}"))
    refused(people["chief"], "gov.circuit.run", "action_act", [run], "approve")
    refused(people["director"], "gov.circuit.run", "action_act", [run], "approve")
    numbers = "SELECT count(*) FROM registry_entry WHERE direction = 'outgoing'"
    before = served.sql(numbers)
    people["chief"].call(
        "parapheur.folder", "action_sign", [folder], PIN, base=base, consent=consent
    )
    sign("chief")  # twice
    sign("director")  # the version before the first signature
    assert served.sql(numbers) == before
    people["director"].call(
        "parapheur.folder", "action_refuse", [folder], "Pas cette année."
    )
    assert served.sql(numbers) == before, "a refused folder spends no number"
    sign("director", base=None)
    assert served.sql(f"SELECT state FROM desk_outgoing WHERE id = {reply}") == "draft"


def digest(rpc, folder) -> str:
    return rpc.call("parapheur.folder", "get_desk_folder", [folder])["base"]


def test_opinion(served, people):
    letter, _row = with_agent(served, people)
    expert = uid(served, "expert")
    for login in ("expert", "registrar", "agent2"):
        refused(
            people[login],
            "registry.letter",
            "action_ask_opinion",
            [letter],
            [expert],
            "Votre avis ?",
        )
    stranger = uid(served, "agent2")
    refused(
        people["agent"],
        "registry.letter",
        "action_ask_opinion",
        [letter],
        [stranger],
        "Votre avis ?",
    )
    people["agent"].call(
        "registry.letter", "action_ask_opinion", [letter], [expert], "Votre avis ?"
    )
    run = int(
        served.sql(
            "SELECT max(id) FROM gov_circuit_run WHERE res_model = 'registry.letter'"
            f" AND res_id = {letter}"
        )
    )
    for login in ("agent", "chief", "agent2"):
        refused(
            people[login],
            "gov.circuit.run",
            "action_act",
            [run],
            "opinion",
            comment="Favorable",
        )
    refused(people["expert"], "gov.circuit.run", "action_act", [run], "opinion")
    people["expert"].call(
        "gov.circuit.run", "action_act", [run], "opinion", comment="Favorable"
    )
    refused(
        people["expert"],
        "gov.circuit.run",
        "action_act",
        [run],
        "opinion",
        comment="Défavorable",
    )
