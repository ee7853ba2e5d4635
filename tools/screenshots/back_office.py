"""Pictures of what agents see: the register, the mail desk, the signature book."""

from __future__ import annotations

from camera import Camera


def register(camera: Camera) -> None:
    """The incoming letters and one of them."""
    with camera.agent("registrar") as page:
        camera.open(page, "registry-letters")
        camera.keep(page, "letters")
        page.get_by_text("Demande de permis de construire – lot 12").first.click()
        page.wait_for_selector(".o_form_view .o_registry_number")
        page.wait_for_timeout(1500)
        camera.keep(page, "letter")


def register_in_arabic(camera: Camera) -> None:
    """The same list of the other administration, in Arabic."""
    with camera.agent("registrar2") as page:
        camera.open(page, "registry-letters")
        camera.keep(page, "letters-ar")


def rectification(camera: Camera) -> None:
    """The head of the office rectifies a line."""
    with camera.agent("head") as page:
        camera.open(page, "registry-letters")
        page.get_by_text("Facture n° 2026-118").first.click()
        page.click("button[name=action_rectify]")
        page.wait_for_selector(".modal .o_form_view")
        page.wait_for_timeout(800)
        camera.keep(page, "rectify")


def verification(camera: Camera) -> None:
    """The auditor checks a whole register."""
    with camera.agent("auditor") as page:
        camera.open(page, "registry-registers")
        page.locator(".o_data_row").first.locator(".o_data_cell").nth(1).click()
        page.click("button[name=action_verify]")
        page.wait_for_selector(".modal .o_form_view, .o_form_view .o_field_widget")
        page.wait_for_timeout(2500)
        camera.keep(page, "check")


def mail_desk(camera: Camera) -> None:
    """The baskets of a head, a letter of an agent, its timeline."""
    with camera.agent("head") as page:
        camera.open(page, "desk")
        camera.keep(page, "desk-baskets")
    with camera.agent("agent") as page:
        camera.open(page, "desk-letters")
        page.get_by_text("Demande d'alignement").first.click()
        page.wait_for_selector(".o_desk_letter_form iframe")
        page.wait_for_timeout(4000)
        camera.keep(page, "desk-letter")


def signature_book(camera: Camera) -> None:
    """The signatory's desk."""
    with camera.agent("director") as page:
        page.goto("/odoo/parapheur")
        page.wait_for_selector(".o_parapheur_panel .o_parapheur_sign")
        page.wait_for_timeout(5000)
        camera.keep(page, "parapheur")


SCENES = (
    register,
    register_in_arabic,
    rectification,
    verification,
    mail_desk,
    signature_book,
)
