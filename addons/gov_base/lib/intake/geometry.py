"""Places on a page: as they are stored (points, before /Rotate) and as they are seen. Pure Python."""


def seen(box, place):
    """From the page's own coordinates to points from the upper left, as it is seen.

    :param box: (x0, y0, x1, y1)
    :param dict place: ``box`` (the visible one) and ``rotation`` of the page
    """
    left, low, right, high = place["box"]
    turned = {
        0: lambda x, y: (x - left, high - y),
        90: lambda x, y: (y - low, x - left),
        180: lambda x, y: (right - x, y - low),
        270: lambda x, y: (high - y, right - x),
    }[place["rotation"]]
    (ax, ay), (bx, by) = turned(box[0], box[1]), turned(box[2], box[3])
    return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)
