"""Timestamps in several processes at once, and ``kill -9`` between two steps."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from meeting import meeting
from test_keys_at_once import PROCESSES, found

from maktab_dev.common import Problem

THREADS = 6
TRUST = """
root = open("{folder}/root.pem").read()
users = env["res.users"].with_context(no_reset_password=True)
def person(login, group):
    return users.create({{"name": login, "login": login,
        "group_ids": [(6, 0, [env.ref("gov_trust.group_gov_trust_" + group).id])]}})
one, two = person("clock-one", "officer"), person("clock-two", "operator")
anchor = env["gov.anchor"].with_user(one)._propose(
    root.encode(), level="simple", uses=["timestamp"], purpose="Trial")
anchor.with_user(two).action_enable()
made = env["gov.tsa"].with_user(one).create(
    {{"name": "Clock", "url": open("{folder}/url").read(), "timeout": 9}})
made.action_enable()
env.cr.commit()
print("TSA", made.id)
"""
STAMP = """
import hashlib, os, threading
from odoo import SUPERUSER_ID, api
from odoo.addons.gov_trust.lib import tsp
from odoo.modules.registry import Registry
registry = Registry(env.cr.dbname)
def stamp(number):
    digest = hashlib.sha256(f"{{os.getpid()}} {{number}}".encode()).digest()
    with registry.cursor() as cr:
        there = api.Environment(cr, SUPERUSER_ID, {{}})
        stamper = there["gov.tsa"]._stamper(there.company)
        meet()
        try:
            tsp.read_token(stamper(digest), digest)
            told.append("good")
        except tsp.TimestampUnavailable as error:
            told.append(error.reasons[0][1])
told = []
threads = [threading.Thread(target=stamp, args=(n,)) for n in range({threads})]
for thread in threads: thread.start()
for thread in threads: thread.join()
for word in told: print("STAMP", word)
"""
# The least model with a signed file; it lives in the process that loads it.
SEALED = """
import base64, os
from odoo import fields, models
from odoo.addons.gov_trust.tests.common_keys import small_pdf
from odoo.addons.gov_trust.tests.test_completion import NAME, GovTestSealed
from odoo.orm.model_classes import add_to_registry
add_to_registry(env.registry, GovTestSealed)
env.registry._setup_models__(env.cr, [NAME])
env.registry.init_models(env.cr, [NAME], {"models_to_check": True})
"""
ASK = """
# The server beside does not know this model: its cron stays out of it.
env.ref("gov_trust.ir_cron_complete").active = False
# Sealed while there is no authority.
authority = env["gov.tsa"].search([])
authority.action_disable()
pdf = env["gov.seal"]._seal_pdf(env.company, small_pdf())
authority.action_enable()
record = env[NAME].create({"name": "Letter", "pdf": base64.b64encode(pdf)})
line = env["gov.completion"]._request(record, env.company, reached="B-B")
line.next_at = fields.Datetime.now()
env.cr.commit()
print("LINE", line.id, record.id, line.state)
"""
KILLED = """
real = GovTestSealed._completion_done
def done_and_dead(self, pdf, level):
    real(self, pdf, level)
    env.flush_all()
    os.kill(os.getpid(), 9)
env.registry[NAME]._completion_done = done_and_dead
env["gov.completion"]._process_completions()
"""
RUN = """
env["gov.completion"].search([("state", "=", "pending")]).next_at = fields.Datetime.now()
env.cr.commit()
env["gov.completion"]._process_completions()
env.cr.commit()
record = env[NAME].search([], limit=1)
print("DONE", record.signature_level, record.kept)
"""


@pytest.fixture(scope="module")
def clock(tmp_path_factory, served):
    """An authority in use; the file ``mode`` of its folder says how it answers."""
    folder = tmp_path_factory.mktemp("clock")
    script = Path(__file__).with_name("clock.py")
    process = subprocess.Popen([sys.executable, script, folder])
    try:
        end = time.monotonic() + 30
        while not (folder / "url").exists() and time.monotonic() < end:
            time.sleep(0.05)
        [[number]] = found(served.shell(TRUST.format(folder=folder)), "TSA")
        yield folder, number
    finally:
        process.kill()
        process.wait()


def at_once(served):
    """What every thread of every process got."""
    script = meeting(PROCESSES * THREADS) + STAMP.format(threads=THREADS)
    with ThreadPoolExecutor(PROCESSES) as pool:
        outputs = list(pool.map(served.shell, [script] * PROCESSES))
    return [word for output in outputs for [word] in found(output, "STAMP")]


def count(served, query):
    [(number,)] = served.rows(f"SELECT count(*) FROM {query}")
    return int(number)


def test_everybody_gets_one_and_the_clock_is_told_once(served, clock):
    folder, number = clock
    (folder / "mode").write_text("ahead")
    assert at_once(served) == ["good"] * PROCESSES * THREADS
    assert count(served, "gov_timestamp") == PROCESSES * THREADS
    told = f"gov_journal_event WHERE kind = 'tsa.drift' AND subject_id = {number}"
    assert count(served, told) == 1


def test_an_authority_that_fails_is_left_alone(served, clock):
    folder, number = clock
    (folder / "mode").write_text("error")
    answers = at_once(served)
    assert len(answers) == PROCESSES * THREADS
    assert set(answers) <= {"http_500", "paused"}
    state = f"SELECT openings FROM gov_tsa_state WHERE tsa_id = {number}"
    assert served.rows(state) == [("1",)]
    # The pause is over: one asks for all of them.
    served.sql("UPDATE gov_tsa_state SET until = clock_timestamp()")
    assert sorted(at_once(served)) == ["http_500"] + ["paused"] * (
        PROCESSES * THREADS - 1
    )
    assert served.rows(state) == [("2",)]


def test_killed_between_two_steps(served, clock):
    folder, _number = clock
    (folder / "mode").write_text("good")
    served.sql("UPDATE gov_tsa_state SET failures = 0, until = NULL")
    [[line, record, state]] = found(served.shell(SEALED + ASK), "LINE")
    assert state == "pending"
    before = count(served, "gov_timestamp")
    with pytest.raises(Problem):
        served.shell(SEALED + KILLED)
    # The attempt was noted; nothing of what it did is there.
    assert served.rows(
        f"SELECT state, level, attempts FROM gov_completion WHERE id = {line}"
    ) == [("pending", "B-B", "1")]
    assert count(served, "gov_timestamp") == before
    kept = f"SELECT coalesce(kept, 0) FROM gov_test_sealed WHERE id = {record}"
    assert served.rows(kept) == [("0",)]
    assert found(served.shell(SEALED + RUN), "DONE") == [["B-LTA", "1"]]
    assert count(served, "gov_timestamp") == before + 1
    assert found(served.shell(SEALED + RUN), "DONE") == [["B-LTA", "1"]]
    assert count(served, "gov_timestamp") == before + 1
