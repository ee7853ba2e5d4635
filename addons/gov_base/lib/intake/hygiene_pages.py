"""Pages of a PDF for an eye: pictures, digests. Limited process only."""

import io

import pypdfium2

from . import hygiene_look
from .hygiene_rows import refused

MAX_SIDE = 2_400


def digests(content, options):
    """What each page looks like, its fields and notes left out."""
    with pypdfium2.PdfDocument(content) as document:
        found = [
            hygiene_look.digest(hygiene_look.picture(page, False)) for page in document
        ]
    return {"after": found, "engine": hygiene_look.engine()}, b""


def picture(content, options):
    """One page as a PNG file, at most ``width`` points wide."""
    number = options["page"]
    with pypdfium2.PdfDocument(content) as document:
        if not 0 <= number < len(document):
            raise refused("no_page")
        document.init_forms()
        page = document[number]
        width, height = page.get_size()
        scale = min(options["width"] / width, MAX_SIDE / max(width, height))
        image = page.render(
            scale=scale, draw_annots=True, may_draw_forms=True, rev_byteorder=True
        ).to_pil()
    out = io.BytesIO()
    image.convert("RGB").save(out, "PNG", compress_level=3)
    return {"width": image.width, "height": image.height}, out.getvalue()
