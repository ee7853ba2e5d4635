"""What follows the seal is proof and nothing else; each attack meets both checkers."""

import io
from unittest.mock import patch

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string

from odoo.tests import tagged

from ..lib import acts, lta, lta_append
from .common_acts import fields, page_pdf, revised
from .common_lta import LtaCase
from .test_acts_attacks import (
    TAMPERINGS,
    annotation,
    appearance_replaced,
    empty_field,
    field_of,
    other_pages,
    page_of,
    replace_text,
    signature_copied,
    text_field,
)


def store_in(writer):
    return writer.root["/DSS"]


def entry_removed(writer):
    del store_in(writer)["/CRLs"]
    writer.update_container(store_in(writer))


def certificate_removed(writer):
    del store_in(writer)["/Certs"][0]
    writer.update_container(store_in(writer))


def certificates_reordered(writer):
    store_in(writer)["/Certs"].reverse()
    writer.update_container(store_in(writer))


def list_rewritten(writer):
    stream = store_in(writer)["/CRLs"][0]
    writer.mark_update(store_in(writer)["/CRLs"].raw_get(0))
    stream._data, stream._encoded_data = b"0\x03\x02\x01\x01", None


def store_dropped(writer):
    del writer.root["/DSS"]
    writer.update_root()


def store_replaced(writer):
    stream = writer.add_object(generic.StreamObject(stream_data=b"0\x03\x02\x01\x01"))
    writer.root["/DSS"] = writer.add_object(
        generic.DictionaryObject({pdf_name("/CRLs"): generic.ArrayObject([stream])})
    )
    writer.update_root()


def store_with_more(writer):
    store_in(writer)["/AA"] = generic.DictionaryObject()
    writer.update_container(store_in(writer))


def store_with_text(writer):
    stream = generic.StreamObject(stream_data=b"no certificate at all")
    store_in(writer)["/Certs"].append(writer.add_object(stream))
    writer.update_container(store_in(writer))


def store_names_a_page(writer):
    store_in(writer)["/Certs"].append(page_of(writer).raw_get("/Contents"))
    writer.update_container(store_in(writer))


def extension_with_more(writer):
    writer.root["/Extensions"] = generic.DictionaryObject(
        {pdf_name("/XXXX"): generic.DictionaryObject()}
    )
    writer.update_root()


def nothing(writer):
    """A revision that changes nothing at all."""
    writer.update_root()


def stray_object(writer):
    writer.add_object(generic.StreamObject(stream_data=b"BT (900000) Tj ET"))


def time_stamp_shown(writer):
    field = field_of(writer, "Timestamp1")
    field["/Rect"] = generic.ArrayObject(map(generic.NumberObject, (60, 600, 300, 700)))
    writer.update_container(field)


def time_stamp_drawn(writer):
    field = field_of(writer, "Timestamp1")
    stream = generic.StreamObject(stream_data=b"1 0 0 rg 0 0 999 999 re f")
    field["/AP"] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(stream)})
    writer.update_container(field)


def time_stamp_dropped(writer):
    field = field_of(writer, "Timestamp1")
    del field["/V"]
    writer.update_container(field)


STORE = (
    *(entry_removed, certificate_removed, certificates_reordered, list_rewritten),
    *(store_dropped, store_replaced, store_with_more, store_with_text),
    *(store_names_a_page, extension_with_more),
)
STAMP = (time_stamp_shown, time_stamp_drawn, time_stamp_dropped)
#: Of the acts' own: these need a file without a store.
PAGES = [one for one in TAMPERINGS if one.__name__ != "store_added"]
#: Of those, one of each kind; :mod:`.test_acts_attacks` tries all.
KINDS = [replace_text, annotation, appearance_replaced, text_field, other_pages]


@tagged("standard")
class TestAfterTheSeal(LtaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lasting = lta.extend(cls.closed, cls.store, cls.stamp, "B-LT")
        cls.proven = lta.extend(cls.closed, cls.store, cls.stamp)

    def with_change(self, change):
        """Let ``change(writer)`` take part in the revisions that are appended."""
        plain = lta_append._writer

        def writer(raw):
            made = plain(raw)
            change(made)
            return made

        return patch.object(lta_append, "_writer", writer)

    def test_a_revision_after_it(self):
        for change in (*PAGES, *STORE, *STAMP, empty_field, nothing, stray_object):
            with self.subTest(change.__name__):
                self.assertActBroken(revised(self.proven, change))
        self.assertActBroken(
            revised(lta.extend(self.one, self.store, self.stamp), signature_copied)
        )

    def test_a_revision_after_a_store_that_nobody_signed(self):
        for change in (*KINDS, *STORE, empty_field, nothing, stray_object):
            with self.subTest(change.__name__), self.assertRaises(acts.ActBroken):
                acts.check(revised(self.lasting, change), self.store)

    def test_and_a_time_stamp_over_it(self):
        for change in (*KINDS, *STORE, *STAMP, empty_field):
            with self.subTest(change.__name__):
                pdf = revised(self.proven, change)
                self.assertActBroken(lta.add_timestamp(pdf, self.stamp))

    def test_in_the_revision_of_the_time_stamp(self):
        for change in (*KINDS, *STORE, *STAMP, empty_field):
            with self.subTest(change.__name__), self.with_change(change):
                self.assertActBroken(lta.add_timestamp(self.proven, self.stamp))

    def test_in_the_revision_of_the_store(self):
        for change in (*KINDS, empty_field, stray_object, extension_with_more):
            with self.subTest(change.__name__), self.with_change(change):
                pdf = lta.add_dss(self.closed, [self.root], [self.crl])
                self.assertActBroken(pdf)

    def test_between_two_signatures(self):
        proven = lta.extend(self.one, self.store, self.stamp)
        for change in (*STORE, *STAMP):
            with self.subTest(change.__name__):
                self.assertActBroken(self.sign(revised(proven, change), "S2"))

    def test_signed_after_a_seal_and_a_time_stamp(self):
        with patch.object(acts, "_refuse_closed", lambda _there: None):
            pdf = acts.prepare(page_pdf(), fields(3))
            pdf = self.sign(self.sign(pdf, "S1"), "Seal")
            pdf = lta.extend(pdf, self.store, self.stamp)
            self.assertActBroken(self.sign(pdf, "S2"))

    def test_the_page_shows_what_the_store_holds(self):
        """One array for both: whoever adds a certificate would add to the page."""

        def shared(writer):
            page = page_of(writer)
            array = generic.ArrayObject([page.raw_get("/Contents")])
            ref = writer.add_object(array)
            page["/Contents"] = ref
            writer.update_container(page)
            writer.root["/DSS"] = writer.add_object(
                generic.DictionaryObject({pdf_name("/CRLs"): ref})
            )
            writer.update_root()

        def grown(writer):
            stream = generic.StreamObject(stream_data=b"0\x03\x02\x01\x01")
            store_in(writer)["/CRLs"].append(writer.add_object(stream))
            writer.update_container(store_in(writer)["/CRLs"])

        pdf = self.sign(acts.prepare(revised(page_pdf(), shared), fields(3)), "S1")
        self.assertActBroken(revised(pdf, grown))
        self.assertActBroken(self.sign(revised(pdf, grown), "S2"))

    def test_annotations_prepared_for_the_page_of_the_time_stamp(self):
        """An array nobody used yet becomes that of the page, with the field in it."""

        def hidden(writer):
            annotation(writer, 0)
            page = page_of(writer, 0)
            writer.root["/Kept"] = page.raw_get("/Annots")
            del page["/Annots"]
            writer.update_container(page)
            writer.update_root()

        boxes = [one for one in fields(3) if one.kind == "signature"]
        base = revised(page_pdf(), hidden)
        pdf = self.sign(acts.prepare(base, boxes), "S1")

        def shown(writer):
            page = page_of(writer, 0)
            page["/Annots"] = writer.root.raw_get("/Kept")
            writer.update_container(page)

        with self.with_change(shown):
            self.assertActBroken(lta.add_timestamp(pdf, self.stamp))

    def test_a_time_stamp_of_another_file(self):
        other = lta.add_timestamp(self.two, self.stamp)
        token = self.stamp(b"\1" * 32)
        with patch("odoo.addons.gov_trust.lib.tsp.read_token"):
            pdf = lta.add_timestamp(self.closed, lambda _digest: token)
        self.assertActBroken(pdf)
        self.assertEqual(lta.level(pdf, self.store), "B-B")
        self.assertActHolds(other, False)

    def test_fields_that_only_look_like_a_time_stamp_of_ours(self):
        shown = (60, 600, 300, 700)
        cut = generic.ArrayObject(map(generic.NumberObject, (60, 600, 60, 700)))
        note = {"/Subtype": pdf_name("/FreeText"), "/Contents": pdf_string("900000")}
        self.assertActHolds(self.stamped(self.one, "T1"), False)
        self.assertActHolds(self.stamped(self.closed, "T1"), True)
        for name, pdf in (
            ("a signer's box", self.stamped(self.one, "S2", spec=None)),
            ("shown", self.stamped(self.one, "T1", box=shown)),
            ("shown after the seal", self.stamped(self.closed, "T1", box=shown)),
            ("a line", self.stamped(self.one, "T1", entries={"/Rect": cut})),
            ("a note", self.stamped(self.one, "T1", entries=note)),
            (
                "an action",
                self.stamped(
                    self.one, "T1", entries={"/AA": generic.DictionaryObject()}
                ),
            ),
            ("a signature", self.stamped(self.one, "T1", kind="/Sig")),
        ):
            with self.subTest(name):
                self.assertActBroken(pdf)

    def stamped(self, pdf, name, spec=True, box=None, entries=None, kind=None):
        """A document time-stamp as somebody else would write it."""
        from pyhanko.sign.fields import SigFieldSpec
        from pyhanko.sign.signers import cms_embedder, pdf_byterange

        writer = lta_append._writer(pdf)
        spec = spec and SigFieldSpec(name, box=box)
        steps = cms_embedder.PdfCMSEmbedder(spec).write_cms(name, writer)
        next(steps).get_object().update(
            {pdf_name(key): value for key, value in (entries or {}).items()}
        )
        holder = pdf_byterange.DocumentTimestamp(bytes_reserved=16384)
        if kind:
            holder[pdf_name("/Type")] = pdf_name(kind)
        steps.send(cms_embedder.SigObjSetup(holder))
        prepared, out = steps.send(
            cms_embedder.SigIOSetup("sha256", output=io.BytesIO())
        )
        steps.send(self.stamp(prepared.document_digest))
        return out.getvalue()

    def test_flipped_bytes(self):
        for spot in range(len(self.closed), len(self.proven), 211):
            changed = bytearray(self.proven)
            changed[spot] ^= 0x01
            with self.subTest(spot):
                self.assertActBroken(bytes(changed))

    def test_what_is_cut_off(self):
        """Without the time-stamp it still holds, and says less of itself."""
        stored = self.proven[: len(lta.add_dss(self.closed, [], []))]
        self.assertActHolds(stored, True)
        for size in (len(self.closed) + 1, len(self.proven) - 1):
            with self.assertRaises(acts.ActBroken):
                acts.check(self.proven[:size], [self.root])

    def test_it_is_written_as_others_do(self):
        """pyHanko's own store and time-stamp hold as well."""
        from asn1crypto import crl as asn1_crl, x509
        from pyhanko.sign.validation.dss import DocumentSecurityStore

        def theirs(writer, contents, certificate):
            DocumentSecurityStore.supply_dss_in_writer(
                writer,
                contents,
                certs=[x509.Certificate.load(certificate)],
                crls=[asn1_crl.CertificateList.load(self.crl)],
            )

        pdf = revised(self.closed, lambda writer: theirs(writer, b"00", self.root))
        self.assertActHolds(pdf, True)
        own = self.people[0].certificate
        pdf = revised(pdf, lambda writer: theirs(writer, b"01", own))
        self.assertActHolds(pdf, True)
        made = lta.extend(pdf, self.store, self.stamp)
        self.assertProven(made, True, "B-LTA")
