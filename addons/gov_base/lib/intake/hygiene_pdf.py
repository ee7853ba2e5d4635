"""A main document examined and made clean before it circulates. Limited process only.

The answer tells what was found, where its tags are and what each page looks like (SHA-256 of its picture, before and
after); the file that goes with it is the clean one.
"""

import io

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from . import (
    hygiene_compare,
    hygiene_fonts,
    hygiene_look,
    hygiene_pages,
    hygiene_strip,
    hygiene_tags,
)
from .hygiene_rows import Rows, opened, refused

#: A document of more pages is cut before somebody signs it.
MAX_PAGES = 1_000
#: Largest side of a page that every reader shows (points).
MAX_SIDE = 14_400
MIN_SIDE = 72


def rehearse():
    """Load now what is loaded late: the process is about to be closed."""
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(200, 200))
        # Saving a file that has metadata loads more than saving one that has none.
        with document.open_metadata() as metadata:
            metadata["pdf:PDFVersion"] = "1.4"
        out = io.BytesIO()
        document.save(out, deterministic_id=True, min_version="1.7")
    with pikepdf.open(io.BytesIO(out.getvalue())) as document:
        document.save(io.BytesIO(), deterministic_id=True, min_version="2.0")
    with pypdfium2.PdfDocument(out.getvalue()) as document:
        document.init_forms()
        page = document[0]
        hygiene_look.digest(hygiene_look.picture(page, True))
        hygiene_tags.find(page, hygiene_look.geometry(page), {})
        pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
        document.save(io.BytesIO())


def examine(content, limits, options):
    """Examine a PDF.

    :param dict options: ``clean`` (False: only look), ``words`` (tags), ``task``
        (``examine``, ``digests``, ``picture``, ``compare``), ``page``
    :return: (dict for the caller, bytes of a file)
    :raise Refusal: ``params["hygiene"]`` says why
    """
    task = options.get("task", "examine")
    if task == "picture" and options.get("clean"):
        content = cleaned(content, limits)
    if task != "examine":
        return TASKS[task](content, options)
    rows = Rows()
    document = opened(content)
    with document:
        _check_pages(document)
        clean = bool(options.get("clean", True))
        versions = content.count(b"%%EOF")
        objects = len(document.objects)
        notes = hygiene_strip.strip(document, rows, limits, clean=clean)
        made = _cleaned(document, notes, rows, limits) if clean else content
    with opened(made) as document:
        if clean:
            if versions > 1:
                rows.add("versions", count=versions - 1)
            lost = objects - len(document.objects)
            if lost > 0 and versions > 1:
                rows.add("objects", count=lost)
        hygiene_fonts.tell(document, rows)
    told = _look(content, made, options.get("words") or {}, rows)
    return {**told, "rows": rows.told()}, made if clean else b""


def cleaned(content, limits):
    """The clean file alone, nothing told."""
    rows = Rows()
    with opened(content) as document:
        _check_pages(document)
        return _cleaned(
            document, hygiene_strip.strip(document, rows, limits), rows, limits
        )


def _check_pages(document):
    pages = len(document.pages)
    if not pages:
        raise refused("no_page")
    if pages > MAX_PAGES:
        raise refused("too_many_pages", limit=MAX_PAGES)
    seen = set()
    for number, page in enumerate(document.pages, 1):
        if page.obj.objgen in seen:
            raise refused("page_twice", page=number)
        seen.add(page.obj.objgen)
        box = [float(one) for one in page.cropbox]
        sides = abs(box[2] - box[0]), abs(box[3] - box[1])
        if min(sides) < MIN_SIDE or max(sides) > MAX_SIDE:
            raise refused("page_size", page=number)


def _cleaned(document, notes, rows, limits):
    """The bytes of the clean file."""
    if notes:
        _with_form(document)
        made = _drawn(_saved(document), rows)
        with opened(made) as again:
            return _finished(again, rows, limits)
    return _finished(document, rows, limits)


def _with_form(document):
    """PDFium makes the missing pictures of notes only where there is a form with a font."""
    root = document.Root
    if not isinstance(root.get("/AcroForm"), pikepdf.Dictionary):
        root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array())
    form = root.AcroForm
    if "/DA" not in form:
        form.DA = "/Helv 12 Tf 0 g"
    resources = form.get("/DR")
    if not isinstance(resources, pikepdf.Dictionary):
        form.DR = pikepdf.Dictionary()
    if "/Font" not in form.DR:
        form.DR.Font = pikepdf.Dictionary()
    if "/Helv" not in form.DR.Font:
        form.DR.Font.Helv = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )


def _finished(document, rows, limits):
    hygiene_strip.finish(document, rows)
    for number, page in enumerate(document.pages, 1):
        _upright(document, page, number, rows)
    made = _saved(document)
    with opened(made) as again:
        hygiene_strip.check_passive(again, limits)
    return made


def _saved(document):
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()


def _drawn(content, rows):
    """Form fields, stamps and other annotations made part of their pages."""
    with pypdfium2.PdfDocument(content) as document:
        document.init_forms()
        for number in range(len(document)):
            page = document[number]
            over = hygiene_look.over_text(page)
            if over:
                rows.add("over_text", number + 1, over)
            done = pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
            if done == pdfium.FLATTEN_FAIL:
                raise refused("annotations", page=number + 1)
            page.close()
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def _upright(document, page, number, rows):
    """The turn of a page made part of what is drawn, and what is seen made all there is."""
    media, crop = ([float(one) for one in box] for box in (page.mediabox, page.cropbox))
    for box in (media, crop):
        box[0], box[2] = min(box[0], box[2]), max(box[0], box[2])
        box[1], box[3] = min(box[1], box[3]), max(box[1], box[3])
    shown = [
        max(media[0], crop[0]),
        max(media[1], crop[1]),
        min(media[2], crop[2]),
        min(media[3], crop[3]),
    ]
    if shown[0] >= shown[2] or shown[1] >= shown[3]:
        shown = media
    if any(abs(one - other) > 0.5 for one, other in zip(shown, media, strict=True)):
        rows.add("cropped", number)
        rows.touched.add(number)
    page.obj.MediaBox = shown
    if "/CropBox" in page.obj:
        page.obj.CropBox = shown
    turn = int(page.rotation) % 360 if hasattr(page, "rotation") else 0
    if turn in (90, 180, 270):
        _turned(document, page, shown, turn)
        rows.add("turned", number)
        rows.touched.add(number)
    elif "/Rotate" in page.obj:
        del page.obj["/Rotate"]


def _turned(document, page, box, turn):
    """Draw a page through a form of its own: patterns and clips keep their places."""
    left, low, right, high = box
    matrix = {
        90: (0, -1, 1, 0, -low, right),
        180: (-1, 0, 0, -1, right, high),
        270: (0, 1, -1, 0, high, -left),
    }[turn]
    size = (right - left, high - low)
    page.contents_coalesce()
    form = document.make_stream(
        page.obj.Contents.read_bytes(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Form,
        BBox=list(box),
        Resources=page.resources,
    )
    if "/Group" in page.obj:
        form.Group = page.obj.Group
    width, height = size if turn == 180 else size[::-1]
    words = " ".join(
        f"{one:g}" if isinstance(one, int) else f"{one:.4f}" for one in matrix
    )
    page.obj.Contents = document.make_stream(f"q {words} cm /Turned Do Q".encode())
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Turned=form))
    page.obj.MediaBox = [0, 0, width, height]
    for key in ("/CropBox", "/Rotate", "/Group"):
        if key in page.obj:
            del page.obj[key]
    # Inherited from the tree of pages otherwise.
    page.obj.Rotate = 0


def _look(content, made, words, rows):
    """Draw all pages before and after, and tell what they hide."""
    pages, before, after, tags = [], [], [], []
    known = {hygiene_tags.folded(word): kind for word, kind in words.items()}
    with (
        pypdfium2.PdfDocument(content) as old,
        pypdfium2.PdfDocument(made) as new,
    ):
        old.init_forms()
        for number in range(len(new)):
            page = new[number]
            place = hygiene_look.geometry(page)
            image = hygiene_look.picture(page, False)
            pages.append(place)
            after.append(hygiene_look.digest(image))
            # What was not touched looks the same: its content is written as it was.
            before.append(after[-1])
            if rows.everywhere or number + 1 in rows.touched:
                was = old[number]
                first = hygiene_look.picture(was, True)
                before[-1] = hygiene_look.digest(first)
                if before[-1] != after[-1] and hygiene_look.differ(first, image):
                    rows.add("looks_other", number + 1)
                was.close()
            found = hygiene_tags.find(page, place, known)
            tags += [[number, *tag] for tag in found]
            _tell_hidden(page, image, place, number + 1, found, rows)
            page.close()
    return {
        "pages": pages,
        "before": before,
        "after": after,
        "tags": tags,
        "engine": hygiene_look.engine(),
    }


def _tell_hidden(page, image, place, number, tags, rows):
    boxes = [tag[2:6] for tag in tags]
    for kind, (count, words) in hygiene_look.hidden(page, image, place, boxes).items():
        if kind == "ocr":
            rows.add("ocr", 0, count)
        else:
            rows.add(f"text_{kind}", number, count, words=words)


TASKS = {
    "digests": hygiene_pages.digests,
    "picture": hygiene_pages.picture,
    "compare": hygiene_compare.compare,
}
