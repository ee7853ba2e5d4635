"""The functional administrator looks after people, in a real browser, without help (L1)."""

from __future__ import annotations

import email
import re
import time
from email.policy import default

import pytest
import scene
from aiosmtpd.controller import Controller
from playwright.sync_api import expect

from maktab_dev.settings import free_port

pytestmark = pytest.mark.e2e
PASSWORD = "a-long-Password-4"


class Inbox:
    """What an SMTP server on this machine receives."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], bytes]] = []

    async def handle_DATA(self, _server, _session, envelope):
        """Keep the message."""
        self.letters.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


@pytest.fixture(scope="module")
def office(databases, template):
    """One Odoo with the scene's two administrations, for the tests of this file."""
    from odoo_process import OdooProcess

    process = OdooProcess(databases, template, label="people", script=scene.script())
    try:
        yield process.start()
    finally:
        process.destroy()


@pytest.fixture
def person(browser):
    """Return a function that opens a page of one's own, signed in or not."""
    contexts = []

    def enter(url: str, login: str = "", password: str = ""):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        contexts.append(context)
        page = context.new_page()
        if login:
            page.goto(f"{url}/web/login")
            page.locator("input[name=login]").fill(login)
            page.locator("input[name=password]").fill(password or login)
            page.locator("input[name=password]").press("Enter")
            page.locator(".o_main_navbar").wait_for()
        return page

    yield enter
    for context in contexts:
        context.close()


def invite(page, url: str, name: str, address: str, role: str) -> None:
    """Fill in the one form of an invitation."""
    page.goto(f"{url}/odoo/mail-office-people")
    page.get_by_role("button", name="Invite somebody").click()
    form = page.locator(".modal .o_form_view")
    form.locator("[name=name] input").fill(name)
    form.locator("[name=email] input").fill(address)
    form.locator("[name=unit_id] input").fill("Secretariat A")
    page.locator(".o-autocomplete--dropdown-item", has_text="Secretariat A").click()
    form.locator("[name=role_ids]").get_by_text(role, exact=True).click()
    page.locator(".modal footer").get_by_role("button", name="Invite").click()


def choose_password(page, link: str) -> None:
    """Open the link of an invitation and choose a password, as anybody does."""
    page.goto(link)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=confirm_password]").fill(PASSWORD)
    page.locator("form.oe_signup_form button[type=submit]").click()
    page.wait_for_url("**/odoo**")
    page.locator(".o_main_navbar").wait_for()


def eventually(page, holds) -> None:
    """Look again for a while: the web client shows what it kept, then what is new."""
    for _attempt in range(10):
        if holds():
            return
        page.wait_for_timeout(1000)
    assert holds()


def test_somebody_is_invited_works_and_leaves(office, person):
    """Without a mail server: the link is shown once and handed over."""
    url = office.url
    admin = person(url, "deskadmin")
    address = "omar@example.org"
    invite(admin, url, "Omar Tazi", address, "Register / Registrar")
    shown = admin.locator(".modal [name=link]")
    shown.wait_for()
    found = re.search(r"https?://\S+token=\S+", shown.inner_text())
    link = found[0] if found else shown.locator("input").input_value()
    omar = person(url)
    choose_password(omar, link)
    omar.goto(f"{url}/odoo/registry-letters")
    omar.locator(".o_list_button_add").wait_for()

    # The link has ended; the account is signed in to with the address.
    again = person(url)
    again.goto(link)
    expect(again.get_by_text("Invalid signup token")).to_be_visible()
    person(url, address, PASSWORD)

    admin.goto(f"{url}/odoo/mail-office-people")
    line = admin.locator("tr.o_data_row", has_text="Omar Tazi")
    expect(line).to_contain_text("Secretariat A")
    expect(line).to_contain_text("Registrar")
    expect(line).to_contain_text("At work")
    line.get_by_text("Omar Tazi").click()
    admin.get_by_role("button", name="Change unit and roles").click()
    roles = admin.locator(".modal [name=role_ids]")
    roles.get_by_text("Register / Registrar", exact=True).click()
    roles.get_by_text("Register / Auditor", exact=True).click()
    admin.locator(".modal footer").get_by_role("button", name="Save").click()
    shown = admin.locator(".o_action_manager .o_form_view [name=role_ids]")
    expect(shown).to_contain_text("Auditor")

    def may_not_register():
        omar.goto(f"{url}/odoo/registry-letters")
        omar.locator(".o_list_view, .o_view_nocontent").first.wait_for()
        return not omar.locator(".o_list_button_add").count()

    eventually(omar, may_not_register)

    admin.get_by_role("button", name="Leaves the administration").click()
    admin.locator(".modal [name=reason] input").fill("Moved to another town")
    admin.locator(".modal footer").get_by_role(
        "button", name="Close the account"
    ).click()
    expect(admin.get_by_role("button", name="Comes back")).to_be_visible()

    def is_out():
        omar.goto(f"{url}/odoo")
        return "/web/login" in omar.url

    eventually(omar, is_out)
    told = office.rows(
        "SELECT kind FROM gov_journal_event WHERE kind LIKE 'person.%' ORDER BY id"
    )
    assert [kind for (kind,) in told] == [
        "person.invited",
        "person.link",
        "person.placed",
        "person.roles",
        "person.closed",
    ]


def test_the_invitation_comes_by_mail(office, person):
    inbox = Inbox()
    port = free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    rpc = scene.Rpc(office.url, "admin", office.name)
    values = {"name": "here", "smtp_host": "127.0.0.1", "smtp_port": port}
    server = rpc.call("ir.mail_server", "create", values)
    try:
        page = person(office.url, "deskadmin")
        address = "salma@example.org"
        invite(page, office.url, "Salma Alaoui", address, "Mail office / Agent")
        expect(
            page.locator(".o_notification", has_text="a mail was sent")
        ).to_be_visible()
        assert not page.locator(".modal [name=link]").count()
        end = time.monotonic() + 30
        while not inbox.letters and time.monotonic() < end:
            time.sleep(0.2)
    finally:
        rpc.call("ir.mail_server", "unlink", [server])
        controller.stop()
    ((receivers, content),) = inbox.letters
    assert receivers == [address]
    message = email.message_from_bytes(content, policy=default)
    text = message.get_body(("html",)).get_content()
    link = re.search(r'href="([^"]*/web/signup\?[^"]*)"', text)[1].replace("&amp;", "&")
    assert link.startswith(office.url)
    choose_password(person(office.url), link)
