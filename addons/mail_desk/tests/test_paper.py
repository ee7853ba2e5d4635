import base64
import io

import pikepdf
import qrcode
from PIL import Image

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.gov_base.lib import ink, margin, placement

from ..models.desk_fiche import PREFIX
from .common import DeskCase


class PaperCase(DeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.urbanism.desk_on_paper = True

    def _fiche(self, letter):
        return letter.fiche_ids.filtered(lambda one: one.state == "to_print")[:1]

    def _scan(self, *fiches):
        pages = [fiche.with_user(self.hu)._render_pdf() for fiche in fiches]
        out = pikepdf.new()
        for page in pages:
            with pikepdf.open(io.BytesIO(page)) as pdf:
                out.pages.append(pdf.pages[0])
        stream = io.BytesIO()
        out.save(stream)
        return base64.b64encode(stream.getvalue())

    def _file(self, user, scan, **vals):
        return (
            self.env["desk.scan.wizard"]
            .with_user(user)
            .create({"file": scan, "filename": "scan.pdf", **vals})
            .action_confirm()
        )


@tagged("post_install", "-at_install")
class TestFiche(PaperCase):
    """A slip goes out on paper and its scan finds the letter by itself."""

    def test_out_and_back(self):
        letter = self._assigned()
        fiche = self._fiche(letter)
        self.assertEqual((fiche.unit_id, fiche.state), (self.urbanism, "to_print"))
        action = fiche.with_user(self.hu).action_print()
        self.assertTrue(action["url"].endswith(f"{fiche.id}.pdf"))
        self.assertEqual(fiche.state, "printed")
        scan = self._scan(fiche)
        codes = ink.codes(base64.b64decode(scan))
        self.assertIn((0, PREFIX + fiche.code), codes)
        self._file(self.au, scan, comment="Called back")
        self.assertEqual(fiche.state, "returned")
        self.assertEqual(len(fiche.gov_document_ids), 1)
        self.assertIn("Called back", " ".join(self._sentences(letter, self.hu)))
        self.assertEqual(letter.desk_state, "assigned")

    def test_treated_on_paper_closes(self):
        filing = self.env.ref("mail_desk.desk_instruction_filing")
        letter = self._assigned(instruction_id=filing.id)
        fiche = self._fiche(letter)
        self._file(self.au, self._scan(fiche), is_treated=True, comment="Done")
        self.assertEqual(letter.desk_state, "closed")

    def test_treated_is_not_answered(self):
        letter = self._assigned(instruction_id=self.action.id)
        scan = self._scan(self._fiche(letter))
        with self.refused(UserError, "is to be answered"):
            self._file(self.au, scan, is_treated=True, comment="Done")

    def test_a_stack_is_cut(self):
        first, second = self._assigned(), self._assigned()
        fiches = self._fiche(first) | self._fiche(second)
        self._file(self.hu, self._scan(*fiches))
        self.assertEqual(set(fiches.mapped("state")), {"returned"})
        for fiche in fiches:
            content = fiche.gov_document_ids.current_version_id._read_content()
            self.assertEqual(ink.codes(content), [(0, PREFIX + fiche.code)])

    def test_a_stack_that_cannot_be_cut(self):
        codes = [self._fiche(self._assigned()).code for _letter in range(2)]
        page = Image.new("RGB", (1200, 1600), "white")
        for at, code in enumerate(codes):
            picture = qrcode.make(PREFIX + code).get_image().convert("RGB")
            page.paste(picture, (300, 100 + 700 * at))
        stream = io.BytesIO()
        page.save(stream, "PNG")
        with self.refused(UserError, "Two slips lie on one page"):
            self._file(self.hu, base64.b64encode(stream.getvalue()))
        with self.assertRaises(placement.PlacementRefused):
            placement.cut(stream.getvalue(), [0, 1])

    def test_of_another_letter(self):
        letter, other = self._assigned(), self._assigned()
        scan = self._scan(self._fiche(other))
        with self.refused(UserError, f"belongs to the letter {other.display_name}"):
            self._file(self.au, scan, letter_id=letter.id)
        self.assertFalse(self._fiche(letter).gov_document_ids)

    def test_of_a_letter_one_may_not_read(self):
        scan = self._scan(self._fiche(self._assigned()))
        for user in (self.al, self.stranger):
            with self.refused(UserError, "no letter you may read"):
                self._file(user, scan)

    def test_without_code(self):
        letter = self._assigned()
        blank = pikepdf.new()
        blank.add_blank_page()
        stream = io.BytesIO()
        blank.save(stream)
        scan = base64.b64encode(stream.getvalue())
        with self.refused(UserError, "No code can be read"):
            self._file(self.au, scan)
        with self.refused(UserError, "Compare the paper"):
            self._file(self.au, scan, letter_id=letter.id)
        self._file(self.au, scan, letter_id=letter.id, is_checked=True)
        self.assertIn("without code", " ".join(self._sentences(letter, self.hu)))
        with self.refused(UserError, "."):
            self._file(self.au, base64.b64encode(b"MZ\x00"), letter_id=letter.id)

    def test_dispatched_otherwise(self):
        letter = self._assigned()
        first = self._fiche(letter)
        self._row(letter, self.hu).action_redirect(
            unit_id=self.legal.id, reason="Not ours"
        )
        self._row(letter, self.hl).action_return(reason="It is yours")
        self.assertFalse(first.state == "printed")
        if first.state == "cancelled":
            with self.refused(UserError, "not needed any more"):
                first.with_user(self.dg).action_print()

    def test_nobody_writes_slips(self):
        fiche = self._fiche(self._assigned()).with_user(self.supervisor)
        with self.assertRaises(AccessError):
            fiche.write({"state": "returned"})
        with self.refused(UserError, "Choose the slips"):
            fiche.browse().action_print()


@tagged("post_install", "-at_install")
class TestMargin(PaperCase):
    """What a head writes beside a letter stands on the rendition, never on the original."""

    def test_write_and_strike(self):
        letter = self._assigned()
        letter.with_user(self.hu).action_write_margin("À traiter avec le DRH", page=1)
        self.assertEqual(letter.margin_ids.actor_name, self.hu.name)
        self.assertIn("avec le DRH", " ".join(self._sentences(letter, self.au)))
        with self.refused(AccessError, "Only who wrote"):
            letter.margin_ids.with_user(self.dg).action_strike()
        letter.margin_ids.with_user(self.hu).action_strike()
        with self.refused(AccessError, "Only who wrote"):
            letter.margin_ids.with_user(self.hu).action_strike()

    def test_who_and_what(self):
        letter = self._assigned()
        with self.refused(AccessError, "Only the head"):
            letter.with_user(self.au).action_write_margin("x")
        head = letter.with_user(self.hu)
        for odd in ("", "   ", "x" * 501, [], {}):
            with self.subTest(odd=odd), self.refused(UserError, "at most"):
                head.action_write_margin(odd)
        for odd in (0, -1, "1", None, 2**40):
            with self.subTest(odd=odd), self.refused(UserError, "Pages are counted"):
                head.action_write_margin("x", page=odd)
        letter._desk_close("treated", "x")
        with self.refused(UserError, "closed"):
            head.action_write_margin("x")

    def test_the_rendition(self):
        notes = [
            margin.Note(0, "Pour attribution, avec diligence " * 30, "Le directeur"),
            margin.Note(99, "عاجل جدا", "المدير"),
        ]
        for size, turn in (((595, 842), 0), ((842, 595), 90), ((1191, 842), 0)):
            source = pikepdf.new()
            for _page in range(2):
                source.add_blank_page(page_size=size)
                source.pages[-1].Rotate = turn
            stream = io.BytesIO()
            source.save(stream)
            for rtl in (False, True):
                made = margin.rendition(
                    stream.getvalue(), notes, heading="2026/000143", rtl=rtl
                )
                with pikepdf.open(io.BytesIO(made)) as pdf:
                    self.assertGreaterEqual(len(pdf.pages), 2)
        for broken in (b"", b"%PDF-1.7", b"x" * 99):
            with self.assertRaises(margin.RenditionRefused):
                margin.rendition(broken, notes, heading="x")


@tagged("post_install", "-at_install")
class TestPaperPages(HttpCase, PaperCase):
    """Pages for paper: who may not read gets the same answer as for nothing."""

    def test_served_to_who_may_read(self):
        letter = self._assigned()
        fiche = self._fiche(letter)
        fiche.with_user(self.hu).action_print()
        addresses = [
            f"/desk/fiches/{fiche.id}.pdf",
            f"/desk/letter/{letter.id}/margin.pdf",
        ]
        nothing = [
            "/desk/fiches/0.pdf",
            "/desk/fiches/999999.pdf",
            "/desk/fiches/x,1.pdf",
            "/desk/letter/999999999999.pdf/margin.pdf",
        ]
        self.authenticate(self.hu.login, self.hu.login)
        found = self.url_open(addresses[0])
        self.assertEqual(found.status_code, 200)
        self.assertTrue(found.content.startswith(b"%PDF"))
        for address in nothing:
            self.assertEqual(self.url_open(address).status_code, 404, address)
        self.authenticate(self.al.login, self.al.login)
        for address in addresses:
            self.assertEqual(self.url_open(address).status_code, 404, address)
