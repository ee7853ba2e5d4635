"""Where a page has ink, and forms made part of their pages: PDFium in a process of its own.

Rendering is done by a child that can use little memory and time: a file that breaks
PDFium breaks nothing else. Run as a program: ``python -I ink.py TASK FOLDERS…`` reads a
PDF on its input; ``ink PAGE…`` writes JSON, ``flatten`` writes a PDF. Pure Python.
"""

import base64
import contextlib
import importlib.util
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


def _child(pdf, task, *arguments):
    specs = (importlib.util.find_spec(name) for name in ("pypdfium2", "PIL"))
    folders = sorted({os.path.dirname(os.path.dirname(spec.origin)) for spec in specs})
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

    document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
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
