"""Wrong PINs count in every process at once, and a rollback takes none of them back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from meeting import meeting
from test_keys_at_once import PROCESSES, found

PIN, WRONG = "482915", "730264"
PERSON = f"""
users = env["res.users"].with_context(no_reset_password=True)
user = users.create({{"name": "Pins at once", "login": "pins-at-once"}})
key = env["gov.key"]._make_personal(user, env.company, "{PIN}")
env.cr.commit()
print("PERSON", user.id, key.id)
"""
TRY = """
import threading
from odoo import api
from odoo.addons.gov_trust.exceptions import PinRefused
from odoo.modules.registry import Registry
registry = Registry(env.cr.dbname)
def attempt():
    with registry.cursor() as cr:
        there = api.Environment(cr, {user}, {{}})
        cr.execute("SELECT count(*) FROM gov_key")
        meet()
        try:
            there["gov.key"].browse({key})._unlock("{pin}")
            print("TRIED", "opened", flush=True)
        except PinRefused as refused:
            locked = "locked" in str(refused)
            print("TRIED", "locked" if locked else "wrong", refused.left, flush=True)
        cr.rollback()
threads = [threading.Thread(target=attempt) for _ in range({threads})]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def test_no_more_tries_than_allowed(served):
    [[user, key]] = found(served.shell(PERSON), "PERSON")

    def script(pin, threads, processes=1):
        attempt = TRY.format(user=user, key=key, pin=pin, threads=threads)
        return meeting(processes * threads) + attempt

    assert found(served.shell(script(PIN, 1)), "TRIED") == [["opened"]]
    both = script(WRONG, 6, PROCESSES)
    with ThreadPoolExecutor(PROCESSES) as pool:
        outputs = list(pool.map(served.shell, [both] * PROCESSES))
    answers = [tuple(words) for output in outputs for words in found(output, "TRIED")]
    assert len(answers) == PROCESSES * 6
    tried = sorted(words for words in answers if words[0] == "wrong")
    assert tried == [("wrong", str(left)) for left in (1, 2, 3, 4)]
    assert answers.count(("locked", "0")) == len(answers) - 4
    # The right one waits too, and one event tells the lock.
    assert found(served.shell(script(PIN, 1)), "TRIED") == [["locked", "0"]]
    assert served.rows(
        "SELECT count(*) FROM gov_journal_event "
        f"WHERE kind = 'key.locked' AND subject_id = {key}"
    ) == [("1",)]
