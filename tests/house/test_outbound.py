"""Odoo with all our addons calls nobody outside: not at start, not from a cron."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest
from crons import UNTIL_FREE

GUARD = Path(__file__).resolve().parent / "guard"
TOLD = (
    "SELECT c.cron_name FROM ir_cron c JOIN ir_model_data d"
    " ON d.model = 'ir.cron' AND d.res_id = c.id"
    " WHERE c.active AND d.module = 'mail'"
    " AND d.name = 'ir_cron_module_update_notification'"
)
RUN_CRONS = f"""
import socket
{UNTIL_FREE}
def run(cron):
    env.cr.rollback()
    return cron.method_direct_trigger()
try:
    socket.create_connection(("192.0.2.1", 80), 1)
except ConnectionRefusedError:
    print("the guard works")
for cron in env["ir.cron"].search([("active", "=", True)]):
    try:
        until_free(lambda cron=cron: run(cron))
    except Exception as error:
        print("cron", cron.cron_name, error)
    env.cr.rollback()
"""


@pytest.fixture
def guarded(make_odoo, tmp_path):
    """An Odoo that cannot leave the machine, and the file that notes each attempt."""
    note = tmp_path / "outbound"
    env = {"PYTHONPATH": str(GUARD), "MAKTAB_OUTBOUND_NOTE": str(note)}
    return make_odoo(env=env), note


def test_no_outbound_call(guarded):
    odoo, note = guarded
    assert not odoo.sql(TOLD), "the publisher would be told about this database"
    for page in ("/", "/web/login", "/deposit", "/verify", "/desks"):
        with urllib.request.urlopen(f"{odoo.url}{page}", timeout=60) as answer:
            assert answer.status == 200
    assert not note.exists(), note.read_text()
    printed = odoo.shell(RUN_CRONS)
    assert "the guard works" in printed
    attempts = note.read_text().split("\n\n")
    ours = [
        attempt for attempt in attempts if "192.0.2.1" not in attempt.split("\n")[0]
    ]
    assert not [attempt for attempt in ours if attempt.strip()]
