import io
import re

import pikepdf
import pypdfium2
from pikepdf import Dictionary, Name

from odoo.tests import BaseCase, tagged

from ..lib import hygiene
from . import intake_files as files
from .pdf_files import A3, SCRIPT, changed, drawn, field, note, photo


@tagged("standard", "alone", "at_install")
class TestHygiene(BaseCase):
    """What a document hides, does and shows; each file is made here."""

    def examine(self, pdf, **options):
        report = hygiene.examine(pdf, **options)
        self.assertIsNone(report.refusal, report.facts)
        return report

    def codes(self, report):
        return {(code, page) for code, page, _facts in report.rows}

    def facts(self, report, code):
        return next(facts for one, _page, facts in report.rows if one == code)

    def words(self, pdf):
        document = pypdfium2.PdfDocument(pdf)
        return "\n".join(page.get_textpage().get_text_range() for page in document)

    def refused(self, pdf, code):
        report = hygiene.examine(pdf)
        self.assertEqual((report.refusal, report.content), (code, None))
        self.assertEqual(report.level, "refused")
        return report

    # ------------------------------------------------------------------
    # What goes
    # ------------------------------------------------------------------
    def test_a_plain_document_stays_what_it_is(self):
        pdf = drawn(pages=3)
        report = self.examine(pdf)
        self.assertEqual(self.codes(report), {("font_standard", 0)})
        self.assertEqual(report.level, "info")
        self.assertEqual(report.before, report.after)
        self.assertEqual(len(report.pages), 3)
        self.assertEqual(self.words(report.content), self.words(pdf))
        again = self.examine(report.content)
        self.assertEqual(again.after, report.after)

    def test_scripts_actions_and_embedded_files_go(self):
        spec = (
            "<< /Type /Filespec /F (secret.exe) /UF (secret.exe) /EF << /F 6 0 R >> >>"
        )
        pdf = files.pdf(
            catalog=f"/OpenAction {SCRIPT} /AA << /WC {SCRIPT} >> /Names << /JavaScript "
            f"<< /Names [(a) {SCRIPT}] >> /EmbeddedFiles << /Names [(secret.exe) 5 0 R] >> >>",
            page=f"/AA << /O {SCRIPT} >>",
            objects=[spec, files.stream(b"MZ", "/Type /EmbeddedFile")],
        )
        report = self.examine(pdf)
        self.assertLessEqual(
            {("scripts", 0), ("actions", 0), ("embedded", 0)}, self.codes(report)
        )
        self.assertIn("secret.exe", self.facts(report, "embedded")["names"])
        for word in (b"JavaScript", b"/AA", b"OpenAction", b"EmbeddedFile", b"/JS"):
            self.assertNotIn(word, report.content)
        self.assertEqual(self.examine(report.content).level, "info")

    def test_every_kind_of_action_goes_with_its_link(self):
        kinds = ("URI", "Launch", "GoToR", "SubmitForm", "ImportData", "JavaScript")

        def links(document):
            for kind in kinds:
                note(
                    document,
                    Subtype=Name.Link,
                    A=Dictionary(S=Name(f"/{kind}"), URI="http://x.example", JS="x()"),
                )

            # As tagged documents do: a link is reached by its page and by its tag.
            document.Root.StructTreeRoot = document.make_indirect(
                Dictionary(Type=Name.StructTreeRoot, K=document.pages[0].obj.Annots)
            )

        report = self.examine(changed(drawn(), links))
        self.assertEqual(self.facts(report, "links")["count"], len(kinds))
        self.assertNotIn(b"/Annots", report.content)
        self.assertNotRegex(report.content, b"/(URI|Launch|GoToR|SubmitForm|JS)")

    def test_bookmarks_keep_their_places_only(self):
        def outline(document):
            item = document.make_indirect(
                Dictionary(
                    Title="x",
                    A=Dictionary(S=Name.Launch, F="cmd.exe"),
                )
            )
            document.Root.Outlines = document.make_indirect(
                Dictionary(Type=Name.Outlines, First=item, Last=item, Count=1)
            )
            item.Parent = document.Root.Outlines

        report = self.examine(changed(drawn(), outline))
        self.assertNotIn(b"cmd.exe", report.content)
        self.assertIn(("links", 0), self.codes(report))

    def test_a_form_becomes_part_of_its_page(self):
        def form(document):
            field(document, V="1000 DH")
            document.Root.AcroForm.NeedAppearances = True

        report = self.examine(changed(drawn(), form))
        self.assertIn(("form", 1), self.codes(report))
        self.assertIn("1000 DH", self.words(report.content))
        clean = pikepdf.open(io.BytesIO(report.content))
        self.assertNotIn("/AcroForm", clean.Root)
        self.assertNotIn("/Annots", clean.pages[0])
        self.assertNotIn(("looks_other", 1), self.codes(report))

    def test_stamps_are_drawn_notes_and_hidden_ones_go(self):
        def notes(document):
            note(
                document,
                Subtype=Name.FreeText,
                Contents="APPROVED",
                DA="/Helv 12 Tf 0 g",
            )
            note(document, Subtype=Name.Text, Contents="between us")
            note(document, Subtype=Name.Square, C=[1, 0, 0]).F = 2
            note(document, Subtype=Name.Redact)
            note(document, Subtype=Name.Stamp, Contents="no picture of its own")

        report = self.examine(changed(drawn(), notes))
        self.assertLessEqual(
            {
                ("annotations", 1),
                ("notes", 1),
                ("hidden_annotations", 1),
                ("redactions", 1),
                ("annotations_gone", 1),
            },
            self.codes(report),
        )
        self.assertIn("APPROVED", self.words(report.content))
        self.assertNotIn(b"between us", report.content)
        self.assertEqual(report.level, "warning")

    def test_a_stamp_over_words_is_told(self):
        def stamp(document):
            made = note(document, Subtype=Name.Square, C=[1, 0, 0], IC=[1, 1, 1])
            made.Rect = [60, 760, 300, 790]

        report = self.examine(changed(drawn(), stamp))
        self.assertIn(("over_text", 1), self.codes(report))
        # And so is what it covers, now that it is part of the page.
        self.assertIn(("text_covered", 1), self.codes(report))

    def test_layers_that_are_shown_become_content(self):
        def layers(document, **default):
            group = document.make_indirect(Dictionary(Type=Name.OCG, Name="Layer"))
            document.Root.OCProperties = Dictionary(
                OCGs=[group], D=Dictionary(Order=[group], **default)
            )
            page = document.pages[0]
            page.obj.Resources.Properties = Dictionary(L0=group)
            page.contents_add(b"/OC /L0 BDC 10 10 50 50 re f EMC")
            return group

        report = self.examine(changed(drawn(), layers))
        self.assertIn(("layers", 0), self.codes(report))
        self.assertNotRegex(report.content, b"/OCG|/OCProperties")
        self.assertEqual(report.before, report.after)
        self.refused(
            changed(drawn(), lambda one: layers(one, BaseState=Name.OFF)), "layers"
        )

        def hidden(document):
            group = layers(document)
            document.Root.OCProperties.D.OFF = [group]

        def choosing(document):
            group = layers(document)
            document.pages[0].obj.Resources.Properties.L0 = Dictionary(
                Type=Name.OCMD, OCGs=[group], P=Name.AllOff
            )

        def printed(document):
            group = layers(document)
            group.Usage = Dictionary(Print=Dictionary(PrintState=Name.OFF))
            document.Root.OCProperties.D.AS = [
                Dictionary(Event=Name.Print, Category=[Name.Print], OCGs=[group])
            ]

        self.refused(changed(drawn(), hidden), "layers")
        self.refused(changed(drawn(), printed), "layers")
        self.refused(changed(drawn(), choosing), "layers")

    def test_a_dynamic_form_is_refused_a_static_one_is_flattened(self):
        def static(document):
            field(document, V="SHOWN")
            document.Root.AcroForm.XFA = document.make_stream(b"<xdp/>")

        def dynamic(document):
            static(document)
            document.Root.NeedsRendering = True

        report = self.examine(changed(drawn(), static))
        self.assertIn(("xfa", 0), self.codes(report))
        self.assertIn("SHOWN", self.words(report.content))
        self.assertNotIn(b"XFA", report.content)
        self.refused(changed(drawn(), dynamic), "xfa")

    def test_earlier_versions_and_orphans_go(self):
        first = files.pdf(objects=[files.stream(b"BT (ghost of the amount) Tj ET")])
        start = int(re.findall(rb"startxref\s+(\d+)", first)[-1])
        body = (
            b"4 0 obj\n"
            + files.stream(b"BT /F1 12 Tf 72 720 Td (now) Tj ET")
            + b"\nendobj\n"
        )
        later = first + body
        later += b"xref\n4 1\n%010d 00000 n \n" % len(first)
        later += (
            b"trailer\n<< /Size 7 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
            % (
                start,
                len(first) + len(body),
            )
        )
        report = self.examine(later)
        self.assertEqual(self.facts(report, "versions")["count"], 1)
        self.assertEqual(report.content.count(b"%%EOF"), 1)
        self.assertNotIn("ghost", repr(report.content))
        self.assertEqual(len(pikepdf.open(io.BytesIO(report.content)).objects), 4)

    # ------------------------------------------------------------------
    # Pages
    # ------------------------------------------------------------------
    def test_turned_pages_are_baked(self):
        for turn in (90, 180, 270):
            with self.subTest(turn=turn):

                def rotate(document, turn=turn):
                    document.pages[0].obj.Rotate = turn
                    document.pages[0].obj.MediaBox = [20, 30, 615, 872]

                report = self.examine(changed(drawn(), rotate))
                self.assertIn(("turned", 1), self.codes(report))
                self.assertNotIn(("looks_other", 1), self.codes(report))
                (page,) = report.pages
                self.assertEqual(page["rotation"], 0)
                wide = (595, 842) if turn == 180 else (842, 595)
                self.assertEqual((page["width"], page["height"]), wide)
                self.assertIn("Decision", self.words(report.content))

    def test_a_turn_inherited_from_the_tree_is_baked_too(self):
        def rotate(document):
            document.Root.Pages.Rotate = 90
            for page in document.pages:
                del page.obj.Rotate

        report = self.examine(changed(drawn(pages=2), rotate))
        self.assertEqual([one["rotation"] for one in report.pages], [0, 0])
        self.assertLessEqual({("turned", 1), ("turned", 2)}, self.codes(report))
        self.assertFalse({code for code, _page in self.codes(report)} & {"looks_other"})

    def test_what_lies_outside_the_crop_box_is_told(self):
        def crop(document):
            document.pages[0].obj.CropBox = [0, 0, 595, 500]

        report = self.examine(changed(drawn(), crop))
        self.assertLessEqual({("cropped", 1), ("text_outside", 1)}, self.codes(report))
        self.assertEqual(report.pages[0]["box"], [0, 0, 595, 500])
        self.assertEqual(report.pages[0]["height"], 500)

    def test_pages_that_cannot_circulate(self):
        def none(document):
            del document.pages[0]

        def twice(document):
            kids = document.Root.Pages.Kids
            kids.append(kids[0])
            document.Root.Pages.Count = 2

        self.refused(changed(drawn(), none), "no_page")
        self.refused(drawn(size=(40, 40)), "page_size")
        self.refused(drawn(size=(20_000, 300)), "page_size")
        report = hygiene.examine(changed(drawn(), twice))
        # qpdf copies a page that stands twice; read from elsewhere it is refused.
        self.assertIn(report.refusal, (None, "page_twice"))

    def test_large_and_many(self):
        report = self.examine(drawn(pages=300, size=A3))
        self.assertEqual(len(report.after), 300)
        self.assertEqual(report.pages[299]["width"], 842)

    # ------------------------------------------------------------------
    # What is refused
    # ------------------------------------------------------------------
    def test_files_nobody_can_vouch_for(self):
        self.refused(files.encrypted_pdf(), "encrypted")
        self.refused(files.encrypted_pdf(user=""), "encrypted")
        for broken in (
            b"",
            b"%PDF-1.7",
            drawn()[:-400],
            b"\0" * 999,
            files.recursive_pdf(),
        ):
            self.refused(broken, "broken")
        self.refused(files.pdf(catalog="/Collection << /View /T >>"), "portfolio")
        outside = files.stream(b"", "/F (/etc/passwd)")
        self.refused(files.pdf(objects=[outside]), "external")

    # ------------------------------------------------------------------
    # What is hidden
    # ------------------------------------------------------------------
    def test_hidden_text_is_listed_by_its_kind(self):
        def white(canvas):
            canvas.setFillColorRGB(1, 1, 1)
            canvas.drawString(72, 300, "white words")
            canvas.setFillColorRGB(0, 0, 0)

        def near_white_over_a_line(canvas):
            canvas.line(60, 304, 400, 304)
            canvas.setFillColorRGB(0.99, 0.99, 0.99)
            canvas.drawString(72, 300, "nearly white words")

        def invisible(canvas):
            text = canvas.beginText(72, 300)
            text.setTextRenderMode(3)
            text.textLine("no ink words")
            canvas.drawText(text)

        def transparent(canvas):
            canvas.setFillAlpha(0)
            canvas.drawString(72, 300, "glass words")

        def outside(canvas):
            canvas.drawString(700, 300, "far away words")

        def tiny(canvas):
            canvas.setFont("Helvetica", 0.5)
            canvas.drawString(72, 300, "dust words")

        def scaled(canvas):
            canvas.scale(0.05, 0.05)
            canvas.drawString(1500, 6000, "scaled words")

        def under_a_picture(canvas):
            canvas.drawString(72, 300, "buried words")
            canvas.drawImage(photo(), 60, 290, 200, 40)

        def under_a_shape(canvas):
            canvas.drawString(72, 300, "boxed words")
            canvas.setFillColorRGB(1, 1, 1)
            canvas.rect(60, 290, 200, 40, stroke=0, fill=1)
            canvas.setFillColorRGB(0, 0, 0)
            canvas.drawString(72, 300, "other words")

        for draw, code in (
            (white, "text_colour"),
            (near_white_over_a_line, "text_colour"),
            (invisible, "text_invisible"),
            (transparent, "text_colour"),
            (outside, "text_outside"),
            (tiny, "text_tiny"),
            (scaled, "text_tiny"),
            (under_a_picture, "text_covered"),
            (under_a_shape, "text_covered"),
        ):
            with self.subTest(draw=draw.__name__):
                report = self.examine(drawn(draw, pages=2))
                found = self.codes(report) - {("font_standard", 0)}
                self.assertEqual(found, {(code, 1), (code, 2)})
                self.assertIn("words", self.facts(report, code)["words"])
                self.assertNotIn("other", self.facts(report, code)["words"])

    def test_white_on_black_is_seen(self):
        def draw(canvas):
            canvas.rect(60, 290, 200, 40, stroke=0, fill=1)
            canvas.setFillColorRGB(1, 1, 1)
            canvas.drawString(72, 300, "title of a table")

        self.assertEqual(self.examine(drawn(draw)).level, "info")

    def test_the_words_of_a_scan_are_told_apart(self):
        def scan(canvas):
            text = canvas.beginText(72, 300)
            text.setTextRenderMode(3)
            text.textLine("recognised words")
            canvas.drawImage(photo(), 0, 0, 595, 842)
            canvas.drawText(text)

        report = self.examine(drawn(scan))
        self.assertIn("ocr", {code for code, _page in self.codes(report)})
        self.assertNotIn("text_invisible", {code for code, _page in self.codes(report)})

    def test_fonts_that_are_not_in_the_file(self):
        def font(document):
            for item in document.objects:
                if isinstance(item, Dictionary) and item.get("/Type") == "/Font":
                    item.BaseFont = Name("/Marhaba-Bold")

        report = self.examine(changed(drawn(), font))
        self.assertEqual(self.facts(report, "font_missing")["names"], ["Marhaba-Bold"])

    def test_too_many_pieces_are_told(self):
        def flood(document):
            page = document.pages[0]
            page.contents_add(b"BT /F1 9 Tf 10 10 Td (x) Tj ET " * 2000)
            page.contents_add(b"10 10 5 5 re f " * 2000)

        report = self.examine(changed(drawn(), flood))
        self.assertIn(("text_unread", 1), self.codes(report))
