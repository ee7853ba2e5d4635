"""The public check in a real browser: upload, the network cut, axe in four languages."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e
PHONE = {"width": 360, "height": 780}
DESK = {"width": 1280, "height": 900}
LANGUAGES = {"": "ltr", "/ar": "rtl", "/fr": "ltr", "/zgh": "ltr"}
SCENE = """
import datetime, hashlib, base64, io
import pikepdf
env["gov.key"]._get(env.company, "seal")
env.cr.commit()
made = pikepdf.new(); made.add_blank_page(page_size=(595, 842))
out = io.BytesIO(); made.save(out)
sealed = env["gov.seal"]._seal_pdf(env.company, out.getvalue())
for number in (1, 2):
    proof = env["gov.proof"]._issue(
        kind="document", company=env.company, public_ref=f"e2e-{number}",
        number=f"2026/00014{number}", issued_at=datetime.datetime.now(),
        journal_event=env["gov.journal.event"], digests=[], subject=env.company,
    )
    if number == 1:
        proof._set_document(hashlib.sha256(sealed).hexdigest(), pdf=sealed)
    env["ir.config_parameter"].set_param(f"e2e.code.{number}", proof._code())
    env["ir.config_parameter"].set_param(f"e2e.data.{number}", proof.qr_data)
env["ir.config_parameter"].set_param("e2e.sealed", base64.b64encode(sealed).decode())
env.cr.commit()
"""


@pytest.fixture(scope="module")
def site(databases, template):
    """One Odoo with two issued documents, one of them a sealed PDF."""
    from odoo_process import OdooProcess

    process = OdooProcess(databases, template, label="verify", script=SCENE)
    try:
        yield process.start()
    finally:
        process.destroy()


@pytest.fixture(autouse=True)
def uncounted(site):
    """Each test is a visitor of its own."""
    site.sql("DELETE FROM gov_rate")


@pytest.fixture
def told(site):
    """What the scene made: codes, signed data, the sealed file."""
    import base64

    def read(key):
        return site.sql(
            f"SELECT value FROM ir_config_parameter WHERE key = 'e2e.{key}'"
        )

    found = {
        f"{kind}{n}": read(f"{kind}.{n}") for kind in ("code", "data") for n in (1, 2)
    }
    return found | {"sealed": base64.b64decode(read("sealed"))}


def watched(context):
    """A page that fails the test when its own code fails."""
    page = context.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on(
        "console",
        lambda line: (
            page.problems.append(line.text)
            if "Content Security Policy" in line.text
            else None
        ),
    )
    return page


def wait_until_kept(page):
    """Wait until the worker of the check without network is at work."""
    ask = """navigator.serviceWorker.getRegistration("/verify").then(
        (found) => found?.active?.state ?? ""
    )"""
    for _turn in range(200):
        if page.evaluate(ask) == "activated":
            return
        page.wait_for_timeout(100)
    raise AssertionError("the worker was not kept")


def pdf(content):
    return {"name": "act.pdf", "mimeType": "application/pdf", "buffer": content}


def changed(content: bytes) -> bytes:
    """The same file, a page turned in a further revision."""
    with pikepdf.open(io.BytesIO(content)) as opened:
        page = opened.pages[0].obj.objgen[0]
        size = int(opened.trailer.Size)
    body = content + b"\n"
    place = len(body)
    body += b"%d 0 obj\n<</Type/Page/MediaBox[0 0 9 9]>>\nendobj\n" % page
    table = len(body)
    body += b"xref\n0 1\n0000000000 65535 f \n%d 1\n%010d 00000 n \n" % (page, place)
    last = int(re.findall(rb"startxref\s+(\d+)", content)[-1])
    body += b"trailer\n<</Size %d/Root 1 0 R/Prev %d>>\n" % (size, last)
    return body + b"startxref\n%d\n%%%%EOF\n" % table


def assert_accessible(page):
    found = Axe().run(page).response["violations"]
    assert not found, [
        (one["id"], [node["html"] for node in one["nodes"]]) for one in found
    ]


def assert_fits(page, width):
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("lang", LANGUAGES)
def test_axe_finds_nothing(site, browser, told, lang):
    context = browser.new_context(viewport=PHONE)
    page = watched(context)
    page.goto(f"{site.url}{lang}/verify")
    assert page.locator("html").get_attribute("dir") == LANGUAGES[lang]
    assert_accessible(page)
    for content in (told["sealed"], changed(told["sealed"]), b"%PDF nothing"):
        page.set_input_files("#upload", pdf(content))
        page.locator("[data-gov-upload] [value=page]").click()
        page.locator(".gov-report").wait_for()
        page.locator("details").evaluate_all(
            "all => all.forEach(one => one.open = true)"
        )
        assert_accessible(page)
        assert_fits(page, PHONE["width"])
        page.reload()
    page.goto(f"{site.url}/verify/offline?lang={lang[1:] or 'en'}#{told['data1']}")
    page.locator(".gov-verdict").wait_for()
    assert_accessible(page)
    assert_fits(page, PHONE["width"])
    assert not page.problems
    context.close()


def test_a_report_and_its_files(site, browser, told, tmp_path):
    context = browser.new_context(viewport=DESK)
    page = watched(context)
    sent = []
    context.on("request", lambda request: sent.append(request.url))
    page.goto(f"{site.url}/verify")
    page.set_input_files("#upload", pdf(told["sealed"]))
    page.locator("[data-gov-upload] [value=page]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".gov-report .gov-verdict-title")).to_have_text("Authentic")
    expect(page.locator("[data-gov-result]")).to_be_focused()
    assert page.locator("#upload").evaluate("input => input.files.length") == 1
    for name, start in (("pdf", b"%PDF"), ("xml", b"<")):
        with page.expect_download() as download:
            page.locator(f"[data-gov-report={name}]").click()
        assert download.value.suggested_filename == f"report.{name}"
        target = tmp_path / f"report.{name}"
        download.value.save_as(target)
        assert target.read_bytes().lstrip().startswith(start)
    page.set_input_files("#upload", pdf(changed(told["sealed"])))
    page.locator("[data-gov-upload] [value=page]").click()
    title = page.locator(".gov-report .gov-verdict-bad .gov-verdict-title")
    expect(title).to_have_text("Changed after signature")
    assert not [url for url in sent if not url.startswith((site.url, "blob:"))]
    assert not page.problems
    context.close()


def test_a_refusal_keeps_the_file_and_a_sending_can_be_cancelled(site, browser):
    context = browser.new_context(viewport=PHONE)
    page = watched(context)
    page.goto(f"{site.url}/verify")
    page.set_input_files("#upload", pdf(b""))
    page.locator("[data-gov-upload] [value=page]").click()
    error = page.locator("[data-gov-upload-error]")
    expect(error).to_contain_text("empty")
    assert page.locator("#upload").evaluate("input => input.files.length") == 1
    context.route("**/verify/upload", lambda route: None)
    page.set_input_files("#upload", pdf(b"%PDF something"))
    page.locator("[data-gov-upload] [value=page]").click()
    page.locator("[data-gov-cancel]").click()
    expect(page.locator("[data-gov-progress-text]")).to_contain_text("Cancelled")
    context.unroute("**/verify/upload")
    context.set_offline(True)
    page.locator("[data-gov-upload] [value=page]").click()
    expect(error).to_contain_text("could not be sent")
    context.set_offline(False)
    page.locator("[data-gov-upload] [value=page]").click()
    page.locator(".gov-report").wait_for()
    context.close()


def test_without_javascript(site, browser, told):
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}/fr/verify")
    page.set_input_files("#upload", pdf(told["sealed"]))
    page.locator("[data-gov-upload] [value=page]").click()
    page.locator(".gov-report").wait_for()
    assert page.locator("html").get_attribute("lang").startswith("fr")
    page.goto(f"{site.url}/verify")
    page.set_input_files("#upload", pdf(b""))
    page.locator("[data-gov-upload] [value=page]").click()
    expect(page.locator("[role=alert]").first).to_contain_text("empty")
    context.close()


def test_the_network_is_cut(site, browser, told):
    context = browser.new_context(viewport=PHONE, locale="fr-FR")
    page = watched(context)
    page.goto(f"{site.url}/verify")
    # The site leads to /fr/verify, which is outside the scope: the code's address is in.
    wait_until_kept(page)
    context.set_offline(True)
    title = page.locator(".gov-verdict-title")

    def look(code, data):
        page.goto("about:blank")
        page.goto(f"{site.url}/verify/{code}" + (f"#{data}" if data else ""))
        title.wait_for()
        return title.inner_text()

    good, other = told["data1"], told["data2"]
    payload, signature = good.split(".")
    assert look(told["code1"], good) == "Signature bonne"
    shown = page.locator("main").inner_text()
    assert "2026/000141" in shown
    assert "annulé" in shown
    assert page.locator("html").get_attribute("lang") == "fr"
    assert look(told["code1"], f"{payload}.{other.split('.')[1]}") == "Signature fausse"
    assert look(told["code1"], good[:-9]) == "Illisible"
    assert look(told["code1"], "") == "Pas de données signées"
    # Data beside another code: true data, and the page says that it cannot know more.
    assert look(told["code2"], good) == "Signature bonne"
    assert told["code2"] in page.locator("main").inner_text()
    assert "n'a pas été vérifié" in page.locator("main").inner_text()
    page.locator("[data-languages] [lang=ar]").click()
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert title.inner_text() == "التوقيع سليم"
    page.locator("#data").fill(other)
    page.keyboard.press("Enter")
    expect(page.locator(".gov-fact-main dd")).to_have_text("2026/000142")
    assert not page.problems
    # With the network back, the site itself answers, and sees the wrong code.
    context.set_offline(False)
    page.goto("about:blank")
    page.goto(f"{site.url}/verify/{told['code2']}#{good}")
    page.locator("[data-gov-qr-state=false]:not([hidden])").wait_for()
    context.close()


def test_keys_that_are_revoked_or_unknown(site, browser, told):
    context = browser.new_context(viewport=PHONE, locale="en-GB")

    def answer(keys):
        answers = lambda route: route.fulfill(json=keys)  # noqa: E731
        context.route("**/verify/offline/keys.json", answers)
        page = watched(context)
        page.goto(f"{site.url}/verify/offline#{told['data1']}")
        title = page.locator(".gov-verdict-title")
        title.wait_for()
        text = title.inner_text()
        page.close()
        context.unroute("**/verify/offline/keys.json")
        return text

    keys = context.request.get(f"{site.url}/verify/offline/keys.json").json()
    revoked = [{**key, "revoked_at": keys["at"]} for key in keys["keys"]]
    assert answer(keys | {"keys": revoked}) == "Key revoked"
    assert answer(keys | {"keys": []}) == "Cannot be established"
    context.close()


def test_the_saved_file_on_a_laptop(site, browser, told, tmp_path):
    context = browser.new_context(viewport=DESK, locale="en-GB")
    page = watched(context)
    page.goto(f"{site.url}/verify/offline")
    page.locator("html[data-ready]").wait_for()
    with page.expect_download() as download:
        page.locator("[data-save] a").click()
    target = tmp_path / download.value.suggested_filename
    download.value.save_as(target)
    context.close()
    context = browser.new_context(viewport=PHONE, offline=True, locale="ar-MA")
    page = watched(context)
    asked = []
    context.on("request", lambda request: asked.append(request.url))
    page.goto(target.as_uri())
    page.locator("html[data-ready]").wait_for()
    page.locator("#data").fill(f"{site.url}/verify/{told['code1']}#{told['data1']}")
    page.keyboard.press("Enter")
    expect(page.locator(".gov-verdict-title")).to_have_text("التوقيع سليم")
    assert_accessible(page)
    assert_fits(page, PHONE["width"])
    assert not [url for url in asked if not url.startswith(("file:", "data:"))]
    assert not page.problems
    context.close()
