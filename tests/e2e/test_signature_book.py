"""The signature book, each person at his own screens, in a real browser and in French.

The functional administrator draws a circuit with a vote from an amount on and a nature that
takes it; an agent submits a folder; a secretary orders the desk; the director signs ten
folders by keyboard and one on a phone; a deputy signs by delegation; who supervises sees what
is stuck; the auditor reads the slip. The final file is checked by pdfsig and by ``/verify``.
"""

from __future__ import annotations

import base64
import os
import re
import subprocess
import time
import urllib.request
from pathlib import Path

import book_scene
import pytest
import scene
import thread_scene
from backoffice import Person
from citizen import PHONE
from deposit_client import small_pdf

pytestmark = pytest.mark.e2e
FRENCH = {"lang": "fr_FR"}
MARKET = "Marché d'éclairage public"
#: where pictures of what was seen are left, to look at them
PICTURES = os.environ.get("MAKTAB_PICTURES")


@pytest.fixture(scope="module")
def served(databases, template):
    """One server for every role of this file."""
    from odoo_process import OdooProcess

    process = OdooProcess(databases, template, label="book", script=book_scene.script())
    try:
        process.start()
        yield process
    finally:
        process.destroy()


@pytest.fixture(scope="module")
def rpc(served):
    """Return a function: the session of a login."""
    sessions = {}

    def session(login: str) -> scene.Rpc:
        if login not in sessions:
            sessions[login] = scene.Rpc(served.url, login, served.name)
        return sessions[login]

    return session


def picture(page, name: str) -> None:
    if PICTURES:
        page.wait_for_timeout(600)
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


def until(holds, patience: float = 90) -> None:
    """Wait for what a request or a batch of the server does."""
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.3)


def narrow(page) -> None:
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], "the page scrolls sideways"


def folder_id(served, title: str) -> int:
    quoted = title.replace("'", "''")
    return int(
        served.sql(f"SELECT id FROM parapheur_folder WHERE title = '{quoted}'") or 0
    )


def state_of(served, title: str) -> str:
    return served.sql(
        f"SELECT state FROM parapheur_folder WHERE id = {folder_id(served, title)}"
    )


def save(person: Person) -> None:
    """Save the form, and wait until nothing is left to save."""
    person.page.locator(".o_form_button_save:visible").first.click()
    person.page.locator(".o_form_status_indicator_buttons.invisible").wait_for(
        state="attached"
    )


# ----------------------------------------------------------------------
# The functional administrator
# ----------------------------------------------------------------------
def test_a_circuit_with_a_vote_and_a_nature(served, browser, rpc):
    """Drawn, rehearsed on two amounts, published; then the nature that takes it."""
    with Person(browser, served.url, "bookadmin") as admin:
        draw_circuit(admin, rpc("bookadmin"))
        rehearse(admin)
        admin.press("action_publish")
        admin.yes()
        admin.wait_state("published")
        make_nature(admin)
    assert (
        served.rows(
            "SELECT v.state, c.name FROM parapheur_nature_version v"
            " JOIN parapheur_nature n ON n.id = v.nature_id"
            " JOIN gov_circuit c ON c.id = v.circuit_id WHERE n.name->>'fr_FR' = 'Marché'"
            " OR n.name->>'en_US' = 'Marché'"
        )[0][0]
        == "published"
    )


def draw_circuit(admin: Person, told: scene.Rpc) -> None:
    """Three of whom two must agree, from an amount on; then one who signs."""
    page = admin.page
    step = "gov.circuit.step"
    admin.go("/odoo/mail-office-circuits/new")
    admin.fill("name", "Marchés")
    about = words(told, "gov.circuit", "subject_model", "parapheur.folder")
    choose(admin, "subject_model", about)
    page.locator(".o_field_x2many_list_row_add a, .o_list_button_add").first.click()
    dialog = page.locator(".modal")
    admin.fill("name", "Commission", ".modal")
    choose(admin, "kind", words(told, step, "kind", "visa"), ".modal")
    choose(admin, "actor_rule", words(told, step, "actor_rule", "person"), ".modal")
    for name in ("Chief", "Expert", "Secretary"):
        admin.pick("user_ids", name, ".modal")
        dialog.locator(
            ".o_field_widget[name=user_ids] .o_tag", has_text=name
        ).wait_for()
    dialog.locator(".o_field_widget[name=mode] input[data-value=quorum]").check()
    admin.fill("quorum", "2", ".modal")
    dialog.locator(".o_gov_rule_add").click()
    dialog.locator(".o_gov_rule_what").select_option("amount")
    dialog.locator(".o_gov_rule_how").select_option("at_least")
    value = dialog.locator(".o_gov_rule_value input")
    value.fill("200000")
    value.press("Tab")
    picture(page, "step")
    dialog.locator(".o_form_button_save_new").click()
    page.locator(".o_gov_circuit_open", has_text="Commission").wait_for()
    admin.fill("name", "Signature", ".modal")
    choose(admin, "kind", words(told, step, "kind", "signature"), ".modal")
    choose(admin, "actor_rule", words(told, step, "actor_rule", "person"), ".modal")
    admin.pick("user_ids", "Director", ".modal")
    admin.fill("rank", "2", ".modal")
    dialog.locator(".o_form_button_save").first.click()
    dialog.wait_for(state="detached")
    save(admin)
    drawn = page.locator(".o_gov_circuit_step")
    assert drawn.count() == 2
    assert "2" in drawn.first.inner_text()
    assert page.locator(".o_gov_circuit_if").count() == 1
    picture(page, "circuit")


def choose(person: Person, field: str, label: str, root: str = "") -> None:
    """Choose in a list of fixed values, by its words."""
    person.page.locator(f"{root} .o_field_widget[name={field}] input").click()
    item = person.page.locator(".o_select_menu_item", has_text=label)
    item.first.click()


def words(rpc: scene.Rpc, model: str, field: str, value: str) -> str:
    """Return how a person reads one value of a list of fixed values."""
    told = rpc.call(model, "fields_get", [field], ["selection"], context=FRENCH)
    return dict(told[field]["selection"])[value]


def rehearse(admin: Person) -> None:
    """From the amount on the commission votes; below it is left out, and that is said."""
    page = admin.page
    page.locator(".o_statusbar_buttons button:visible").nth(1).click()
    dialog = page.locator(".modal")
    amount = dialog.locator(".o_field_widget[name=facts] input[type=number]")
    amount.wait_for()
    for value, names in (
        ("250000", ["Chief", "Expert", "Secretary", "Director"]),
        ("1000", ["Director"]),
    ):
        amount.fill(value)
        amount.press("Tab")
        people = dialog.locator(".o_gov_circuit_person bdi")
        until(lambda names=names, people=people: people.all_inner_texts() == names)
        picture(page, f"rehearsal_{value}")
    dialog.locator("footer button.btn-primary").last.click()
    dialog.wait_for(state="detached")


def make_nature(admin: Person) -> None:
    page = admin.page
    admin.go("/odoo/parapheur-natures/new")
    admin.fill("name", "Marché")
    save(admin)
    admin.press("action_new_version")
    page.locator(".o_field_widget[name=number]").wait_for()
    admin.pick("circuit_id", "Marchés")
    admin.tab("form")
    admin.pick("form_id", "Marché")
    admin.pick("amount_field_id", "Montant")
    save(admin)
    picture(page, "nature")
    admin.press("action_publish")
    admin.yes()
    admin.wait_state("published")


# ----------------------------------------------------------------------
# The agent, and those before the director
# ----------------------------------------------------------------------
def test_an_agent_submits_a_folder(served, browser, rpc):
    """Two documents to sign, an annex, an amount; who will act is seen before."""
    with Person(browser, served.url, "agent") as agent:
        page = agent.page
        agent.go("/odoo/parapheur-folders/new")
        agent.fill("title", MARKET)
        agent.pick("nature_id", "Marché")
        amount = page.locator(".o_gov_form_row[data-key=amount] input")
        amount.fill("250000")
        amount.press("Tab")
        files = [
            {"name": name, "mimeType": "application/pdf", "buffer": small_pdf()}
            for name in ("contrat.pdf", "cahier.pdf", "plan.pdf")
        ]
        for field, chosen in (("main_ids", files[:2]), ("annex_ids", files[2:])):
            box = page.locator(f".o_field_widget[name={field}]")
            box.locator("input[type=file]").set_input_files(chosen)
            box.locator("li a").nth(len(chosen) - 1).wait_for()
        preview = page.locator("[name=preview] .o_gov_circuit_person")
        preview.nth(3).wait_for()
        shown = preview.locator("bdi").all_inner_texts()
        assert shown == ["Chief", "Expert", "Secretary", "Director"]
        picture(page, "folder")
        agent.press("action_submit")
        agent.wait_state("running")
    market = folder_id(served, MARKET)
    for login in ("chief", "expert"):
        rpc(login).call("parapheur.folder", "action_approve", [market])
    waits = served.sql(
        "SELECT s.kind FROM parapheur_folder f JOIN gov_circuit_run_step s"
        f" ON s.run_id = f.run_id AND s.state = 'current' WHERE f.id = {market}"
    )
    assert waits == "signature", "two of three agreed"


# ----------------------------------------------------------------------
# The desk
# ----------------------------------------------------------------------
def test_a_secretary_orders_the_desk(served, browser):
    with Person(browser, served.url, "secretary") as secretary:
        page = secretary.page
        page.goto(f"{served.url}/odoo/parapheur")
        page.locator("[data-basket=prepare]").first.click()
        row = page.locator(".o_parapheur_row", has_text="Note 07")
        row.locator(".o_parapheur_priority").select_option("urgent")
        first = page.locator(".o_parapheur_row").first
        first.filter(has_text="Note 07").wait_for()
        assert not page.locator(".o_parapheur_sign").count(), "who prepares never signs"
        picture(page, "prepare")


def count_of(page, basket: str, number: int) -> None:
    page.locator(
        f".o_parapheur_baskets [data-basket={basket}] .badge",
        has_text=re.compile(rf"^{number}$"),
    ).first.wait_for()


def sign_by_keys(page) -> None:
    """Consent and PIN in the window that is open, then Enter; no click."""
    page.locator(".modal #o_parapheur_consent").wait_for()
    for selector in ("#o_parapheur_consent", ".o_parapheur_pin"):
        for _turn in range(40):
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                break
            page.keyboard.press("Tab")
        else:
            raise AssertionError(f"{selector} is not reached by Tab")
        if selector == "#o_parapheur_consent":
            page.keyboard.press("Space")
    page.keyboard.type(thread_scene.PIN)
    picture(page, "sign")
    page.keyboard.press("Enter")
    page.locator(".modal").wait_for(state="detached", timeout=120_000)


def test_the_director_signs_ten_by_keyboard(served, browser):
    """The one that the secretary called urgent alone, then nine with one PIN."""
    with Person(browser, served.url, "director") as director:
        page = director.page
        page.goto(f"{served.url}/odoo/parapheur")
        count_of(page, "sign", book_scene.TEN + 1)
        opened = page.locator(".o_parapheur_row.o_parapheur_open")
        opened.filter(has_text="Note 07").wait_for()
        page.locator(".o_parapheur_panel .o_parapheur_sign").wait_for()
        picture(page, "desk")
        page.locator(".o_parapheur_panel .o_parapheur_sign").wait_for()
        page.keyboard.press("Enter")
        sign_by_keys(page)
        count_of(page, "sign", book_scene.TEN)
        page.keyboard.press("a")
        page.locator(".o_parapheur_sign_checked", has_text="10").wait_for()
        # All but the market, which is read on a phone.
        for _turn in range(book_scene.TEN):
            if opened.filter(has_text=MARKET).count():
                break
            before = opened.inner_text()
            page.keyboard.press("j")
            page.wait_for_function(
                "text => document.querySelector('.o_parapheur_row.o_parapheur_open')"
                "?.innerText !== text",
                arg=before,
            )
        page.keyboard.press("x")
        page.locator(".o_parapheur_sign_checked", has_text="9").wait_for()
        page.keyboard.press("g")
        sign_by_keys(page)
        count_of(page, "sign", 1)
    signed = served.sql(
        "SELECT count(*) FROM parapheur_signature"
        " WHERE signer_name = 'Director' AND state = 'valid'"
    )
    assert signed == "10"


def test_the_director_signs_on_a_phone(served, browser):
    """The list, then the document in full width, the decision in a bar at the bottom."""
    with Person(browser, served.url, "director", viewport=PHONE) as director:
        page = director.page
        page.goto(f"{served.url}/odoo/parapheur")
        row = page.locator(f"[data-folder='{folder_id(served, MARKET)}']")
        row.wait_for()
        narrow(page)
        picture(page, "phone_list")
        if not page.locator(".o_parapheur_reading").count():
            row.click()
        button = page.locator(".o_parapheur_actions .o_parapheur_sign")
        button.wait_for()
        narrow(page)
        bar = page.locator(".o_parapheur_actions").bounding_box()
        assert bar["y"] + bar["height"] >= PHONE["height"] - 1, (
            "the bar is at the bottom"
        )
        reader = page.locator(".o_parapheur_reader").bounding_box()
        assert reader["width"] >= PHONE["width"] - 1
        picture(page, "phone")
        button.click()
        page.locator("#o_parapheur_consent").check()
        page.locator(".o_parapheur_pin").fill(thread_scene.PIN)
        narrow(page)
        picture(page, "phone_sign")
        page.locator(".o_parapheur_confirm_sign").click()
        page.locator(".modal").wait_for(state="detached", timeout=120_000)
    until(lambda: state_of(served, MARKET) == "done")


def test_a_deputy_signs_by_delegation(served, browser, rpc):
    """The block, the row and the slip say for whom and by which act."""
    title = "Note du secrétaire général"
    nature = int(
        served.sql("SELECT nature_id FROM parapheur_folder WHERE title = 'Note 01'")
    )
    agent = rpc("agent")
    values = {"title": title, "nature_id": nature, "language": "fr"}
    (folder,) = agent.call("parapheur.folder", "create", [values])
    content = base64.b64encode(small_pdf()).decode()
    agent.call("parapheur.folder", "action_add_document", [folder], "n.pdf", content)
    agent.call("parapheur.folder", "action_submit", [folder])
    with Person(browser, served.url, "deputy") as deputy:
        page = deputy.page
        page.goto(f"{served.url}/odoo/parapheur")
        page.locator("[data-basket=delegated]").first.click()
        page.locator(f"[data-folder='{folder}']").click()
        page.locator(".o_parapheur_panel .o_parapheur_sign").click()
        page.locator("#o_parapheur_consent").check()
        assert page.locator(".o_parapheur_confirm_sign").is_disabled()
        page.locator("#o_parapheur_delegation_consent").check()
        page.locator(".o_parapheur_pin").fill(thread_scene.PIN)
        picture(page, "delegated")
        page.locator(".o_parapheur_confirm_sign").click()
        page.locator(".modal").wait_for(state="detached", timeout=120_000)
    (row,) = served.rows(
        "SELECT signer_name, for_name, act_reference FROM parapheur_signature"
        f" WHERE folder_id = {folder}"
    )
    assert row == ("Deputy", "Director", "Arrêté n° 12/2026")


# ----------------------------------------------------------------------
# Those who look
# ----------------------------------------------------------------------
def test_who_supervises_sees_what_is_stuck_and_why(served, browser):
    with Person(browser, served.url, "supervisor") as supervisor:
        page = supervisor.page
        page.goto(f"{served.url}/odoo/parapheur-supervision")
        page.locator(".o_gov_figures header").wait_for()
        picture(page, "supervision")
        supervisor.go("/odoo/parapheur-followed")
        line = page.locator("tr.o_data_row", has_text="Note sans lecteur")
        line.wait_for()
        assert "Leaver" in line.inner_text()
        picture(page, "followed")


def test_the_auditor_reads_the_slip(served, browser, rpc, tmp_path):
    market = folder_id(served, MARKET)
    with Person(browser, served.url, "bookauditor") as auditor:
        auditor.go(f"/odoo/parapheur-all/{market}")
        picture(auditor.page, "audited")
        with auditor.page.expect_download() as taken:
            auditor.press("action_slip")
        slip = tmp_path / "slip.pdf"
        taken.value.save_as(slip)
    text = run("pdftotext", "-layout", slip, "-")
    for name in ("Chief", "Expert", "Director"):
        assert name in text, text
    with pytest.raises(scene.RpcError):
        rpc("bookauditor").call("parapheur.folder", "action_cancel", [market], "x")


def test_other_programs_accept_the_final_files(served, rpc, tmp_path):
    """pdfsig on both documents, then the page that the code on the block leads to."""
    market = folder_id(served, MARKET)
    pieces = served.rows(
        "SELECT p.id, d.current_version_id FROM parapheur_piece p JOIN gov_document d"
        f" ON d.id = p.document_id WHERE p.folder_id = {market} ORDER BY p.id"
    )
    assert len(pieces) == 2
    for piece, version in pieces:
        status, content = rpc("agent").get(f"/gov/document/{version}")
        assert status == 200
        final = tmp_path / f"{piece}.pdf"
        final.write_bytes(content)
        told = run("pdfsig", "-nocert", final)
        assert told.count("Signature is Valid") == 2, told
        assert told.count("- Total document signed") == 1, told
        assert "Director" in told
        [address] = {
            code.partition("#")[0]
            for code in qr_codes(final, tmp_path)
            if "/verify/" in code
        }
        with urllib.request.urlopen(address, timeout=60) as opened:
            page = opened.read().decode()
        assert "Director" in page


def qr_codes(path: Path, folder: Path) -> list[str]:
    """Return what the QR codes of a file say."""
    import zxingcpp
    from PIL import Image

    name = folder / path.stem
    subprocess.run(["pdftoppm", "-r", "200", "-png", str(path), str(name)], check=True)
    return [
        code.text
        for picture in sorted(folder.glob(f"{path.stem}-*.png"))
        for code in zxingcpp.read_barcodes(Image.open(picture))
    ]


def run(*command) -> str:
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


# ----------------------------------------------------------------------
# Right to left
# ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("login", "path", "root"),
    [
        ("director", "/odoo/parapheur", ".o_parapheur_desk"),
        ("agent", "/odoo/parapheur-folders/{market}", ".o_form_view"),
        (
            "bookadmin",
            "/odoo/mail-office-circuits/{circuit}",
            ".o_gov_circuit_designer",
        ),
    ],
)
def test_in_arabic_on_a_phone_and_on_a_desk(served, browser, rpc, login, path, root):
    me = served.sql(f"SELECT id FROM res_users WHERE login = '{login}'")
    rpc(login).call("res.users", "write", [int(me)], {"lang": "ar_MA"})
    ids = {
        "market": folder_id(served, MARKET),
        "circuit": served.sql("SELECT max(id) FROM gov_circuit"),
    }
    for name, viewport in (("wide", None), ("phone", PHONE)):
        with Person(browser, served.url, login, viewport=viewport) as person:
            page = person.page
            page.goto(served.url + path.format(**ids))
            page.locator(root).first.wait_for()
            direction = page.locator(root).first.evaluate(
                "e => getComputedStyle(e).direction"
            )
            assert direction == "rtl"
            if login == "director":
                page.locator("[data-basket=done]").click()
                row = page.locator(f"[data-folder='{ids['market']}']")
                row.wait_for()
                narrow(page)
                row.click()
                page.locator(".o_parapheur_panel h2", has_text=MARKET).wait_for()
            page.wait_for_timeout(500)
            narrow(page)
            picture(page, f"ar_{login}_{name}")
