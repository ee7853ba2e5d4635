"""Revisions that prove a signed PDF later: entries of the store, document time-stamps.

Each is appended; nothing that was written changes, nor the document's own metadata.
"""

import io

from . import dss, tsp
from .pdf_fill import MAX_TOKEN, open_writer

#: Room for a token, in bytes; a larger one makes the time-stamp start again.
TOKEN_ROOM = 8192
_NAME = "Timestamp"


class LtaRefused(ValueError):
    """Nothing can be appended to this file; the text says why."""


def add_dss(pdf: bytes, certificates=(), crls=(), ocsps=()) -> bytes:
    """Append what the security store does not hold yet; the same file when it does.

    :param certificates: DER; so are ``crls`` and ``ocsps``
    :return: the whole file; it begins with ``pdf``
    :raise LtaRefused: the file cannot be read
    """
    from pyhanko.sign.signers.constants import ESIC_EXTENSION_1

    with _refusing():
        writer = _writer(pdf)
        if not dss.add(writer, certificates, crls, ocsps):
            return pdf
        if writer.output_version < (2, 0):
            # EN 319 142-1 §5.4.2: what PDF 1.7 does not know is announced.
            writer.register_extension(ESIC_EXTENSION_1)
        out = io.BytesIO()
        writer.write(out)
        return _appended(pdf, out.getvalue())


def add_timestamp(pdf: bytes, stamp, room: int | None = None) -> bytes:
    """Append a document time-stamp over the whole file, in a field nobody sees.

    :param stamp: callable(SHA-256 digest) → DER of a token
    :param room: bytes to leave for the token, None for what any may need
    :return: the whole file; it begins with ``pdf``
    :raise LtaRefused: the file cannot be read
    :raise tsp.TimestampUnavailable: of ``stamp``, or its token is too large
    :raise tsp.TimestampBroken: what it gave is not a token of this file
    """
    room = room or TOKEN_ROOM
    while True:
        out, token = _stamped(pdf, stamp, room)
        if out is not None:
            return out
        if len(token) > MAX_TOKEN:
            raise tsp.TimestampUnavailable("the authority's token is too large")
        room = len(token) + 512


def _stamped(pdf, stamp, room):
    from pyhanko.sign import fields
    from pyhanko.sign.signers import cms_embedder, pdf_byterange

    with _refusing():
        writer = _writer(pdf)
        taken = {name for name, *_rest in fields.enumerate_sig_fields(writer)}
        name = next(
            f"{_NAME}{number}"
            for number in range(1, len(taken) + 2)
            if f"{_NAME}{number}" not in taken
        )
        spec = fields.SigFieldSpec(name)
        steps = cms_embedder.PdfCMSEmbedder(spec).write_cms(name, writer)
        next(steps)
        holder = pdf_byterange.DocumentTimestamp(bytes_reserved=2 * room)
        steps.send(cms_embedder.SigObjSetup(holder))
        prepared, output = steps.send(
            cms_embedder.SigIOSetup("sha256", output=io.BytesIO())
        )
    digest = prepared.document_digest
    token = stamp(digest)
    tsp.read_token(token, digest)
    if len(token) > room:
        return None, token
    with _refusing():
        steps.send(token)
        return _appended(pdf, output.getvalue()), token


def _writer(pdf):
    writer = open_writer(pdf)
    if writer.prev.encrypted:
        raise LtaRefused("the file is encrypted")
    if writer.prev.xrefs.hybrid_xrefs_present:
        raise LtaRefused("the file has two tables of contents")
    return writer


def _appended(pdf, after):
    if not after.startswith(pdf):
        raise LtaRefused("the file made does not begin with the given one")
    return after


class _refusing:
    """Turn what pyHanko raises on a hostile file (eight classes) into a refusal."""

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, _trace):
        if isinstance(error, Exception) and not isinstance(error, LtaRefused):
            raise LtaRefused(f"nothing can be appended to the file: {error}") from error
        return False
