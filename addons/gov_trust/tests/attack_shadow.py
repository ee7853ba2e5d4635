"""Files prepared before a signature to show something else after it.

One object that is two things, tables that name bytes of the future, entries that readers
take differently. :func:`shadows` gives (name, file as signed, attacked file); the first
holds, the second may never.
"""

import io
from unittest.mock import patch

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string

from ..lib import acts, lta, lta_append
from .attack_files import last_table, revised, writer_of
from .common_acts import fields

SAID = b"BT /F1 12 Tf 60 700 Td (Amount: 001000 DH) Tj ET"
PAID = b"BT /F1 12 Tf 60 700 Td (Amount: 900000 DH) Tj ET"
FAR = 60_000


def stream(data, entries=b""):
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(data), data)


PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]%s%s>>"
FONTS = b"/Resources<</Font<</F1 5 0 R>>>>"
PLAIN = {
    1: b"<</Type/Catalog/Pages 2 0 R>>",
    2: b"<</Type/Pages/Kids[3 0 R 7 0 R]/Count 2>>",
    3: PAGE % (FONTS, b"/Contents 4 0 R"),
    4: stream(SAID),
    5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    7: PAGE % (FONTS, b"/Contents 8 0 R"),
    8: stream(b"BT /F1 12 Tf 60 700 Td (Second page) Tj ET"),
}


def document(objects=(), trailer=b"", places=()):
    """A file by hand: :data:`PLAIN` with other ``objects``, tables that name ``places``."""
    out, found = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), {}
    for number, body in sorted((PLAIN | dict(objects)).items()):
        found[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    found |= dict(places)
    table = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in sorted(found.items()):
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    out += b"trailer\n<</Size %d/Root 1 0 R%s>>\n" % (max(found) + 1, trailer)
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % table


def putting(number, item):
    def change(writer):
        writer.objects[0, number] = item

    return change


def data(text):
    return generic.StreamObject(stream_data=text)


def dictionary(**entries):
    return generic.DictionaryObject({pdf_name(f"/{k}"): v for k, v in entries.items()})


def stored(world, pdf, change=None, foreign=True):
    """Append a store of proofs, in a revision in which ``change`` did something."""
    plain = lta_append._writer

    def writer(raw):
        made = plain(raw)
        if change:
            change(made)
        return made

    with patch.object(lta_append, "_writer", writer):
        if foreign:
            held = [world.other.der, world.below.der], list(world.crls)
        else:
            held = [world.root], [world.ours.crls[0]]
        return lta.add_dss(pdf, *held)


def by_table(pdf, objects=(), rows=(), hidden=b"", size=0):
    """Append a revision by hand; ``rows`` of an xref stream: (number, type, a, b)."""
    start, count, root = last_table(pdf)
    out, places = bytearray(pdf + hidden), {}
    for number, body in dict(objects).items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table, count = len(out), max([count, *(number + 1 for number in places)])
    if not rows:
        out += b"xref\n" if places else b"xref\n0 0\n"
        for number, place in sorted(places.items()):
            out += b"%d 1\n%010d 00000 n \n" % (number, place)
        told = size or count, root.idnum, start, table
        out += b"trailer\n<</Size %d/Root %d 0 R/Prev %d>>\nstartxref\n%d\n" % told
        return bytes(out) + b"%%EOF\n"
    rows = sorted([*rows, (count, 1, table, 0)])
    index = b" ".join(b"%d 1" % row[0] for row in rows)
    packed = b"".join(
        bytes([kind]) + one.to_bytes(4, "big") + two.to_bytes(2, "big")
        for _number, kind, one, two in rows
    )
    told = b"/Type/XRef/W[1 4 2]/Index[%s]/Size %d/Root %d 0 R/Prev %d" % (
        *(index, count + 1, root.idnum, start),
    )
    out += b"%d 0 obj\n%s\nendobj\n" % (count, stream(packed, told))
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % table


def store_by_hand(world, pdf, hidden=b""):
    """Append a store in a table of its own, behind bytes that no table names."""
    count, root = last_table(pdf)[1:]
    pieces = [world.other.der, world.below.der, *world.crls]
    objects = {count + at: stream(der) for at, der in enumerate(pieces)}
    names = [b"%d 0 R" % number for number in objects]
    told = b" ".join(names[:2]), b" ".join(names[2:])
    last = count + len(pieces)
    objects[last] = b"<</Certs[%s]/CRLs[%s]>>" % told
    out = io.BytesIO()
    generic.DictionaryObject(writer_of(pdf).prev.root).write_to_stream(out, None)
    catalog = out.getvalue().rstrip().removesuffix(b">>")
    objects[root.idnum] = catalog + b"/DSS %d 0 R>>" % last
    return by_table(pdf, objects, hidden=hidden)


def act(world, base):
    pdf = acts.prepare(base, fields(1))
    return world.sign(world.sign(pdf, "S1"), "Seal")


def _two_things():
    """(name, base, number of the object that is two things, what it becomes)"""
    turned = generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 600)))
    lower = {2: b"<</Type/Pages/Kids[3 0 R 7 0 R]/Count 2/MediaBox 9 0 R>>"}
    lower |= {9: b"[0 0 595 842]", 3: PLAIN[3].replace(b"/MediaBox[0 0 595 842]", b"")}
    yield "information and content", document(trailer=b"/Info 4 0 R"), 4, data(PAID)
    tags = b"<</Type/Catalog/Pages 2 0 R/StructTreeRoot<</X 9 0 R>>>>"
    yield "tags and page size", document({1: tags, **lower}), 9, turned
    root = {1: b"<</Type/Catalog/Pages 2 0 R/StructTreeRoot 9 0 R>>"}
    root |= {9: b"<</Type/StructTreeRoot/K 10 0 R>>"}
    told = b"<</Type/StructElem/S/P/P 9 0 R/Pg 3 0 R/K 0/ActualText(1000)>>"
    read = dictionary(
        Type=pdf_name("/StructElem"), S=pdf_name("/P"), ActualText=pdf_string("900000")
    )
    yield "what is read aloud", document({**root, 10: told}), 10, read


def shadows(world):
    for name, base, number, becomes in _two_things():
        signed = world.sign_foreign(base, box=(60, 60, 200, 120))
        change = putting(number, becomes)
        yield f"{name}, then a store", signed, stored(world, revised(signed, change))
        yield f"{name}, in a store", signed, stored(world, signed, change)
        again = world.sign_foreign(revised(signed, change), 1, page=0)
        yield f"{name}, then a signature", signed, again
        closed = act(world, base)
        forged = stored(world, closed, change, foreign=False)
        # A stream is no information: such an act never holds.
        yield f"{name}, in an act", closed if number != 4 else None, forged
    # A page that is a stream, and its own content.
    own = PAGE % (FONTS, b"/Contents 3 0 R")
    signed = world.sign_foreign(
        document({3: stream(SAID, own[2:-2])}), box=(60, 60, 200, 120), page=1
    )
    forged = by_table(signed, {3: stream(PAID, own[2:-2])})
    yield "page and content", signed, stored(world, forged)
    yield from _of_the_future(world)
    closed = act(world, document())
    for name, more in (
        ("a type nobody knows", {"rows": [(4, 3, 3, 0)]}),
        ("an object outside the table", {"hidden": b"4 0 obj\n%s\nendobj\n"}),
        ("objects beyond measure", {"size": 2**31 - 1}),
    ):
        if "hidden" in more:
            more = {"hidden": more["hidden"] % stream(PAID)}
        yield name, closed, lta.add_timestamp(by_table(closed, **more), world.stamp)
    signed = world.sign_foreign(document(), box=(60, 60, 200, 120))
    hidden = b"4 0 obj\n%s\nendobj\n" % stream(PAID)
    yield "outside, in a store", signed, store_by_hand(world, signed, hidden)


def _of_the_future(world):
    """What is signed names bytes, or a packed object, that come later."""
    page = PAGE % (
        b"/Resources<</XObject<</X 9 0 R>>/Font<</F1 5 0 R>>>>",
        b"/Contents 4 0 R",
    )
    base = document({3: page, 4: stream(SAID + b" /X Do")}, places={9: FAR})
    signed = world.sign_foreign(base, box=(60, 60, 200, 120), page=1)
    entries = b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]" + FONTS
    body = b"9 0 obj\n%s\nendobj\n" % stream(PAID, entries)
    hidden = b"\n" * (FAR - len(signed)) + body
    yield "bytes of the future", None, store_by_hand(world, signed, hidden)
    base = document()
    spot = [row for row in (5,) if b"5 0 obj" in base]
    font = b"5 0 <</Type/Font/Subtype/Type1/BaseFont/%s>>"
    packed = stream(font % b"Helvetica", b"/Type/ObjStm/N 1/First 4")
    base = by_table(document({9: packed}), rows=[(number, 2, 9, 0) for number in spot])
    signed = world.sign_foreign(base, box=(60, 60, 200, 120))
    other = generic.StreamObject(stream_data=font % b"Symbol")
    for key, value in (("Type", pdf_name("/ObjStm")), ("N", 1), ("First", 4)):
        value = generic.NumberObject(value) if isinstance(value, int) else value
        other[pdf_name(f"/{key}")] = value
    forged = revised(signed, putting(9, other))
    yield "packed objects written again", signed, stored(world, forged)
