"""Free room on a page: rectangles of the grid of :mod:`.ink` that hold no ink. Pure Python."""

from . import ink

#: Printers do not reach the edge of the paper; blocks do not touch (points).
MARGIN, GAP = 28.0, 6.0
#: Nobody looks for a signature in the head of a page.
HEAD = 0.3


class Blank:
    """A sheet without ink."""

    def __init__(self, width, height):
        self.width, self.height = width, height
        self.box, self.rotation = (0.0, 0.0, width, height), 0
        self.columns = max(1, round(width / ink.CELL))
        self.rows = max(1, round(height / ink.CELL))
        self.cell = (width / self.columns, height / self.rows)
        self.ink = [bytearray(self.columns) for _row in range(self.rows)]


class Room:
    """Free room of a page, searched in cells; a spot is (column, row, columns, rows)."""

    def __init__(self, sheet):
        self.sheet = sheet
        wide, high = sheet.cell
        self.left, self.top = _up(MARGIN / wide), _up(MARGIN / high)
        self.right, self.bottom = sheet.columns - self.left, sheet.rows - self.top
        self._count()

    def _count(self):
        """Ink left of and above each cell, so that any rectangle is one look."""
        sums = [[0] * (self.sheet.columns + 1)]
        for cells in self.sheet.ink:
            row, above = [0], sums[-1]
            run = 0
            for column, cell in enumerate(cells, 1):
                run += bool(cell)
                row.append(run + above[column])
            sums.append(row)
        self.sums = sums

    def _cells(self, box):
        wide, high = self.sheet.cell
        return _up(box.width / wide), _up(box.height / high)

    def _free(self, column, row, columns, rows):
        gap_x, gap_y = (_up(GAP / 2 / side) for side in self.sheet.cell)
        x0, y0 = max(column - gap_x, 0), max(row - gap_y, 0)
        x1 = min(column + columns + gap_x, self.sheet.columns)
        y1 = min(row + rows + gap_y, self.sheet.rows)
        sums = self.sums
        return not sums[y1][x1] - sums[y0][x1] - sums[y1][x0] + sums[y0][x0]

    def _first(self, box, rows, columns):
        wide, high = self._cells(box)
        for row in rows(high):
            for column in columns(wide):
                if self._free(column, row, wide, high):
                    return column, row, wide, high
        return None

    def from_top_right(self, box):
        """The free spot nearest to the top, then to the right; or None."""
        return self._first(box, self._down, self._leftward)

    def from_top_left(self, box):
        """The free spot nearest to the top, then to the left; or None."""
        return self._first(box, self._down, self._rightward)

    def along_bottom(self, boxes):
        """A spot for each box near the bottom, in their order; None when one has none.

        In rows of their own where the page has a free band, else wherever there is room.
        """
        return self._band(boxes) or self._scattered(boxes)

    def _band(self, boxes):
        """Rows across the page, as low as possible: one box on the right, more spread."""
        if not boxes:
            return []
        sizes = [self._cells(box) for box in boxes]
        wide, high = (max(side) for side in zip(*sizes, strict=True))
        gap_x, gap_y = (_up(GAP / side) for side in self.sheet.cell)
        room = self.right - self.left
        a_row = min(len(boxes), (room + gap_x) // (wide + gap_x))
        if not a_row:
            return None
        rows = -(-len(boxes) // a_row)
        tall = rows * (high + gap_y) - gap_y
        tops = (row for row in self._up(tall) if self._free(self.left, row, room, tall))
        top = next(tops, None)
        if top is None:
            return None
        step = (room - wide) / (a_row - 1) if a_row > 1 else 0
        first = self.left if a_row > 1 else self.right - wide
        return [
            (
                first + round(step * (at % a_row)),
                top + (at // a_row) * (high + gap_y),
                *size,
            )
            for at, size in enumerate(sizes)
        ]

    def _scattered(self, boxes):
        before, spots = [bytearray(row) for row in self.sheet.ink], []
        for box in boxes:
            spot = self._first(box, self._up, self._rightward)
            if spot is None:
                break
            spots.append(spot)
            self._mark(spot)
        # What was tried is taken for good by whoever uses it.
        self.sheet.ink = before
        self._count()
        return spots if len(spots) == len(boxes) else None

    def _down(self, high):
        return range(self.top, self.bottom - high + 1)

    def _up(self, high):
        highest = max(self.top, _up(self.sheet.rows * HEAD))
        return range(self.bottom - high, highest - 1, -1)

    def _rightward(self, wide):
        return range(self.left, self.right - wide + 1)

    def _leftward(self, wide):
        return range(self.right - wide, self.left - 1, -1)

    def _mark(self, spot):
        column, row, columns, rows = spot
        columns = min(columns, self.sheet.columns - column)
        for line in self.sheet.ink[row : row + rows]:
            line[column : column + columns] = b"\1" * columns
        self._count()

    def take(self, spot, box):
        """Use a spot; return the box's rectangle in the page's own coordinates."""
        self._mark(spot)
        column, row, _columns, rows = spot
        wide, high = self.sheet.cell
        x, y = column * wide, self.sheet.height - (row + rows) * high
        return _own(self.sheet, (x, y, x + box.width, y + box.height))

    def occupy(self, x, y, box):
        """Use a place that somebody chose, in points from the upper left, ink or not.

        :return: the box's rectangle in the page's own coordinates
        """
        wide, high = self.sheet.cell
        column, row = max(int(x // wide), 0), max(int(y // high), 0)
        across = _up((x + box.width) / wide) - column
        self._mark((column, row, across, _up((y + box.height) / high) - row))
        low = self.sheet.height - y - box.height
        return _own(self.sheet, (x, low, x + box.width, low + box.height))


def _own(sheet, seen):
    """From what is seen (origin at the lower left) to the page's own coordinates."""
    left, low, right, high = sheet.box
    x0, y0, x1, y1 = seen
    corners = {
        0: ((left + x0, low + y0), (left + x1, low + y1)),
        90: ((right - y0, low + x0), (right - y1, low + x1)),
        180: ((right - x0, high - y0), (right - x1, high - y1)),
        270: ((left + y0, high - x0), (left + y1, high - x1)),
    }[sheet.rotation]
    (ax, ay), (bx, by) = corners
    return tuple(
        round(number, 2)
        for number in (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
    )


def _up(number):
    return int(-(-number // 1))
