"""Attacks on acts; each is shown to the library and to tools/verify.py."""

import io
import random
from unittest.mock import patch

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..lib import acts, acts_form
from .common_acts import (
    SPOTS,
    ActCase,
    fields,
    page_pdf,
    plain_pdf,
    rebuilt,
    revised,
)
from .common_keys import person
from .test_acts import CONTENTS


def field_of(writer, name):
    return acts_form.sig_fields(writer)[name].get_object()


def page_of(writer, number=1):
    return writer.find_page_for_modification(number)[0].get_object()


def replace_text(writer):
    stream = page_of(writer)["/Contents"]
    writer.mark_update(page_of(writer).raw_get("/Contents"))
    stream._encoded_data = None
    stream._data = b"BT /F1 12 Tf 60 700 Td (Amount 1: 900000 DH) Tj ET"
    stream.pop("/Filter", None)


def other_contents(writer):
    page = page_of(writer)
    page["/Contents"] = writer.add_object(
        generic.StreamObject(stream_data=b"BT /F1 30 Tf 60 700 Td (900000) Tj ET")
    )
    writer.update_container(page)


def annotation(writer, page_number=1):
    ref = writer.find_page_for_modification(page_number)[0]
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Contents"): pdf_string("900000 DH"),
            pdf_name("/DA"): pdf_string("/Helv 12 Tf"),
            pdf_name("/Rect"): generic.ArrayObject(
                map(generic.NumberObject, (60, 690, 300, 720))
            ),
        }
    )
    writer.register_annotation(ref, writer.add_object(note))


def page_removed(writer):
    pages = writer.root["/Pages"]
    del pages["/Kids"][1]
    pages["/Count"] = generic.NumberObject(1)
    writer.update_container(pages)


def page_turned(writer):
    page = page_of(writer)
    page["/Rotate"] = generic.NumberObject(180)
    writer.update_container(page)


def page_cropped(writer):
    page = page_of(writer)
    page["/CropBox"] = generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 400)))
    writer.update_container(page)


def font_replaced(writer):
    font = page_of(writer)["/Resources"]["/Font"]["/F1"]
    font["/BaseFont"] = pdf_name("/ZapfDingbats")
    writer.update_container(font)


def box_moved(writer):
    field = field_of(writer, "S1")
    field["/Rect"] = generic.ArrayObject(map(generic.NumberObject, (40, 660, 400, 760)))
    writer.update_container(field)


def appearance_replaced(writer):
    field = field_of(writer, "S1")
    drawn = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): field["/AP"]["/N"]["/BBox"],
        },
        stream_data=b"1 0 0 rg 0 0 999 999 re f",
    )
    field["/AP"] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(drawn)})
    writer.update_container(field)


def appearance_rewritten(writer):
    field = field_of(writer, "S1")
    stream = field["/AP"]["/N"]
    stream._encoded_data = None
    stream._data = b"1 0 0 rg 0 0 999 999 re f"
    stream.pop("/Filter", None)
    writer.mark_update(field["/AP"].raw_get("/N"))


def field_renamed(writer):
    field = field_of(writer, "S1")
    field["/T"] = pdf_string("S99")
    writer.update_container(field)


def signature_copied(writer):
    """One signature in two fields: it would count as two persons."""
    field = field_of(writer, "S2")
    field["/V"] = field_of(writer, "S1").raw_get("/V")
    writer.update_container(field)


def signature_dropped(writer):
    field = field_of(writer, "S1")
    del field["/V"]
    writer.update_container(field)


def field_dropped(writer):
    form = writer.root["/AcroForm"]
    del form["/Fields"][0]
    writer.update_container(form)


def lock_loosened(writer):
    lock = field_of(writer, "Seal")["/Lock"]
    lock["/P"] = generic.NumberObject(3)
    writer.update_container(lock)


def text_field(writer):
    form = writer.root["/AcroForm"]
    form["/Fields"].append(
        writer.add_object(
            generic.DictionaryObject(
                {
                    pdf_name("/FT"): pdf_name("/Tx"),
                    pdf_name("/T"): pdf_string("amount"),
                    pdf_name("/V"): pdf_string("900000"),
                }
            )
        )
    )
    writer.update_container(form)


def empty_field(writer):
    box = acts.Box(1, (60, 600, 300, 700))
    acts_form.append_fields(writer, [acts.Field("S9", "signature", box)], {})


def opens_with_a_script(writer):
    writer.root["/OpenAction"] = generic.DictionaryObject(
        {
            pdf_name("/S"): pdf_name("/JavaScript"),
            pdf_name("/JS"): pdf_string("app.alert('paid')"),
        }
    )
    writer.update_root()


def store_added(writer):
    writer.root["/DSS"] = writer.add_object(generic.DictionaryObject())
    writer.update_root()


def other_pages(writer):
    """The catalog shows another tree of pages, which nobody signed."""
    pages = writer.import_object(writer.root["/Pages"])
    writer.root["/Pages"] = writer.add_object(pages)
    writer.update_root()


def other_title(writer):
    info = writer.trailer_view["/Info"] if hasattr(writer, "trailer_view") else None
    info = writer.prev.trailer_view["/Info"] if info is None else info
    info["/Title"] = pdf_string("Another decision")
    writer.update_container(info)


TAMPERINGS = (
    *(replace_text, other_contents, annotation, page_removed, page_turned),
    *(page_cropped, font_replaced, box_moved, appearance_replaced),
    *(appearance_rewritten, field_renamed, signature_dropped, field_dropped),
    *(lock_loosened, text_field, opens_with_a_script, store_added, other_pages),
    *(other_title,),
)


@tagged("standard")
class TestTamperedActs(ActCase):
    def test_after_the_last_signature(self):
        for change in (*TAMPERINGS, empty_field):
            for name, pdf in (("open", self.two), ("closed", self.closed)):
                with self.subTest(change.__name__, act=name):
                    self.assertActBroken(revised(pdf, change))
        with self.subTest("signature copied"):
            self.assertActBroken(revised(self.one, signature_copied))

    def test_before_the_next_signature(self):
        """A signer, or whoever holds the file between two, changes what was signed."""
        for change in TAMPERINGS:
            if change is field_renamed or change is field_dropped:
                continue
            with self.subTest(change.__name__):
                self.assertActBroken(self.sign(revised(self.one, change), "S2"))

    def test_in_the_revision_of_the_next_signature(self):
        for change in TAMPERINGS:
            with self.subTest(change.__name__):
                self.assertActBroken(self.sign_with(self.one, "S2", change))

    def test_in_the_revision_of_the_seal(self):
        for change in (replace_text, annotation, page_removed, appearance_replaced):
            with self.subTest(change.__name__):
                self.assertActBroken(self.sign_with(self.two, "Seal", change))
                self.assertActBroken(self.sign(revised(self.two, change), "Seal"))

    def test_a_stray_box_before_the_next_signature(self):
        self.assertActBroken(self.sign(revised(self.one, empty_field), "S2"))
        self.assertActBroken(self.sign_with(self.one, "S2", empty_field))

    def test_a_late_box_over_another(self):
        box = acts.Box(1, (100, 80, 250, 100))
        field = acts.Field("S3", "signature", box)
        with patch.object(acts_form, "meet", lambda _one, _other: False):
            opened = acts.add_field(self.one, field)
        self.assertActBroken(self.sign(opened, "S3"))

    def test_a_late_field_for_a_seal(self):
        pdf = self.sign(acts.prepare(page_pdf(), fields(1, seal=False)), "S1")
        seal = fields(0)[0]

        def late(writer):
            acts_form.append_fields(writer, [seal], acts_form.sig_fields(writer))

        self.assertActBroken(self.sign(revised(pdf, late), "Seal"))

    @mute_logger("pyhanko.pdf_utils.reader")
    def test_what_was_left_empty_on_purpose(self):
        """Shadow attack: an object that nothing defines when the first person signs."""
        raw, spot = plain_pdf(), b"/Contents 6 0 R"
        self.assertIn(spot, raw)
        for number in range(20, 40):
            hollow = rebuilt(raw.replace(spot, b"/Contents [6 0 R %d 0 R]" % number))
            with self.assertRaisesRegex(acts.ActRefused, "cannot be prepared"):
                acts.prepare(hollow, fields())
            with patch.object(acts, "_refuse_hollow", lambda _pdf: None):
                pdf = self.sign(acts.prepare(hollow, fields()), "S1")
            signed = self.sign(pdf, "S2")
            if b"\n%d 0 obj" % number in signed[len(pdf) :]:
                self.assertActBroken(signed)
                break
        else:
            self.fail("no object took the number that was left empty")


@tagged("standard")
class TestForgedActs(ActCase):
    def test_a_signature_in_two_fields(self):
        self.assertActBroken(revised(self.one, signature_copied))
        self.assertActBroken(self.sign(revised(self.one, signature_copied), "Seal"))

        def twin(writer):
            value = field_of(writer, "S1")["/V"]
            copy = generic.DictionaryObject(value)
            field = field_of(writer, "S2")
            field["/V"] = writer.add_object(copy)
            writer.update_container(field)

        self.assertActBroken(revised(self.one, twin))
        self.assertActBroken(self.sign(revised(self.one, twin), "Seal"))

    def test_seal_and_persons_do_not_stand_for_each_other(self):
        with patch.object(acts, "_refuse_key", lambda _key, _kind: None):
            sealed_by_person = self.sign(self.two, "Seal", self.people[2])
            person_by_seal = self.sign(self.one, "S2", self.seal_key)
            closed = self.sign(person_by_seal, "Seal")
        self.assertIn("a person's, not a seal", self.assertActBroken(sealed_by_person))
        self.assertIn("a seal, not a person's", self.assertActBroken(person_by_seal))
        self.assertActBroken(closed)

    def test_signed_after_the_seal(self):
        with patch.object(acts, "_refuse_closed", lambda _there: None):
            pdf = acts.prepare(page_pdf(), fields(3))
            closed = self.sign(self.sign(pdf, "S1"), "Seal")
            self.assertActBroken(self.sign(closed, "S2"))
            late = acts.Field("S9", "signature", acts.Box(1, (40, 300, 200, 350)))
            added = acts.add_field(closed, late)
            self.assertActBroken(added)
            self.assertActBroken(self.sign(added, "S9", self.people[0]))

    def test_truncated_anywhere_else(self):
        for size in (
            *(0, 1, 100, len(self.prepared) - 1, len(self.prepared)),
            *(len(self.one) - 1, len(self.one) + 1, len(self.two) + 200),
            len(self.closed) - 1,
        ):
            with self.subTest(size), self.assertRaises(acts.ActBroken):
                acts.check(self.closed[:size], [self.root])
            told = self.tool.check(self.closed[:size], self.roots)
            self.assertNotEqual(told["verdict"], "valid")
            self.assertFalse(
                told["verdict"] == "indeterminate" and told["signatures"], size
            )

    def test_a_middle_signature_cut_out(self):
        without = self.one + self.closed[len(self.two) :]
        self.assertActBroken(without)

    def test_flipped_bytes_of_each_signature(self):
        for match in CONTENTS.finditer(self.closed):
            spots = [
                *range(match.start() - 20, match.start() + 60, 3),
                *random.Random(3).sample(range(match.start(), match.end()), 40),
                *range(match.end() - 2, match.end() + 60, 3),
            ]
            self.flip(spots)

    def test_flipped_bytes_anywhere(self):
        spots = random.Random(20261124).sample(range(len(self.closed)), 120)
        self.flip([0, 5, len(self.closed) - 1, *spots])

    def flip(self, spots):
        for spot in spots:
            changed = bytearray(self.closed)
            changed[spot] ^= 0x01
            with self.subTest(spot):
                self.assertActBroken(bytes(changed))

    def test_the_case_of_a_digit(self):
        match = CONTENTS.search(self.closed)
        lower = match[1].decode().lower().encode()
        self.assertNotEqual(lower, match[1])
        self.assertActBroken(self.closed.replace(match[1], lower))

    def test_a_signature_moved_from_another_act(self):
        other = self.sign(acts.prepare(page_pdf(3), fields()), "S1")
        mine, theirs = (CONTENTS.search(pdf)[1] for pdf in (self.one, other))
        self.assertEqual(len(mine), len(theirs))
        self.assertActBroken(self.one.replace(mine, theirs))

    def test_a_byte_range_that_leaves_more_out(self):
        """Signature wrapping: what is not covered can be changed at will."""
        match = CONTENTS.search(self.one)
        begin, end = match.start(1) - 1, match.end(1) + 1
        tail = len(self.one) - end
        told = b"/ByteRange [0 %d %d %d" % (begin, end, tail)
        self.assertIn(told, self.one)
        for zero, first, second, length in (
            (0, begin - 1, end, tail),
            (0, begin, end + 1, tail - 1),
            (0, begin, end, tail - 1),
            (1, begin, end, tail),
        ):
            forged = b"/ByteRange [%d %d %d %d" % (zero, first, second, length)
            forged = forged.ljust(len(told))[: max(len(told), len(forged))]
            if len(forged) == len(told):
                self.assertActBroken(self.one.replace(told, forged))

    def test_a_form_value_changed_after_signature(self):
        """A file that was not prepared here: it holds a field somebody can fill in."""
        form = pikepdf.open(io.BytesIO(page_pdf()))
        text = pikepdf.Dictionary(FT=pikepdf.Name.Tx, T="amount", V="1000")
        form.Root.AcroForm = form.make_indirect(
            pikepdf.Dictionary(Fields=[form.make_indirect(text)])
        )
        out = io.BytesIO()
        form.save(out)
        with patch.object(acts, "refuse_form", lambda _writer, _pdf: None):
            pdf = self.sign(acts.prepare(out.getvalue(), fields()), "S1")

        def more(writer):
            field = writer.root["/AcroForm"]["/Fields"][0]
            field["/V"] = pdf_string("900000")
            writer.update_container(field)

        for forged in (pdf, revised(pdf, more), self.sign(revised(pdf, more), "S2")):
            self.assertActBroken(forged)

    def test_two_persons_on_one_base(self):
        """Parallel signatures: each file holds one, they cannot be put together."""
        left, right = self.one, self.sign(self.prepared, "S2")
        self.assertActHolds(left, False)
        self.assertActHolds(right, False)
        self.assertActBroken(left + right[len(self.prepared) :])

    def test_a_widget_outside_the_form(self):
        def hidden(writer):
            ref = writer.find_page_for_modification(1)[0]
            widget = generic.DictionaryObject(
                {
                    pdf_name("/Type"): pdf_name("/Annot"),
                    pdf_name("/Subtype"): pdf_name("/Widget"),
                    pdf_name("/FT"): pdf_name("/Sig"),
                    pdf_name("/T"): pdf_string("S9"),
                    pdf_name("/V"): field_of(writer, "S1").raw_get("/V"),
                    pdf_name("/Rect"): generic.ArrayObject(
                        map(generic.NumberObject, SPOTS["S4"])
                    ),
                }
            )
            writer.register_annotation(ref, writer.add_object(widget))

        self.assertActBroken(revised(self.one, hidden))
        self.assertActBroken(self.sign(revised(self.one, hidden), "S2"))

    def test_a_person_whose_certificate_says_two_things(self):
        odd = person(self.root_key, self.root, mark="RBT-01")
        self.assertActHolds(self.sign(self.prepared, "S1", odd), False)
        with patch.object(acts, "_refuse_key", lambda _key, _kind: None):
            self.assertActBroken(self.sign(self.two, "Seal", odd))
