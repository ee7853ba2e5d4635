"""Signatures of another program (pyHanko's own signer, as others use it)."""

import io

from asn1crypto import keys as asn1_keys, x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.diff_analysis.form_rules_api import FormUpdatingRule
from pyhanko.sign.diff_analysis.policies import (
    DEFAULT_DIFF_POLICY,
    StandardDiffPolicy,
)
from pyhanko.sign.diff_analysis.rules.form_field_rules import (
    SigFieldCreationRule,
    SigFieldModificationRule,
)
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from .common_pki import der

#: The rules of §6.2 of the reference: form values may not change.
STRICT = StandardDiffPolicy(
    global_rules=list(DEFAULT_DIFF_POLICY.global_rules),
    form_rule=FormUpdatingRule(
        field_rules=[SigFieldCreationRule(), SigFieldModificationRule()]
    ),
)


class Stamper(TimeStamper):
    """A stamp of ours, in the form pyHanko asks."""

    def __init__(self, stamp):
        super().__init__()
        self.stamp = stamp

    async def async_request_tsa_response(self, req):
        from asn1crypto import cms, tsp

        token = self.stamp(req["message_imprint"]["hashed_message"].native)
        return tsp.TimeStampResp(
            {
                "status": {"status": "granted"},
                "time_stamp_token": cms.ContentInfo.load(token),
            }
        )

    async def async_timestamp(self, message_digest, md_algorithm):
        from asn1crypto import cms

        return cms.ContentInfo.load(self.stamp(message_digest))


def sign_elsewhere(
    pdf,
    certificate,
    key,
    chain=(),
    *,
    name="Theirs",
    box=None,
    pades=True,
    pss=False,
    stamp=None,
    hash_name="sha256",
    **meta,
):
    """Sign a PDF as another program does.

    :param certificate: ``x509.Certificate``; ``chain``: DER of more
    :param box: rectangle on the first page, or None for an invisible field
    :param meta: of ``PdfSignatureMetadata``: ``certify``, ``docmdp_permissions``…
    """
    store = SimpleCertificateStore()
    for one in chain:
        store.register(asn1_x509.Certificate.load(one))
    signer = signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(der(certificate)),
        signing_key=asn1_keys.PrivateKeyInfo.load(
            key.private_bytes(
                serialization.Encoding.DER,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        ),
        cert_registry=store,
        prefer_pss=pss,
    )
    subfilter = fields.SigSeedSubFilter
    out = io.BytesIO()
    signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)),
        signers.PdfSignatureMetadata(
            field_name=name,
            subfilter=subfilter.PADES if pades else subfilter.ADOBE_PKCS7_DETACHED,
            md_algorithm=hash_name,
            **meta,
        ),
        signer=signer,
        timestamper=Stamper(stamp) if stamp else None,
        new_field_spec=fields.SigFieldSpec(name, box=box),
        output=out,
    )
    return out.getvalue()


def verdicts(pdf, roots):
    """What pyHanko says of each signature by the strict rules: {field: status}."""
    reader = PdfFileReader(io.BytesIO(pdf))
    found = {}
    for signature in reader.embedded_regular_signatures:
        context = ValidationContext(
            trust_roots=[asn1_x509.Certificate.load(root) for root in roots],
            allow_fetching=False,
        )
        found[signature.field_name] = validate_pdf_signature(
            signature, context, diff_policy=STRICT
        )
    return found
