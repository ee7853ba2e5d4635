import base64
import datetime
import hashlib
import importlib.util
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ..lib import ca, merkle, pades
from ..lib.canonical import canonical
from ..lib.journal_leaf import head_bytes, leaf_bytes, salted_digest
from .common import JournalCase
from .common_keys import authority, loaded, small_pdf

TOOL = Path(__file__).resolve().parents[3] / "tools" / "verify.py"
SALT = bytes(range(16))
INSTANT = "2026-11-22T14:00:05.123456Z"


def load_tool():
    spec = importlib.util.spec_from_file_location("maktab_verify", TOOL)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


class Scene:
    """A platform in memory: authority, journal of some lines, one receipt."""

    def __init__(self, lines=11, at=6):
        self.root_key, self.root = authority()
        self.seal_key = loaded(self.root_key, self.root)
        self.journal_key = loaded(self.root_key, self.root, ca.JOURNAL)
        parts = [{"order": 0, "role": "body", "sha256": "a" * 64, "size": 12}]
        self.content_hash = hashlib.sha256(canonical(parts)).hexdigest()
        values = {
            "subject": "طلب رخصة",
            "sender": "محمد بن علال",
            "sender_reference": "",
        }
        body = {
            "content_hash": self.content_hash,
            "salted": {name: salted_digest(SALT, v) for name, v in values.items()},
        }
        leaves = [os.urandom(32) for _ in range(lines)]
        leaf = leaf_bytes(
            body=canonical(body).decode(),
            event="0b0a",
            instant=INSTANT,
            kind="letter.registered",
            seq=at,
            stream="rbt-in",
            number=(2026, 142, "2026/000142"),
        )
        leaves[at - 1] = merkle.leaf_hash(leaf)
        root = merkle.root_of(leaves)
        now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        head = head_bytes(stream="rbt-in", size=lines, root=root, instant=now)
        proof = merkle.inclusion_proof(
            at - 1, lines, lambda start, n: merkle.root_of(leaves[start : start + n])
        )
        self.told = {
            "v": 1,
            "receipt": {
                "supersedes": None,
                "number": {
                    "registration_number": "2026/000142",
                    "year": 2026,
                    "sequence": 142,
                },
                "dates": {"registered_at": "2026-11-22T15:00:05+01:00"},
                "journal": {"stream": "rbt-in", "seq": at, "event": "0b0a"},
                "content": {
                    "parts": [{**parts[0], "filename": "letter.txt"}],
                    "content_hash": self.content_hash,
                },
                "object": {"subject": values["subject"], "own_reference": None},
                "depositor": {"name": values["sender"]},
            },
            "evidence": {
                "leaf": leaf.decode(),
                "index": at - 1,
                "size": lines,
                "proof": [node.hex() for node in proof],
                "head": json.loads(head),
                "head_signature": base64.b64encode(
                    self.journal_key.sign(head)
                ).decode(),
                "certificates": [ca.pem(self.journal_key.certificate)],
            },
            "salts": {
                name: {"salt": SALT.hex(), "value": value}
                for name, value in values.items()
            },
        }

    def receipt(self, told=None):
        """The sealed PDF."""
        attached = canonical(self.told if told is None else told)
        return pades.seal(small_pdf(attached), self.seal_key)


class ToolCase(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tool = load_tool()
        cls.scene = Scene()
        cls.roots = cls.load_roots(cls.scene.root)
        cls.pdf = cls.scene.receipt()

    @classmethod
    def load_roots(cls, *ders):
        return [cls.tool.x509.load_der_x509_certificate(der) for der in ders]

    def check(self, raw, verdict, roots=None):
        told = self.tool.check(raw, self.roots if roots is None else roots)
        self.assertEqual(told["verdict"], verdict, told["reasons"])
        return told

    def changed(self, *path, value):
        """The receipt's data with one value replaced."""
        told = json.loads(canonical(self.scene.told))
        place = told
        for name in path[:-1]:
            place = place[name]
        self.assertNotEqual(place[path[-1]], value)
        place[path[-1]] = value
        return told


@tagged("standard", "alone")
class TestVerifyTool(ToolCase):
    def test_a_receipt_is_valid(self):
        told = self.check(self.pdf, "valid")
        self.assertEqual(
            told["receipt"]["number"]["registration_number"], "2026/000142"
        )
        self.assertIn("RBT-01", told["signatures"][0]["subject"])

    def test_its_shape(self):
        """One file, without Odoo and without pyHanko, which made what it checks."""
        self.assertNotRegex(TOOL.read_text(), r"(?m)^\s*(import|from) (odoo|pyhanko)")

    def test_every_size_of_journal(self):
        for lines in (1, 2, 3, 5, 8, 9, 256, 300):
            for at in {1, lines // 2 or 1, lines}:
                scene = Scene(lines, at)
                self.check(canonical(scene.told), "valid", self.load_roots(scene.root))

    def test_any_flipped_byte_of_the_seal(self):
        match = re.search(rb"/Contents <[0-9A-F]+>", self.pdf)
        self.flip(range(match.start() - 20, match.end() + 60), (1, 0x20))

    def test_any_flipped_byte_elsewhere(self):
        spots = random.Random(20261122).sample(range(len(self.pdf)), 500)
        self.flip({*spots, *range(20), *range(len(self.pdf) - 40, len(self.pdf))}, (1,))

    def flip(self, spots, bits):
        for spot in spots:
            for bit in bits:
                changed = bytearray(self.pdf)
                changed[spot] ^= bit
                with self.subTest(spot=spot, bit=bit):
                    self.check(bytes(changed), "invalid")

    def test_cut_and_lengthened(self):
        for size in (len(self.pdf) - 1, len(self.pdf) // 2, 700):
            self.check(self.pdf[:size], "invalid")
        self.check(self.pdf + b"\n", "invalid")
        self.check(self.pdf + self.pdf, "invalid")

    def test_the_seal_taken_off(self):
        self.check(small_pdf(canonical(self.scene.told)), "invalid")

    def test_sealed_again_by_somebody_else(self):
        other = Scene()
        self.check(
            other.receipt(self.scene.told), "indeterminate" if False else "invalid"
        )

    def test_nothing_of_ours(self):
        for raw in (b"", b"hello", b"{}", b"\0" * 100, small_pdf(), b"%PDF-1.7"):
            self.check(raw, "indeterminate")
        stranger_key, stranger = authority("Somebody else")
        foreign = pades.seal(small_pdf(), loaded(stranger_key, stranger))
        self.check(foreign, "indeterminate")

    def test_without_a_trust_anchor(self):
        self.check(self.pdf, "indeterminate", roots=[])

    def test_the_anchor_of_another_platform(self):
        _key, other = authority("Another platform")
        self.check(self.pdf, "indeterminate", self.load_roots(other))

    def test_the_bare_data(self):
        told = self.changed("receipt", "supersedes", value=[])
        told["receipt"]["number"]["deposit_number"] = "D-1"
        told["receipt"]["content"]["parts"][0]["filename"] = "other.txt"
        answer = self.check(canonical(told), "valid")
        self.assertIn("No seal", answer["reasons"][0])
        self.assertEqual(answer["receipt"]["proven"]["sender"], "محمد بن علال")
        # What the journal does not hold is not repeated.
        self.assertNotIn("deposit_number", answer["receipt"]["number"])
        self.assertNotIn("other.txt", repr(answer))
        spaced = canonical(told).replace(b'"v":1', b'"v": 1', 1)
        self.check(spaced, "invalid")

    def test_data_that_the_journal_does_not_hold(self):
        """Even when they are sealed: the seal is not the journal."""
        for path, value in (
            (("v",), 2),
            (("receipt", "number", "registration_number"), "2026/000001"),
            (("receipt", "number", "sequence"), 1),
            (("receipt", "number", "year"), 2025),
            (("receipt", "dates", "registered_at"), "2026-11-22T14:00:05+01:00"),
            (("receipt", "journal", "seq"), 7),
            (("receipt", "content", "content_hash"), "b" * 64),
            (("receipt", "content", "parts"), []),
            (("receipt", "object", "subject"), "another"),
            (("receipt", "depositor", "name"), "another"),
            (("salts", "subject", "value"), "another"),
            (("salts", "subject", "salt"), "00" * 16),
            (("evidence", "index"), 4),
            (("evidence", "size"), 12),
            (("evidence", "proof"), []),
            (("evidence", "head", "root"), "00" * 32),
            (("evidence", "head", "size"), 12),
            (("evidence", "head", "stream"), "other"),
            (("evidence", "head_signature"), "AAAA"),
            (("evidence", "certificates"), []),
            (
                ("evidence", "certificates"),
                [ca.pem(self.scene.seal_key.certificate)],
            ),
            (("evidence", "leaf"), self.scene.told["evidence"]["leaf"] + " "),
        ):
            told = self.changed(*path, value=value)
            with self.subTest(path=path):
                self.check(canonical(told), "invalid")
                self.check(self.scene.receipt(told), "invalid")

    def test_a_rectified_receipt(self):
        told = self.changed("receipt", "object", "subject", value="rectified")
        told["receipt"]["supersedes"] = {"public_id": "x"}
        self.assertIn(
            "rectified", self.check(self.scene.receipt(told), "valid")["reasons"][0]
        )
        self.check(canonical(told), "invalid")

    def test_a_head_that_waits_for_its_signature(self):
        told = self.changed("evidence", value=None)
        self.check(self.scene.receipt(told), "indeterminate")

    def test_as_a_program(self):
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            (place / "ca.pem").write_text(ca.pem(self.scene.root))
            (place / "good.pdf").write_bytes(self.pdf)
            (place / "bad.pdf").write_bytes(self.pdf[:-9] + b"X" + self.pdf[-8:])
            (place / "other.txt").write_text("nothing")
            for name, code in (
                ("good.pdf", 0),
                ("bad.pdf", 1),
                ("other.txt", 2),
                ("missing", 2),
            ):
                done = self.run_tool(place, name, "--trust", "ca.pem", "--json")
                self.assertEqual(done.returncode, code, done.stderr)
                told = json.loads(done.stdout)
                self.assertEqual(
                    set(told), {"verdict", "reasons", "signatures", "receipt"}
                )
            done = self.run_tool(place, "good.pdf", MAKTAB_TRUST=str(place / "ca.pem"))
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertTrue(done.stdout.startswith("VALID"))
            done = self.run_tool(place, "good.pdf")
            self.assertEqual(done.returncode, 2)
            self.assertIn("No trust anchor", done.stdout)
            (place / "trust").mkdir()
            (place / "trust" / "ca.pem").write_text(ca.pem(self.scene.root))
            self.assertEqual(self.run_tool(place, "good.pdf").returncode, 0)

    def run_tool(self, folder, *arguments, **environment):
        return subprocess.run(
            [sys.executable, str(TOOL), *arguments],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            env={
                "PATH": os.environ["PATH"],
                "MAKTAB_STATE": str(folder),
                **environment,
            },
        )


@tagged("standard", "alone")
class TestVerifyToolOnTheJournal(JournalCase):
    """The same on what the real journal and the real keys give."""

    def test_evidence_of_a_registered_line(self):
        tool = load_tool()
        scene = Scene()
        body = json.loads(scene.told["evidence"]["leaf"])["body"]
        event = self.journal._append(
            "letter.registered",
            body,
            subject=self.env.user,
            number_format=None,
        )
        self.commit()
        event.invalidate_recordset()
        told = scene.told
        told["evidence"] = self.journal._evidence(event)
        receipt = told["receipt"]
        receipt["number"] = dict.fromkeys(receipt["number"])
        receipt["dates"]["registered_at"] = event.instant
        receipt["journal"] = {
            "stream": self.journal.code,
            "seq": event.seq,
            "event": event.uid,
        }
        sealed = self.env["gov.seal"]._seal_pdf(
            self.env.company, small_pdf(canonical(told))
        )
        roots = tool.x509.load_pem_x509_certificates(
            "".join(self.env["gov.certificate"]._roots()).encode()
        )
        verdict = tool.check(sealed, roots)
        self.assertEqual(verdict["verdict"], "valid", verdict["reasons"])
        told["receipt"]["journal"]["seq"] += 1
        self.assertEqual(tool.check(canonical(told), roots)["verdict"], "invalid")
