"""The fonts our documents are set in: where they are, what they cover. Pure Python.

All come from Debian's ``fonts-noto-core``. A document is never set without them: it would show
boxes, or other letters on another machine.
"""

import functools
import os
import pathlib
import shutil
import subprocess
from bisect import bisect_right

DEBIAN_PACKAGE = "fonts-noto-core"

# name used in CSS and in reportlab -> file name
FILES = {
    "Noto Sans": "NotoSans-Regular.ttf",
    "Noto Sans Bold": "NotoSans-Bold.ttf",
    "Noto Naskh Arabic": "NotoNaskhArabic-Regular.ttf",
    "Noto Naskh Arabic Bold": "NotoNaskhArabic-Bold.ttf",
    "Noto Sans Tifinagh": "NotoSansTifinagh-Regular.ttf",
}

_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
)


class MissingFont(Exception):
    """A font that documents need is not on this machine."""

    def __init__(self, names):
        self.names = tuple(names)
        super().__init__(
            f"missing fonts: {', '.join(self.names)} (Debian package {DEBIAN_PACKAGE})"
        )


def _fc_list(*arguments):
    """Lines of ``fc-list``, which knows what WeasyPrint will see; None without the program."""
    program = shutil.which("fc-list")
    if not program:
        return None
    try:
        done = subprocess.run(
            [program, *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.splitlines()


def _files_below(folder):
    """Font files of a folder and of those below it: file name -> path."""
    found = {}
    for root, _folders, names in os.walk(os.path.expanduser(folder)):
        for name in names:
            if name.lower().endswith((".ttf", ".otf")):
                found.setdefault(name, pathlib.Path(root, name))
    return found


@functools.lru_cache(maxsize=1)
def _available():
    """Every font file of this machine: file name -> path."""
    lines = _fc_list("--format", "%{file}\n")
    if lines is not None:
        paths = (pathlib.Path(line) for line in lines if line)
        return {path.name: path for path in sorted(paths, reverse=True)}
    found = {}
    for folder in _FOLDERS:
        for name, path in _files_below(folder).items():
            found.setdefault(name, path)
    return found


def locate(name):
    """Path of one of our fonts.

    :param str name: a key of ``FILES``
    :rtype: pathlib.Path
    :raise MissingFont: it is not installed
    """
    path = _available().get(FILES[name])
    if path is None or not path.is_file():
        raise MissingFont([name])
    return path


def missing():
    """Names of our fonts that are not installed, best asked at start.

    :rtype: list[str]
    """
    available = _available()
    return [name for name, file_name in FILES.items() if file_name not in available]


def check():
    """Raise :class:`MissingFont` naming every absent font; nothing when all are there."""
    absent = missing()
    if absent:
        # A person may install them while we run: look again next time.
        _available.cache_clear()
        raise MissingFont(absent)


@functools.lru_cache(maxsize=1)
def _covered_ranges():
    """Sorted, merged (first, last) ranges of the characters that any installed font draws."""
    ranges = []
    for line in _fc_list("--format", "%{charset}\n") or ():
        for part in line.split():
            first, _dash, last = part.partition("-")
            try:
                ranges.append((int(first, 16), int(last or first, 16)))
            except ValueError:
                continue
    merged = []
    for first, last in sorted(set(ranges)):
        if merged and first <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], last)
        else:
            merged.append([first, last])
    return merged


def can_draw(char):
    """Whether some installed font has a picture for a character (no box will be printed)."""
    ranges = _covered_ranges()
    if not ranges:
        # Without fontconfig's list only what our own fonts surely hold is promised.
        return (
            ord(char) < 0x0250
            or 0x0600 <= ord(char) < 0x0700
            or 0x2D30 <= ord(char) < 0x2D80
        )
    place = bisect_right(ranges, [ord(char), 0x110000]) - 1
    return place >= 0 and ranges[place][0] <= ord(char) <= ranges[place][1]


@functools.lru_cache(maxsize=1)
def register_reportlab():
    """Make our fonts known to reportlab under the names of ``FILES``; once per process.

    :return: name -> the set of characters (code points) the font draws
    :rtype: dict[str, frozenset[int]]
    :raise MissingFont: one is not installed
    """
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    check()
    coverage = {}
    for name in FILES:
        font = TTFont(name, str(locate(name)))
        pdfmetrics.registerFont(font)
        coverage[name] = frozenset(font.face.charToGlyph)
    return coverage
