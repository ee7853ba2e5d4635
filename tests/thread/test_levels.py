"""An act of the signature book with timestamps, looked at from outside.

The operator turns the platform's own authority on, the trust officer puts it into use;
two people sign, the seal closes. Then everybody who can judge is asked: the public page,
the verifier without Odoo, pdfsig; and an earlier version of the same act is not accepted.
"""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
import scene
import thread_scene
from reportlab.pdfgen.canvas import Canvas

from odoo_process import OdooProcess

VERIFY = Path(__file__).resolve().parents[2] / "tools" / "verify.py"
PIN = thread_scene.PIN


@pytest.fixture(scope="module")
def served(databases, template):
    process = OdooProcess(
        databases, template, label="levels", script=thread_scene.script()
    )
    try:
        process.start()
        yield process
    finally:
        process.destroy()


@pytest.fixture(scope="module")
def final(served) -> bytes:
    """The closed act, B-LTA, by the hands of an agent and two who sign."""

    def person(login):
        return scene.Rpc(served.url, login, served.name)

    operator, trust, agent = person("operator"), person("trust"), person("agent")
    (settings,) = operator.call("gov.tsa.settings", "create", [{"own_tsa": True}])
    operator.call("gov.tsa.settings", "action_apply", [settings])
    (authority,) = trust.call("gov.tsa", "create", [{"name": "Own", "kind": "own"}])
    trust.call("gov.tsa", "action_enable", [authority])
    (nature,) = agent.call("parapheur.nature", "search", [["name", "=", "Courrier"]])
    (folder,) = agent.call(
        "parapheur.folder",
        "create",
        [{"title": "Décision", "nature_id": nature, "language": "fr"}],
    )
    agent.call(
        "parapheur.folder",
        "action_add_document",
        [folder],
        "decision.pdf",
        base64.b64encode(one_page()).decode(),
    )
    agent.call("parapheur.folder", "action_submit", [folder])
    for login in ("chief", "director"):
        signer = person(login)
        shown = signer.call("parapheur.folder", "get_desk_folder", [folder])
        consent = signer.call("parapheur.folder", "get_consent")
        signer.call(
            "parapheur.folder",
            "action_sign",
            [folder],
            PIN,
            base=shown["base"],
            consent=consent["id"],
        )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        (row,) = agent.call("parapheur.folder", "read", [folder], ["state"])
        if row["state"] == "done":
            break
        time.sleep(1)
    assert row["state"] == "done"
    shown = agent.call("parapheur.folder", "get_desk_folder", [folder])
    (main,) = [one for one in shown["documents"] if one["role"] == "main"]
    status, pdf = agent.get(f"/gov/document/{main['version_id']}")
    assert status == 200
    return pdf


def one_page() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.drawString(72, 600, "Decision 14")
    canvas.save()
    return out.getvalue()


def upload(url: str, pdf: bytes) -> dict:
    """Ask the public page, as a program does."""
    bound = "maktab-test-boundary"
    body = (
        f'--{bound}\r\nContent-Disposition: form-data; name="file"; '
        f'filename="act.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    ).encode()
    body += pdf + f"\r\n--{bound}--\r\n".encode()
    headers = {
        "Content-Type": f"multipart/form-data; boundary={bound}",
        "Accept": "application/json",
    }
    request = urllib.request.Request(f"{url}/verify/upload", body, headers)
    with urllib.request.urlopen(request, timeout=90) as answer:
        return json.load(answer)


def outside(served, pdf: bytes, tmp_path: Path) -> dict:
    """Ask the verifier that needs neither Odoo nor network."""
    act, root = tmp_path / "act.pdf", tmp_path / "ca.pem"
    act.write_bytes(pdf)
    with urllib.request.urlopen(f"{served.url}/trust/ca.pem", timeout=60) as opened:
        root.write_bytes(opened.read())
    command = [sys.executable, str(VERIFY), str(act), "--trust", str(root), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = json.loads(done.stdout)
    assert done.returncode == ["valid", "invalid", "indeterminate"].index(
        told["verdict"]
    )
    return told


def signed_sizes(pdf: bytes) -> list[int]:
    ranges = re.findall(rb"/ByteRange\s*\[0 \d+ (\d+) (\d+)\s*\]", pdf)
    return sorted(int(begin) + int(length) for begin, length in ranges)


def test_everybody_agrees(served, final, tmp_path):
    told = upload(served.url, final)
    assert (told["verdict"], told["state"]) == ("valid", "authentic"), told["reasons"]
    signed = [one for one in told["signatures"] if one["kind"] != "timestamp"]
    assert [one["kind"] for one in signed] == ["person", "person", "seal"]
    assert {one["level"] for one in signed} == {"B-LTA"}
    assert {one["trust"] for one in signed} == {"simple"}
    assert any("NON PROBANT" in json.dumps(one) for one in told["signatures"])
    verdict = outside(served, final, tmp_path)
    assert verdict["verdict"] == "valid", verdict
    assert all(one["timestamp"] for one in verdict["signatures"])
    assert any("NON PROBANT" in reason for reason in verdict["reasons"])
    act = tmp_path / "act.pdf"
    told = subprocess.run(
        ["pdfsig", "-nocert", str(act)], capture_output=True, text=True, check=False
    ).stdout
    assert told.count("Signature is Valid") == 3, told
    checked = subprocess.run(
        ["qpdf", "--check", str(act)], capture_output=True, check=False
    )
    assert checked.returncode == 0


def test_an_earlier_version_is_not_the_act(served, final, tmp_path):
    """Cut to each signature: byte-perfect, and still not what was issued."""
    sizes = signed_sizes(final)
    assert len(sizes) == 4 and sizes[-1] == len(final)
    for size in sizes[:2]:
        told = upload(served.url, final[:size])
        assert (told["verdict"], told["state"]) == ("invalid", "earlier"), told
        assert outside(served, final[:size], tmp_path)["verdict"] == "indeterminate"
    # Sealed, and its archive timestamp cut off: less proof, the same document.
    told = upload(served.url, final[: sizes[2]])
    assert told["verdict"] == "valid", told["reasons"]


def test_one_byte_more_or_less(served, final, tmp_path):
    for pdf in (final + b"\n%", final[:-40], final.replace(b"Decision", b"Decisiom")):
        if pdf == final:
            continue
        assert upload(served.url, pdf)["verdict"] != "valid"
        assert outside(served, pdf, tmp_path)["verdict"] != "valid"


def test_the_addresses_of_the_authority(served, final, tmp_path):
    """RFC 3161 over HTTP with openssl alone; the list of revoked certificates."""
    query, reply, root = (tmp_path / name for name in ("q.tsq", "r.tsr", "ca.pem"))
    data = tmp_path / "data"
    data.write_bytes(final)
    openssl = ["openssl", "ts"]
    subprocess.run(
        [*openssl, "-query", "-data", data, "-sha256", "-cert", "-out", query],
        check=True,
        capture_output=True,
    )
    request = urllib.request.Request(
        f"{served.url}/trust/tsa",
        query.read_bytes(),
        {"Content-Type": "application/timestamp-query"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.headers["Content-Type"] == "application/timestamp-reply"
        reply.write_bytes(answer.read())
    with urllib.request.urlopen(f"{served.url}/trust/ca.pem", timeout=60) as opened:
        root.write_bytes(opened.read())
    done = subprocess.run(
        [*openssl, "-verify", "-data", data, "-in", reply, "-CAfile", root],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Verification: OK" in done.stdout + done.stderr
    crl = tmp_path / "ca.crl"
    with urllib.request.urlopen(f"{served.url}/trust/crl", timeout=60) as answer:
        assert answer.headers["Content-Type"] == "application/pkix-crl"
        crl.write_bytes(answer.read())
    done = subprocess.run(
        ["openssl", "crl", "-inform", "DER", "-in", crl, "-CAfile", root, "-noout"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "verify OK" in done.stdout + done.stderr
