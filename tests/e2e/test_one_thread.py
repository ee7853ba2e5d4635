"""One letter through the four apps in a real browser, with every role.

Deposited in Arabic on a phone, registered, dispatched, sub-dispatched, discussed, answered,
validated, signed by two persons, numbered, sealed, sent, read; the back office in French.
The sender looks at ``/track`` at each step. The final PDF is checked by pdfsig and by
tools/verify.py, its code by a reader of QR codes, its number where the seal prints it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
import thread_scene
from backoffice import Person
from citizen import NAME, Citizen

pytestmark = pytest.mark.e2e
VERIFY = Path(__file__).resolve().parents[2] / "tools" / "verify.py"
WORDS = {
    "ar": {"with": "لدى", "reply": "الجواب"},
    "fr": {"with": "Auprès de", "reply": "réponse"},
}
TEXT = "Votre façade peut être réparée après une simple déclaration."


@pytest.fixture(scope="module")
def served(databases, template):
    from odoo_process import OdooProcess

    process = OdooProcess(
        databases, template, label="thread", script=thread_scene.script()
    )
    try:
        process.start()
        yield process
    finally:
        process.destroy()


def letter_path(odoo, number: str) -> str:
    letter = odoo.sql(
        "SELECT l.id FROM registry_letter l JOIN registry_entry e ON e.id = l.entry_id"
        f" WHERE e.number = '{number}' AND l.direction = 'incoming'"
    )
    return f"/odoo/desk-letters/{letter}"


def outgoing(odoo, column: str) -> str:
    return odoo.sql(f"SELECT {column} FROM desk_outgoing ORDER BY id DESC LIMIT 1")


def wait_for(odoo, column: str, value: str) -> None:
    """Wait for a batch of the server: the number, then the seal."""
    end = time.monotonic() + 90
    while outgoing(odoo, column) != value:
        assert time.monotonic() < end, f"{column} is {outgoing(odoo, column)}"
        time.sleep(0.5)


def dispatch_and_discuss(odoo, browser, number: str, citizen: Citizen, words) -> None:
    path = letter_path(odoo, number)
    with Person(browser, odoo.url, "head") as head:
        head.go(path)
        head.press("action_dispatch")
        head.pick("unit_id", thread_scene.UNIT, ".modal")
        head.confirm()
    assert thread_scene.UNIT in citizen.track()
    with Person(browser, odoo.url, "chief") as chief:
        chief.go(path)
        chief.press("action_dispatch")
        chief.pick("user_id", "Agent", ".modal")
        chief.confirm()
    with Person(browser, odoo.url, "agent") as agent:
        agent.go(path)
        agent.tab("opinions")
        agent.press("action_ask_opinion")
        agent.pick("user_ids", "Expert", ".modal")
        agent.fill("question", "Faut-il une autorisation ?", ".modal")
        agent.confirm()
    with Person(browser, odoo.url, "expert") as expert:
        expert.go(path)
        expert.press("action_give_opinion")
        expert.fill("opinion", "Une déclaration suffit.", ".modal")
        expert.confirm()
    seen = citizen.track()
    assert "Agent" not in seen
    assert "déclaration suffit" not in seen


def draft_and_validate(odoo, browser, number: str) -> str:
    """Write the reply and have it validated; return its path."""
    with Person(browser, odoo.url, "agent") as agent:
        agent.go(letter_path(odoo, number))
        agent.press("action_reply")
        agent.page.locator(".o_desk_outgoing_form").wait_for()
        agent.fill("subject", "Réparation de façade : déclaration")
        body = agent.page.locator(".o_field_widget[name=body] .odoo-editor-editable")
        body.click()
        agent.page.keyboard.press("Control+A")
        agent.page.keyboard.type(TEXT)
        agent.page.locator(".o_form_button_save").first.click()
        agent.page.locator(".o_form_status_indicator_buttons.invisible").wait_for(
            state="attached"
        )
        agent.press("action_submit")
        agent.confirm()
        agent.wait_state("validating")
    path = f"/odoo/desk-outgoing/{outgoing(odoo, 'id')}"
    with Person(browser, odoo.url, "chief") as chief:
        chief.go(path)
        chief.press("action_decide")
        chief.confirm()
        wait_for(odoo, "state", "validated")
    return path


def sign(odoo, browser, login: str) -> None:
    with Person(browser, odoo.url, login) as person:
        page = person.page
        page.goto(f"{odoo.url}/odoo/parapheur")
        page.locator(".o_parapheur_panel .o_parapheur_sign").click()
        assert page.locator(".o_parapheur_confirm_sign").is_disabled()
        page.locator("#o_parapheur_consent").check()
        page.locator("#o_parapheur_pin").fill(thread_scene.PIN)
        page.locator(".o_parapheur_confirm_sign").click()
        page.locator(".o_parapheur_panel .o_parapheur_sign").wait_for(state="detached")


def check_pdf(odoo, pdf: bytes, tmp_path: Path) -> str:
    """Check the final letter with other programs; return its number."""
    final, root = tmp_path / "final.pdf", tmp_path / "ca.pem"
    final.write_bytes(pdf)
    with urllib.request.urlopen(f"{odoo.url}/trust/ca.pem", timeout=60) as opened:
        root.write_bytes(opened.read())
    told = run("pdfsig", "-nocert", final)
    assert told.count("Signature is Valid") == 3
    assert told.count("- Total document signed") == 1
    names = re.findall(r"Signer Certificate Common Name: (.+)", told)
    assert names[:2] == ["Chief", "Director"]
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", final)
    verdict = subprocess.run(
        [sys.executable, str(VERIFY), str(final), "--trust", str(root), "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    number = odoo.sql(
        "SELECT e.number FROM registry_entry e JOIN registry_letter l"
        " ON l.entry_id = e.id WHERE l.direction = 'outgoing' ORDER BY l.id DESC LIMIT 1"
    )
    assert number in run("pdftotext", final, "-"), "the seal prints the number"
    assert number not in page_content(final), "nothing is drawn on a signed page"
    codes = qr_codes(final, tmp_path)
    seal = [code for code in codes if "/verify/" in code and "#" in code]
    assert seal, codes
    with urllib.request.urlopen(seal[-1].partition("#")[0], timeout=60) as opened:
        assert number in opened.read().decode()
    return number


def run(*command) -> str:
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def page_content(path: Path) -> str:
    """Return the text drawn by the page itself, without its annotations."""
    import pypdfium2

    document = pypdfium2.PdfDocument(str(path))
    return document[0].get_textpage().get_text_bounded()


def qr_codes(path: Path, tmp_path: Path) -> list[str]:
    import zxingcpp
    from PIL import Image

    subprocess.run(
        ["pdftoppm", "-r", "300", "-png", str(path), str(tmp_path / "page")], check=True
    )
    return [
        code.text
        for picture in sorted(tmp_path.glob("page*.png"))
        for code in zxingcpp.read_barcodes(Image.open(picture))
    ]


@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_one_letter_through_the_four_apps(served, browser, tmp_path, lang):
    odoo, words = served, WORDS[lang]
    citizen = Citizen(browser, odoo.url, lang)
    number = citizen.deposit()
    assert number in citizen.track()
    with Person(browser, odoo.url, "registrar") as registrar:
        registrar.go("/odoo/registry-letters")
        line = registrar.page.locator("tr.o_data_row", has_text=number)
        line.first.wait_for()
        assert NAME in line.first.inner_text()

    dispatch_and_discuss(odoo, browser, number, citizen, words)
    path = draft_and_validate(odoo, browser, number)
    citizen.track()

    with Person(browser, odoo.url, "agent") as agent:
        agent.go(path)
        assert not agent.page.locator("button[name=action_number]:visible").count(), (
            "no number before the signatures"
        )
        agent.press("action_to_sign")
        wait_for(odoo, "state", "signing")
    before = odoo.sql(
        "SELECT count(*) FROM registry_entry WHERE direction = 'outgoing'"
    )
    sign(odoo, browser, "chief")
    after = odoo.sql("SELECT count(*) FROM registry_entry WHERE direction = 'outgoing'")
    assert before == after, "a number was spent before the last signature"
    sign(odoo, browser, "director")
    wait_for(odoo, "state", "sealed")

    with Person(browser, odoo.url, "agent") as agent:
        agent.go(path)
        agent.press("action_send")
        agent.confirm()
        agent.wait_state("sent")
    pdf = citizen.read_reply()
    wait_for(odoo, "state", "read")
    given = check_pdf(odoo, pdf, tmp_path)
    assert given in citizen.track()
    with Person(browser, odoo.url, "agent") as agent:
        agent.go(letter_path(odoo, number))
        # The final reply closed the letter.
        agent.wait_state("closed")
    citizen.context.close()
