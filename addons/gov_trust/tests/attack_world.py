"""Signed files to attack: ours by :mod:`..lib.acts`, and others' made with pyHanko.

Shared by the tests of the validation service and of ``tools/verify.py``.
"""

import dataclasses
import datetime
import functools
import io

from asn1crypto import keys as asn1_keys, x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields as pdf_fields, signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from odoo.tools import mute_logger

from ..lib import acts, crl, keys, lta, pades, trust
from .common_acts import block_pdf, fields, page_pdf
from .common_keys import authority, loaded, person, small_pdf, stamp_by, timestamper
from .common_pki import STAMPS, Authority, der

LEVELS = ("B-B", "B-T", "B-LT", "B-LTA")
NAMES = ("Ahmed Alami", "رشيد التازي", "Fatima Zahra Idrissi", "Driss Benjelloun")
DAY = datetime.timedelta(days=1)


def asn1_key(private):
    raw = private.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return asn1_keys.PrivateKeyInfo.load(raw)


def asn1_certificate(certificate):
    return asn1_x509.Certificate.load(
        certificate if isinstance(certificate, bytes) else der(certificate)
    )


class World:
    """Two platforms: ours and a foreign one, both believed by :attr:`store`."""

    def __init__(self):
        self.root_key, self.root = authority()
        self.people = [
            person(self.root_key, self.root, name, f"RBT-01-{number}")
            for number, name in enumerate(NAMES, 1)
        ]
        self.seal = loaded(self.root_key, self.root)
        self.tsa_key = timestamper(self.root_key, self.root)
        self.stamp = stamp_by(self.tsa_key)
        self.block = block_pdf()
        self.other = Authority("Other root")
        self.below = Authority("Other authority", self.other)
        self.signers = [
            self.below.issue(name, names={"given": name, "serial": f"X{number}"})
            for number, name in enumerate(NAMES)
        ]
        self.other_tsa = self.other.issue(
            "Other TSA", kind="rsa2048", mark="other tsa", **STAMPS
        )
        self.crls = (self.other.crl(), self.below.crl())
        ours = crl.make(keys.LoadedKey(self.root_key, self.root), 1, ())
        self.ours = dataclasses.replace(trust.Store.of([self.root]), crls=(ours,))
        anchor = trust.Anchor(self.other.der, "advanced", name="Other")
        self.store = dataclasses.replace(
            self.ours,
            anchors=(*self.ours.anchors, anchor),
            crls=(ours, *self.crls),
        )

    # -- ours ----------------------------------------------------------
    @functools.cache  # noqa: B019 one world lives as long as the tests
    def act(self, count=2, level="B-B", closed=True):
        """An act of ``count`` persons and the seal."""
        stamp = None if level == "B-B" else self.stamp
        pdf = acts.prepare(page_pdf(), fields(count))
        names = [f"S{number}" for number in range(1, count + 1)]
        for name in [*names, *(["Seal"] if closed else [])]:
            pdf = self.sign(pdf, name, stamp=stamp)
        if level in ("B-LT", "B-LTA"):
            pdf = lta.extend(pdf, self.ours, self.stamp, level)
        return pdf

    def sign(self, pdf, name, key=None, *, stamp=None):
        if key is None:
            key = self.seal if name == "Seal" else self.people[int(name[1:]) - 1]
        return acts.sign(pdf, name, key, appearance=self.block, stamp=stamp)

    @functools.cache  # noqa: B019
    def sealed(self, level="B-B"):
        """A sealed document, such as a receipt."""
        stamp = None if level == "B-B" else self.stamp
        pdf = pades.seal(small_pdf(b"{}"), self.seal, stamp=stamp)
        if level in ("B-LT", "B-LTA"):
            pdf = lta.extend(pdf, self.ours, self.stamp, level)
        return pdf

    # -- others' -------------------------------------------------------
    @functools.cache  # noqa: B019
    def foreign(self, count=2, level="B-B", visible=True):
        """A file signed by ``count`` persons of the other platform."""
        pdf = page_pdf()
        for number in range(count):
            last = number == count - 1
            at = level if last or level in ("B-B", "B-T") else "B-T"
            box = (60, 60 + 90 * number, 260, 130 + 90 * number) if visible else None
            pdf = self.sign_foreign(pdf, number, level=at, box=box)
        return pdf

    def sign_foreign(
        self,
        pdf,
        number=0,
        *,
        level="B-B",
        box=None,
        page=1,
        name=None,
        signer=None,
        tsa=None,
        writer=None,
        change=None,
        **meta,
    ):
        """Sign as pyHanko does by default, in a field added for it."""
        certificate, private = signer or self.signers[number]
        made = signers.SimpleSigner(
            signing_cert=asn1_certificate(certificate),
            signing_key=asn1_key(private),
            cert_registry=SimpleCertificateStore.from_certs(
                [asn1_certificate(self.below.der), asn1_certificate(self.other.der)]
            ),
        )
        field = name or f"Signature{number + 1}"
        options = {"field_name": field, "md_algorithm": "sha256", **meta}
        options.setdefault("subfilter", pdf_fields.SigSeedSubFilter.PADES)
        if level in ("B-LT", "B-LTA"):
            options |= {
                "embed_validation_info": True,
                "use_pades_lta": level == "B-LTA",
                "validation_context": ValidationContext(
                    trust_roots=[asn1_certificate(self.other.der)],
                    crls=list(self.crls),
                    other_certs=[asn1_certificate(self.below.der)],
                    allow_fetching=False,
                ),
            }
        opened = writer or IncrementalPdfFileWriter(io.BytesIO(pdf))
        if change:
            change(opened)
        out = io.BytesIO()
        spec = pdf_fields.SigFieldSpec(field, on_page=page, box=box)
        # It warns that nothing is fetched, which is meant.
        with mute_logger("pyhanko.sign.signers.pdf_signer"):
            signers.sign_pdf(
                opened,
                signers.PdfSignatureMetadata(**options),
                made,
                timestamper=None if level == "B-B" else self.stamper(tsa),
                new_field_spec=None if writer else spec,
                existing_fields_only=bool(writer),
                output=out,
            )
        return out.getvalue()

    def stamper(self, tsa=None, at=None):
        certificate, private = tsa or self.other_tsa
        return DummyTimeStamper(
            asn1_certificate(certificate), asn1_key(private), fixed_dt=at
        )


@functools.cache
def world():
    """The one world of a test run: making it and its files takes seconds."""
    return World()


def signed_files():
    """Every legitimate file, as (name, bytes): ours and others', each level."""
    made = world()
    for level in LEVELS:
        yield f"sealed {level}", made.sealed(level)
        for count in (1, 2, 4):
            yield f"act {count} {level}", made.act(count, level)
        for count in (1, 2, 3):
            yield f"foreign {count} {level}", made.foreign(count, level)
        yield f"foreign invisible {level}", made.foreign(2, level, visible=False)


__all__ = ["LEVELS", "World", "asn1_certificate", "asn1_key", "signed_files", "world"]
