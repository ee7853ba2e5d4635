"""Images really decoded, within bounds. Runs in the limited process."""

import io
import struct
import zlib

from PIL import (
    Image,
    JpegImagePlugin,
    MpoImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
)

from .report import Finding, Refusal

PLUGINS = (JpegImagePlugin, MpoImagePlugin, TiffImagePlugin)
FORMATS = {"jpeg": "JPEG", "tiff": "TIFF"}
GPS_TAG = 0x8825
MAX_FRAMES = 2_000
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
ADAM7 = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
CHUNK = 256 * 1024


def load_formats():
    """Load the formats that are read here; Pillow would look for them at the first picture."""
    Image.preinit()
    return PLUGINS


def inspect(content, kind, limits):
    """`(pages, findings)`; raises :class:`Refusal`."""
    if kind == "png":
        return check_png(content), []
    Image.MAX_IMAGE_PIXELS = None  # our own bound, checked before each decode
    try:
        return _decode(content, kind, limits)
    except Refusal:
        raise
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        EOFError,
    ) as error:
        raise Refusal("unreadable", f"{kind}: {error}") from error
    except (
        struct.error,
        OverflowError,
        ZeroDivisionError,
        AttributeError,
        AssertionError,
        RuntimeError,
    ) as error:
        raise Refusal("unreadable", f"{kind}: {error!r}") from error


def _decode(content, kind, limits):
    pages, left = 0, 3 * limits.max_pixels
    with Image.open(io.BytesIO(content), formats=[FORMATS[kind]]) as image:
        frames = getattr(image, "n_frames", 1) if kind == "tiff" else 1
        if frames > min(MAX_FRAMES, limits.max_pages):
            raise Refusal(
                "too_many_pages",
                f"{frames} frames",
                limit=min(MAX_FRAMES, limits.max_pages),
            )
        for number in range(frames):
            if number:
                image.seek(number)
            width, height = image.size
            left -= width * height
            if width * height > limits.max_pixels or left < 0:
                raise Refusal(
                    "too_many_pixels",
                    f"{width} x {height}",
                    limit=limits.max_pixels // 1_000_000,
                )
            if kind == "jpeg":
                # An eighth of the size: reads all the bytes, costs a fraction of the memory.
                image.draft("RGB", (max(1, width // 8), max(1, height // 8)))
            image.load()
            pages += 1
        located = bool(image.getexif().get_ifd(GPS_TAG)) if kind == "jpeg" else False
    return pages, [Finding("location")] if located else []


def check_png(content):
    """Inflate the picture to exactly the size its header announces. One page, or :class:`Refusal`."""
    header, at, kinds = None, 8, []
    engine, expected, seen = zlib.decompressobj(), 0, 0
    try:
        while at + 12 <= len(content):
            length, name = struct.unpack_from(">I4s", content, at)
            data = memoryview(content)[at + 8 : at + 8 + length]
            if (
                zlib.crc32(data, zlib.crc32(name))
                != struct.unpack_from(">I", content, at + 8 + length)[0]
            ):
                raise Refusal("unreadable", "PNG checksum")
            if name == b"IHDR":
                header = struct.unpack(">IIBBBBB", data)
                expected = png_bytes(*header)
            elif name == b"IDAT":
                if header is None:
                    raise Refusal("unreadable", "PNG without header")
                seen += _inflate(engine, data, expected - seen)
            elif name in (b"iCCP", b"zTXt", b"iTXt"):
                _check_compressed_text(name, bytes(data))
            kinds.append(name)
            at += 12 + length
            if name == b"IEND":
                break
    except (struct.error, zlib.error, ValueError) as error:
        raise Refusal("unreadable", f"PNG: {error}") from error
    if kinds[-1:] != [b"IEND"] or not expected or seen != expected or not engine.eof:
        raise Refusal("unreadable", "PNG data ends early")
    return 1


def _inflate(engine, data, most):
    count = 0
    while data or engine.unconsumed_tail:
        piece = engine.decompress(engine.unconsumed_tail or data, CHUNK)
        data = b""
        count += len(piece)
        if count > most:
            raise Refusal("bomb", "PNG holds more than its size")
        if not piece and not engine.unconsumed_tail:
            break
    return count


def _check_compressed_text(name, data):
    """Text and colour profiles are compressed too: bound what they inflate to."""
    for at in range(min(len(data), 120)):
        if data[at : at + 1] == b"\x00" and at + 2 < len(data):
            engine = zlib.decompressobj()
            try:
                engine.decompress(data[at + 2 :], 16 * 1024 * 1024)
            except zlib.error:
                continue
            if engine.unconsumed_tail:
                raise Refusal("bomb", f"{name!r} inflates beyond the limit")
            return


def png_bytes(width, height, depth, colour, compression, filtering, interlace):
    """How many bytes the picture has before compression, filter bytes included."""
    if (
        colour not in CHANNELS
        or depth not in (1, 2, 4, 8, 16)
        or compression
        or filtering
        or interlace > 1
    ):
        raise Refusal("unreadable", "PNG header")
    bits = CHANNELS[colour] * depth
    if not interlace:
        return height * (1 + (width * bits + 7) // 8)
    total = 0
    for x_start, y_start, x_step, y_step in ADAM7:
        columns = (width - x_start + x_step - 1) // x_step
        rows = (height - y_start + y_step - 1) // y_step
        if columns > 0 and rows > 0:
            total += rows * (1 + (columns * bits + 7) // 8)
    return total
