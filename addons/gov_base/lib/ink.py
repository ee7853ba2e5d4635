"""Where a page has ink, and forms made part of their pages: PDFium in a process of its own.

Rendering is done by a child that can use little memory and time: a file that breaks
PDFium breaks nothing else. Run as a program: ``python -I ink.py TASK FOLDERS…`` reads a
file on its input; ``ink PAGE…`` and ``codes PAGES`` write JSON, ``flatten`` writes a PDF.
Pure Python.
"""

import base64
import contextlib
import importlib.util
import io
import json
import os
import subprocess
import sys

#: Side of a cell of the grid, in points.
CELL = 3
SECONDS, MEMORY = 30, 1536 * 2**20
#: A page larger than this (points) is drawn smaller.
_MAX_SIDE = 3000
#: Difference from the paper, of 255, from which a cell has ink.
_INK = 10
#: Dots an inch at which a page is drawn to read its codes.
_CODE_DPI = 200
_PICTURES = ("PNG", "JPEG", "TIFF")


class Unreadable(ValueError):
    """PDFium cannot draw the file, or not within its limits."""


class Sheet:
    """A page as it is seen: size in points, and which cells have ink.

    Cells are counted from the upper left corner.
    """

    def __init__(self, told):
        self.width, self.height = told["width"], told["height"]
        self.box = told["box"]
        self.rotation = told["rotation"]
        self.columns, self.rows = told["columns"], told["rows"]
        self.cell = (self.width / self.columns, self.height / self.rows)
        ink = base64.b64decode(told["ink"])
        self.ink = [
            bytearray(ink[row * self.columns : (row + 1) * self.columns])
            for row in range(self.rows)
        ]


def sheets(pdf, pages):
    """Draw some pages of a PDF.

    :param bytes pdf: the file
    :param pages: page numbers, 0 for the first; -1 for the last
    :return: {number: :class:`Sheet`}, all numbers positive
    :raise Unreadable: it cannot be drawn
    """
    out = _child(pdf, "ink", *(str(page) for page in pages))
    return {told["page"]: Sheet(told) for told in json.loads(out)}


def flatten(pdf):
    """Make form fields and their values part of the pages.

    :raise Unreadable: it cannot be done
    """
    return _child(pdf, "flatten")


def codes(content, pages=20):
    """Read the QR codes of a scan.

    :param bytes content: PDF, PNG, JPEG or TIFF
    :param int pages: at most so many pages are looked at
    :return: list of (page, text), pages from 0, in reading order, each text once a page
    :raise Unreadable: it cannot be drawn
    """
    found = json.loads(_child(content, "codes", str(pages)))
    return [(told["page"], told["text"]) for told in found]


def _child(pdf, task, *arguments):
    names = ("pypdfium2", "PIL", *(("zxingcpp",) if task == "codes" else ()))
    specs = [importlib.util.find_spec(name) for name in names]
    if None in specs:
        raise Unreadable(f"a package is missing on this machine: {' '.join(names)}")
    folders = sorted({_folder(spec) for spec in specs})
    try:
        done = subprocess.run(
            [
                *(sys.executable, "-I", "-B", os.path.abspath(__file__)),
                *(task, os.pathsep.join(folders), *arguments),
            ],
            input=pdf,
            capture_output=True,
            cwd="/",
            env={"LC_ALL": "C.UTF-8", "PATH": os.defpath},
            timeout=SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise Unreadable("the pages of the file cannot be drawn") from error
    return done.stdout


def _folder(spec):
    """The folder to import a package, or a module that is one file, from."""
    up = os.path.dirname(spec.origin)
    return os.path.dirname(up) if spec.submodule_search_locations else up


# ----------------------------------------------------------------------
# In the child
# ----------------------------------------------------------------------
def _sheet(document, number):
    from PIL import ImageFilter

    number %= len(document)
    page = document[number]
    width, height = page.get_size()
    scale = min(1.0, _MAX_SIDE / max(width, height))
    image = page.render(scale=scale, grayscale=True).to_pil().convert("L")
    histogram = image.histogram()
    paper = max(range(256), key=histogram.__getitem__)
    image = image.point([255 if abs(grey - paper) > _INK else 0 for grey in range(256)])
    # Each cell takes the ink of all its points, and of its neighbours' edge.
    columns = max(1, round(image.width / (CELL * scale)))
    rows = max(1, round(image.height / (CELL * scale)))
    cells = image.filter(ImageFilter.MaxFilter(CELL + 2)).resize((columns, rows), 0)
    return {
        "page": number,
        "width": width,
        "height": height,
        "box": _visible(page),
        "rotation": page.get_rotation() % 360,
        "columns": columns,
        "rows": rows,
        "ink": base64.b64encode(cells.tobytes()).decode(),
    }


def _codes(content, most):
    import zxingcpp

    for number, image in enumerate(_pictures(content, most)):
        read = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
        for text in dict.fromkeys(code.text for code in read):
            yield {"page": number, "text": text}


def _pictures(content, most):
    import pypdfium2
    from PIL import Image, ImageSequence

    if content[:1024].lstrip().startswith(b"%PDF-"):
        document = pypdfium2.PdfDocument(content)
        for number in range(min(len(document), most)):
            with contextlib.closing(document[number]) as page:
                side = max(page.get_size()) * _CODE_DPI / 72
                scale = min(1.0, _MAX_SIDE / side) * _CODE_DPI / 72
                yield page.render(scale=scale, grayscale=True).to_pil()
        return
    with Image.open(io.BytesIO(content), formats=_PICTURES) as image:
        for number, frame in enumerate(ImageSequence.Iterator(image)):
            if number == most:
                return
            yield frame.convert("L")


def _visible(page):
    media, crop = page.get_mediabox(), page.get_cropbox()
    box = [
        max(media[0], crop[0]),
        max(media[1], crop[1]),
        min(media[2], crop[2]),
        min(media[3], crop[3]),
    ]
    return box if box[0] < box[2] and box[1] < box[3] else list(media)


def _main(task, folders, *arguments):
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sys.path.extend(folders.split(os.pathsep))
    import pypdfium2

    content = sys.stdin.buffer.read()
    if task == "codes":
        sys.stdout.write(json.dumps(list(_codes(content, int(arguments[0])))))
        return
    document = pypdfium2.PdfDocument(content)
    document.init_forms()
    if task == "flatten":
        for number in range(len(document)):
            with contextlib.closing(document[number]) as page:
                page.flatten()
        document.save(sys.stdout.buffer)
        return
    told = [_sheet(document, int(page)) for page in arguments]
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    _main(*sys.argv[1:])
