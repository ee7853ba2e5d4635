"""A QR code as one SVG path, so that a page needs no image request. No ``odoo`` here."""

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET_ZONE = 4


def qr_path(text):
    """Return ``(size, path)``: the side in modules and the ``d`` of an SVG path."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = []
    for line, row in enumerate(rows):
        start = None
        for column, dark in enumerate([*row, False]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                path.append(f"M{start} {line}h{column - start}v1H{start}z")
                start = None
    return len(rows), "".join(path)
