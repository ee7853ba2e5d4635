"""What stands in a PDF to prove its signatures: tokens, certificates, revocation news.

Reads signatures of any maker (EN 319 142-1) as far as their level asks for it; whether
they hold is asked elsewhere. A time-stamp counts when its imprint is that of what it
stands on, and, where a trust store is given, when it leads to an anchor.
"""

import datetime
import hashlib
import io
from dataclasses import dataclass

from . import chains, dss, revocation, tsp
from .acts_diff import TIMESTAMP
from .acts_form import SIGNATURE

#: Certificates above a signer's; a chain of a real authority has at most four.
DEPTH = 8


class FileRefused(ValueError):
    """The file cannot be read as a signed PDF; the text says why."""


@dataclass(frozen=True)
class Proof:
    """A signature, or a document time-stamp, with what came along in it.

    :param kind: ``signature`` (a seal's too) or ``timestamp``
    :param size: the first ``size`` bytes are the file as it was signed
    :param revision: number of the revision that holds it
    :param certificate: DER of the signer's, None when it is not in the value
    :param others: DER of what else it holds
    :param token: the time-stamp on it, or that it is; None when there is none that
        stands on it
    """

    field: str
    kind: str
    size: int
    revision: int
    certificate: bytes | None
    others: tuple[bytes, ...]
    token: tsp.Token | None


class Proofs:
    """One file: its signatures in order, and its security store.

    :param pdf: whole file
    :param store: :class:`~.trust.Store`, or None to believe any time-stamp that stands
        where it is and any root
    :param reader: pyHanko's, when the file was opened before
    :raise FileRefused: not a PDF that can be read
    """

    def __init__(self, pdf: bytes, store=None, reader=None):
        from pyhanko.pdf_utils.reader import PdfFileReader

        self.pdf, self.store = pdf, store
        try:
            self.reader = reader or PdfFileReader(io.BytesIO(pdf), strict=True)
            if self.reader.encrypted or self.reader.xrefs.hybrid_xrefs_present:
                raise FileRefused("the file is encrypted or has two tables of contents")
            self.kept = dss.read(self.reader)
            self.all = self._read()
        except FileRefused:
            raise
        except Exception as error:
            # pyHanko answers a hostile file with eight unrelated exception classes.
            raise FileRefused(f"the file cannot be read: {error}") from error
        self.roots = set(store.roots) if store else set()
        known = (*self.roots, *store.certificates) if store else ()
        # What chains are built from; what nobody can read leads nowhere.
        self.pool = {found for der in (*self._along(), *known) if (found := read(der))}

    @property
    def signatures(self) -> list[Proof]:
        """Signatures of persons and seals."""
        return [proof for proof in self.all if proof.kind == SIGNATURE]

    @property
    def timestamps(self) -> list[Proof]:
        """Document time-stamps that stand on the file."""
        return [proof for proof in self.all if proof.kind == TIMESTAMP and proof.token]

    def over(self, proof: Proof) -> list[Proof]:
        """Document time-stamps made after a signature: they cover it."""
        return [one for one in self.timestamps if one.size > proof.size]

    def time(self, proof: Proof) -> datetime.datetime | None:
        """Earliest proven time of a signature, aware; None when nothing proves one."""
        times = [one.token.gen_time for one in (proof, *self.over(proof)) if one.token]
        return min(times, default=None)

    def chain(self, certificate: bytes) -> tuple[list[bytes], bool]:
        """Return the certificates from one up to a root, and whether one was reached.

        With a trust store its anchors are the roots; without, whatever signed itself.
        """
        found, chain = read(certificate), [certificate]
        while found and len(chain) <= DEPTH:
            if chain[-1] in self.roots:
                return chain, True
            if found.issuer == found.subject:
                return chain, not self.store
            issuers = [
                one
                for one in self.pool
                if one.subject == found.issuer and chains.issued(found, one)
            ]
            # Of cross-certified twins, the one that is an anchor.
            issuers.sort(
                key=lambda one: (chains.der(one) not in self.roots, one.serial_number)
            )
            if not issuers or chains.der(issuers[0]) in chain:
                return chain, False
            found = issuers[0]
            chain.append(chains.der(found))
        return chain, False

    def unanswered(self, certificate: bytes, moment, kept: dss.Kept) -> list[bytes]:
        """Certificates of a chain whose revocation a store says nothing about.

        :param moment: aware datetime that the news must reach
        :param kept: the store to look in
        :return: DER of certificates; the last of the chain too when it leads nowhere
        """
        chain, whole = self.chain(certificate)
        silent = [
            leaf
            for leaf, issuer in zip(chain, chain[1:], strict=False)
            if revocation.status(
                chains.parsed(leaf),
                chains.parsed(issuer),
                moment,
                kept.crls,
                kept.ocsps,
            ).state
            == revocation.UNKNOWN
        ]
        return silent if whole else [*silent, chain[-1]]

    def kept_at(self, proof: Proof) -> dss.Kept:
        """The security store as a document time-stamp covers it."""
        return dss.read(self.reader.get_historical_resolver(proof.revision))

    # -- reading -------------------------------------------------------
    def _along(self):
        yield from self.kept.certificates
        for proof in self.all:
            yield from (proof.certificate, *proof.others) if proof.certificate else ()
            if proof.token:
                yield from proof.token.certificates

    def _read(self):
        from pyhanko.sign.fields import enumerate_sig_fields

        found = []
        for name, value, _ref in enumerate_sig_fields(self.reader, filled_status=True):
            value = value.get_object()
            zero, begin, end, length = (int(one) for one in value["/ByteRange"])
            if zero or not 0 < begin < end or end + length > len(self.pdf):
                raise FileRefused("a signature does not cover the file")
            told = {"name": name, "size": end + length, "covered": (begin, end)}
            found.append(self._proof(value, told))
        return sorted(found, key=lambda proof: proof.size)

    def _proof(self, value, told):
        raw = value["/Contents"].original_bytes
        begin, end = told["covered"]
        view = memoryview(self.pdf)
        parts = (view[:begin], view[end : told["size"]])
        revision = self.reader.xrefs.get_introducing_revision(value.container_ref)
        common = (told["size"], revision)
        if value["/SubFilter"] == "/ETSI.RFC3161":
            token = self._token(_unpadded(raw), parts)
            certificate = token and token.certificate
            others = token.certificates if token else ()
            return Proof(told["name"], TIMESTAMP, *common, certificate, others, token)
        try:
            certificate, others, signature, stamped = _cms(raw)
        except (ValueError, TypeError, LookupError, AttributeError):
            # A signature of another kind: its level is the lowest, others go on.
            certificate, others, signature, stamped = None, (), None, None
        token = self._token(stamped, (signature,)) if stamped else None
        return Proof(told["name"], SIGNATURE, *common, certificate, others, token)

    def _token(self, der, parts):
        """The token when it stands on these bytes and may be believed."""
        try:
            token = tsp.read_token(der)
            digest = hashlib.new(token.hash_name)
            for part in parts:
                digest.update(part)
            if digest.digest() != token.imprint:
                return None
            if self.store:
                tsp.check_token(token, self.store, token.gen_time)
        except ValueError:
            # It proves nothing: the level says so.
            return None
        return token


def read(der: bytes):
    """Read a certificate that came along; None when it cannot be read."""
    try:
        return chains.parsed(der)
    except chains.NotTrusted:
        return None


def _unpadded(raw):
    """The DER element at the beginning of a value that zeros fill up."""
    from asn1crypto import parser

    size = parser.peek(raw)
    return raw[:size]


def _cms(raw):
    """(signer's certificate, others, signature value, time-stamp token) of a CMS."""
    from asn1crypto import cms

    content = cms.ContentInfo.load(raw)["content"]
    info = content["signer_infos"][0]
    certificates = [
        one.chosen for one in content["certificates"] if one.name == "certificate"
    ]
    own = None
    for one in certificates:
        if info["sid"].name == "issuer_and_serial_number":
            sid = info["sid"].chosen
            if (
                sid["issuer"] == one.issuer
                and sid["serial_number"].native == one.serial_number
            ):
                own = one
        elif info["sid"].chosen.native == one.key_identifier:
            own = one
    token = None
    for attribute in info["unsigned_attrs"] or ():
        if attribute["type"].native == "signature_time_stamp_token":
            token = attribute["values"][0].dump()
    others = tuple(one.dump() for one in certificates if one is not own)
    return own and own.dump(), others, info["signature"].native, token
