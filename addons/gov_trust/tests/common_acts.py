"""What the tests of acts share: signers in memory, prepared files, both checkers."""

import importlib.util
import io
import re
from pathlib import Path
from unittest.mock import patch

import pikepdf

from odoo.tests import BaseCase

from ..lib import acts
from .common_keys import authority, loaded, person

TOOL = Path(__file__).resolve().parents[3] / "tools" / "verify.py"
SPOTS = {
    "S1": (40, 60, 200, 110),
    "S2": (220, 60, 380, 110),
    "S3": (40, 130, 200, 180),
    "S4": (220, 130, 380, 180),
}
SEAL_SPOT = (380, 740, 560, 800)


def page_pdf(pages=2, size=(595, 842), **entries):
    """A small PDF with text on each page; ``entries`` go into every page."""
    pdf = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
    )
    for number in range(pages):
        page = pdf.add_blank_page(page_size=size)
        text = f"BT /F1 12 Tf 60 700 Td (Amount {number}: 1000 DH) Tj ET"
        page.Contents = pdf.make_stream(text.encode())
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        for key, value in entries.items():
            page[f"/{key}"] = value
    pdf.docinfo["/Title"] = "Decision"
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def block_pdf(text="Signed", size=(160, 50)):
    """The drawing of a block: one page."""
    pdf = pikepdf.open(io.BytesIO(page_pdf(1, size)))
    pdf.pages[0].Contents = pdf.make_stream(
        f"0 0 1 RG 1 1 158 48 re S BT /F1 9 Tf 8 20 Td ({text}) Tj ET".encode()
    )
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def fields(count=2, page=1, seal=True):
    """Fields S1… on a page and the seal on the first."""
    made = [
        acts.Field(name, "signature", acts.Box(page, spot))
        for name, spot in list(SPOTS.items())[:count]
    ]
    closing = acts.Field("Seal", "seal", acts.Box(0, SEAL_SPOT))
    return [*made, closing] if seal else made


def rebuilt(raw):
    """Write the table of contents of a hand-made file again."""
    body = raw[: raw.rindex(b"xref\n0 ")]
    places = {int(m[1]): m.start() for m in re.finditer(rb"(?m)^(\d+) 0 obj", body)}
    size = max(places) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n" % size + b"".join(
        b"%010d 00000 n \n" % places[number] for number in range(1, size)
    )
    trailer = raw[raw.rindex(b"trailer") : raw.rindex(b"startxref")]
    trailer = re.sub(rb"/Size \d+", b"/Size %d" % size, trailer)
    return body + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(body)


def plain_pdf():
    """A small PDF without compressed objects, to be changed by hand."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(page_pdf())) as opened:
        opened.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def revised(pdf, change):
    """Append a revision in which ``change(writer)`` did something; nobody signs it."""
    writer = acts._writer(pdf)
    change(writer)
    return acts._written(writer, pdf)


class ActCase(BaseCase):
    """A platform in memory, and every file shown to both checkers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        spec = importlib.util.spec_from_file_location("maktab_verify_act", TOOL)
        cls.tool = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(cls.tool)
        cls.root_key, cls.root = authority()
        names = ("Ahmed Alami", "رشيد التازي", "Fatima Zahra Idrissi", "Driss")
        cls.people = [
            person(cls.root_key, cls.root, name, f"RBT-01-{number}")
            for number, name in enumerate(names, 1)
        ]
        cls.seal_key = loaded(cls.root_key, cls.root)
        cls.roots = [cls.tool.x509.load_der_x509_certificate(cls.root)]
        cls.block = block_pdf()
        cls.prepared = acts.prepare(page_pdf(), fields())
        cls.one = cls.sign(cls.prepared, "S1")
        cls.two = cls.sign(cls.one, "S2")
        cls.closed = cls.sign(cls.two, "Seal")

    @classmethod
    def sign(cls, pdf, name, key=None, **more):
        if key is None:
            key = cls.seal_key if name == "Seal" else cls.people[int(name[1:]) - 1]
        more.setdefault("appearance", cls.block)
        return acts.sign(pdf, name, key, **more)

    def sign_with(self, pdf, name, change, key=None):
        """Sign in a revision in which something else is changed too."""
        plain = acts._writer

        def writer(raw):
            made = plain(raw)
            change(made)
            return made

        with patch.object(acts, "_writer", writer):
            return self.sign(pdf, name, key)

    def assertActHolds(self, pdf, closed):
        act = acts.check(pdf, [self.root])
        self.assertEqual(act.closed, closed)
        told = self.tool.check(pdf, self.roots)
        self.assertEqual(
            told["verdict"], "valid" if closed else "indeterminate", told["reasons"]
        )
        self.assertEqual(
            [(one["field"], one["kind"] == "seal") for one in told["signatures"]],
            [(one.field, one.kind == "seal") for one in act.signatures],
        )
        return act

    def assertActBroken(self, pdf, roots=None):
        with self.assertRaises(acts.ActBroken) as caught:
            acts.check(pdf, [self.root] if roots is None else roots)
        told = self.tool.check(pdf, self.roots)
        if roots is None:
            self.assertEqual(told["verdict"], "invalid", told)
        return str(caught.exception)
