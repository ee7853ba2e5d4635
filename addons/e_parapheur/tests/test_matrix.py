import base64
import io

import pikepdf
import pypdfium2

from odoo import Command
from odoo.tests import tagged

from odoo.addons.gov_trust.lib import acts, ca
from odoo.addons.gov_trust.lib.validation import service
from odoo.addons.gov_trust.tests.common_tsa import WithClocks

from .common import PIN, BookCase, pdf
from .common_tools import Tools


def turned(content, angle):
    """The same pages with /Rotate, as scanners write them."""
    with pikepdf.open(io.BytesIO(content)) as document:
        for page in document.pages:
            page.Rotate = angle
        stream = io.BytesIO()
        document.save(stream)
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestMatrix(Tools, WithClocks, BookCase):
    """Final files of every kind of circuit: every judge says the same of each.

    Each signature has its timestamp, the seal locks all of it, and nothing can be added.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_trust()
        cls.addClassCleanup(service.service.close)
        cls.env["gov.key"]._make_personal(cls.head, cls.company, PIN)
        cls.env["gov.key"]._make_personal(cls.other, cls.company, PIN)

    def setUp(self):
        super().setUp()
        self.add(self.clock().url, timeout=10)
        # What says that the authority's own certificate holds.
        self.env["gov.anchor.list"].with_user(self.officer)._receive(
            self.anchor, self.root.crl()
        )

    def _voted(self, mode, users, **extra):
        """A nature whose one step is signed by some of several persons."""
        circuit = self.env["gov.circuit"].create(
            {
                "name": mode,
                "company_id": self.company.id,
                "step_ids": [
                    Command.create(
                        {
                            "name": "Signatures",
                            "kind": "signature",
                            "rank": 1,
                            "mode": mode,
                            "actor_rule": "person",
                            "user_ids": [Command.set(users.ids)],
                            **extra,
                        }
                    )
                ],
            }
        )
        circuit.action_publish()
        return self.nature.copy({"circuit_id": circuit.id})

    def _end(self, folder):
        folder = folder.sudo()
        folder._process_closings()
        self.assertEqual(folder.state, "done", folder.closing_error)
        return folder

    def _agree(self, folder, persons, spare=0, papers=0):
        """Every judge agrees on each closed file of a folder."""
        roots = "\n".join(self.env["gov.certificate"]._roots())
        for number, piece in enumerate(folder.piece_ids):
            closed = self._bytes(folder, number)
            path = self.written(closed, f"{number}.pdf")
            with self.subTest(piece=number):
                act = self.env["gov.sign"]._check(closed, self.company)
                self.assertTrue(act.closed)
                self.assertEqual(act.level, "B-LTA")
                self.assertEqual(len(act.own), persons + 1)
                self.assert_locked(closed)
                self.assertEqual(len(self.empty_fields(closed)), spare)
                self.assert_qpdf(path)
                self.assert_pdfsig(path, persons + 1)
                told = self.assert_openssl(closed, roots, ca.pem(self.root.der))
                self.assertEqual(told[:2], (persons + 1, persons + 1))
                self.assertGreaterEqual(told[2], 1)
                told = self.env["gov.validation"]._validate(closed)
                self.assertEqual(
                    (told["verdict"], told["state"]), ("valid", "authentic"), told
                )
                told = self.env["gov.proof"]._verify_code(piece.proof_id._code())
                count = persons + papers
                self.assertEqual(
                    (told["act"]["present"], told["act"]["needed"]), (count, count)
                )
                self._check_revisions(folder, piece, closed)

    def _check_revisions(self, folder, piece, closed):
        """Each file that was signed is a beginning of the last one, and told as such."""
        valid = folder.signature_ids.filtered(
            lambda one: one.piece_id == piece and one.state == "valid"
        )
        for one in valid:
            self.assertEqual(one.level, "B-T")
            self.assertTrue(closed.startswith(one.version_id._read_content()))
            told = self.env["gov.proof"]._verify_digest(one.sha256)
            self.assertEqual(told["state"], "earlier")
        late = acts.Field("Late", acts.SIGNATURE, acts.Box(0, (10, 10, 60, 40)))
        with self.assertRaises(acts.ActRefused):
            acts.add_field(closed, late)

    def test_one_after_the_other(self):
        folder = self._end(self._signed())
        self._agree(folder, 2)

    def test_several_documents_turned_and_large(self):
        folder = self._draft(content=turned(pdf(["portrait"], pages=2), 90))
        for number, content in enumerate(
            (
                turned(pdf(["A3"], size=(1191, 842)), 270),
                turned(pdf(["upside down"]), 180),
            )
        ):
            folder.action_add_document(
                f"more-{number}.pdf", base64.b64encode(content).decode()
            )
        folder.action_submit()
        self._as(folder, self.head).action_approve()
        self._sign(folder, self.signer)
        self._sign(folder, self.mayor)
        folder = self._end(folder)
        self._agree(folder, 2)
        self.assertEqual(len(folder.piece_ids), 3)

    def test_so_many_of_several(self):
        nature = self._voted(
            "quorum", self.head | self.signer | self.mayor | self.other, quorum=2
        )
        folder = self._submitted(nature=nature)
        self._sign(folder, self.signer)
        told = self.env["gov.proof"]._verify_code(
            folder.sudo().piece_ids._promised_url().rpartition("/")[2]
        )
        self.assertEqual((told["act"]["present"], told["act"]["needed"]), (1, 2))
        self._sign(folder, self.mayor)
        self._agree(self._end(folder), 2)

    def test_a_box_that_nobody_needed(self):
        users = self.head | self.signer | self.mayor | self.other
        nature = self._voted("quorum", users, quorum=3, chair_id=self.mayor.id)
        folder = self._submitted(nature=nature)
        # Two against two: the vote of the president prevails, one box stays empty.
        self._sign(folder, self.signer)
        self._as(folder, self.head).action_refuse("Not this one")
        self._as(folder, self.other).action_refuse("Nor I")
        self._sign(folder, self.mayor)
        self._agree(self._end(folder), 2, spare=1)

    def test_one_of_several(self):
        nature = self._voted("any", self.signer | self.mayor | self.head)
        folder = self._submitted(nature=nature)
        self._sign(folder, self.mayor)
        self._agree(self._end(folder), 1)

    def test_all_at_the_same_time_and_one_inserted_late(self):
        nature = self._voted("all", self.signer | self.mayor)
        folder = self._submitted(nature=nature)
        self._sign(folder, self.signer)
        self._as(folder, self.clerk).action_add_signer([self.other.id])
        self._sign(folder, self.other)
        self._sign(folder, self.mayor)
        self._agree(self._end(folder), 3)

    def test_returned_and_signed_again(self):
        folder = self._submitted()
        self._as(folder, self.head).action_approve()
        self._sign(folder, self.signer)
        gone = folder.sudo().piece_ids._current()
        first = folder.sudo().run_id.step_ids.sorted("rank")[0]
        self._as(folder, self.mayor).action_return(first.id, "Wrong amount")
        self._as(folder, self.head).action_approve()
        self._sign(folder, self.signer)
        self._sign(folder, self.mayor)
        folder = self._end(folder)
        self._agree(folder, 2)
        told = self.env["gov.proof"]._verify_digest(gone.sha256)
        self.assertEqual((told["state"], told["verdict"]), ("withdrawn", "invalid"))

    def test_visas_alone(self):
        circuit = self._circuit(
            "Visas", [{"name": "Visa", "kind": "visa", "users": self.head}]
        )
        folder = self._submitted(nature=self.nature.copy({"circuit_id": circuit.id}))
        self._as(folder, self.head).action_approve()
        self._agree(self._end(folder), 0)

    def test_signed_on_paper_then_electronically(self):
        circuit = self._circuit(
            "Paper first",
            [
                {"name": "By hand", "kind": "paper", "users": self.head},
                {"name": "Signature", "kind": "signature", "users": self.signer},
            ],
        )
        folder = self._submitted(nature=self.nature.copy({"circuit_id": circuit.id}))
        mine = self._as(folder, self.head)
        files = []
        for sheet in mine.action_paper_print():
            version = self.env["gov.document.version"].browse(sheet["version_id"])
            pages = pypdfium2.PdfDocument(version.sudo()._read_content())
            images = [page.render(scale=2).to_pil().convert("RGB") for page in pages]
            stream = io.BytesIO()
            images[0].save(
                stream, "PDF", save_all=True, append_images=images[1:], resolution=144
            )
            files.append(
                {
                    "document_id": sheet["document_id"],
                    "filename": "scan.pdf",
                    "content": base64.b64encode(stream.getvalue()).decode(),
                }
            )
        mine.action_paper_scan(files, is_checked=True)
        self._sign(folder, self.signer)
        self._agree(self._end(folder), 1, papers=1)
