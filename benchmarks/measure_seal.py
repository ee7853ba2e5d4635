"""Seal one PDF (B-B) with the strict self-check, against stock pyHanko without one."""

from __future__ import annotations

import datetime
import io
import sys
import time
import types
from pathlib import Path

from common import HIGHER, Row, interleaved

ROUNDS, BATCH = 7, 20
REPO = Path(__file__).resolve().parents[1]


def _library():
    """Import gov_trust.lib without Odoo: it is pure Python."""
    package = types.ModuleType("gov_trust")
    package.__path__ = [str(REPO / "addons" / "gov_trust")]
    sys.modules.setdefault("gov_trust", package)
    from gov_trust.lib import ca, keys, pades

    return ca, keys, pades


def _two_pages() -> bytes:
    from reportlab.pdfgen import canvas

    out = io.BytesIO()
    pdf = canvas.Canvas(out)
    for page in (1, 2):
        for line in range(45):
            pdf.drawString(60, 780 - 16 * line, f"{page}.{line} The quick brown fox")
        pdf.showPage()
    pdf.save()
    return out.getvalue()


def _ours(pdf: bytes):
    ca, keys, pades = _library()
    key = _sealing_key(ca, keys)

    def seal() -> None:
        sealed = pades.seal(pdf, key)
        pades.check(sealed, key.chain[-1:])

    return seal


def _sealing_key(ca, keys):
    root_key, own_key = keys.generate(), keys.generate()
    root = ca.make_root(root_key, ca.Holder("Bench authority", "BENCH"))
    own = ca.issue(
        root,
        root_key,
        own_key.public_key(),
        ca.Holder("Bench administration", "BENCH-1"),
        ca.SEAL,
    )
    return keys.LoadedKey(own_key, own, (root,))


def _stock(pdf: bytes):
    from asn1crypto import keys as asn1_keys, x509 as asn1_x509
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.x509.oid import NameOID
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Bench stock signer")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    signer = signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(
            certificate.public_bytes(serialization.Encoding.DER)
        ),
        signing_key=asn1_keys.PrivateKeyInfo.load(
            key.private_bytes(
                serialization.Encoding.DER,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        ),
        cert_registry=SimpleCertificateStore(),
    )
    meta = signers.PdfSignatureMetadata(
        field_name="Seal",
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
    )

    def sign() -> None:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        signers.sign_pdf(writer, meta, signer=signer)

    return sign


def _rate(work):
    def one_round() -> float:
        start = time.perf_counter()
        for _number in range(BATCH):
            work()
        return BATCH / (time.perf_counter() - start)

    return one_round


def measure(_bench) -> list[Row]:
    """Return the row of the seal."""
    pdf = _two_pages()
    found = interleaved(
        {"ours": _rate(_ours(pdf)), "stock": _rate(_stock(pdf))}, rounds=ROUNDS
    )
    return [
        Row(
            name="seal",
            values=found["ours"],
            unit="PDF/s",
            reference="stock pyHanko SimpleSigner, RSA-2048, no self-check",
            reference_values=found["stock"],
            bar=3.0,
            better=HIGHER,
            note="B-B with strict self-check",
        )
    ]
