"""What independent programs say of a closed file: pdfsig, openssl, qpdf, and our own two."""

import io
import os
import re
import subprocess
import tempfile
from pathlib import Path

import pikepdf
from asn1crypto import cms

RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")
STAMP_TOKEN = "signature_time_stamp_token"


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def values(pdf):
    """(what is signed, DER value) of each signature and timestamp, in order."""
    found = []
    for match in RANGE.finditer(pdf):
        start, size, after, rest = map(int, match.groups())
        raw = bytes.fromhex(pdf[size + 1 : after - 1].decode())
        # The room that was kept is filled up with zeros.
        value = cms.ContentInfo.load(raw, strict=False).dump()
        found.append((pdf[start:size] + pdf[after : after + rest], value))
    return found


class Tools:
    """To be mixed in a test case; ``roots`` and ``tsa_roots`` are PEM texts."""

    def written(self, content, name):
        if not hasattr(self, "_place"):
            self._place = Path(self.enterContext(tempfile.TemporaryDirectory()))
        path = self._place / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        keep = os.environ.get("MAKTAB_KEEP_PDF")
        if keep and name.endswith(".pdf"):
            (Path(keep) / f"{self._testMethodName}-{name}").write_bytes(
                path.read_bytes()
            )
        return str(path)

    def assert_qpdf(self, path):
        code, told = run("qpdf", "--check", path)
        self.assertEqual(code, 0, told)
        self.assertNotIn("WARNING", told)

    def assert_pdfsig(self, path, signatures):
        code, told = run("pdfsig", "-nocert", path)
        self.assertEqual(code, 0, told)
        self.assertEqual(told.count("Signature is Valid"), signatures, told)
        self.assertNotIn("Signature is Invalid", told)

    def assert_openssl(self, pdf, roots, tsa_roots):
        """Each signature, its timestamp, and each timestamp of the document.

        :return: (number of signatures, of their timestamps, of document timestamps)
        """
        ca = self.written(roots, "ca.pem")
        tsa = self.written(tsa_roots, "tsa.pem") if tsa_roots else None
        counts = [0, 0, 0]
        for covered, value in values(pdf):
            signed = cms.ContentInfo.load(value)["content"]
            content = self.written(covered, "content")
            if signed["encap_content_info"]["content_type"].native == "tst_info":
                self._stamp(value, content, tsa)
                counts[2] += 1
                continue
            code, told = run(
                *("openssl", "cms", "-verify", "-inform", "DER", "-binary"),
                *("-in", self.written(value, "value"), "-content", content),
                *("-CAfile", ca, "-purpose", "any", "-out", os.devnull),
            )
            self.assertEqual(code, 0, told)
            counts[0] += 1
            (info,) = signed["signer_infos"]
            for attribute in info["unsigned_attrs"] or ():
                if attribute["type"].native == STAMP_TOKEN:
                    token = attribute["values"][0].dump()
                    data = self.written(info["signature"].native, "signature")
                    self._stamp(token, data, tsa)
                    counts[1] += 1
        return tuple(counts)

    def _stamp(self, token, data, tsa):
        code, told = run(
            *("openssl", "ts", "-verify", "-token_in"),
            *("-in", self.written(token, "token"), "-data", data, "-CAfile", tsa),
        )
        self.assertEqual(code, 0, told)

    def assert_locked(self, pdf):
        """The seal's field locks every field, with P=1 (ISO 32000-2 §12.8.2.4)."""
        with pikepdf.open(io.BytesIO(pdf)) as document:
            fields = [
                one
                for one in document.Root.AcroForm.Fields
                if "/Lock" in one and "/V" in one
            ]
            self.assertEqual(len(fields), 1, "one seal, which is there")
            lock = fields[0].Lock
            self.assertEqual((str(lock.Action), int(lock.P)), ("/All", 1))
            (reference,) = fields[0].V.Reference
            self.assertEqual(str(reference.TransformMethod), "/FieldMDP")
            told = reference.TransformParams
            self.assertEqual((str(told.Action), int(told.P)), ("/All", 1))

    def empty_fields(self, pdf):
        with pikepdf.open(io.BytesIO(pdf)) as document:
            return [one for one in document.Root.AcroForm.Fields if "/V" not in one]
