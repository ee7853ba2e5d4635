import base64
import io

import pypdfium2
from PIL import Image, TiffImagePlugin  # noqa: F401

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.gov_base.lib import ink, page_code

from .common_outgoing import OutgoingCase


@tagged("post_install", "-at_install")
class TestSignedPaper(OutgoingCase):
    """Printed, signed on paper, scanned back: this letter, or a refusal that says why."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.office.write({"desk_allow_paper": True, "desk_allow_internal": False})

    def _printed(self, **vals):
        reply = self._validated(**vals)
        action = reply.action_print_to_sign()
        self.assertEqual(action["url"], f"/gov/document/{reply.print_version_id.id}")
        self.assertEqual(reply.state, "paper")
        return reply

    def _pages(self, reply, dpi=200):
        """What a scanner gives: grey pictures of the printed pages."""
        pdf = reply.sudo().print_version_id._read_content()
        document = pypdfium2.PdfDocument(pdf)
        pages = [page.render(scale=dpi / 72).to_pil().convert("L") for page in document]
        document.close()
        return pages

    def _scan(self, pages, kind="PDF"):
        stream = io.BytesIO()
        more = {"save_all": True, "append_images": pages[1:]} if kind != "PNG" else {}
        pages[0].save(stream, format=kind, resolution=200, dpi=(200, 200), **more)
        return base64.b64encode(stream.getvalue()).decode()

    def _blank(self, page):
        """A page whose code a coffee cup covers."""
        page = page.copy()
        width, height = page.size
        page.paste(255, (0, int(height * 0.9), width, height))
        return page

    def _long(self):
        return "".join(f"<p>Attendu n° {n} {'mot ' * 90}</p>" for n in range(12))

    def test_from_the_print_to_the_number(self):
        reply = self._validated()
        self.assertFalse(reply.can_number)
        self.assertTrue(reply.can_print)
        self.assertIn("signed on paper", reply.todo)
        with self.refused(UserError, "must be signed first"):
            reply.action_number()
        with self.refused(UserError, "not out to be signed"):
            reply.action_scan_signed("x")
        with self.refused(AccessError, "Only the author"):
            reply.with_user(self.au2).action_print_to_sign()
        reply.action_print_to_sign()
        printed = reply.print_version_id
        self.assertEqual(
            ink.codes(printed.sudo()._read_content()),
            [(0, f"MKT:SIGN:{reply.reference}:{reply.base[:16].upper()}:1/1")],
        )
        with self.refused(UserError, "not scanned back"):
            reply.action_number()
        self.assertEqual(
            reply.action_print_to_sign()["url"], f"/gov/document/{printed.id}"
        )
        scan = self._scan(self._pages(reply))
        self.assertFalse(self._outgoing_count())
        wizard = Form(
            self.env["desk.signed.wizard"]
            .with_user(self.au)
            .with_context(**reply.action_scan_signed()["context"])
        )
        wizard.file = scan
        wizard.save().action_confirm()
        self.assertEqual((reply.state, reply.signing_way), ("numbering", "paper"))
        self.assertFalse(reply.scan_by_hand)
        self._close()
        self.assertEqual(reply.state, "sealed", reply.closing_error)
        sealed = reply.sudo().final_version_id._read_content()
        self.assertIn(
            reply.reference,
            [
                page_code.parse(text).reference
                for _page, text in ink.codes(sealed)
                if text.startswith("MKT:")
            ],
        )
        self.assertEqual(reply.scan_version_id.document_id.role, "rendition")
        label = reply.action_print_label()
        self.assertIn("/gov/document/", label["url"])
        lines = " ".join(self._sentences(reply.answers_id, self.au))
        self.assertIn("its codes are those of this letter", lines)
        kinds = (
            self.env["gov.journal.event"]
            .sudo()
            .search(
                [("subject_model", "=", reply._name), ("subject_id", "=", reply.id)]
            )
        )
        self.assertIn("desk.paper_scanned", kinds.mapped("kind"))
        reply.action_send("post", "RR 1")
        self.assertEqual(reply.answers_id.desk_closing, "answered")

    def _outgoing_count(self):
        register = self.office._get_register("outgoing")
        return self.env["registry.entry"].search_count(
            [("register_id", "=", register.id)]
        )

    def test_the_paper_of_another_letter(self):
        reply, other = self._printed(), self._printed()
        scan = self._scan(self._pages(other))
        for checked in (False, True):
            with self.refused(UserError, f"not the letter .*{other.reference}"):
                reply.action_scan_signed(scan, is_checked=checked)
        self.assertFalse(reply.scan_version_id)
        self.assertFalse(self._outgoing_count())
        mixed = self._scan([*self._pages(reply), *self._pages(other)])
        with self.refused(UserError, "not the letter"):
            reply.action_scan_signed(mixed, is_checked=True)

    def test_words_that_were_approved_before(self):
        reply = self._printed()
        old = self._scan(self._pages(reply))
        reply.action_take_back()
        self.assertEqual(reply.state, "draft")
        reply.body = "<p>Votre demande est refusée.</p>"
        reply.action_submit(levels=1)
        reply.with_user(self.hu).action_decide("approve", base=reply.base)
        reply.action_print_to_sign()
        with self.refused(UserError, "approved before"):
            reply.action_scan_signed(old, is_checked=True)
        reply.action_scan_signed(self._scan(self._pages(reply)))
        self.assertEqual(reply.state, "numbering")

    def test_pages(self):
        reply = self._printed(body=self._long())
        pages = self._pages(reply)
        self.assertGreater(len(pages), 1)
        with self.refused(UserError, f"has {len(pages)} pages, this scan 1"):
            reply.action_scan_signed(self._scan(pages[:1]), is_checked=True)
        with self.refused(UserError, "twice"):
            reply.action_scan_signed(self._scan([*pages, pages[0]]), is_checked=True)
        with self.refused(UserError, "not in order"):
            reply.action_scan_signed(self._scan(pages[::-1]), is_checked=True)
        with self.refused(UserError, r"cannot be read on every page \(2\)"):
            reply.action_scan_signed(
                self._scan([pages[0], self._blank(pages[1]), *pages[2:]])
            )
        # Empty backs of a scanner that takes both sides.
        backs = [
            one for page in pages for one in (page, Image.new("L", page.size, 255))
        ]
        reply.action_scan_signed(self._scan(backs, "TIFF"), "signed.tif")
        self.assertEqual(reply.state, "numbering")

    def test_no_readable_code_is_confirmed_and_logged(self):
        reply = self._printed()
        scan = self._scan([self._blank(page) for page in self._pages(reply)], "PNG")
        with self.refused(UserError, "Compare the paper with the letter"):
            reply.action_scan_signed(scan, "scan.png")
        for odd in (1, "yes", [1], {"a": 1}):
            with self.refused(UserError, "Compare the paper"):
                reply.action_scan_signed(scan, "scan.png", is_checked=odd)
        reply.action_scan_signed(scan, "scan.png", is_checked=True)
        self.assertTrue(reply.scan_by_hand)
        lines = " ".join(self._sentences(reply.answers_id, self.au))
        self.assertIn("confirmed that it is this letter", lines)
        self._close()
        self.assertEqual(reply.state, "sealed", reply.closing_error)

    def test_what_is_no_scan(self):
        reply = self._printed()
        for odd in (
            "",
            "%%%",
            7,
            [1],
            {"a": 1},
            True,
            base64.b64encode(b"x" * 9).decode(),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                reply.action_scan_signed(odd, "scan.pdf", is_checked=True)
        with self.refused(AccessError, "Only the author"):
            reply.with_user(self.au2).action_scan_signed("eA==")
        self.assertEqual(reply.state, "paper")

    def test_given_up_and_printed_again(self):
        reply = self._printed()
        reply.action_leave_paper()
        self.assertEqual(reply.state, "validated")
        with self.refused(UserError, "not out to be signed"):
            reply.action_scan_signed("eA==")
        reply.action_print_to_sign()
        with self.refused(UserError, "under way"):
            reply.answers_id.with_user(self.hu).action_close("x", kind="no_reply")

    def test_nature_says_how(self):
        nature = self.env["registry.nature"].create(
            {
                "name": "Décision",
                "company_id": self.company.id,
                "desk_signing": "internal",
            }
        )
        reply = self._validated(nature_id=nature.id)
        self.assertTrue(reply.can_number)
        with self.refused(UserError, "must be signed first"):
            reply.action_print_to_sign()
        with self.refused(UserError, "was submitted"):
            reply.nature_id = False
        reply.action_number()
        self._close()
        self.assertEqual(reply.signing_way, "internal")
        self.assertEqual(reply.sudo().letter_id.nature_id, nature)
        self.office.desk_allow_paper = False
        blocked = self._validated()
        self.assertIn("no way to sign it", blocked.todo)
        with self.refused(UserError, "No way to sign"):
            blocked.action_number()

    def test_nothing_by_write(self):
        reply = self._printed()
        for vals in (
            {"signing_way": "paper"},
            {"scan_version_id": reply.print_version_id.id},
            {"scan_by_hand": True},
            {"state": "numbering"},
        ):
            with self.assertRaises(AccessError):
                reply.write(vals)
            with self.assertRaises(AccessError):
                reply.sudo().with_context(desk_gate=True).write(vals)
