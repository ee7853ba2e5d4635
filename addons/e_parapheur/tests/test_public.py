import hashlib
import io

import pypdfium2
import zxingcpp
from lxml import html
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from odoo.tests import HttpCase, tagged

from odoo.addons.gov_trust.lib.validation import service

from .common import BookCase, BookSetUp


def code_of(url):
    return url.rpartition("/verify/")[2].partition("#")[0]


@tagged("post_install", "-at_install")
class TestPublic(BookCase):
    """What the public page knows of a folder, from the first block to the seal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(service.service.close)
        cls.proofs = cls.env["gov.proof"].with_user(cls.env.ref("base.public_user"))

    def _under_way(self, **kwargs):
        folder = self._submitted(**kwargs)
        self._as(folder, self.head).action_approve()
        self._sign(folder, self.signer)
        return folder.sudo()

    def _code(self, folder):
        return code_of(folder._block_url(folder.piece_ids[0]))

    def test_the_block_leads_to_the_document(self):
        folder = self._under_way()
        told = self.proofs._verify_code(self._code(folder))
        self.assertEqual(
            (told["state"], told["verdict"]), ("under_way", "indeterminate")
        )
        self.assertEqual(told["document"]["number"], folder.reference)
        self.assertEqual((told["act"]["present"], told["act"]["needed"]), (1, 2))
        self.assertEqual(
            [(one["name"], one["state"]) for one in told["act"]["signatures"]],
            [("Mohamed Benallal", "signed"), (self.mayor.name, "expected")],
        )

    def test_the_square_code_that_is_drawn(self):
        folder = self._under_way()
        document = pypdfium2.PdfDocument(self._bytes(folder))
        document.init_forms()
        picture = document[0].render(scale=4).to_pil().convert("L")
        read = [one.text for one in zxingcpp.read_barcodes(picture)]
        self.assertEqual(read, [folder._block_url(folder.piece_ids)])

    def test_one_code_until_the_seal(self):
        folder = self._under_way()
        code = self._code(folder)
        self._sign(folder, self.mayor)
        told = self.proofs._verify_code(code)
        self.assertEqual((told["state"], told["act"]["present"]), ("under_way", 2))
        folder._process_closings()
        self.assertEqual(folder.piece_ids.proof_id._code(), code)
        told = self.proofs._verify_code(code)
        self.assertEqual((told["state"], told["verdict"]), ("authentic", "valid"))
        self.assertEqual((told["act"]["present"], told["act"]["needed"]), (2, 2))

    def test_after_a_new_master_key(self):
        """The proof then has another code; that of the blocks leads to it all the same."""
        folder = self._under_way()
        code = self._code(folder)
        self._sign(folder, self.mayor)
        folder.piece_ids.public_ref = "as another key would derive"
        folder._process_closings()
        sealed = folder.piece_ids.proof_id._code()
        self.assertNotEqual(sealed, code)
        for one in (sealed, code):
            told = self.proofs._verify_code(one)
            self.assertEqual((told["state"], told["act"]["present"]), ("authentic", 2))

    def test_an_earlier_version_is_told(self):
        folder = self._under_way()
        code = self._code(folder)
        first = folder.piece_ids._current()
        judge = self.env["gov.validation"]
        told = judge._validate(first._read_content())
        self.assertEqual(
            (told["state"], told["verdict"]), ("under_way", "indeterminate")
        )
        self.assertEqual(told["expected"], 2)
        self._sign(folder, self.mayor)
        for told in (
            judge._validate(first._read_content()),
            self.proofs._verify_digest(first.sha256),
            self.proofs._verify_digest(first.sha256, code),
        ):
            self.assertEqual((told["state"], told["verdict"]), ("earlier", "invalid"))
        # Without the code nobody is named.
        told = self.proofs._verify_digest(first.sha256)
        self.assertEqual(told["act"]["signatures"], [])
        folder._process_closings()
        for told in (
            judge._validate(first._read_content()),
            self.proofs._verify_digest(first.sha256, code),
        ):
            self.assertEqual(told["state"], "earlier")

    def test_refused_given_up_and_withdrawn(self):
        folder = self._under_way()
        signed = folder.piece_ids._current()
        self._as(folder, self.mayor).action_refuse("Not this year")
        told = self.proofs._verify_code(self._code(folder))
        self.assertEqual((told["state"], told["verdict"]), ("refused", "invalid"))
        self.assertIsNone(told["act"]["needed"])
        told = self.env["gov.validation"]._validate(signed._read_content())
        self.assertEqual((told["state"], told["verdict"]), ("refused", "invalid"))

        folder = self._under_way(title="Given up")
        self._as(folder, self.clerk).action_cancel("No need any more")
        told = self.proofs._verify_code(self._code(folder))
        self.assertEqual((told["state"], told["verdict"]), ("given_up", "invalid"))

        folder = self._under_way(title="Returned")
        signed = folder.piece_ids._current()
        step = folder.run_id.step_ids.sorted("rank")[0]
        self._as(folder, self.mayor).action_return(step.id, "Wrong amount")
        told = self.proofs._verify_digest(signed.sha256, self._code(folder))
        self.assertEqual((told["state"], told["verdict"]), ("withdrawn", "invalid"))
        told = self.env["gov.validation"]._validate(signed._read_content())
        self.assertEqual(told["state"], "withdrawn")

    def test_another_file_under_the_code(self):
        folder = self._under_way()
        other = hashlib.sha256(b"another file").hexdigest()
        told = self.proofs._verify_digest(other, self._code(folder))
        self.assertEqual((told["state"], told["verdict"]), ("changed", "invalid"))
        told = self.proofs._verify_digest(other)
        self.assertEqual(told["state"], "unknown_file")
        submitted = folder.piece_ids.original_id.sha256
        told = self.proofs._verify_digest(submitted, self._code(folder))
        self.assertEqual(told["state"], "under_way")
        # Whoever merely holds what was submitted learns nothing.
        self.assertEqual(self.proofs._verify_digest(submitted)["state"], "unknown_file")

    def test_appended_to_an_act_under_way(self):
        folder = self._under_way()
        signed = folder.piece_ids._current()._read_content()
        writer = IncrementalPdfFileWriter(io.BytesIO(signed))
        page = writer.find_page_for_modification(0)[0].get_object()
        page["/Rotate"] = generic.NumberObject(180)
        writer.update_container(page)
        stream = io.BytesIO()
        writer.write(stream)
        told = self.env["gov.validation"]._validate(stream.getvalue())
        self.assertEqual((told["state"], told["verdict"]), ("changed", "invalid"))

    def test_a_restricted_folder_names_who_signed_only(self):
        nature = self.nature.copy({"confidentiality": "restricted"})
        folder = self._under_way(nature=nature)
        told = self.proofs._verify_code(self._code(folder))
        self.assertEqual(
            [one["name"] for one in told["act"]["signatures"]],
            ["Mohamed Benallal", ""],
        )


@tagged("post_install", "-at_install")
class TestPublicPage(BookSetUp, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_book()

    _draft, _submitted, _as = BookCase._draft, BookCase._submitted, BookCase._as
    _sign, _consent = BookCase._sign, BookCase._consent

    def test_the_page(self):
        folder = self._submitted()
        self._as(folder, self.head).action_approve()
        self._sign(folder, self.signer)
        folder = folder.sudo()
        code = code_of(folder._block_url(folder.piece_ids[0]))
        response = self.url_open(f"/verify/{code}")
        self.assertEqual(response.status_code, 200)
        text = " ".join(html.fromstring(response.text).text_content().split())
        for words in (
            "Not finished",
            "Signatures: 1 of 2",
            "Mohamed Benallal",
            "Has not signed",
            folder.reference,
        ):
            self.assertIn(words, text)
        self.assertNotIn(folder.title, text)
        self.assertEqual(self.url_open("/verify/AAAA-AAAA-AAAA-AAAA").status_code, 404)
