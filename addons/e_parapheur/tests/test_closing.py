import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from unittest.mock import patch

import pikepdf

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.gov_trust.exceptions import SealUnavailable

from .common import BookCase, pdf

REPO = Path(__file__).resolve().parents[3]
CLOSING = "odoo.addons.e_parapheur.models.parapheur_folder_closing"


@tagged("post_install", "-at_install")
class TestClosing(BookCase):
    """After the last act: the seal, its block, the proof; every tool agrees on the file."""

    def _written(self, content, name="act.pdf"):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        path = folder / name
        path.write_bytes(content)
        if os.environ.get("MAKTAB_KEEP_PDF"):
            (
                Path(os.environ["MAKTAB_KEEP_PDF"]) / f"{self._testMethodName}-{name}"
            ).write_bytes(content)
        return path

    def test_closed_by_the_seal(self):
        folder = self._signed(mains=2, title="Décision n° 14 / قرار")
        signed = [self._bytes(folder, number) for number in (0, 1)]
        folder._process_closings()
        self.assertEqual(folder.state, "done")
        for number, before in enumerate(signed):
            closed = self._bytes(folder, number)
            self.assertTrue(closed.startswith(before))
            act = self.env["gov.sign"]._check(closed)
            self.assertTrue(act.closed)
            self.assertEqual(
                [one.kind for one in act.signatures], ["signature", "signature", "seal"]
            )
            self.assertEqual(
                folder.piece_ids[number].final_id, folder.piece_ids[number]._current()
            )
        events = self._events(folder)
        self.assertEqual(events[-1].kind, "folder.closed")
        self.assertEqual(
            json.loads(events[-1].body)["documents"],
            [piece.final_id.sha256 for piece in folder.piece_ids],
        )

    def test_pdfsig_and_the_verifier_agree(self):
        folder = self._closed()
        path = self._written(self._bytes(folder))
        told = subprocess.run(
            ["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=True
        ).stdout
        self.assertEqual(told.count("Signature is Valid"), 3, told)
        roots = self._written(
            "\n".join(self.env["gov.certificate"]._roots()).encode(), "ca.pem"
        )
        done = subprocess.run(
            [
                sys.executable,
                REPO / "tools/verify.py",
                path,
                "--trust",
                roots,
                "--json",
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(json.loads(done.stdout)["verdict"], "valid")
        self._written(folder.slip_id._read_content(), "slip.pdf")

    def test_the_block_of_the_seal(self):
        folder = self._closed()
        path = self._written(self._bytes(folder))
        text = subprocess.run(
            ["pdftotext", "-layout", str(path), "-"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        self.assertIn(folder.reference, text)
        self.assertIn("Directeur des services", text)
        proof = folder.piece_ids.proof_id
        self.assertEqual(proof.number, folder.reference)
        self.assertEqual(proof.document_sha256, folder.piece_ids.final_id.sha256)
        self.assertIn(
            folder.piece_ids.original_id.sha256, proof.digest_ids.mapped("sha256")
        )

    def test_visas_alone_are_closed_too(self):
        circuit = self._circuit(
            "Visas", [{"name": "Visa", "kind": "visa", "users": self.head}]
        )
        folder = self._submitted(nature=self.nature.copy({"circuit_id": circuit.id}))
        self._as(folder, self.head).action_approve()
        folder.sudo()._process_closings()
        act = self.env["gov.sign"]._check(self._bytes(folder))
        self.assertTrue(act.closed)
        self.assertEqual(len(act.signatures), 1)

    @mute_logger(CLOSING)
    def test_a_seal_that_fails_is_tried_again(self):
        folder = self._signed()
        sign = type(self.env["gov.sign"])
        with patch.object(sign, "_close", side_effect=SealUnavailable("No key.")):
            folder._process_closings()
        self.assertEqual(folder.state, "closing")
        self.assertIn("No key", folder.closing_error)
        self.assertEqual(folder.closing_attempts, 1)
        folder._process_closings()
        self.assertEqual(folder.state, "closing", "not before its time")
        folder._gated().closing_next_at = False
        folder._process_closings()
        self.assertEqual(folder.state, "done")
        self.assertFalse(folder.closing_error)

    def test_twice_changes_nothing(self):
        folder = self._closed()
        content, slip = self._bytes(folder), folder.slip_id
        folder._process_closings()
        folder._process_slips()
        self.assertEqual(self._bytes(folder), content)
        self.assertEqual(folder.slip_id, slip)
        self.assertEqual(len(self._events(folder, "folder.closed")), 1)

    def test_what_a_bridge_hands_over(self):
        folder = self._signed()
        (item,) = folder._final_inputs()
        self.assertEqual(item["seal_field"], "Seal")
        closed = self.env["gov.sign"]._close(
            self.company, item["pdf"], item["seal_field"], reason="2026/000001"
        )
        with self.refused(UserError, "not the closed form"):
            folder._gated()._set_final([item["pdf"]])
        other = self._signed(title="Other")
        with self.refused(UserError, "not the closed form"):
            other._gated()._set_final([closed])
        folder._gated()._set_final([closed])
        self.assertEqual(folder.state, "done")
        self.assertEqual(self._bytes(folder), closed)

    def test_a_refused_folder_spends_nothing(self):
        proofs = self.env["gov.proof"].sudo().search_count([])
        folder = self._submitted()
        self._as(folder, self.head).action_approve()
        self._sign(folder, self.signer)
        self._as(folder, self.mayor).action_refuse("Not this year")
        folder = folder.sudo()
        folder._process_closings()
        folder._process_slips()
        self.assertEqual(folder.state, "refused")
        self.assertFalse(folder.piece_ids.proof_id)
        # The one proof is that of the slip.
        self.assertTrue(folder.slip_id)
        self.assertEqual(self.env["gov.proof"].sudo().search_count([]), proofs + 1)

    def test_nobody_closes_by_hand(self):
        folder = self._signed()
        for vals in ({"state": "done"}, {"slip_ref": "x"}, {"completed_uid": "x"}):
            with self.refused(AccessError, "change only with its buttons"):
                self._as(folder, self.clerk).write(vals)
        with self.assertRaises(AccessError):
            self._as(folder, self.clerk).with_context(parapheur_gate=True).write(
                {"state": "done"}
            )

    def test_awkward_pages(self):
        for size, lines in (
            ((595, 842), [f"line {number}" for number in range(36)]),
            ((300, 300), ["small"]),
            ((1684, 1191), ["A2"]),
        ):
            folder = self._closed(content=pdf(lines, size=size), title=f"{size}")
            self.assertEqual(folder.state, "done", folder.closing_error)
            self._written(self._bytes(folder), f"{size[0]}.pdf")


@tagged("post_install", "-at_install")
class TestSlip(BookCase):
    """The circulation slip: bilingual, sealed, with what was undone too."""

    def _text(self, folder):
        done = subprocess.run(
            ["pdftotext", "-layout", "-", "-"],
            input=folder.slip_id._read_content(),
            capture_output=True,
            check=True,
        )
        return done.stdout.decode()

    def test_what_it_says(self):
        folder = self._closed(title="Décision 14")
        text = self._text(folder)
        for words in (
            "Bordereau de circulation",
            folder.reference,
            "Décision 14",
            "Mohamed Benallal",
            "Directeur des services",
            "Karim Head",
            "Visé",
            "Signé",
        ):
            self.assertIn(words, text)
        # A digest is broken over lines beside another one.
        for digest in (
            folder.piece_ids.original_id.sha256,
            folder.piece_ids.final_id.sha256,
            *folder.signature_ids.mapped("sha256"),
        ):
            self.assertIn(digest[:32], text)

    def test_sealed_and_known_to_the_public_page(self):
        folder = self._closed()
        content = folder.slip_id._read_content()
        from odoo.addons.gov_trust.lib import ca, pades

        roots = [
            der for pem in self.env["gov.certificate"]._roots() for der in ca.der(pem)
        ]
        self.assertEqual(pades.check(content, roots).field_name, "Seal")
        proof = (
            self.env["gov.proof"].sudo().search([("public_ref", "=", folder.slip_ref)])
        )
        self.assertEqual(proof.document_sha256, folder.slip_id.sha256)
        self.assertEqual(proof.number, folder.reference)

    def test_what_was_undone_is_there(self):
        folder = self._submitted()
        self._as(folder, self.head).action_approve()
        self._sign(folder, self.signer)
        run = folder.sudo().run_id
        first = run.step_ids.sorted("rank")[0]
        self._as(folder, self.mayor).action_return(first.id, "Wrong amount")
        self._as(folder, self.head).action_approve()
        self._sign(folder, self.signer)
        self._sign(folder, self.mayor)
        folder = folder.sudo()
        folder._process_closings()
        folder._process_slips()
        acts = folder._slip_acts()
        self.assertEqual(
            [(act["decision"], act["withdrawn"]) for act in acts],
            [
                ("submitted", False),
                ("visa", True),
                ("signature", True),
                ("return", False),
                ("withdrawn_signatures", False),
                ("visa", False),
                ("signature", False),
                ("signature", False),
                ("completed", False),
                ("closed", False),
            ],
        )
        self.assertEqual(acts[3]["words"], "Wrong amount")
        self.assertIn("Retourné", self._text(folder))

    def test_of_a_refused_folder(self):
        folder = self._submitted(title="Refused")
        self._as(folder, self.head).action_approve("Le crédit est disponible.")
        self._sign(folder, self.signer)
        self._as(folder, self.mayor).action_refuse("ليس هذه السنة")
        folder = folder.sudo()
        folder._process_slips()
        text = self._text(folder)
        for words in (
            "Issue",
            "Refusé",
            "Le crédit est disponible.",
            "dernière version",
            folder.piece_ids._current().sha256[:32],
        ):
            self.assertIn(words, text)
        told = self.env["gov.proof"]._verify_digest(folder.slip_id.sha256)
        self.assertEqual(told["state"], "authentic")

    def test_of_a_folder_given_up_and_of_a_draft(self):
        folder = self._submitted(title="Given up")
        self._as(folder, self.clerk).action_cancel("No need any more")
        draft = self._draft(title="Draft")
        draft.action_cancel()
        self.env["parapheur.folder"]._process_slips()
        self.assertIn("Abandonné", self._text(folder.sudo()))
        self.assertFalse(draft.sudo().slip_id)

    def test_private_words_are_nowhere(self):
        folder = self._submitted()
        mine = self._as(folder, self.head)
        mine.action_comment_privately("Between us")
        mine.action_approve()
        folder.sudo().run_id._cancel("Enough")
        folder = folder.sudo()
        folder._process_slips()
        self.assertNotIn("Between us", self._text(folder))
        content = folder.slip_id._read_content()
        with pikepdf.open(io.BytesIO(content)) as document:
            joined = document.attachments["circulation.json"].get_file().read_bytes()
        self.assertNotIn(b"privately", joined)
        self.assertIn(b"circuit.acted", joined)

    def test_joined_data(self):
        folder = self._closed()
        with pikepdf.open(io.BytesIO(folder.slip_id._read_content())) as document:
            joined = document.attachments["circulation.json"].get_file().read_bytes()
        data = json.loads(joined)
        uids = self._events(folder).mapped("uid")
        self.assertEqual(
            [one["uid"] for one in data["events"]], uids[: len(data["events"])]
        )
        self.assertIn(folder.completed_uid, uids)
        self.assertIn(
            ["digest_closed", "", folder.piece_ids.final_id.sha256],
            data["documents"][0]["digests"],
        )

    def test_who_reads_the_folder_downloads_it(self):
        folder = self._closed()
        action = self._as(folder, self.clerk).action_slip()
        self.assertEqual(action["url"], f"/gov/document/{folder.slip_id.id}")
        self.assertTrue(folder.slip_id.with_user(self.clerk)._is_readable())
        self.assertFalse(folder.slip_id.with_user(self.other)._is_readable())
