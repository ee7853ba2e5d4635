"""What the guide of the mail desk shows: each scene is a person of the demo at work."""

from __future__ import annotations

from camera import Camera
from hands import DRAWN, in_arabic, row, tab
from playwright.sync_api import Page

PERMIT = "Demande de permis de construire – lot 12"


def dispatch(camera: Camera) -> None:
    """The head: baskets, one letter to dispatch, several at once."""
    with camera.agent("head") as page:
        camera.open(page, "desk")
        camera.keep(page, "desk-home")
        _board(page, "Demande de mainlevée")
        camera.keep(page, "desk-dispatch")
        page.keyboard.press("Shift+X")
        page.wait_for_selector(".o_desk_board_ticked")
        camera.keep(page, "desk-dispatch-many")


def treat(camera: Camera) -> None:
    """The agent: the letter, what happened to it, a question to its sender."""
    with camera.agent("agent") as page:
        camera.open(page, "desk-letters")
        camera.keep(page, "desk-letters")
        _letter(page, PERMIT)
        camera.keep(page, "desk-letter")
        tab(page, "history")
        camera.keep(page, "desk-history")
        page.click("button[name=action_ask_completion]")
        page.wait_for_selector(".modal [name=question] textarea")
        page.fill(
            ".modal [name=question] textarea",
            "Une copie du titre foncier de la parcelle, de moins de trois mois.",
        )
        camera.keep(page, "desk-ask-sender")


def write(camera: Camera) -> None:
    """The agent: a reply being written, a letter to many."""
    with camera.agent("agent") as page:
        camera.open(page, "desk-outgoing")
        row(page, "Invitation à la réunion")
        page.wait_for_selector(".o_desk_outgoing_form .o_field_html")
        camera.keep(page, "desk-draft")
        page.locator("button[name=action_mailing]:visible").first.click()
        page.wait_for_selector(".o_form_view [name=recipient_ids], .o_data_row")
        page.wait_for_timeout(1200)
        camera.keep(page, "desk-to-many")


def decide(camera: Camera) -> None:
    """The head: a reply to approve."""
    with camera.agent("head") as page:
        camera.open(page, "desk-outgoing")
        row(page, "Votre demande d'alignement")
        page.wait_for_selector(".o_desk_outgoing_form iframe")
        page.wait_for_timeout(DRAWN)
        page.click("button[name=action_decide]")
        page.wait_for_selector(".modal [name=decision]")
        camera.keep(page, "desk-decide")


def sent(camera: Camera) -> None:
    """The agent: a reply that left, with its proof."""
    with camera.agent("agent") as page:
        page.goto("/odoo/desk-outgoing")
        page.wait_for_selector(".o_searchview .o_facet_remove")
        page.locator(".o_searchview .o_facet_remove").first.click()
        page.wait_for_timeout(1200)
        row(page, "جواب على طلبكم المتعلق")
        page.wait_for_selector(".o_desk_outgoing_form iframe")
        page.wait_for_timeout(DRAWN)
        tab(page, "sendings")
        camera.keep(page, "desk-sent")


def paper(camera: Camera) -> None:
    """The secretary: a letter that goes round on paper."""
    with camera.agent("agent") as page:
        camera.open(page, "desk-letters")
        _letter(page, PERMIT)
        tab(page, "paper")
        camera.keep(page, "desk-paper")


def absence(camera: Camera) -> None:
    """The director: her absence and who stands in for her."""
    with camera.agent("director") as page:
        camera.open(page, "absences")
        page.locator(".o_data_row .o_data_cell").first.click()
        page.wait_for_selector(".o_form_view [name=substitute_id]")
        page.wait_for_timeout(1000)
        camera.keep(page, "desk-absence")


def rules(camera: Camera) -> None:
    """The functional administrator: a rule in use."""
    with camera.agent("deskadmin") as page:
        camera.open(page, "mail-office-rules")
        row(page, "Permis : division")
        page.wait_for_selector(".o_form_view .o_field_widget")
        page.wait_for_timeout(1500)
        camera.keep(page, "desk-rule")


def steer(camera: Camera) -> None:
    """The head: figures, each opens its list; deadlines by day."""
    with camera.agent("head") as page:
        page.goto("/odoo/steering")
        page.wait_for_selector(".o_desk_steering_block")
        page.wait_for_timeout(1000)
        camera.keep(page, "desk-steering")
        page.goto("/odoo/desk-deadlines")
        page.wait_for_selector(".o_calendar_view")
        page.click(".o_calendar_button_next")
        page.wait_for_selector(".o_calendar_view .fc-event")
        page.wait_for_timeout(1500)
        camera.keep(page, "desk-deadlines")


def phone(camera: Camera) -> None:
    """The director on a phone: her baskets, a letter, the dispatch."""
    with camera.agent("director", phone=True) as page:
        camera.open(page, "desk")
        camera.keep(page, "desk-phone-home")
        page.goto("/odoo/dispatch")
        page.wait_for_selector(".o_desk_board_row button")
        page.wait_for_timeout(1000)
        page.locator(".o_desk_board_row button").first.click()
        page.wait_for_selector(".o_desk_board_panel")
        page.wait_for_timeout(DRAWN)
        camera.keep(page, "desk-phone-dispatch")


def audit(camera: Camera) -> None:
    """The auditor: everything that was done on a letter."""
    with camera.agent("auditor") as page:
        page.goto("/odoo/desk-letters")
        page.wait_for_selector(".o_searchview .o_facet_remove")
        page.locator(".o_searchview .o_facet_remove").first.click()
        page.wait_for_timeout(1200)
        _letter(page, "طلب رخصة إصلاح واجهة منزل")
        tab(page, "history")
        camera.keep(page, "desk-audit")


def arabic(camera: Camera) -> None:
    """The head of the other administration, in Arabic: the board, and a phone."""
    with in_arabic(camera, "head2"):
        with camera.agent("head2") as page:
            _board(page, None)
            camera.keep(page, "desk-dispatch-ar")
        with camera.agent("head2", phone=True) as page:
            camera.open(page, "desk")
            camera.keep(page, "desk-phone-home-ar")


def _board(page: Page, subject: str | None) -> None:
    """Open the dispatch board on a letter."""
    page.goto("/odoo/dispatch")
    page.wait_for_selector(".o_desk_board_row button")
    if subject:
        page.locator(".o_desk_board_row", has_text=subject).locator("button").click()
    page.wait_for_selector(".o_desk_board_dispatch")
    page.wait_for_timeout(DRAWN)
    page.evaluate("document.activeElement.blur()")


def _letter(page: Page, subject: str) -> None:
    row(page, subject)
    page.wait_for_selector(".o_desk_letter_form .o_desk_todo")
    page.wait_for_timeout(DRAWN)


SCENES = (
    (dispatch, ("desk-home", "desk-dispatch", "desk-dispatch-many")),
    (treat, ("desk-letters", "desk-letter", "desk-history", "desk-ask-sender")),
    (write, ("desk-draft", "desk-to-many")),
    (decide, ("desk-decide",)),
    (sent, ("desk-sent",)),
    (paper, ("desk-paper",)),
    (absence, ("desk-absence",)),
    (rules, ("desk-rule",)),
    (steer, ("desk-steering", "desk-deadlines")),
    (phone, ("desk-phone-home", "desk-phone-dispatch")),
    (audit, ("desk-audit",)),
    (arabic, ("desk-dispatch-ar", "desk-phone-home-ar")),
)
