"""What a system administrator does with apps, in a real browser: by clicks alone."""

from __future__ import annotations

from playwright.sync_api import Page, TimeoutError, expect

#: One click installs an app with everything it stands on.
PATIENCE = 240_000
#: Odoo's own answer when a scheduled action happens to run: try again later.
BUSY = "processing a scheduled action"
#: The page that was there when the Apps screen was opened is gone.
RELOADED = "!window.appsScreen && document.querySelector('.o_main_navbar')"
FAILED = "!!document.querySelector('.modal .o_error_dialog, .o_error_dialog')"


class Apps:
    """The Apps screen of one Odoo, for one signed-in person."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def sign_in(self, login: str = "admin", password: str | None = None) -> None:
        """Sign in and wait for the web client."""
        self.page.goto(f"{self.url}/web/login")
        self.page.locator("input[name=login]").fill(login)
        self.page.locator("input[name=password]").fill(password or login)
        self.page.locator("input[name=password]").press("Enter")
        self.page.locator(".o_main_navbar").wait_for()

    def update_list(self) -> None:
        """Apps ▸ Update Apps List, which the developer mode shows."""
        entry = self.page.get_by_text("Update Apps List").first
        for _attempt in range(5):
            # The web client keeps its menus and asks for new ones behind the page.
            self.page.goto(f"{self.url}/odoo/apps?debug=1")
            self.page.locator(".o_kanban_record").first.wait_for()
            self.page.wait_for_timeout(2000)
            if entry.is_visible():
                break
        entry.click()
        self.page.get_by_role("button", name="Update", exact=True).click()
        self.page.get_by_role("dialog").wait_for(state="detached")
        self.page.goto(f"{self.url}/odoo?debug=0")
        self.page.locator(".o_main_navbar").wait_for()

    def search(self, words: str):
        """Search the Apps screen; return the cards that are found."""
        self.page.goto(f"{self.url}/odoo/apps")
        self.page.locator(".o_kanban_record").first.wait_for()
        self.page.evaluate("window.appsScreen = true")
        search = self.page.locator(".o_searchview_input")
        facet = self.page.locator(".o_facet_value", has_text=words)

        def type_it():
            search.fill(words)
            proposal = self.page.locator(".o_searchview_autocomplete")
            proposal.get_by_text(words).first.wait_for(timeout=5000)
            search.press("Enter")
            facet.wait_for(timeout=5000)

        self.insist(type_it)
        self.page.locator(".o_kanban_renderer, .o_view_nocontent").first.wait_for()
        return self.page.locator(".o_kanban_record:not(.o_kanban_ghost)")

    def insist(self, act) -> None:
        """Do again what a page that is still loading swallowed, as a person would."""
        for _attempt in range(10):
            try:
                act()
                return
            except TimeoutError:
                self.page.wait_for_timeout(500)
        act()

    def find(self, words: str):
        """Search the Apps screen; return the card of the app that has this name."""
        exact = self.page.get_by_text(words, exact=True)
        card = self.search(words).filter(has=exact)
        expect(card).to_have_count(1)
        return card

    def information(self, words: str) -> str:
        """Open “Module Info” of an app; return what it says."""
        self.find(words).get_by_text("Module Info").click()
        form = self.page.locator(".o_module_form")
        form.wait_for()
        return form.inner_text()

    def activate(self, words: str) -> None:
        """Click Activate and wait until Odoo comes back."""
        self._work(
            lambda: self.find(words).get_by_role("button", name="Activate").click()
        )

    def uninstall(self, words: str) -> None:
        """Uninstall by the menu of the card and its dialog, and wait."""

        def click():
            self.open_uninstall(words)
            dialog = self.page.get_by_role("dialog")
            dialog.get_by_role("button", name="Uninstall").click()

        self._work(click)

    def uninstall_refusal(self, words: str) -> str:
        """Try to uninstall what cannot be; return what the dialog says."""

        def click():
            self.open_uninstall(words)
            self.page.get_by_role("button", name="Uninstall").click()

        return self._refused(click)

    def open_uninstall(self, words: str) -> None:
        """Open the dialog that says what goes with an app."""
        card = self.find(words)

        def ask():
            card.hover(timeout=5000)
            card.locator(".o_dropdown_kanban button").click(timeout=5000)
            self.page.get_by_role("menuitem", name="Uninstall").click(timeout=5000)

        self.insist(ask)
        self.page.get_by_role("dialog").wait_for()

    def _work(self, click) -> None:
        """Click, and wait for the reload that ends it; again when Odoo says “later”."""
        for _attempt in range(5):
            click()
            self.page.wait_for_function(
                f"() => ({RELOADED}) || ({FAILED})", timeout=PATIENCE
            )
            if self.page.evaluate(FAILED):
                said = self.problem()
                assert BUSY in said, said
                self.page.wait_for_timeout(3000)
                continue
            self.page.locator(".o_action_manager > *").first.wait_for()
            return
        raise AssertionError("a scheduled action never ended")

    def refusal(self, words: str) -> str:
        """Click Activate on what cannot be installed; return what the dialog says."""
        return self._refused(
            lambda: self.find(words).get_by_role("button", name="Activate").click()
        )

    def _refused(self, click) -> str:
        """Click, and return what the dialog of the refusal says."""
        for _attempt in range(5):
            click()
            self.page.locator(".o_error_dialog").wait_for(timeout=PATIENCE)
            said = self.problem()
            self.page.goto(f"{self.url}/odoo")
            if BUSY not in said:
                return said
            self.page.wait_for_timeout(3000)
        raise AssertionError("a scheduled action never ended")

    def open(self, menu: str) -> None:
        """Open an app by the menu of apps; wait until its first screen is there."""
        item = self.page.locator(f"[data-menu-xmlid='{menu}']")
        self.wait_for_screen()

        def choose():
            # The menu closes by itself when the page behind it is loaded.
            if not item.is_visible():
                self.page.locator(".o_navbar_apps_menu button").click(timeout=5000)
            item.click(timeout=3000)

        self.insist(choose)
        self.page.wait_for_timeout(1000)
        self.wait_for_screen()

    def wait_for_screen(self) -> None:
        """Wait until the action shows something; an error dialog fails."""
        self.page.wait_for_load_state()
        self.page.wait_for_function(
            "() => document.querySelector('.o_action_manager')?.innerText.trim()"
        )
        assert not self.problem()
        assert self.page.locator(".o_menu_brand").inner_text().strip()

    def problem(self) -> str:
        """Return what an error dialog says, with its details, or an empty text."""
        dialog = self.page.locator(".o_error_dialog")
        if not dialog.count():
            return ""
        details = dialog.get_by_text("See technical details")
        if details.count():
            details.click()
        return dialog.inner_text()
