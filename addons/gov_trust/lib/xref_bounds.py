"""Whether a revision is read by everybody from what it says, and from nothing else.

A table of contents may name bytes, or a packed object, that do not exist yet: whoever
holds the file adds them later, and what was signed shows something else although nothing
of it was written again ("shadow" attacks). A later revision may hold objects that its
table does not name, or entries that only some readers follow ("incremental saving").
ISO 32000-2 §7.5.4, §7.5.7, §7.5.8, annex C.
"""

import re

#: Annex C: more objects than a file may have.
_MOST = 8_388_607
_OBJECT = re.compile(rb"(?<!\d)\d{1,10}\s+\d{1,10}\s+obj\b")
_SPACE = b"\0\t\n\f\r "


def beyond(xrefs, number: int, size: int) -> bool:
    """Whether a revision needs bytes, or packed objects, of a later one.

    :param xrefs: pyHanko's cross-reference cache of the whole file
    :param number: of the revision, from 0
    :param size: the first ``size`` bytes of the file are that revision
    """
    from pyhanko.pdf_utils import generic

    packed = set()
    for revision in range(number + 1):
        data = xrefs.get_xref_data(revision)
        if any(place >= size for _gen, place in data.standard_xrefs.values()):
            return True
        packed |= {ref.obj_stream_id for ref in data.xrefs_in_objstm.values()}
    for idnum in packed:
        try:
            if xrefs.get_last_change(generic.Reference(idnum)) > number:
                return True
        except KeyError:
            return True
    return False


def stray(xrefs, pdf, number: int, begin: int, end: int) -> bool:
    """Whether a revision holds objects that its table does not name.

    :param pdf: bytes of the whole file
    :param number: of the revision, from 0; its bytes are ``pdf[begin:end]``
    """
    told = xrefs.get_xref_container_info(number)
    places = {
        place
        for _gen, place in xrefs.get_xref_data(number).standard_xrefs.values()
        if begin <= place < end
    } | {told.start_location, told.declared_startxref}
    for place in tuple(places):
        while place < end and pdf[place] in _SPACE:
            place += 1
        places.add(place)
    return any(
        match.start() not in places for match in _OBJECT.finditer(pdf, begin, end)
    )


def odd(reader, number: int) -> bool:
    """Whether the table of a revision has entries that readers take differently.

    A type that is not known means no object to some readers (§7.5.8.3), and that an
    earlier one holds to others; so does a number of objects beyond all measure.
    """
    from pyhanko.pdf_utils import generic

    told = reader.xrefs.get_xref_container_info(number)
    if told.size > _MOST:
        return True
    if told.stream_ref is None:
        return False
    table = reader.get_historical_resolver(number)(told.stream_ref)
    if not isinstance(table, generic.StreamObject):
        return True
    widths = [int(width) for width in table["/W"]]
    if len(widths) != 3 or not 0 <= widths[0] <= 1:
        return True
    row, data = sum(widths), table.data
    return bool(widths[0]) and bool(set(data[::row]) - {0, 1, 2})


def ambiguous(reader, pdf: bytes, first: int) -> bool:
    """Whether some revision is odd, or one after the ``first`` signed holds strays."""
    xrefs, begin = reader.xrefs, 0
    for number in range(xrefs.total_revisions):
        if odd(reader, number):
            return True
        end = xrefs.get_xref_container_info(number).end_location
        if number > first and stray(xrefs, pdf, number, begin, end):
            return True
        begin = end
    return False
