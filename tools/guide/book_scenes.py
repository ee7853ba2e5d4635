"""What the guide of the signature book shows: each scene is a person of the demo at work."""

from __future__ import annotations

import io

import pypdfium2
from camera import Camera
from hands import DRAWN, in_arabic, row
from playwright.sync_api import Page

DRAFT = "formation à Rabat"
TENDER = "Appel d'offres"
DRAWN_AT = 1.1  # points of the screen for a point of the page


def prepare(camera: Camera) -> None:
    """The sender: a draft, its documents, the blocks, who will act."""
    with camera.agent("agent") as page:
        camera.open(page, "parapheur-folders")
        row(page, DRAFT)
        page.wait_for_selector("[name=preview] .o_gov_circuit_step")
        page.wait_for_timeout(1500)
        camera.keep(page, "book-draft")
        _down_to(page, "[name=preview]")
        camera.keep(page, "book-preview")
        page.locator("button:has(.fa-arrows)").first.click()
        page.wait_for_selector(".modal .o_parapheur_sheet img, .modal img")
        page.wait_for_timeout(1500)
        camera.keep(page, "book-place")


def sign(camera: Camera) -> None:
    """The signatory: the desk, one signature, several, the keys, a return."""
    with camera.agent("director") as page:
        _desk(page)
        camera.keep(page, "book-desk")
        page.click(".o_parapheur_sign")
        page.wait_for_selector(".modal .o_parapheur_pin")
        camera.keep(page, "book-sign")
        _desk(page)
        page.keyboard.press("a")
        page.keyboard.press("g")
        page.wait_for_selector(".modal .o_parapheur_pin")
        camera.keep(page, "book-sign-many")
        _desk(page)
        page.keyboard.press("?")
        page.wait_for_selector(".modal .o_parapheur_keys")
        camera.keep(page, "book-keys")
        _desk(page)
        page.click(".o_parapheur_return")
        page.wait_for_selector(".modal [name=resume]")
        page.wait_for_timeout(1200)
        camera.keep(page, "book-return")


def phone(camera: Camera) -> None:
    """The signatory on a phone: the folders, one of them."""
    with camera.agent("director", phone=True) as page:
        page.goto("/odoo/parapheur")
        page.wait_for_selector(".o_parapheur_row")
        page.wait_for_timeout(1000)
        camera.keep(page, "book-phone-list")
        page.locator(".o_parapheur_row [data-folder]").first.click()
        page.wait_for_selector(".o_parapheur_actions")
        page.wait_for_timeout(DRAWN)
        camera.keep(page, "book-phone-read")


def arabic(camera: Camera) -> None:
    """The signatory, in Arabic: the desk, and a phone."""
    with in_arabic(camera, "director"):
        with camera.agent("director") as page:
            _desk(page)
            camera.keep(page, "book-desk-ar")
        with camera.agent("director", phone=True) as page:
            page.goto("/odoo/parapheur")
            page.wait_for_selector(".o_parapheur_row")
            page.wait_for_timeout(1000)
            camera.keep(page, "book-phone-ar")


def order(camera: Camera) -> None:
    """The secretary: whose desk, and in which order."""
    with camera.agent("secretary") as page:
        _desk(page, "prepare")
        camera.keep(page, "book-prepare")
        camera.open(page, "parapheur-secretaries")
        camera.keep(page, "book-secretaries")


def deputize(camera: Camera) -> None:
    """Who signs by delegation: the act, the signature."""
    with camera.agent("deskadmin") as page:
        camera.open(page, "delegations")
        row(page, "Décision n° 12")
        page.wait_for_selector(".o_form_view [name=grantee_id]")
        page.wait_for_timeout(1000)
        camera.keep(page, "book-delegation")
    with camera.agent("head") as page:
        _desk(page, "delegated")
        page.click(".o_parapheur_sign")
        page.wait_for_selector(".modal #o_parapheur_delegation_consent")
        camera.keep(page, "book-sign-for")


def paper(camera: Camera) -> None:
    """The signatory: a document that is printed and signed by hand."""
    with camera.agent("director") as page:
        _desk(page, "visa")
        page.click(".o_parapheur_own")
        page.wait_for_selector(".modal [name=signed_by]")
        page.wait_for_timeout(800)
        camera.keep(page, "book-paper")


def supervise(camera: Camera) -> None:
    """The supervisor: figures, then folder by folder."""
    with camera.agent("director") as page:
        page.goto("/odoo/parapheur-supervision")
        page.wait_for_selector(".o_gov_figures .card, .o_gov_figures section")
        page.wait_for_timeout(1000)
        camera.keep(page, "book-supervision")
        camera.open(page, "parapheur-followed")
        camera.keep(page, "book-followed")


def configure(camera: Camera) -> None:
    """The functional administrator: circuit, rehearsal, nature, records."""
    with camera.agent("deskadmin") as page:
        camera.open(page, "mail-office-circuits")
        row(page, TENDER)
        page.wait_for_selector(".o_gov_circuit_designer .o_gov_circuit_step")
        page.wait_for_timeout(1500)
        camera.keep(page, "book-circuit")
        page.get_by_role("button", name="Qui interviendrait").click()
        page.wait_for_selector(".modal [name=facts]")
        amount = page.locator(".modal [name=facts] input").first
        amount.fill("250000")
        amount.press("Tab")
        page.wait_for_timeout(1500)
        camera.keep(page, "book-simulation")
        camera.open(page, "parapheur-natures")
        row(page, "Bon de commande")
        page.locator("[name=version_ids] .o_data_cell").first.click()
        page.wait_for_selector(".modal [name=way_ids]")
        page.wait_for_timeout(1000)
        camera.keep(page, "book-nature")
        camera.open(page, "parapheur-sources")
        row(page, "Attestation")
        page.wait_for_selector("[name=field_ids] .o_data_row")
        page.wait_for_timeout(800)
        camera.keep(page, "book-source")


def prove(camera: Camera) -> None:
    """Whoever reads afterwards: the slip, a signed document."""
    with camera.agent("director") as page:
        page.goto("/odoo/parapheur-archive")
        page.wait_for_selector(".o_data_row")
        page.locator(".o_data_row .o_data_cell").first.click()
        page.wait_for_selector("button[name=action_slip]")
        page.wait_for_timeout(1000)
        with page.expect_download() as download:
            page.click("button[name=action_slip]")
        _sheet(camera, download.value.path().read_bytes(), 0, "book-slip")
        link = page.locator("[name=main_ids] a[href*='/gov/document/']").first
        address = link.get_attribute("href")
        _sheet(camera, page.request.get(address).body(), -1, "book-signed")


def _desk(page: Page, basket: str = "sign") -> None:
    """Open a basket of the desk and wait until the first folder is drawn."""
    page.goto("/odoo/parapheur")
    page.wait_for_selector(".o_parapheur_baskets button")
    page.locator(f".o_parapheur_baskets [data-basket={basket}]").first.click()
    page.wait_for_selector(".o_parapheur_panel")
    page.wait_for_timeout(DRAWN)
    page.evaluate("document.activeElement.blur()")


def _down_to(page: Page, selector: str) -> None:
    page.locator(selector).first.evaluate(
        "one => one.scrollIntoView({ block: 'start' })"
    )
    page.wait_for_timeout(400)


def _sheet(camera: Camera, pdf: bytes, at: int, name: str) -> None:
    """Draw one page as a reader of PDF shows it."""
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    sheet = document[at % len(document)]
    stream = io.BytesIO()
    sheet.render(scale=DRAWN_AT).to_pil().save(stream, "PNG")
    camera.store(stream.getvalue(), name)


SCENES = (
    (prepare, ("book-draft", "book-preview", "book-place")),
    (sign, ("book-desk", "book-sign", "book-sign-many", "book-keys", "book-return")),
    (phone, ("book-phone-list", "book-phone-read")),
    (arabic, ("book-desk-ar", "book-phone-ar")),
    (order, ("book-prepare", "book-secretaries")),
    (deputize, ("book-delegation", "book-sign-for")),
    (paper, ("book-paper",)),
    (supervise, ("book-supervision", "book-followed")),
    (configure, ("book-circuit", "book-simulation", "book-nature", "book-source")),
    (prove, ("book-slip", "book-signed")),
)
