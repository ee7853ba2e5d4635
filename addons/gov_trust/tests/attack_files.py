"""Attacks on signed PDFs, one function each: (world, signed file) -> attacked file.

Every class of the literature (Ruhr-Universität Bochum): universal forgery, incremental
saving, wrapping, shadow, certified documents, copies, truncation. :func:`attacks` gives
them all; none may ever be called valid.
"""

import io
import re

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import enumerate_sig_fields

from . import test_acts_attacks as tamper

RANGE = re.compile(rb"/ByteRange\s*\[\s*0 (\d+) (\d+) (\d+)\s*\]")


class Impossible(Exception):
    """This attack has nothing to work on in this file."""


def writer_of(pdf):
    class Writer(IncrementalPdfFileWriter):
        def _update_meta(self):
            """Leave what the file says of itself."""

    return Writer(io.BytesIO(pdf))


def revised(pdf, change):
    """Append a revision in which ``change(writer)`` did something."""
    writer = writer_of(pdf)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def ranges(pdf):
    """(match, begin, end, size) of each signature, as they stand in the file."""
    return [
        (match, begin, end, end + length)
        for match in RANGE.finditer(pdf)
        for begin, end, length in [tuple(map(int, match.groups()))]
    ]


def put(pdf, begin, end, new):
    """Replace bytes by as many others."""
    assert len(new) <= end - begin
    return pdf[:begin] + new.ljust(end - begin) + pdf[end:]


def last_table(pdf):
    """(startxref, /Size, /Root) as the last revision has them."""
    start = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    writer = writer_of(pdf)
    root = writer.prev.trailer_view.raw_get("/Root").reference
    return start, writer.prev.xrefs._xref_sections[-1].meta_info.size, root


def appended(pdf, objects=(), *, freed=(), offsets=(), root=None, end=b"%%EOF\n"):
    """Append a hand-made revision: {number: body}; or a table that points elsewhere."""
    start, size, there = last_table(pdf)
    out, places = bytearray(pdf), {}
    for number, body in dict(objects).items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    places |= dict(offsets)
    table = len(out)
    out += b"xref\n" + (b"" if places or freed else b"0 0\n")
    for number, place in sorted(places.items()):
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    for number in freed:
        out += b"%d 1\n0000000000 00001 f \n" % number
    size = max([size, *(number + 1 for number in places)])
    out += b"trailer\n<</Size %d/Root %d 0 R/Prev %d>>\nstartxref\n%d\n%s" % (
        *(size, root or there.idnum, start, table),
        end,
    )
    return bytes(out)


def contents_of(pdf, number=1):
    """Object number of a page's content."""
    page = writer_of(pdf).prev.root["/Pages"]["/Kids"][number]
    return page.raw_get("/Contents").reference.idnum


PAID = b"BT /F1 30 Tf 60 700 Td (Amount: 900000 DH) Tj ET"
STREAM = b"<</Length %d>>\nstream\n%s\nendstream" % (len(PAID), PAID)


# -- universal signature forgery -------------------------------------------
def _contents(value):
    def attack(_world, pdf):
        _match, begin, end, _size = ranges(pdf)[-1]
        return put(pdf, begin, end, value)

    return attack


def _in_dictionary(old, new):
    def attack(_world, pdf):
        match, begin, end, _size = ranges(pdf)[-1]
        where = pdf.rfind(old, begin - 40, begin + 8)
        for at in (match.start() - 600, end):
            if where < 0:
                where = pdf.find(old, max(0, at), at + 700)
        if where < 0:
            raise Impossible
        return put(pdf, where, where + len(old), new)

    return attack


def _range(told):
    def attack(_world, pdf):
        match, begin, end, size = ranges(pdf)[-1]
        values = {"b": begin, "e": end, "l": size - end, "s": size}
        text = b"/ByteRange " + told.format(**values).encode()
        room = match.end() - match.start()
        while pdf[match.start() + room : match.start() + room + 1] == b" ":
            room += 1
        if len(text) > room:
            raise Impossible
        return put(pdf, match.start(), match.start() + room, text)

    return attack


def range_moved(_world, pdf):
    """The hole grows by one byte on each side."""
    return _range(f"[0 {ranges(pdf)[-1][1] - 1} {{e}} {{l}}]")(None, pdf)


def hole_filled(_world, pdf):
    """Something else than zeros after the CMS, in the hole nobody signs."""
    _match, _begin, end, _size = ranges(pdf)[-1]
    return pdf[: end - 9] + b"DEADBEEF" + pdf[end - 1 :]


def digits_of_other_case(_world, pdf):
    _match, begin, end, _size = ranges(pdf)[-1]
    spot = next(at for at in range(begin, end) if pdf[at : at + 1].isalpha())
    return pdf[:spot] + pdf[spot : spot + 1].swapcase() + pdf[spot + 1 :]


def signature_of_another_file(world, pdf):
    """The CMS of another file of the same signer."""
    other = world.act(1) if b"/Seal" in pdf else world.foreign(1)
    _match, begin, end, _size = ranges(other)[0]
    value = other[begin:end].rstrip(b"0>")
    _match, begin, end, _size = ranges(pdf)[-1]
    if len(value) + 2 > end - begin:
        raise Impossible
    return pdf[:begin] + value.ljust(end - begin - 1, b"0") + b">" + pdf[end:]


# -- incremental saving ----------------------------------------------------
def body_without_table(_world, pdf):
    return pdf + b"%d 0 obj\n%s\nendobj\n" % (contents_of(pdf), STREAM)


def body_without_trailer(_world, pdf):
    return body_without_table(None, pdf) + b"xref\n0 0\n%%EOF\n"


def content_appended(_world, pdf):
    return appended(pdf, {contents_of(pdf): STREAM})


def content_freed(_world, pdf):
    return appended(pdf, freed=[contents_of(pdf)])


def line_appended(_world, pdf):
    return pdf + b"\n"


def junk_appended(_world, pdf):
    return pdf + b"% more\n" * 20


def bogus_signature(_world, pdf):
    """A last signature that is none: it should make the revision look signed."""
    size = last_table(pdf)[1]
    value = b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached"
    value += b"/ByteRange[0 10 20 30]/Contents<00>>>"
    return appended(pdf, {contents_of(pdf): STREAM, size: value})


def new_catalog(_world, pdf):
    """Another document at the end, with pages of its own."""
    size = last_table(pdf)[1]
    page = b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]/Contents %d 0 R>>"
    return appended(
        pdf,
        {
            size: b"<</Type/Catalog/Pages %d 0 R>>" % (size + 1),
            size + 1: b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % (size + 2),
            size + 2: page % (size + 1, size + 3),
            size + 3: STREAM,
        },
        root=size,
    )


def packed_content(_world, pdf):
    """The changed page hides in an object stream of a new revision."""

    def change(writer):
        page = tamper.page_of(writer)
        page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=PAID))
        writer.update_container(page)
        writer.stream_xrefs = True
        packed = writer.prepare_object_stream()
        packed.add_object(writer.find_page_for_modification(1)[0].idnum, page)

    return revised(pdf, change)


# -- signature wrapping ----------------------------------------------------
def wrapped(_world, pdf):
    """The end of the signed file is moved on; what is put between is not signed."""
    _match, begin, end, size = ranges(pdf)[-1]
    if size != len(pdf):
        raise Impossible
    table, count, root = last_table(pdf)
    if not end < table < size:
        raise Impossible
    writer = writer_of(pdf)
    owner = next(
        ref
        for _name, value, _ref in enumerate_sig_fields(writer)
        if value is not None and value.get_object()["/ByteRange"][1] == begin
        for ref in [value.reference]
    )
    injected = bytearray(pdf[:end]).ljust(table)
    places = {}

    def fill(room):
        tail = bytearray()
        base = table + room
        second = base + 9000
        told = b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached"
        told += b"/ByteRange[0 %d %d %d]/Contents%s>>" % (
            *(begin, second, size - end),
            pdf[begin:end],
        )
        for number, body in ((contents_of(pdf), STREAM), (owner.idnum, told)):
            places[number] = base + len(tail)
            tail += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        return tail, second

    previous = re.findall(rb"/Prev (\d+)", pdf[:size])
    for room in (400, 600):
        tail, second = fill(room)
        text = b"xref\n" + b"".join(
            b"%d 1\n%010d 00000 n \n" % item for item in sorted(places.items())
        )
        text += b"trailer\n<</Size %d/Root %d 0 R/Prev %s>>\n" % (
            *(count, root.idnum),
            previous[-1],
        )
        if len(text) <= room:
            break
    out = injected + text.ljust(room) + tail
    if len(out) > second:
        raise Impossible
    return bytes(out.ljust(second) + pdf[end:size])


# -- shadow, xref ----------------------------------------------------------
def table_to_hidden_bytes(_world, pdf):
    """A table that gives the page bytes which were signed as something else."""
    spot = pdf.find(b"/MediaBox")
    return appended(pdf, offsets={contents_of(pdf): spot})


def pages_of_another_tree(_world, pdf):
    return revised(pdf, tamper.other_pages)


def page_added(_world, pdf):
    def change(writer):
        pages = writer.root["/Pages"]
        page = generic.DictionaryObject(pages["/Kids"][0].get_object())
        pages["/Kids"].append(writer.add_object(page))
        pages["/Count"] = generic.NumberObject(pages["/Count"] + 1)
        writer.update_container(pages)

    return revised(pdf, change)


def pages_swapped(_world, pdf):
    def change(writer):
        pages = writer.root["/Pages"]
        kids = pages["/Kids"]
        order = [kids.raw_get(1), kids.raw_get(0)]
        pages["/Kids"] = generic.ArrayObject(order)
        writer.update_container(pages)

    return revised(pdf, change)


def layers_added(_world, pdf):
    def change(writer):
        writer.root["/OCProperties"] = generic.DictionaryObject()
        writer.update_root()

    return revised(pdf, change)


def script_added(_world, pdf):
    def change(writer):
        script = generic.DictionaryObject({pdf_name("/JavaScript"): pdf_string("x")})
        writer.root["/Names"] = script
        writer.update_root()

    return revised(pdf, change)


def metadata_added(_world, pdf):
    def change(writer):
        writer.root["/Metadata"] = writer.add_object(
            generic.StreamObject(stream_data=b"<x>Another decision</x>")
        )
        writer.update_root()

    return revised(pdf, change)


# -- copies ----------------------------------------------------------------
def value_copied(_world, pdf):
    """A second field with a copy of the first signature."""

    def change(writer):
        form = writer.root["/AcroForm"]
        field = form["/Fields"][0]
        twin = generic.DictionaryObject(field)
        twin["/T"] = pdf_string("Second")
        form["/Fields"].append(writer.add_object(twin))
        writer.update_container(form)

    return revised(pdf, change)


def value_in_child(_world, pdf):
    """The copy hangs below another field."""

    def change(writer):
        form = writer.root["/AcroForm"]
        twin = generic.DictionaryObject(form["/Fields"][0])
        twin["/T"] = pdf_string("deep")
        parent = generic.DictionaryObject({pdf_name("/T"): pdf_string("outer")})
        parent["/Kids"] = generic.ArrayObject([writer.add_object(twin)])
        form["/Fields"].append(writer.add_object(parent))
        writer.update_container(form)

    return revised(pdf, change)


def _tampering(change):
    return lambda _world, pdf: revised(pdf, change)


def _cut(share):
    def attack(_world, pdf):
        return pdf[: int(len(pdf) * share)]

    return attack


DICTIONARY = {
    "contents empty": _contents(b"<>"),
    "contents a zero": _contents(b"<00>"),
    "contents null": _contents(b"null"),
    "contents only zeros": lambda _w, pdf: _contents(
        b"<" + b"0" * (ranges(pdf)[-1][2] - ranges(pdf)[-1][1] - 2) + b">"
    )(None, pdf),
    "contents renamed": _in_dictionary(b"/Contents", b"/Kontents"),
    "range renamed": _in_dictionary(b"/ByteRange", b"/BiteRange"),
    "format renamed": _in_dictionary(b"ETSI.CAdES.detached", b"ETSI.CAdES.attached"),
    "filter renamed": _in_dictionary(b"/SubFilter", b"/SupFilter"),
    "range null": _range("null"),
    "range of nothing": _range("[]"),
    "range of zeros": _range("[0 0 0 0]"),
    "range of two": _range("[0 {b}]"),
    "range of six": _range("[0 {b} {e} 1 2 3]"),
    "range negative": _range("[0 {b} {e} -1]"),
    "range negative start": _range("[-1 {b} {e} 9]"),
    "range beyond": _range("[0 {b} {e} 99999]"),
    "range of words": _range("[/a /b /c /d]"),
    "range of one part": _range("[0 {s} 0 0]"),
    "range moved": range_moved,
    "hole filled": hole_filled,
    "digits of another case": digits_of_other_case,
    "signature of another file": signature_of_another_file,
}
STRUCTURE = {
    one.__name__.replace("_", " "): one
    for one in (
        *(body_without_table, body_without_trailer, content_appended, content_freed),
        *(line_appended, junk_appended, bogus_signature, new_catalog, packed_content),
        *(wrapped, table_to_hidden_bytes, pages_of_another_tree, page_added),
        *(pages_swapped, layers_added, script_added, metadata_added, value_copied),
        value_in_child,
    )
}
CHANGES = {
    one.__name__.replace("_", " "): _tampering(one)
    for one in (*tamper.TAMPERINGS, tamper.empty_field)
}
CUTS = {f"cut at {share}": _cut(share) for share in (0.1, 0.5, 0.9, 0.97, 0.999)}


_NOTHING = (Impossible, IndexError, KeyError, AttributeError, TypeError, PdfError)


def attacks(world, pdf):
    """Yield (name, attacked file) for every attack that this file allows."""
    for name, attack in {**DICTIONARY, **STRUCTURE, **CHANGES, **CUTS}.items():
        try:
            made = attack(world, pdf)
        except _NOTHING:
            # Nothing of the kind in this file: no second page, no text, no picture.
            continue
        if made != pdf:
            yield name, made
