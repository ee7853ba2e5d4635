"""PDF files for the tests of the check of documents, made in code."""

import io

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

A4, A3 = (595, 842), (842, 1191)
SCRIPT = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


def drawn(draw=None, pages=1, size=A4):
    """A PDF whose pages have a title, and what ``draw`` draws."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=size)
    for number in range(pages):
        canvas.drawString(72, size[1] - 72, f"Decision, page {number + 1}")
        if draw:
            draw(canvas)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def changed(pdf, change):
    """The same file after ``change(document)``."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        change(document)
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def note(document, page=0, **entries):
    """Put an annotation on a page."""
    made = document.make_indirect(
        Dictionary(Type=Name.Annot, F=4, Rect=[100, 400, 300, 440], **entries)
    )
    owner = document.pages[page].obj
    if "/Annots" not in owner:
        owner.Annots = Array()
    owner.Annots.append(made)
    return made


def field(document, **entries):
    """Put a form field on the first page."""
    made = note(
        document,
        Subtype=Name.Widget,
        FT=Name.Tx,
        T=f"f{len(document.pages[0].obj.get('/Annots', []))}",
        DA="/Helv 12 Tf 0 g",
        **entries,
    )
    if "/AcroForm" not in document.Root:
        document.Root.AcroForm = Dictionary(Fields=Array(), DA="/Helv 12 Tf 0 g")
    document.Root.AcroForm.Fields.append(made)
    return made


def photo():
    picture = Image.effect_noise((60, 60), 90).convert("RGB")
    return ImageReader(picture)
