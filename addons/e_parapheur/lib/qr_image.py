"""The QR code of a circulation slip as a PNG file."""

import io

import qrcode


def png(data: str) -> bytes:
    """Return a black and white PNG of ``data``, error correction M (15 %)."""
    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=6, border=2
    )
    code.add_data(data)
    code.make(fit=True)
    stream = io.BytesIO()
    code.make_image(fill_color="black", back_color="white").save(stream, format="PNG")
    return stream.getvalue()
