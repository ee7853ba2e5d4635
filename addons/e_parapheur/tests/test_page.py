import io

from pikepdf import Name
from PIL import Image

from odoo.tests import HttpCase, tagged

from odoo.addons.gov_base.tests.pdf_files import changed, note

from .common import BookSetUp, pdf


@tagged("post_install", "-at_install", "alone")
class TestPage(BookSetUp, HttpCase):
    """Pages of a document as pictures: for whoever reads the folder, one 404 for the others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_book()

    def page(self, user, version, page=0, query=""):
        self.authenticate(user.login, user.login)
        return self.url_open(f"/parapheur/document/{version}/page/{page}{query}")

    def test_a_picture_and_its_refusals(self):
        folder = self._submitted(content=pdf(pages=2))
        version = folder.main_ids.current_version_id
        shown = self.page(self.head, version.id, 1, "?width=300")
        self.assertEqual(shown.status_code, 200)
        self.assertEqual(Image.open(io.BytesIO(shown.content)).width, 300)
        for header, value in (
            ("Content-Type", "image/png"),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
            ("Content-Security-Policy", "sandbox; default-src 'none'"),
        ):
            self.assertEqual(shown.headers[header], value)
        log = self.env["gov.consultation"].sudo()
        again = self.page(self.head, version.id, 0, "?width=99999999999&clean=1")
        self.assertEqual(again.status_code, 200)
        self.assertEqual(log.search_count([("version_id", "=", version.id)]), 1)
        for query in ("?width=-1", "?width=%F0%9F%98%80", "?width[]=3&clean=x"):
            self.assertEqual(
                self.page(self.head, version.id, 0, query).status_code, 200
            )
        refused = [
            self.page(self.head, version.id, 2),
            self.page(self.head, version.id, 10**12),
            self.page(self.head, 0),
            self.page(self.head, 10**30),
            self.page(self.other, version.id),
            self.page(self.stranger, version.id),
        ]
        self.assertEqual({one.status_code for one in refused}, {404})
        self.logout()
        self.opener.cookies.clear()
        away = self.url_open(
            f"/parapheur/document/{version.id}/page/0", allow_redirects=False
        )
        self.assertEqual(away.status_code, 303)

    def test_a_draft_is_shown_as_it_will_be(self):
        def comment(document):
            note(document, Subtype=Name.Text, Contents="x")

        folder = self._draft(content=changed(pdf(), comment))
        version = folder.main_ids.current_version_id.id
        raw = self.page(self.clerk, version).content
        clean = self.page(self.clerk, version, 0, "?clean=1").content
        self.assertNotEqual(raw, clean)
        self.assertEqual(self.page(self.head, version).status_code, 200)
        self.assertEqual(self.page(self.signer, version).status_code, 404)
