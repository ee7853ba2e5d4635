"""The demo: killed half-way it goes on, run again it adds nothing, every login works."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator

import pytest
import scene

from maktab_dev.common import REPO
from maktab_dev.serve import LOGINS
from maktab_dev.templates import DECLARE
from odoo_process import OdooProcess

DEMO = REPO / "tools" / "demo"
# The receipts are the long part and have tests of their own: a few are enough here.
LOAD = f"""
import sys
sys.path.insert(0, {str(DEMO)!r})
from maktab_demo import scenario
scenario.RECEIPT_SECONDS = 3
{(DEMO / "load.py").read_text("utf-8")}
"""
TABLES = (
    *("registry_letter", "registry_entry", "registry_receipt", "registry_closing"),
    *("gov_deposit", "gov_document_version", "gov_journal_event", "mail_activity"),
    *("res_users", "res_partner", "res_company", "hr_department", "hr_employee"),
    *("registry_office", "registry_register", "registry_year", "registry_subject"),
    *("desk_assignment", "desk_outgoing", "desk_event", "parapheur_folder", "gov_key"),
    *("gov_circuit", "gov_circuit_run", "parapheur_nature"),
    *("gov_letterhead", "gov_template"),
)


def counts(odoo: OdooProcess) -> dict[str, str]:
    return {name: odoo.sql(f"SELECT count(*) FROM {name}") for name in TABLES}


def load_and_kill(odoo: OdooProcess, letters: int) -> None:
    """Start the demo as `make run` does and ``kill -9`` it after so many letters."""
    command = odoo.databases.workspace.odoo_command(
        "shell", "-d", odoo.name, "--no-http", "--log-level=error"
    )
    with subprocess.Popen(
        command,
        env=odoo.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        process.stdin.write(LOAD.encode())
        process.stdin.close()
        end = time.monotonic() + 240
        while process.poll() is None and time.monotonic() < end:
            if int(odoo.sql("SELECT count(*) FROM registry_letter")) >= letters:
                process.kill()
                return
            time.sleep(0.1)
        raise AssertionError("the demo ended before it could be killed")


@pytest.fixture(scope="module")
def demo(databases, template) -> Iterator[OdooProcess]:
    """Odoo on a database whose demo was killed once and then loaded to its end."""
    process = OdooProcess(databases, template, label="demo")
    try:
        databases.copy(template, process.name)
        process.shell(DECLARE)
        load_and_kill(process, letters=20)
        process.shell(LOAD)
        process.start()
        yield process
    finally:
        process.destroy()


def test_sixty_letters_in_every_state(demo):
    states = dict(
        demo.rows("SELECT state, count(*) FROM registry_letter GROUP BY state")
    )
    # Sixty letters, and the reply that was signed, numbered and sent.
    assert sum(map(int, states.values())) == 61
    assert set(states) == {"draft", "registered", "cancelled"}
    rectified = demo.sql(
        "SELECT count(*) FROM registry_entry_status WHERE state = 'rectified'"
    )
    assert int(rectified) == 3
    per_company = demo.rows(
        "SELECT count(*) FROM registry_letter GROUP BY company_id ORDER BY company_id"
    )
    assert per_company == [("37",), ("24",)]


def test_work_in_every_state(demo):
    drafts = dict(demo.rows("SELECT state, count(*) FROM desk_outgoing GROUP BY state"))
    assert drafts == {"draft": "1", "validating": "1", "signing": "1", "sent": "1"}
    folders = dict(
        demo.rows("SELECT state, count(*) FROM parapheur_folder GROUP BY state")
    )
    assert folders == {"draft": "1", "running": "7", "done": "1"}
    assert demo.sql("SELECT count(*) FROM gov_key WHERE purpose = 'person'") == "4"
    desk = dict(
        demo.rows(
            "SELECT desk_state, count(*) FROM registry_letter"
            " WHERE desk_state IS NOT NULL GROUP BY desk_state"
        )
    )
    assert {"to_dispatch", "assigned", "closed"} <= desk.keys()


def test_numbers_have_no_hole(demo):
    assert not demo.rows(
        "SELECT register_id FROM registry_entry GROUP BY register_id"
        " HAVING count(*) <> max(sequence) OR min(sequence) <> 1"
    )


def test_a_second_run_adds_nothing(demo):
    # The batches of the served database may still be at work on receipts.
    demo.stop()
    before = counts(demo)
    demo.shell(LOAD.replace("RECEIPT_SECONDS = 3", "RECEIPT_SECONDS = 0"))
    assert counts(demo) == before
    demo.start()


@pytest.mark.parametrize("login", LOGINS.split())
def test_every_login_of_the_contract_gets_in(demo, login):
    assert scene.Rpc(demo.url, login, demo.name).uid


def test_each_administration_sees_its_own_letters(demo):
    found = {}
    for login in ("registrar", "registrar2"):
        rpc = scene.Rpc(demo.url, login, demo.name)
        found[login] = set(rpc.call("registry.letter", "search", []))
    assert len(found["registrar"]) == 37
    assert len(found["registrar2"]) == 24
    assert not found["registrar"] & found["registrar2"]
