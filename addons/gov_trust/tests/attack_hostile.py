"""Files made to hang or to crash whoever reads them, and attacks on a foreign signer.

No signature matters here: each must end with a clear answer within the limits.
"""

import io
import zlib

import pikepdf

from .attack_files import appended, revised
from .common_acts import page_pdf, plain_pdf

HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


def document(objects, *, size=None, extra=b"", root=1):
    """A file by hand: {number: body}."""
    out, places = bytearray(HEAD), {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table, count = len(out), max(places) + 1
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in sorted(places.items()):
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    out += b"trailer\n<</Size %d/Root %d 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        *(size or count, root, extra, table),
    )
    return bytes(out)


CATALOG = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[%s]/SigFlags 3>>>>"
PAGES = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
FIELD = b"<</FT/Sig/T(S%d)/V %d 0 R>>"
VALUE = (
    b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached"
    b"/ByteRange[0 100 200 50]/Contents<00>>>"
)


def small(fields=b"", more=(), **options):
    base = {1: CATALOG % fields, 2: PAGES, 3: PAGE}
    return document({**base, **dict(more)}, **options)


def nested(depth=50_000):
    return small(more={4: b"[" * depth + b"]" * depth}, fields=b"4 0 R")


def nested_dictionaries(depth=50_000):
    return small(b"4 0 R", {4: b"<</A" * depth + b" 1" + b">>" * depth})


def pages_in_a_circle():
    pages = b"<</Type/Pages/Count 1/Kids[2 0 R]>>"
    return document({1: CATALOG % b"4 0 R", 2: pages, 4: FIELD % (1, 5), 5: VALUE})


def fields_in_a_circle():
    return small(b"4 0 R", {4: b"<</T(a)/Kids[4 0 R]>>"})


def fields_without_end(depth=20_000):
    return small(
        b"4 0 R",
        {n: b"<</T(a)/Kids[%d 0 R]>>" % (n + 1) for n in range(4, depth)},
    )


def tables_in_a_circle():
    made = small()
    place = made.rfind(b"xref\n0 1")
    return small(extra=b"/Prev %d" % place)


def reference_to_itself():
    return small(b"4 0 R", {4: b"4 0 R"})


def huge_size():
    return small(size=2_147_483_647)


def huge_table():
    made = small()
    return made.replace(b"xref\n0 1", b"xref\n0 99999999999")


def many_signatures(count=5_000):
    fields = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(count))
    more = {}
    for n in range(count):
        more[4 + 2 * n] = FIELD % (n, 5 + 2 * n)
        more[5 + 2 * n] = VALUE
    return small(fields, more)


def many_revisions(count=3_000):
    made = bytearray(small())
    place = made.rfind(b"xref\n0 1")
    for _turn in range(count):
        at = len(made)
        made += b"xref\n0 0\ntrailer\n<</Size 4/Root 1 0 R/Prev %d>>\n" % place
        made += b"startxref\n%d\n%%%%EOF\n" % at
        place = at
    return bytes(made)


def many_pages(count=20_000):
    kids = b" ".join([b"3 0 R"] * count)
    pages = b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids)
    return document(
        {1: CATALOG % b"4 0 R", 2: pages, 3: PAGE, 4: FIELD % (1, 5), 5: VALUE}
    )


def many_objects(count=300_000):
    return HEAD + b"".join(b"%d 0 obj\n1\nendobj\n" % n for n in range(count)) + small()


def bomb_of_objects(size=400_000_000):
    """An object stream that grows a thousand times."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"0" * 1_000_000) for _n in range(size // 10**6))
    packed += packer.flush()
    body = b"<</Type/ObjStm/N 1/First 5/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream"
    return packed_table(body % (len(packed), packed))


def packed_table(stream):
    """A file whose field lies in the object stream 4 (a table that is a stream)."""
    out, places = bytearray(HEAD), {}
    for number, body in ((1, CATALOG % b"5 0 R"), (2, PAGES), (3, PAGE), (4, stream)):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    rows = [(0, 0, 255), *((1, places[n], 0) for n in (1, 2, 3, 4)), (2, 4, 0)]
    rows.append((1, table, 0))
    data = b"".join(
        bytes([kind]) + place.to_bytes(4, "big") + bytes([more])
        for kind, place, more in rows
    )
    out += b"6 0 obj\n<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Length %d>>\n" % len(data)
    out += b"stream\n" + data + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % table
    return bytes(out)


def stream_in_itself():
    return packed_table(
        b"<</Type/ObjStm/N 1/First 4/Extends 4 0 R/Length 9>>\nstream\n4 0 (a)  \nendstream"
    )


def layers_of_filters(depth=200):
    data = b"0" * 1000
    for _turn in range(depth):
        data = zlib.compress(data)
    filters = b"/FlateDecode " * depth
    body = b"<</Type/ObjStm/N 1/First 4/Filter[%s]/Length %d>>\nstream\n%s\nendstream"
    return packed_table(body % (filters, len(data), data))


def digits():
    return HEAD + b"1" * 4_000_000 + small()


def whitespace():
    return small() + b"startxref" + b" " * 4_000_000


def zeros(size=40_000_000):
    return HEAD + bytes(size)


def noise():
    import random

    return HEAD + random.Random(4).randbytes(200_000)


def deep_cms(depth=200_000):
    """A signature whose CMS is a thousand boxes in each other."""
    value = b"30800" * 0 + b"3080" * depth
    body = b"<</Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange[%s]/Contents<%s>>>"
    padded = b"0000000000 0000000000 0000000000 0000000000"
    made = small(b"4 0 R", {4: FIELD % (1, 5), 5: body % (padded, value)})
    begin = made.find(b"<3080")
    end = begin + len(value) + 2
    told = b"0 %d %d %d" % (begin, end, len(made) - end)
    return made.replace(padded, told.ljust(len(padded)))


def encrypted():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(page_pdf())) as opened:
        opened.save(out, encryption=pikepdf.Encryption(owner="o", user="u"))
    return out.getvalue()


def hybrid(pdf):
    """Two tables of contents at once."""
    made = appended(pdf)
    return made.replace(b"/Prev", b"/XRefStm 20/Prev")


def half_a_header():
    return b"%PDF"


HOSTILE = {
    one.__name__.replace("_", " "): one
    for one in (
        *(nested, nested_dictionaries, pages_in_a_circle, fields_in_a_circle),
        *(fields_without_end, tables_in_a_circle, reference_to_itself, huge_size),
        *(huge_table, many_signatures, many_revisions, many_pages, many_objects),
        *(bomb_of_objects, stream_in_itself, layers_of_filters, digits, whitespace),
        *(zeros, noise, deep_cms, encrypted, half_a_header),
    )
}

__all__ = ["HOSTILE", "hybrid", "plain_pdf", "revised"]
