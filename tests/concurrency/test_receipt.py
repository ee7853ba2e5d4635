"""The receipt: the same bytes each time, proven by others, broken by one byte."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import importlib.util
import io
import json
import random
import subprocess
import sys
import urllib.request
from pathlib import Path

import crowd
import pikepdf
import pytest
import scene
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from deposit_client import DepositClient, small_pdf

REPO = Path(__file__).resolve().parents[2]
VERIFY = REPO / "tools" / "verify.py"
POSITIONS, SEED = 240, 20261122
PIECES = [
    ("lettre.pdf", small_pdf(30_000), "application/pdf"),
    ("شهادة الإقامة.pdf", small_pdf(9_000), "application/pdf"),
]


@pytest.fixture(scope="module")
def done(served):
    """A deposit with two pieces; (client, what the last page says)."""
    client = DepositClient(served.url)
    ready = client.to_check(
        scene.DESKS["A4"],
        files=PIECES[:1],
        last_files=PIECES[1:],
        letter={"subject": "Attestation de résidence", "body": "نص الرسالة ⵜⴰⵎⴰⵣⵉⵖⵜ"},
    )
    return client, crowd.send(client, ready)


@pytest.fixture(scope="module")
def receipt(done, tmp_path_factory) -> Path:
    """The receipt as a file."""
    path = tmp_path_factory.mktemp("receipt") / "receipt.pdf"
    client, page = done
    path.write_bytes(client.receipt(page))
    return path


@pytest.fixture(scope="module")
def trust(served, tmp_path_factory) -> Path:
    """The platform's root certificates, as anybody fetches them."""
    path = tmp_path_factory.mktemp("trust") / "ca.pem"
    with urllib.request.urlopen(f"{served.url}/trust/ca.pem", timeout=30) as answer:
        path.write_bytes(answer.read())
    return path


def verify(path: Path, trust: Path | None) -> tuple[int, dict]:
    """Run the verifier as a person does; return its exit code and verdict."""
    ran = subprocess.run(
        [
            *(sys.executable, str(VERIFY), str(path), "--json"),
            *(["--trust", str(trust)] if trust else []),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ran.returncode, json.loads(ran.stdout)


def told(receipt: Path) -> dict:
    """Return what the receipt carries for programs."""
    with pikepdf.open(receipt) as pdf:
        return json.loads(pdf.attachments["receipt.json"].get_file().read_bytes())


def test_the_same_bytes_each_time(served, done, receipt):
    client, page = done
    assert client.receipt(page) == receipt.read_bytes()
    # Another browser that holds the address, and the registrar, get the same.
    assert DepositClient(served.url).receipt(page) == receipt.read_bytes()
    registrar = scene.Rpc(served.url, "registrar", served.name)
    (found,) = registrar.call(
        "registry.receipt",
        "search_read",
        [("public_id", "=", page.public_id)],
        ["pdf_sha256", "state"],
    )
    assert found["state"] == "sealed"
    assert found["pdf_sha256"] == hashlib.sha256(receipt.read_bytes()).hexdigest()
    status, content = registrar.get(f"/registry/receipt/{found['id']}/pdf")
    assert (status, content) == (200, receipt.read_bytes())


def test_pdfsig_says_valid(receipt):
    ran = subprocess.run(
        ["pdfsig", "-nocert", str(receipt)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Signature is Valid" in ran.stdout
    assert "Total document signed" in ran.stdout
    assert "Signature #2" not in ran.stdout


def test_qpdf_finds_nothing(receipt):
    subprocess.run(["qpdf", "--check", str(receipt)], check=True, capture_output=True)


def test_the_verifier_says_valid(done, receipt, trust):
    code, verdict = verify(receipt, trust)
    assert (code, verdict["verdict"]) == (0, "valid"), verdict
    assert done[1].number in json.dumps(verdict["receipt"], ensure_ascii=False)


def test_without_the_anchor_nothing_is_established(served, receipt, tmp_path):
    code, verdict = verify(receipt, tmp_path / "missing.pem")
    assert (code, verdict["verdict"]) == (2, "indeterminate")


def test_the_evidence_holds_by_our_own_arithmetic(done, receipt, served):
    """Leaf, salts, inclusion proof and signed head, recomputed without the product."""
    evidence, salts = told(receipt)["evidence"], told(receipt)["salts"]
    leaf = json.loads(evidence["leaf"])
    assert leaf["number"]["text"] == done[1].number
    node = hashlib.sha256(b"\0" + evidence["leaf"].encode()).digest()
    assert rfc9162_root(node, evidence) == evidence["head"]["root"]
    assert evidence["head"]["stream"] == leaf["stream"]
    assert evidence["size"] == evidence["head"]["size"] > evidence["index"]
    signer, root = map(
        x509.load_pem_x509_certificate, map(str.encode, evidence["certificates"])
    )
    signer.verify_directly_issued_by(root)
    signer.public_key().verify(
        base64.b64decode(evidence["head_signature"]),
        canonical(evidence["head"]),
        ec.ECDSA(hashes.SHA256()),
    )
    body = leaf["body"] if isinstance(leaf["body"], dict) else json.loads(leaf["body"])
    # The parties stand masked on the receipt: their salt would let them be guessed.
    assert set(body["salted"]) - set(salts) == {"parties"}
    assert {"subject", "body", "sender"} <= set(salts)
    for name, told_of in salts.items():
        salted = bytes.fromhex(told_of["salt"]) + canonical(told_of["value"])
        assert hashlib.sha256(salted).hexdigest() == body["salted"][name], name
    digests = {part["sha256"] for part in body["documents"]}
    assert digests == {hashlib.sha256(piece[1]).hexdigest() for piece in PIECES}
    # The journal's public face tells the same tree.
    place = f"/trust/log/{leaf['stream']}/proof/{leaf['seq']}"
    with urllib.request.urlopen(served.url + place, timeout=30) as answer:
        assert json.load(answer)["leaf_hash"] == node.hex()


def canonical(value) -> bytes:
    """Canonical JSON as the design says it."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


def rfc9162_root(node: bytes, evidence: dict) -> str:
    """Root by RFC 9162 §2.1.3.2 from a leaf's hash and its audit path."""
    index, last = evidence["index"], evidence["size"] - 1
    for step in map(bytes.fromhex, evidence["proof"]):
        assert last > 0
        if index % 2 or index == last:
            node = hashlib.sha256(b"\1" + step + node).digest()
            while index % 2 == 0 and index:
                index, last = index >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\1" + node + step).digest()
        index, last = index >> 1, last >> 1
    assert last == 0
    return node.hex()


def test_one_byte_flipped(receipt, trust, tmp_path):
    """At sampled places, through the verifier's own ``main``: never valid, exit 1."""
    raw = receipt.read_bytes()
    choice = random.Random(SEED)
    begin = raw.rindex(b"/Contents <") + len(b"/Contents <")
    marks = [raw.rindex(b"/ByteRange") + 12, begin, begin + 60, begin + 1400]
    places = sorted(
        {*choice.sample(range(len(raw)), POSITIONS), *marks, 0, 5, len(raw) - 1}
    )
    main = load_verifier()
    found = {}
    for place in places:
        changed = bytearray(raw)
        changed[place] ^= choice.choice([1, 2, 4, 8, 16, 32, 64, 128])
        path = tmp_path / "changed.pdf"
        path.write_bytes(changed)
        found[place] = main(path, trust)
    wrong = {place: code for place, code in found.items() if code != 1}
    assert not wrong, f"not refused: {wrong} of {len(raw)} bytes"
    assert len(found) >= 200


@pytest.mark.parametrize("change", ["cut", "append", "empty", "twice"])
def test_other_changes(receipt, trust, tmp_path, change):
    raw = receipt.read_bytes()
    changed = {
        "cut": raw[:-20],
        "append": raw + b"\n% more\n",
        "empty": b"",
        "twice": raw + raw,
    }[change]
    path = tmp_path / "changed.pdf"
    path.write_bytes(changed)
    code, verdict = verify(path, trust)
    assert code in (1, 2) and verdict["verdict"] != "valid"
    assert change == "empty" or code == 1


def test_flipped_byte_through_the_program(receipt, trust, tmp_path):
    raw = bytearray(receipt.read_bytes())
    raw[len(raw) // 2] ^= 1
    path = tmp_path / "changed.pdf"
    path.write_bytes(raw)
    assert verify(path, trust)[0] == 1


def load_verifier():
    """Return a function that runs the verifier's ``main`` in this process."""
    spec = importlib.util.spec_from_file_location("maktab_verify", VERIFY)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def main(path: Path, trust: Path) -> int:
        words, sys.argv = sys.argv, ["verify.py", str(path), "--trust", str(trust)]
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                return module.main()
        finally:
            sys.argv = words

    return main
