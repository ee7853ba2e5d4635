"""What every scene does on a page: open a row, a tab, speak Arabic for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from camera import Camera
from playwright.sync_api import Page

DRAWN = 4000  # ms for a page of a PDF


def row(page: Page, text: str) -> None:
    """Open the row of a list that holds this text."""
    page.locator(".o_data_row", has_text=text).first.locator(
        ".o_data_cell:not(.o_handle_cell)"
    ).first.click()


def tab(page: Page, name: str) -> None:
    """Open a page of a form."""
    page.click(f".o_notebook a[name={name}]")
    page.wait_for_timeout(1200)


@contextmanager
def in_arabic(camera: Camera, login: str) -> Iterator[None]:
    """Choose Arabic as the person does in the preferences; afterwards what it was."""
    with camera.agent(login) as page:
        before = _speak(page, "ar_MA")
    try:
        yield
    finally:
        with camera.agent(login) as page:
            _speak(page, before)


def _speak(page: Page, lang: str) -> str:
    """Change the language of who signed in; return the one before."""
    uid = _call(page, "/web/session/get_session_info", {})["uid"]
    before = _users(page, "read", [[uid], ["lang"]])[0]["lang"]
    _users(page, "write", [[uid], {"lang": lang}])
    return before


def _users(page: Page, method: str, args: list) -> list:
    params = {"model": "res.users", "method": method, "args": args, "kwargs": {}}
    return _call(page, f"/web/dataset/call_kw/res.users/{method}", params)


def _call(page: Page, path: str, params: dict):
    answer = page.request.post(path, data={"jsonrpc": "2.0", "params": params}).json()
    if "error" in answer:
        raise RuntimeError(answer["error"]["data"]["message"])
    return answer["result"]
