"""Files for the intake tests, made in code: nothing hostile lies in the repository."""

import io
import os
import struct
import warnings
import zipfile
import zlib

W = "application/vnd.openxmlformats-officedocument."
PACKAGE_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def eicar():
    """The antivirus test string, in two halves so that no scanner takes this file for it."""
    return (
        b"X5O!P%@AP[4\\PZX54(P^)7CC)7}"
        + b"$EICAR-STANDARD-ANTIVIRUS-"
        + b"TEST-FILE!$H+H*"
    )


# PDF ---------------------------------------------------------------------


def pdf(
    pages=1,
    *,
    catalog="",
    page="",
    objects=(),
    trailer="",
    filler=0,
    lead=b"",
    tail=b"",
):
    """A PDF with a right cross-reference table. `objects` are bodies numbered after those of the pages."""
    bodies = [b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog.encode(), b""]
    kids = []
    for number in range(pages):
        content = b"BT /F1 12 Tf 72 720 Td (page %d) Tj ET" % number
        kids.append(len(bodies) + 1)
        bodies.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents %d 0 R %s >>"
            % (len(bodies) + 2, page.encode())
        )
        bodies.append(stream(content))
    bodies[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (
        pages,
        b" ".join(b"%d 0 R" % kid for kid in kids),
    )
    if filler:
        bodies.append(stream(os.urandom(filler)))
    bodies += [body if isinstance(body, bytes) else body.encode() for body in objects]
    return lead + _assemble(bodies, trailer) + tail


def first_object(pages=1):
    """The number that the first of `objects` gets."""
    return 3 + 2 * pages


def stream(data, extra=""):
    return (
        b"<< /Length %d %s >>\nstream\n" % (len(data), extra.encode())
        + data
        + b"\nendstream"
    )


def flate(data, extra=""):
    return stream(zlib.compress(data, 9), f"/Filter /FlateDecode {extra}")


def _assemble(bodies, trailer):
    out, offsets = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (
        len(bodies) + 1,
        trailer.encode(),
    )
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def encrypted_pdf(user="secret", owner="secret"):
    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.save(out, encryption=pikepdf.Encryption(user=user, owner=owner, R=6))
    return out.getvalue()


def compressed_pdf(**kwargs):
    """The same with object streams: nothing of the objects can be read in the bytes."""
    import pikepdf

    out = io.BytesIO()
    with warnings.catch_warnings(), pikepdf.open(io.BytesIO(pdf(**kwargs))) as document:
        warnings.simplefilter("ignore")
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def recursive_pdf():
    """A page tree whose node is its own child."""
    return _assemble(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            b"<< /Type /Pages /Parent 2 0 R /Count 1 /Kids [2 0 R 3 0 R] >>",
        ],
        "",
    )


def exponential_pdf(levels=24):
    """Each node has its child twice: 2^levels pages out of a few objects."""
    bodies = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    for level in range(levels):
        bodies.append(
            b"<< /Type /Pages /Count 1 /Kids [%d 0 R %d 0 R] >>"
            % (level + 3, level + 3)
        )
    bodies.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>")
    return _assemble(bodies, "")


def object_stream_pdf(body):
    """A PDF whose catalog is said to be in the object stream `body` (object 3)."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    at = len(out)
    out += b"3 0 obj\n" + body + b"\nendobj\n"
    start = len(out)
    rows = (
        bytes([0, 0, 0, 0, 0, 2, 0, 0, 3, 0, 2, 0, 0, 3, 1, 1])
        + at.to_bytes(3, "big")
        + b"\x00"
    )
    rows += b"\x01" + start.to_bytes(3, "big") + b"\x00"
    out += (
        b"4 0 obj\n"
        + stream(rows, "/Type /XRef /Size 5 /W [1 3 1] /Root 1 0 R")
        + b"\nendobj\n"
    )
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


# Images ------------------------------------------------------------------


def png(width=4, height=4, *, data=None, tail=b"", chunks=()):
    """A grey PNG; `data` replaces the compressed picture."""
    rows = zlib.compress(
        (b"\x00" + b"\x80" * width) * height if data is None else data, 9
    )
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        *chunks,
        (b"IDAT", rows),
        (b"IEND", b""),
    ]
    out = b"\x89PNG\r\n\x1a\n"
    for name, body in parts:
        out += struct.pack(">I", len(body)) + name + body
        out += struct.pack(">I", zlib.crc32(body, zlib.crc32(name)))
    return out + tail


def jpeg(width=32, height=32, *, gps=False, tail=b""):
    from PIL import Image

    image = Image.effect_noise((width, height), 60).convert("RGB")
    out, options = io.BytesIO(), {}
    if gps:
        exif = Image.Exif()
        exif.get_ifd(0x8825)[1] = "N"
        exif[0x8825] = {1: "N", 2: (34.0, 1.0, 0.0), 3: "W", 4: (6.0, 50.0, 0.0)}
        options["exif"] = exif
    image.save(out, "JPEG", quality=90, **options)
    return out.getvalue() + tail


def tiff(pages=1, size=(40, 30)):
    # Odoo loads only some of Pillow's formats.
    from PIL import Image, TiffImagePlugin

    Image.register_save(TiffImagePlugin.TiffImageFile.format, TiffImagePlugin._save)
    Image.register_save_all(
        TiffImagePlugin.TiffImageFile.format, TiffImagePlugin._save_all
    )

    images = [Image.new("1", size, number % 2) for number in range(pages)]
    out = io.BytesIO()
    images[0].save(out, "TIFF", save_all=True, append_images=images[1:])
    return out.getvalue()


def with_size(content, width, height):
    """The same JPEG announcing another size in its frame header."""
    at = 2
    while content[at + 1] not in (0xC0, 0xC1, 0xC2):
        at += 2 + struct.unpack_from(">H", content, at + 2)[0]
    return content[: at + 5] + struct.pack(">HH", height, width) + content[at + 9 :]


# Packages ----------------------------------------------------------------


def package(parts, *, first=()):
    """A ZIP of `parts` {name: bytes or str}; those in `first` come first and are stored."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in first:
            archive.writestr(zipfile.ZipInfo(name), parts[name])
        for name, body in parts.items():
            if name not in first:
                archive.writestr(name, body)
    return out.getvalue()


def content_types(main, *more):
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{kind}"/>'
        for name, kind in (main, *more)
    )
    return f'<?xml version="1.0"?><Types xmlns="{PACKAGE_TYPES}">{overrides}</Types>'


def docx_parts(body="مرحبا"):
    return {
        "[Content_Types].xml": content_types(
            ("/word/document.xml", W + "wordprocessingml.document.main+xml")
        ),
        "_rels/.rels": relations(("officeDocument", "word/document.xml", "")),
        "word/document.xml": f'<?xml version="1.0"?><w:document xmlns:w="w"><w:t>{body}</w:t></w:document>',
    }


def docx(**parts):
    """A Word document; keyword arguments with ``__`` for ``/`` and ``_dot_`` for ``.`` add or replace parts."""
    return package({**docx_parts(), **_named(parts)})


def xlsx(**parts):
    base = {
        "[Content_Types].xml": content_types(
            ("/xl/workbook.xml", W + "spreadsheetml.sheet.main+xml")
        ),
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml", "")),
        "xl/workbook.xml": '<?xml version="1.0"?><workbook/>',
    }
    return package({**base, **_named(parts)})


def relations(*items):
    rows = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="{target}" {extra}/>'
        for number, (kind, target, extra) in enumerate(items)
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{RELATIONS}">{rows}</Relationships>'


def odf(kind="text", *, manifest="", **parts):
    base = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": '<?xml version="1.0"?><office:document-content xmlns:office="o"/>',
        "META-INF/manifest.xml": f'<?xml version="1.0"?><m:manifest xmlns:m="m">{manifest}</m:manifest>',
    }
    return package({**base, **_named(parts)}, first=("mimetype",))


def _named(parts):
    return {
        name.replace("__", "/").replace("_dot_", "."): body
        for name, body in parts.items()
    }


def protected_office():
    """What Word writes for a password: an OLE container with a stream EncryptedPackage (its directory entry suffices)."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(1016)
        + "EncryptedPackage".encode("utf-16-le")
        + bytes(1024)
    )


def flag_encrypted(content):
    """The same ZIP with the encryption flag on every entry, local and central."""
    out = bytearray(content)
    for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = out.find(magic)
        while at != -1:
            out[at + flags] |= 1
            at = out.find(magic, at + 4)
    return bytes(out)


def renamed(content, old, new):
    """The same ZIP with an entry name replaced by one of the same length, everywhere."""
    assert len(old) == len(new)
    return content.replace(old.encode(), new.encode())
