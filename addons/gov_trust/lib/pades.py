"""The seal: PAdES B-B over a whole PDF, and its strict check.

One profile, written and read by the same code: one signature, ``ETSI.CAdES.detached``,
P-256 with SHA-256, one certificate (the signer's) in a CMS that can be written in one
way only. Checking rebuilds that CMS from its three variable parts (certificate, digest,
signature) and compares bytes, so no byte of the file can change unseen: not the
padding, not the case of a hexadecimal digit, not an unsigned field.

Sources: EN 319 142-1 (PAdES baseline), EN 319 122-1 (attributes), RFC 5652, RFC 5035.
pyHanko writes and reads the PDF; it is imported late, since that costs half a second.
"""

import datetime
import hashlib
import io
import re
from dataclasses import dataclass

from . import ca, cms, keys

SUBFILTER = "/ETSI.CAdES.detached"
FIELD = "Seal"
_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[0 (\d{1,10}) (\d{1,10}) (\d{1,10})\]")
_CLAIMED = re.compile(r"D:(\d{14})(?:Z|[+]00'00'?)")
_FUTURE = datetime.timedelta(minutes=5)


class SealBroken(ValueError):
    """The seal does not hold; the text says what was found."""


class NotSealed(ValueError):
    """The file carries no seal of this kind."""


@dataclass(frozen=True)
class Seal:
    """A seal that holds."""

    subject: str
    issuer: str
    serial: str
    certificate_sha256: str
    claimed_at: datetime.datetime
    field_name: str


def seal(pdf: bytes, key: keys.LoadedKey, *, field_name=FIELD, reason=None, now=None):
    """Append a sealed revision to ``pdf`` and return the whole file.

    The field is invisible and locks every field; no later change is allowed
    (FieldMDP All, P=1).

    :param pdf: an unsigned, unencrypted PDF
    :param key: loaded key with its certificate
    :param str reason: printed by readers beside the seal
    :param now: aware datetime of the claimed time (/M)
    :raise SealBroken: the file cannot be sealed
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields
    from pyhanko.sign.signers import cms_embedder, pdf_byterange

    class Writer(IncrementalPdfFileWriter):
        def _update_meta(self):
            """Leave the sealed document's own metadata as they are (PDF/A)."""

    lock = fields.FieldMDPSpec(fields.FieldMDPAction.ALL)
    forbid = fields.MDPPerm.NO_CHANGES
    spec = fields.SigFieldSpec(
        field_name, field_mdp_spec=lock, doc_mdp_update_value=forbid
    )
    try:
        writer = Writer(io.BytesIO(pdf))
        if any(True for _ in fields.enumerate_sig_fields(writer)):
            raise SealBroken("the file already has a signature field")
        steps = cms_embedder.PdfCMSEmbedder(spec).write_cms(field_name, writer)
        next(steps)
        reserved = 2 * cms.room(key)
        holder = pdf_byterange.SignatureObject(
            bytes_reserved=reserved,
            subfilter=fields.SigSeedSubFilter.PADES,
            timestamp=now or datetime.datetime.now(datetime.UTC).replace(microsecond=0),
            reason=reason,
        )
        steps.send(
            cms_embedder.SigObjSetup(
                holder,
                cms_embedder.SigMDPSetup(
                    "sha256", field_lock=lock, docmdp_perms=forbid
                ),
            )
        )
        prepared, output = steps.send(
            cms_embedder.SigIOSetup("sha256", output=io.BytesIO())
        )
        steps.send(cms.sign(key, prepared.document_digest))
    except (SealBroken, keys.KeyUnavailable):
        raise
    except Exception as error:
        # pyHanko answers a hostile file with eight unrelated exception classes.
        raise SealBroken(f"the file cannot be sealed: {error}") from error
    sealed = output.getvalue()
    if not sealed.startswith(pdf):
        raise SealBroken("the sealed file does not begin with the file to seal")
    return sealed


def check(pdf: bytes, roots, now=None) -> Seal:
    """Check a seal strictly.

    :param pdf: whole file
    :param roots: DER certificates of the only authorities to trust
    :param now: aware datetime; the claimed time may not be later
    :raise NotSealed: no signature at all
    :raise SealBroken: anything else than one seal over every byte of the file
    """
    begin, end = _gap(pdf)
    try:
        read = cms.read(pdf[begin + 1 : end - 1])
    except cms.CmsBroken as error:
        raise SealBroken(str(error)) from error
    if read.timestamp or read.chain:
        raise SealBroken("the seal is not of the internal authority")
    certificate, digest, signature = read.certificate, read.digest, read.signature
    covered = hashlib.sha256(memoryview(pdf)[:begin])
    covered.update(memoryview(pdf)[end:])
    if covered.digest() != digest:
        raise SealBroken("the file was changed after it was sealed")
    structure = _structure(pdf, begin, end)
    now = now or datetime.datetime.now(datetime.UTC)
    if structure["claimed_at"] > now + _FUTURE:
        raise SealBroken("the seal claims a time that has not come yet")
    try:
        leaf = ca.check(certificate, roots, ca.SEAL, structure["claimed_at"])
    except ValueError as error:
        raise SealBroken(str(error)) from error
    signed = cms.to_sign(certificate, digest)
    if not keys.verify(leaf.public_key(), signature, signed):
        raise SealBroken("the signature does not match")
    told = ca.describe(certificate)
    return Seal(
        subject=told["subject"],
        issuer=told["issuer"],
        serial=told["serial"],
        certificate_sha256=told["sha256"],
        **structure,
    )


def _gap(pdf: bytes) -> tuple[int, int]:
    """Find the one /Contents that a byte range leaves out of the whole file."""
    size, found = len(pdf), None
    for match in _BYTE_RANGE.finditer(pdf):
        first, second, length = map(int, match.groups())
        if second + length == size and first < second:
            found = (first, second)
    if found is None:
        if b"/ByteRange" in pdf or SUBFILTER.encode() in pdf:
            raise SealBroken("the seal does not cover the whole file")
        raise NotSealed("the file carries no seal")
    begin, end = found
    if pdf[begin : begin + 1] != b"<" or pdf[end - 1 : end] != b">":
        raise SealBroken("the seal leaves more than its own value out")
    if not pdf[max(0, begin - 32) : begin].rstrip().endswith(b"/Contents"):
        raise SealBroken("the seal's value is not where it must be")
    return found


def _structure(pdf: bytes, begin: int, end: int) -> dict:
    """Check that the document's only signature field holds exactly this seal."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign import fields

    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=True)
        found = list(fields.enumerate_sig_fields(reader, with_name=None))
        if len(found) != 1:
            raise SealBroken("the file must carry one signature field")
        name, value, _reference = found[0]
        value = value.get_object()
        byte_range = [int(number) for number in value["/ByteRange"]]
        if byte_range != [0, begin, end, len(pdf) - end]:
            raise SealBroken("the signature field holds another signature")
        if value["/SubFilter"] != SUBFILTER or "/Cert" in value:
            raise SealBroken("the signature is of another kind")
        if value["/Contents"].original_bytes != bytes.fromhex(
            pdf[begin + 1 : end - 1].decode()
        ):
            raise SealBroken("the signature field holds another value")
        claimed = _CLAIMED.fullmatch(str(value["/M"]))
        if not claimed:
            raise SealBroken("the seal claims no readable time")
        moment = datetime.datetime.strptime(claimed[1], "%Y%m%d%H%M%S")
    except SealBroken:
        raise
    except Exception as error:
        raise SealBroken(f"the sealed file cannot be read: {error}") from error
    return {
        "field_name": name,
        "claimed_at": moment.replace(tzinfo=datetime.UTC),
    }
