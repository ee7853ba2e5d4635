"""One PIN for many documents: two processes never use one of them twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from meeting import meeting
from test_keys_at_once import PROCESSES, found

PIN, DOCUMENTS, THREADS = "482915", 8, 4
PERSON = f"""
import hashlib
users = env["res.users"].with_context(no_reset_password=True)
user = users.create({{"name": "Tickets at once", "login": "tickets-at-once"}})
key = env["gov.key"]._make_personal(user, env.company, "{PIN}")
env.cr.commit()
listed = [hashlib.sha256(b"%d" % number).hexdigest() for number in range({DOCUMENTS})]
ticket, half = env["gov.key.ticket"].with_user(user)._open("{PIN}", listed)
# Nothing is committed here: the ticket is there all the same.
env.cr.rollback()
print("TICKET", user.id, key.id, ticket, half)
"""
USE = """
import hashlib, threading
from odoo import api
from odoo.addons.gov_trust.exceptions import TicketRefused
from odoo.modules.registry import Registry
registry, told = Registry(env.cr.dbname), []
def use(number):
    digest = hashlib.sha256(b"%d" % number).hexdigest()
    with registry.cursor() as cr:
        there = api.Environment(cr, {user}, {{}})
        cr.execute("SELECT count(*) FROM gov_key")
        meet()
        try:
            there["gov.key.ticket"]._use({ticket}, "{half}", digest).sign(b"x")
            told.append((number, "signed"))
        except TicketRefused as refused:
            told.append((number, refused.code))
        {end}
numbers = [number for number in {numbers} for _ in range({threads})]
threads = [threading.Thread(target=use, args=(number,)) for number in numbers]
for thread in threads: thread.start()
for thread in threads: thread.join()
for words in told: print("USED", *words)
"""


def test_each_document_is_signed_once(served):
    [[user, key, ticket, half]] = found(served.shell(PERSON), "TICKET")

    def script(numbers, threads=THREADS, processes=1, end="cr.commit()", half=half):
        numbers = list(numbers)
        return meeting(processes * threads * len(numbers)) + USE.format(
            user=user,
            ticket=ticket,
            half=half,
            numbers=numbers,
            threads=threads,
            end=end,
        )

    def answers(scripts):
        with ThreadPoolExecutor(len(scripts)) as pool:
            outputs = list(pool.map(served.shell, scripts))
        return [tuple(words) for output in outputs for words in found(output, "USED")]

    # What a request rolls back is given back.
    for _twice in range(2):
        back = script([0], threads=1, end="cr.rollback()")
        assert answers([back]) == [("0", "signed")]
    both = script(range(DOCUMENTS - 2), processes=PROCESSES)
    told = answers([both] * PROCESSES)
    assert len(told) == PROCESSES * THREADS * (DOCUMENTS - 2)
    for number in range(DOCUMENTS - 2):
        assert told.count((str(number), "signed")) == 1
        assert told.count((str(number), "used")) == PROCESSES * THREADS - 1
    # Wrong halves of two processes at once: five end the ticket, no more are looked at.
    last = str(DOCUMENTS - 1)
    wrong = script([int(last)], threads=6, processes=PROCESSES, half="gtk_wrong")
    told = answers([wrong] * PROCESSES)
    assert sorted(told) == [(last, "unknown")] * 7 + [(last, "wrong")] * 5
    assert answers([script([int(last)], threads=1)]) == [(last, "unknown")]
    assert served.rows(
        "SELECT count(*) FROM gov_journal_event "
        f"WHERE kind = 'key.ticket_ended' AND subject_id = {key}"
    ) == [("1",)]
    assert half not in served.log.read_text()
