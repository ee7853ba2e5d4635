"""A person at the back office in a real browser: logs in, presses buttons, fills dialogs."""

from __future__ import annotations

WIDE = {"width": 1280, "height": 900}


class Person:
    """One login in one browser context; closes with ``leave``."""

    def __init__(self, browser, url: str, login: str, viewport=None) -> None:
        self.url = url
        self.context = browser.new_context(viewport=viewport or WIDE, locale="fr-FR")
        self.page = self.context.new_page()
        self.page.goto(f"{url}/web/login")
        self.page.locator("input[name=login]").fill(login)
        self.page.locator("input[name=password]").fill(login)
        self.page.locator("input[name=password]").press("Enter")
        self.page.wait_for_url("**/odoo**")
        self.page.locator(".o_main_navbar").wait_for()

    def __enter__(self):
        return self

    def __exit__(self, *_error) -> None:
        self.leave()

    def leave(self) -> None:
        self.context.close()

    def go(self, path: str) -> None:
        """Open an address of the back office and wait for its view."""
        self.page.goto(f"{self.url}{path}")
        self.page.locator(
            ".o_action_manager .o_view_controller, .o_action"
        ).first.wait_for()

    def row(self, text: str) -> None:
        """Open the line of a list that holds ``text``."""
        self.page.locator("tr.o_data_row", has_text=text).first.click()
        self.page.locator(".o_form_view").wait_for()

    def press(self, name: str) -> None:
        """Press the button of the form that calls the method ``name``."""
        button = f".o_form_view button[name='{name}']:visible"
        menu = self.page.locator(".o_statusbar_buttons .o-dropdown, .o_cp_action_menus")
        if not self.page.locator(button).count() and menu.count():
            menu.first.click()
        self.page.locator(button).first.click()

    def tab(self, name: str) -> None:
        """Open a tab of the form by its technical name."""
        self.page.locator(f".o_form_view .nav-link[name='{name}']").first.click()

    def confirm(self, name: str = "action_confirm") -> None:
        """Press the button ``name`` of the dialog and wait until it closes."""
        dialog = self.page.locator(".modal .o_dialog, .modal-dialog").last
        dialog.locator(f"button[name='{name}']").click()
        dialog.wait_for(state="detached")

    def yes(self) -> None:
        """Say yes to the question that a button asks."""
        self.page.locator(".modal-footer button.btn-primary").last.click()

    def pick(self, field: str, text: str, root: str = "") -> None:
        """Choose a record by its name in a relation field."""
        box = self.page.locator(f"{root} .o_field_widget[name={field}] input").last
        box.click()
        box.fill(text)
        option = self.page.locator(
            ".o-autocomplete--dropdown-menu li:not(.o_m2o_dropdown_option) a, "
            ".o-autocomplete--dropdown-menu .dropdown-item",
            has_text=text,
        )
        option.first.click()

    def fill(self, field: str, text: str, root: str = "") -> None:
        """Type into a field."""
        self.page.locator(
            f"{root} .o_field_widget[name={field}] :is(input, textarea)"
        ).last.fill(text)

    def state(self, text_of: str = "o_arrow_button_current") -> str:
        """Return the value of the status bar's current state."""
        return self.page.locator(f".{text_of}").first.get_attribute("data-value") or ""

    def wait_state(self, value: str) -> None:
        """Wait until the status bar says ``value``."""
        self.page.locator(
            f".o_arrow_button_current[data-value='{value}']"
        ).first.wait_for()
