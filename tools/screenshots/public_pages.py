"""Pictures of what a citizen sees: a deposit, its receipt, the follow-up, the check."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from camera import Camera
from playwright.sync_api import Page
from reportlab.pdfgen.canvas import Canvas

NAME = "محمد بن علال"
PHONE = "0600000421"
SUBJECT = "طلب رخصة إصلاح واجهة منزل"
BODY = (
    "السلام عليكم، أود إصلاح واجهة منزلي بزنقة الرمان دون تغيير في البناء. "
    "أرفق تصميما تقريبيا للواجهة."
)


def deposit_on_a_phone(camera: Camera) -> None:
    """A deposit in Arabic on a phone."""
    with tempfile.TemporaryDirectory() as folder, camera.visit(phone=True) as page:
        _begin(page, "/ar/deposit/ain-zitoune")
        _who(page)
        page.fill("[name=subject]", SUBJECT)
        page.fill("[name=body]", BODY)
        page.set_input_files("input[name=files]", _plan(folder))
        page.wait_for_timeout(1500)
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        camera.keep(page, "deposit-ar-phone")


def deposit_to_its_end(camera: Camera) -> None:
    """A deposit in French, its receipt, its follow-up and its check."""
    with tempfile.TemporaryDirectory() as folder, camera.visit() as page:
        page.goto("/fr/deposit")
        page.wait_for_load_state("networkidle")
        camera.keep(page, "deposit-desk")
        _begin(page, "/fr/deposit/ain-zitoune")
        _who(page)
        page.fill("[name=subject]", "Demande de permis de construire – lot 14")
        page.fill("[name=body]", "Les plans de la maison sont joints.")
        page.set_input_files("input[name=files]", _plan(folder))
        page.wait_for_timeout(1500)
        page.locator("button[value=next], form button[type=submit]").last.click()
        page.check("[name=consent]")
        page.click("#confirm")
        facts = _done(page)
        camera.keep(page, "deposit-done")
        _receipt(camera, page, folder)
        link = page.locator(".gp-verify a").get_attribute("href")
        page.goto(link)
        page.wait_for_load_state("networkidle")
        camera.keep(page, "verify")
        _follow(camera, facts)


def desks(camera: Camera) -> None:
    """The directory with Tifinagh names."""
    with camera.visit(phone=True) as page:
        page.goto("/zgh/desks")
        page.wait_for_load_state("networkidle")
        camera.keep(page, "desks-zgh-phone")


def _begin(page: Page, path: str) -> None:
    page.goto(path)
    page.locator("[name=subject_type]").first.check()
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_selector("[name=kind]")


def _who(page: Page) -> None:
    page.check("[name=kind][value=citizen]")
    page.fill("[name=name]", NAME)
    page.fill("[name=phone]", PHONE)
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_selector("[name=subject]")


def _plan(folder: str) -> str:
    """Make a one-page PDF to add."""
    path = str(Path(folder) / "plan.pdf")
    canvas = Canvas(path, invariant=True)
    canvas.drawString(72, 760, "Plan – lot 14")
    canvas.rect(100, 300, 380, 380)
    canvas.save()
    return path


def _done(page: Page) -> dict[str, str]:
    """Wait for the number and the proof; return what the page says to programs."""
    page.wait_for_selector(".gp-done")
    for _attempt in range(20):
        done = page.locator(".gp-done")
        if not done.get_attribute("data-pending"):
            break
        page.wait_for_timeout(1500)
        page.reload()
    return {name: done.get_attribute(f"data-{name}") for name in ("number", "code")}


def _receipt(camera: Camera, page: Page, folder: str) -> None:
    """Draw the first page of the receipt as a PDF reader shows it."""
    link = page.locator("a[rel=receipt]").get_attribute("href")
    path = Path(folder) / "receipt.pdf"
    path.write_bytes(page.request.get(link).body())
    subprocess.run(
        ("pdftoppm", "-png", "-r", "80", "-singlefile", path, path.with_suffix("")),
        check=True,
    )
    camera.store(path.with_suffix(".png").read_bytes(), "receipt")


def _follow(camera: Camera, facts: dict[str, str]) -> None:
    with camera.visit(phone=True) as page:
        page.goto("/ar/track")
        page.fill("[name=number]", facts["number"])
        page.fill("[name=code]", facts["code"])
        page.fill("[name=control]", PHONE[-4:])
        page.locator("main form button[type=submit]").last.click()
        page.wait_for_load_state("networkidle")
        camera.keep(page, "track-ar-phone")


SCENES = (deposit_to_its_end, deposit_on_a_phone, desks)
