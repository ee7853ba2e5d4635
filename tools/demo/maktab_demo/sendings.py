"""“Send to the signature book” on the form of an employee: a work certificate, from a file of Word."""

from __future__ import annotations

import base64
import io

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from odoo.fields import Command

from .store import Store

HR = "hr.group_hr_user"


def make(store: Store, said: dict) -> None:
    """Put a sending in use, as the functional administrator does."""
    name = f"sending_{said['key']}"
    if store.get(name):
        return
    for login in (said["admin"], *said["people"]):
        store.get(f"user_{login}").group_ids += store.env.ref(HR)
    admin = store.get(f"user_{said['admin']}")
    sendings = store.env["parapheur.source"].with_env(store.acting(admin))
    sending = sendings.with_company(admin.company_id).create(
        {
            "name": said["name"]["en"],
            "company_id": admin.company_id.id,
            "model": "hr.employee",
            "nature_id": store.get(f"nature_{said['nature']}").id,
            "title": said["title"],
            "lang": "fr_FR",
            "lock": "fields",
            "field_ids": [Command.create({"path": path}) for path in said["values"]],
        }
    )
    store.translate(sending.sudo(), {"name": said["name"]})
    content = base64.b64encode(_letter(said["text"])).decode()
    sending.action_set_docx(said["file"], content)
    sending.action_publish()
    store.note(name, sending.sudo())
    store.commit()


def _letter(lines: list[str]) -> bytes:
    """Return a page of Word: a title, then one paragraph a line."""
    document = docx.Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    document.styles["Normal"].font.size = Pt(12)
    title, *rest = lines
    heading = document.add_heading(title, 1)
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for line in rest:
        document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()
