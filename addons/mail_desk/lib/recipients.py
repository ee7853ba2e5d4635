"""Lists of recipients as people have them: pasted, or a CSV file of any office. Pure Python."""

import csv
import re
import unicodedata
from typing import NamedTuple

MAX_BYTES = 2_000_000
MAX_ROWS = 5_000
FIELDS = ("name", "position", "email", "address")
LIMITS = {"name": 240, "position": 240, "email": 254, "address": 1000}
#: words of a first line that names its columns, folded (see :func:`fold`)
_TITLES = {
    "name": "nom|noms|nom et prenom|nom prenom|raison sociale|destinataire|name|recipient|الاسم|الاسم الكامل|المرسل اليه|الاسم والنسب",
    "position": "fonction|qualite|titre|position|quality|الصفه|المنصب|المهمه",
    "email": "email|e-mail|mail|courriel|adresse electronique|adresse e-mail|البريد الالكتروني|البريد",
    "address": "adresse|adresse postale|address|العنوان|العنوان البريدي",
}
_NAMES = {
    title: name for name, titles in _TITLES.items() for title in titles.split("|")
}
_EMAIL = re.compile(r"[^@\s,;<>\"()]+@[^@\s,;<>\"()]+\.[^@\s,;<>\"()]{2,}")
_ARABIC = str.maketrans("أإآٱىةؤئ", "ااااي" + "هوي")


class Row(NamedTuple):
    """One recipient, and the line of the list it stands on, from 1."""

    line: int
    name: str
    position: str
    email: str
    address: str


class Problem(NamedTuple):
    """A line that gives no recipient: ``code`` is no_name, bad_email, double or too_many."""

    line: int
    code: str
    text: str


def decode(content):
    """The text of a file whose encoding nobody told.

    UTF-8 and UTF-16 are recognised; what is neither comes from an older office suite: code
    page 1256 has the Arabic letters and, at the same places as 1252, the French ones.

    :param bytes content: the file
    :rtype: str
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1256", errors="replace")


def fold(text):
    """A word as it is compared: no case, no accent, one form of alef, ya and ta marbuta."""
    plain = unicodedata.normalize("NFKD", str(text or "")).casefold().replace("ـ", "")
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(bare.translate(_ARABIC).split())


def parse(text, known=()):
    """Read a list: a column each, separated by ``;``, a comma or a tabulator, or names alone.

    A first line that names its columns (in French, Arabic or English) gives their order; else
    the first column is the name, what looks like an address of e-mail is one, then come the
    position and the address.

    :param str text: the list
    :param known: keys (see :func:`key`) of recipients that are there already
    :return: (rows, problems); a line is in one of both, empty ones in none
    """
    lines = str(text or "").replace("\x00", "").splitlines()
    table = _table(lines, _delimiter(lines))
    columns, first = _columns(table)
    rows, problems, seen = [], [], set(known)
    for number, cells in enumerate(table, 1):
        if number <= first or not any(cell.strip() for cell in cells):
            continue
        row = _row(number, cells, columns)
        code = _problem(row, seen, len(rows))
        if code:
            problems.append(Problem(number, code, " ".join(cells)[:80]))
            continue
        seen.add(key(row.name, row.email, row.address))
        rows.append(row)
    return rows, problems


def key(name, email, address):
    """What makes two recipients the same: the e-mail address, else name and address."""
    return fold(email) or f"{fold(name)}|{fold(address)}"


def _problem(row, seen, count):
    if not row.name:
        return "no_name"
    if row.email and not _EMAIL.fullmatch(row.email):
        return "bad_email"
    if key(row.name, row.email, row.address) in seen:
        return "double"
    return "too_many" if count >= MAX_ROWS else None


def _table(lines, delimiter):
    """The cells of each line.

    A quotation mark that is opened and never closed would swallow every recipient after it:
    then marks are signs like others, and each line stands for itself.
    """
    try:
        return list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return [
            [cell.strip().strip('"') for cell in line.split(delimiter)]
            for line in lines
        ]


def _delimiter(lines):
    sample = [line for line in lines[:50] if line.strip()]
    counts = {
        sign: sum(line.count(sign) for line in sample) for sign in ("\t", ";", ",", "؛")
    }
    best = max(counts, key=counts.get)
    # A comma alone stands in names and addresses: it separates when every line has it.
    if best == "," and not all("," in line for line in sample):
        return ";"
    return best if counts[best] else ";"


def _columns(table):
    """The order of the columns, and how many lines name them (0 or 1)."""
    for number, cells in enumerate(table, 1):
        if not any(cell.strip() for cell in cells):
            continue
        names = [_NAMES.get(fold(cell)) for cell in cells]
        if "name" in names:
            return names, number
        return None, number - 1
    return None, 0


def _row(number, cells, columns):
    cells = [" ".join(cell.split()) for cell in cells]
    if columns:
        values = {
            name: cell for name, cell in zip(columns, cells, strict=False) if name
        }
    else:
        values = {"email": next((cell for cell in cells[1:] if "@" in cell), "")}
        others = [cell for cell in cells if cell != values["email"]]
        values |= dict(zip(("name", "position", "address"), others, strict=False))
        if not others and cells:
            values["name"] = ""
    clean = {name: _clean(values.get(name, ""), LIMITS[name]) for name in FIELDS}
    return Row(number, **clean)


def _clean(text, limit):
    seen = "".join(char for char in text if char.isprintable())
    return seen[:limit].strip()
