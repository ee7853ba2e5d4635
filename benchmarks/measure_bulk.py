"""Sign many PDFs (B-T, strict self-check) against a stock pyHanko loop.

Same key, same authority: RFC 3161 by HTTP on this machine, 20 ms away. Then a thousand in
a row (``N=``): the peak of memory must be that of the first hundred. Then as a person does
it in the signature book (``FOLDERS=``): one PIN, parts of twenty folders, each with its
lock, its check, its version, its event.
"""

from __future__ import annotations

import http.client
import io
import resource
import threading
import time
from pathlib import Path

from common import HIGHER, LOWER, Row, interleaved, say
from measure_seal import _library, _two_pages
from timestamper import timestamper

ROUNDS, BATCH, MANY, FIRST = 5, 40, 1000, 100
FOLDERS = 400
SIGNER = Path(__file__).parent / "writers" / "book_signer.py"


def _keys():
    """Return (root certificate, a person's loaded key, the authority's)."""
    _library()
    from gov_trust.lib import ca, keys, tsa

    root_key = keys.generate()
    root = ca.make_root(root_key, ca.Holder("Bench authority", "BENCH"))

    def made(holder, use):
        own = keys.generate()
        certificate = ca.issue(root, root_key, own.public_key(), holder, use)
        return keys.LoadedKey(own, certificate, (root,))

    person = ca.Holder("Bench", country="MA", person="Bench signer", mark="BENCH-1")
    return root, made(person, ca.PERSON), made(tsa.holder("Bench"), ca.TSA)


def _stamper(port: int):
    """Return a stamp that keeps one connection for each thread."""
    from gov_trust.lib import tsa, tsp

    own = threading.local()

    def stamp(digest: bytes) -> bytes:
        if not hasattr(own, "connection"):
            own.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        asked = tsp.request(digest)
        own.connection.request("POST", "/", asked.der, {"Content-Type": tsa.QUERY_TYPE})
        return tsp.read_response(own.connection.getresponse().read(), asked).der

    return stamp


def _ours(pdf: bytes, root: bytes, key, stamp):
    """Return a function that signs that many and counts on every result."""
    from gov_trust.lib import acts, bulk

    box = acts.Box(1, (60, 20, 220, 60))
    fields = (acts.Field("Signature", "signature", box),)

    def sign(count: int) -> None:
        jobs = (bulk.Job(number, pdf, "Signature", fields) for number in range(count))
        number = -1
        for number, result in enumerate(bulk.sign_many(jobs, key, stamp, [root])):
            if result.mark != number or result.level != "B-T":
                raise RuntimeError(f"{number}: {result.why or result.pending}")
        if number + 1 != count:
            raise RuntimeError(f"{number + 1} results for {count} documents")

    return sign


def _stock(pdf: bytes, key, port: int):
    """Return a function that signs that many in a loop, as pyHanko's manual has it."""
    from asn1crypto import keys as asn1_keys, x509
    from cryptography.hazmat.primitives import serialization
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko.sign.timestamps import HTTPTimeStamper
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    signer = signers.SimpleSigner(
        signing_cert=x509.Certificate.load(key.certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(
            key.private_key.private_bytes(
                serialization.Encoding.DER,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        ),
        cert_registry=SimpleCertificateStore(),
    )
    meta = signers.PdfSignatureMetadata(
        field_name="Signature",
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
    )
    authority = HTTPTimeStamper(f"http://127.0.0.1:{port}/")

    def sign(count: int) -> None:
        for _number in range(count):
            writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
            signers.sign_pdf(writer, meta, signer=signer, timestamper=authority)

    return sign


def _rate(sign):
    def one_round() -> float:
        start = time.perf_counter()
        sign(BATCH)
        return BATCH / (time.perf_counter() - start)

    return one_round


def _peak() -> float:
    """Most memory this process ever had (MB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _book(bench) -> Row:
    """Return the row of the product's own path."""
    count = max(2 * FIRST, int(bench.arguments.get("FOLDERS") or FOLDERS))
    with bench.clone("bulk") as database:
        script = f"COUNT, FIRST = {count}, {FIRST}\n{SIGNER.read_text()}"
        output = bench.shell(database, script)
    line = next(one for one in output.splitlines() if one.startswith("BULK "))
    took, signed, first, last = map(float, line.split()[1:])
    say(f"    {count} folders: {took:.1f} s, {last - first:+.1f} MB at the peak")
    return Row(
        name="bulk in the signature book, memory",
        values=[last],
        unit="MB",
        reference=f"peak after {FIRST} of {count} folders",
        reference_values=[first],
        bar=1.1,
        better=LOWER,
        note=f"{signed / took:.1f} folders/s: B-T, lock, strict check, version, event",
    )


def measure(bench) -> list[Row]:
    """Return the rows of the bulk signature: speed, memory."""
    many = max(FIRST, int(bench.arguments.get("N") or MANY))
    pdf = _two_pages()
    root, key, tsa_key = _keys()
    from gov_trust.lib import tsa

    with timestamper(lambda asked: tsa.respond(asked, tsa_key)) as port:
        ours = _ours(pdf, root, key, _stamper(port))
        ours(FIRST)
        first = _peak()
        start = time.perf_counter()
        ours(many)
        took, last = time.perf_counter() - start, _peak()
        say(f"    {many} documents: {took:.1f} s, {last - first:+.1f} MB at the peak")
        stock = _stock(pdf, key, port)
        found = interleaved({"ours": _rate(ours), "stock": _rate(stock)}, rounds=ROUNDS)
    return [
        Row(
            name="bulk",
            values=found["ours"],
            unit="PDF/s",
            reference="stock pyHanko loop, B-T, no self-check",
            reference_values=found["stock"],
            bar=2.0,
            better=HIGHER,
            note="B-T with strict self-check, authority 20 ms away",
        ),
        Row(
            name="bulk memory",
            values=[last],
            unit="MB",
            reference=f"peak after {FIRST} of {many} documents",
            reference_values=[first],
            bar=1.1,
            better=LOWER,
            note=f"{last - first:+.1f} MB for {many} documents",
        ),
        _book(bench),
    ]
