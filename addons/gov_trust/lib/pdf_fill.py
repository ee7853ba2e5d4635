"""Write one signature into a PDF: what seals and acts have in common.

pyHanko writes the PDF; it is imported late, since that costs half a second.
"""

import datetime
import io
from dataclasses import dataclass

from . import cms, keys

#: A token larger than this is not one: a whole chain with its lists takes less.
MAX_TOKEN = 256 * 1024


class TokenTooLarge(ValueError):
    """A time-stamp token is larger than any real one."""


@dataclass(frozen=True)
class Words:
    """What the signature says beside its value; readers show it, nothing relies on it.

    :param now: aware datetime of the claimed time (/M), the present when None
    :param policy: :class:`.cms.Policy` that the signature follows (signed, in the value), or None;
        there is no reason beside it (EN 319 142-1, 6.3)
    """

    reason: str | None = None
    name: str | None = None
    location: str | None = None
    now: datetime.datetime | None = None
    policy: cms.Policy | None = None


def open_writer(pdf: bytes, *, strict=True):
    """A pyHanko writer that appends to ``pdf`` and leaves its metadata alone (PDF/A)."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class Writer(IncrementalPdfFileWriter):
        def _update_meta(self):
            """Leave the document's own metadata as they are (PDF/A)."""

    return Writer(io.BytesIO(pdf), strict=strict)


def fill(begin, field_name, key: keys.LoadedKey, words: Words, *, lock, stamp=None):
    """Append one revision that fills a signature field.

    A token that needs more room than is reserved makes everything start again, with
    more room: the room is part of what is signed.

    :param begin: callable that returns (writer, spec): a fresh writer on the file, and
        the specification of the field when it is to be created
    :param lock: whether the signature locks the whole file (FieldMDP All, P=1)
    :param stamp: callable that gives the DER token for a SHA-256 digest, or None
    :return: bytes of the whole file
    :raise TokenTooLarge: a token larger than :data:`MAX_TOKEN`
    """
    reserved = cms.room(key, stamp)
    moment = words.now or datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    while True:
        writer, spec = begin()
        steps, digest, output = _until_digest(
            writer, spec, field_name, words, moment, reserved, lock
        )
        value = cms.sign(key, digest, stamp, words.policy)
        if len(value) <= reserved:
            steps.send(value)
            return output.getvalue()
        if len(value) > cms.room(key) + MAX_TOKEN:
            raise TokenTooLarge("the authority's time-stamp token is too large")
        # The next token differs a little: its serial, its time, an accuracy…
        reserved = len(value) + 512


def prepare(begin, field_name, key: keys.LoadedKey, words: Words):
    """Append one revision whose signature value is made elsewhere.

    Room is kept for a time-stamp token.

    :return: (bytes of the whole file, zeros where the value goes, SHA-256 to sign)
    """
    writer, spec = begin()
    moment = words.now or datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    room = cms.room(key, stamp=True)
    _steps, digest, output = _until_digest(
        writer, spec, field_name, words, moment, room, lock=False
    )
    return output.getvalue(), digest


def _until_digest(writer, spec, field_name, words, moment, reserved, lock):
    from pyhanko.sign.fields import (
        FieldMDPAction,
        FieldMDPSpec,
        MDPPerm,
        SigSeedSubFilter,
    )
    from pyhanko.sign.signers import cms_embedder, pdf_byterange

    steps = cms_embedder.PdfCMSEmbedder(spec).write_cms(
        field_name, writer, existing_fields_only=spec is None
    )
    next(steps)
    steps.send(
        cms_embedder.SigObjSetup(
            pdf_byterange.SignatureObject(
                # Counted in hexadecimal digits.
                bytes_reserved=2 * reserved,
                subfilter=SigSeedSubFilter.PADES,
                timestamp=moment,
                reason=None if words.policy else words.reason,
                name=words.name,
                location=words.location,
            ),
            cms_embedder.SigMDPSetup(
                "sha256",
                field_lock=FieldMDPSpec(FieldMDPAction.ALL) if lock else None,
                docmdp_perms=MDPPerm.NO_CHANGES if lock else None,
            ),
        )
    )
    prepared, output = steps.send(
        cms_embedder.SigIOSetup("sha256", output=io.BytesIO())
    )
    return steps, prepared.document_digest, output
