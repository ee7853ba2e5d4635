"""Without its key, fonts or libraries an app installs, says what to do, and recovers."""

from __future__ import annotations

import subprocess
import time

import scene
from house import root_menu, title
from playwright.sync_api import expect

REGISTRY, PORTAL = "digital_registry", "gov_portal"


class Letters:
    """What a registrar does, through the calls of the web client."""

    def __init__(self, odoo) -> None:
        self.odoo = odoo
        self.rpc = scene.Rpc(odoo.url, "admin", odoo.name)
        company = self.rpc.call("res.company", "search", [])[0]
        self.rpc.call("res.company", "write", [company], {"gov_code": "ADO"})
        office = {"name": "Desk", "code": "ADO", "company_id": company}
        if odoo.state(PORTAL) == "installed":
            office["is_published"] = True
        self.office = self.rpc.call("registry.office", "create", office)
        self.rpc.call("registry.office", "action_create_registers", [self.office])
        self.register = self.rpc.call(
            "registry.register",
            "search",
            [("office_id", "=", self.office), ("direction", "=", "incoming")],
        )[0]

    def register_one(self, subject: str) -> int:
        """Register a letter; return its id."""
        vals = {
            "register_id": self.register,
            "subject": subject,
            "sender_name": "محمد بن علال",
        }
        letter = self.rpc.call("registry.letter", "create", vals)
        self.rpc.call("registry.letter", "action_register", [letter])
        return letter

    def number(self, letter: int) -> str:
        """Return the number of a letter, or an empty text."""
        (read,) = self.rpc.call("registry.letter", "read", [letter], ["number"])
        return read["number"] or ""

    def receipt(self, letter: int) -> str:
        """Return the state of its receipt."""
        return self.odoo.sql(
            f"SELECT state FROM registry_receipt WHERE letter_id = {letter}"
        )


def wait(tell, wanted, patience: float = 200):
    """Wait until something tells what is wanted."""
    end = time.monotonic() + patience
    while (found := tell()) != wanted:
        assert time.monotonic() < end, found
        time.sleep(0.5)


def state_of(page, key: str) -> str:
    """Return the state that the page “Server check” shows."""
    row = page.locator(f".o_gov_requirement[data-key='{key}']")
    row.wait_for()
    return row.get_attribute("data-state")


def test_everything_is_missing_and_comes_back(make_plain, sign_in):
    odoo = make_plain("missing", key=False, missing=("weasyprint", "fonts"))
    apps = sign_in(odoo)
    page = apps.page
    apps.activate(title(PORTAL))
    # The page opens by itself after the click.
    page.wait_for_url("**/odoo/server-check**")
    for key in ("master_key", "fonts", "typesetting"):
        assert state_of(page, key) == "missing"
    for key in ("pdf", "rtl", "zones", "identity"):
        assert state_of(page, key) == "ok"
    row = page.locator(".o_gov_requirement[data-key='master_key']")
    assert str(odoo.key) in row.inner_text()
    command = row.locator("code").inner_text()
    for menu in (root_menu(odoo, PORTAL), root_menu(odoo, REGISTRY)):
        apps.open(menu)
    page.goto(f"{odoo.url}/odoo")
    expect(page.locator(".o_notification", has_text="Master key")).to_be_visible()
    assert not apps.errors
    assert not odoo.complaints(), "installing and opening is silent"

    letters = Letters(odoo)
    letter = letters.register_one("طلب")
    assert not letters.number(letter)
    page.goto(f"{odoo.url}/odoo/registry-letters/{letter}")
    expect(page.get_by_text("its number comes by itself later")).to_be_visible()
    expect(page.get_by_text("master key file cannot be found")).to_be_visible()
    slug = odoo.sql("SELECT portal_slug FROM registry_office LIMIT 1")
    page.goto(f"{odoo.url}/deposit/{slug}")
    page.locator("main button.gp-button[type=submit]").click()
    expect(page.get_by_text("key of this server is not in place")).to_be_visible()
    assert not [line for line in odoo.complaints() if " ERROR " in line]

    # What the page says, done on the server: nothing is started again.
    subprocess.run(["sh", "-c", command], check=True)
    page.goto(f"{odoo.url}/odoo/server-check")
    assert state_of(page, "master_key") == "ok"
    wait(lambda: letters.number(letter).endswith("/000001"), True)
    assert letters.receipt(letter) == "pending"
    waiting = "SELECT count(*) FROM gov_journal_event WHERE seq IS NULL"
    wait(lambda: odoo.sql(waiting), "0")

    odoo.show_fonts()
    odoo.blocked.write_text("")
    page.get_by_role("button", name="Check again").click()
    expect(page.locator(".o_gov_server_check .alert-success")).to_be_visible()
    odoo.sql("UPDATE registry_receipt SET next_attempt_at = NULL")
    letters.rpc.call(
        "registry.receipt",
        "action_retry",
        letters.rpc.call("registry.receipt", "search", [("letter_id", "=", letter)]),
    )
    wait(lambda: letters.receipt(letter), "sealed")
    page.goto(f"{odoo.url}/odoo")
    page.locator(".o_main_navbar").wait_for()
    expect(page.locator(".o_notification", has_text="Master key")).to_have_count(0)


def test_a_package_that_pip_never_installed(make_plain, sign_in):
    """Odoo itself refuses, in a dialog, and nothing is half installed."""
    odoo = make_plain("unpacked", missing=("dist:pikepdf",))
    apps = sign_in(odoo)
    said = apps.refusal(title(REGISTRY))
    assert "external dependency is not met" in said
    assert "pikepdf" in said
    assert odoo.state("gov_base") == "uninstalled"
    odoo.blocked.write_text("")
    apps.activate(title(REGISTRY))
    assert odoo.state(REGISTRY) == "installed"
