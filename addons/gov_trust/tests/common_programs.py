"""Programs of others that sign: stock pyHanko, and CMS made by openssl."""

import io
import subprocess
import tempfile
from pathlib import Path

from asn1crypto import keys as asn1_keys, x509 as asn1
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.signers import cms_embedder, pdf_byterange
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from odoo.tools import mute_logger

from .common_pki import STAMPS, Authority, der


def key_der(key):
    return key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def signer_of(certificate, key, chain=()):
    store = SimpleCertificateStore()
    store.register_multiple(asn1.Certificate.load(one) for one in chain)
    return signers.SimpleSigner(
        signing_cert=asn1.Certificate.load(der(certificate)),
        signing_key=asn1_keys.PrivateKeyInfo.load(key_der(key)),
        cert_registry=store,
    )


def stamper_of(authority):
    """A time-stamp authority of the test, by pyHanko."""
    certificate, key = authority.issue("TSA", kind="rsa2048", mark="tsa", **STAMPS)
    store = SimpleCertificateStore()
    store.register(asn1.Certificate.load(authority.der))
    return timestamps.DummyTimeStamper(
        tsa_cert=asn1.Certificate.load(der(certificate)),
        tsa_key=asn1_keys.PrivateKeyInfo.load(key_der(key)),
        certs_to_embed=store,
    )


@mute_logger("pyhanko.sign.signers.pdf_signer")
def pyhanko_sign(
    pdf, field_name, certificate, key, chain=(), *, stamper=None, roots=(), crls=()
):
    """Sign as the stock library does; with a DSS when ``roots`` are given."""
    context = None
    if roots:
        context = ValidationContext(
            trust_roots=[asn1.Certificate.load(one) for one in roots],
            crls=list(crls),
            allow_fetching=False,
            revocation_mode="soft-fail",
        )
    meta = signers.PdfSignatureMetadata(
        field_name=field_name,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        embed_validation_info=bool(roots),
        validation_context=context,
        name="Somebody",
    )
    out = io.BytesIO()
    signers.PdfSigner(
        meta, signer_of(certificate, key, chain), timestamper=stamper
    ).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out)
    return out.getvalue()


def openssl_sign(
    pdf,
    field_name,
    certificate,
    key,
    chain=(),
    options=("-cades",),
    subfilter=fields.SigSeedSubFilter.PADES,
    **entries,
):
    """Sign with a CMS that the openssl command makes; ``entries`` beside it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    steps = cms_embedder.PdfCMSEmbedder().write_cms(field_name, writer)
    next(steps)
    value = pdf_byterange.SignatureObject(bytes_reserved=16384, subfilter=subfilter)
    for name, entry in entries.items():
        value[f"/{name}"] = entry
    steps.send(cms_embedder.SigObjSetup(value))
    prepared, output = steps.send(
        cms_embedder.SigIOSetup("sha256", output=io.BytesIO())
    )
    whole = output.getvalue()
    begin, end = prepared.reserved_region_start, prepared.reserved_region_end
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "data").write_bytes(whole[:begin] + whole[end:])
        (place / "cert.pem").write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
        )
        (place / "key.der").write_bytes(key_der(key))
        (place / "chain.pem").write_bytes(b"".join(chain))
        extra = ["-certfile", str(place / "chain.pem")] if chain else []
        subprocess.run(
            [
                *("openssl", "cms", "-sign", "-binary", "-outform", "DER"),
                *("-md", "sha256", "-in", str(place / "data")),
                *("-signer", str(place / "cert.pem"), "-keyform", "DER"),
                *("-inkey", str(place / "key.der"), "-out", str(place / "cms")),
                *options,
                *extra,
            ],
            check=True,
            capture_output=True,
        )
        steps.send((place / "cms").read_bytes())
    return output.getvalue()


def provider(name="Provider"):
    """An authority with one below it, as real providers have."""
    root = Authority(name, kind="rsa3072", mark=name)
    return root, Authority(f"{name} persons", root, length=0)
