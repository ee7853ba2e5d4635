"""The QR code of a receipt as a PNG file."""

import io

import qrcode


def png(data: str) -> bytes:
    """Return a black and white PNG of ``data``, error correction M (15 %)."""
    code = qrcode.QRCode(
        error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=6, border=2
    )
    code.add_data(data)
    code.make(fit=True)
    image = code.make_image(fill_color="black", back_color="white")
    stream = io.BytesIO()
    image.save(stream, format="PNG")
    return stream.getvalue()
