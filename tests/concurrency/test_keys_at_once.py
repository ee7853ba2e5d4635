"""Two processes that need the first key of an administration get the same one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from meeting import meeting

COMPANY = """
company = env["res.company"].create({"name": "Keys at once"})
env.cr.commit()
print("COMPANY", company.id)
"""
# Each thread takes its snapshot, then all ask at one instant.
ASK = """
import threading
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
registry = Registry(env.cr.dbname)
def ask(purpose):
    with registry.cursor() as cr:
        there = api.Environment(cr, SUPERUSER_ID, {{}})
        cr.execute("SELECT count(*) FROM gov_key")
        meet()
        company = there["res.company"].browse({company})
        key = there["gov.key"]._get(company, purpose)
        print("KEY", purpose, key.id, key._load().fingerprint, flush=True)
threads = [
    threading.Thread(target=ask, args=(purpose,))
    for purpose in ("seal", "journal") for _ in range(4)
]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
PROCESSES = 2


def found(output: str, mark: str) -> list[list[str]]:
    """Return the words of the lines that begin with a mark, without it."""
    lines = (line.split() for line in output.splitlines())
    return [words[1:] for words in lines if words[:1] == [mark]]


def test_one_key_for_all_who_ask_at_once(served):
    [[company]] = found(served.shell(COMPANY), "COMPANY")
    script = meeting(PROCESSES * 8) + ASK.format(company=company)
    with ThreadPoolExecutor(PROCESSES) as pool:
        outputs = list(pool.map(served.shell, [script] * PROCESSES))
    answers = [tuple(words) for output in outputs for words in found(output, "KEY")]
    assert len(answers) == PROCESSES * 8
    assert len(set(answers)) == 2, "one key for each purpose, the same for everybody"
    rows = served.rows(
        f"SELECT purpose, count(*) FROM gov_key WHERE company_id = {company} "
        "GROUP BY purpose ORDER BY purpose"
    )
    assert rows == [("journal", "1"), ("seal", "1")]
