"""The whole of it in a real browser: a letter goes in, a number and a receipt come out.

In Arabic, on a phone's width; the receipt is checked by pdfsig and by tools/verify.py
with the platform's own root; the registrar then sees the letter in the back office.
"""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import scene
from deposit_client import small_pdf

from odoo_process import OdooProcess

pytestmark = pytest.mark.e2e
VERIFY = Path(__file__).resolve().parents[2] / "tools" / "verify.py"
NAME = "فاطمة الزهراء بن علال"
SUBJECT = "طلب رخصة إصلاح واجهة منزل"
PHONE = {"width": 360, "height": 780}


@pytest.fixture(scope="module")
def odoo_with_desks(databases, template):
    process = OdooProcess(databases, template, label="desks", script=scene.script())
    try:
        yield process.start()
    finally:
        process.destroy()


def deposit(page, url: str) -> dict[str, str]:
    """Walk through the steps as a citizen does; return what the last page says."""
    page.goto(f"{url}/ar/deposit/{scene.DESKS['A1']}")
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.locator("input[name=subject_type]").first.check()
    page.locator("main button.gp-button[type=submit]").click()
    page.locator("input[name=kind][value=citizen]").check()
    page.locator("input[name=name]").fill(NAME)
    page.locator("input[name=phone]").fill("+212600001421")
    page.locator("main button.gp-button[type=submit]").click()
    page.locator("[name=subject]").fill(SUBJECT)
    page.locator("textarea[name=body]").fill("السلام عليكم، أرفق رسالتي.")
    page.locator("input[name=files]").set_input_files(
        {"name": "رسالة.pdf", "mimeType": "application/pdf", "buffer": small_pdf()}
    )
    page.wait_for_timeout(1500)
    page.locator("main button.gp-button[type=submit]").last.click()
    page.wait_for_url("**/check**")
    assert NAME in page.locator("main").inner_text()
    page.locator("input[name=consent]").check()
    page.locator("button#confirm").click()
    page.wait_for_url("**/deposit/done/**")
    told = page.locator("[data-number]").first
    return {
        name: told.get_attribute(f"data-{name}")
        for name in ("number", "code", "public-id")
    }


def test_a_letter_goes_in_and_a_checked_receipt_comes_out(
    odoo_with_desks, browser, tmp_path
):
    url = odoo_with_desks.url
    asked = []
    context = browser.new_context(viewport=PHONE, locale="ar-MA")
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    told = deposit(page, url)
    assert told["number"].endswith("/000001")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], "the page scrolls sideways on a phone"

    link = page.locator("a[rel~=receipt], link[rel~=receipt]").first
    answer = context.request.get(link.evaluate("link => link.href"))
    assert answer.status == 200, answer.text()
    receipt, root = tmp_path / "receipt.pdf", tmp_path / "ca.pem"
    receipt.write_bytes(answer.body())
    with urllib.request.urlopen(f"{url}/trust/ca.pem", timeout=60) as opened:
        root.write_bytes(opened.read())
    signed = subprocess.run(
        ["pdfsig", "-nocert", str(receipt)], capture_output=True, text=True, check=False
    )
    assert "Signature is Valid" in signed.stdout
    verdict = subprocess.run(
        [sys.executable, str(VERIFY), str(receipt), "--trust", str(root)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr

    page.goto(f"{url}/ar/track")
    page.locator("[name=number]").fill(told["number"])
    page.locator("[name=code]").fill(told["code"])
    page.locator("[name=control]").fill("1421")
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/track/**")
    assert told["number"] in page.locator("main").inner_text()
    foreign = [one for one in asked if not one.startswith((url, "data:", "blob:"))]
    assert not foreign, "a page asked a third party"
    context.close()


def test_the_registrar_sees_the_letter(odoo_with_desks, browser):
    url = odoo_with_desks.url
    context = browser.new_context(viewport=PHONE)
    told = deposit(context.new_page(), url)
    context.close()
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{url}/web/login")
    page.locator("input[name=login]").fill("registrar")
    page.locator("input[name=password]").fill("registrar")
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/odoo**")
    page.goto(f"{url}/odoo/registry-letters")
    line = page.locator("tr.o_data_row", has_text=told["number"])
    line.wait_for()
    assert NAME in line.inner_text()
    context.close()
