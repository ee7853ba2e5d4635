"""Room for one more signature on a file that is signed already. Pure Python.

Nothing is written: the pages stay as they are, so there is room on them or nowhere.
"""

from . import ink
from .placement import PlacementRefused
from .room import Room


def find(pdf, box, taken=()):
    """Find room for a box without touching the file: last page first, near its bottom.

    :param bytes pdf: the file
    :param box: :class:`~.placement.Wanted`
    :param taken: (page, rectangle) of boxes that are still empty: no ink shows them
    :return: (page, (x0, y0, x1, y1)) in the page's own coordinates, or None
    :raise PlacementRefused: the file cannot be read
    """
    try:
        (last,) = ink.sheets(pdf, [-1])
        for page in range(last, -1, -1):
            room = Room(ink.sheets(pdf, [page])[page])
            rect = _first(
                room, box, [other for number, other in taken if number == page]
            )
            if rect:
                return page, rect
    except ink.Unreadable as error:
        raise PlacementRefused(str(error)) from error
    return None


def _first(room, box, taken):
    while spots := room.along_bottom([box]):
        # Taken or not, this spot is not looked at again.
        rect = room.take(spots[0], box)
        if not any(_meet(rect, other) for other in taken):
            return rect
    return None


def _meet(one, other):
    return (
        one[0] < other[2]
        and other[0] < one[2]
        and one[1] < other[3]
        and other[1] < one[3]
    )
