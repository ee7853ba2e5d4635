import io
import os
import pathlib
import stat
import tempfile
import zipfile
from unittest import skipUnless

import docx
import pypdfium2

from odoo.exceptions import UserError
from odoo.tests import BaseCase, TransactionCase, tagged

from ..lib import office
from ..lib.office import pdf as office_pdf
from .office_files import word

KEYS = {"name": "Name", "job": "Job"}
LOOPS = {"lines": {"label": "Lines", "keys": {"label": "Label", "price": "Price"}}}
NAMES = {name: list(loop["keys"]) for name, loop in LOOPS.items()}


def with_xml(content, old, new):
    """The same .docx with something else in the XML of its text."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w") as made,
    ):
        for name in source.namelist():
            data = source.read(name)
            if name == "word/document.xml":
                data = data.replace(old.encode(), new.encode())
            made.writestr(name, data)
    return out.getvalue()


def text_of(pdf):
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return "\n".join(page.get_textpage().get_text_range() for page in document)


@tagged("post_install", "-at_install")
class TestOfficeWords(BaseCase):
    """What a template of Word may say, and what comes out of it."""

    def _codes(self, *paragraphs, **parts):
        _found, problems = office.inspect(word(*paragraphs, **parts), KEYS, NAMES)
        return [one.code for one in problems]

    def test_fields_conditions_and_rows(self):
        content = word(
            "{{ name }}",
            "{% if job == 'x' %}one{% elif not job %}two{% else %}three{% endif %}",
            rows=[
                ["{%tr for row in lines %}", ""],
                ["{{ row.label }}", "{{ row.price }}"],
                ["{%tr endfor %}", ""],
            ],
            header="{{ job }}",
        )
        found, problems = office.inspect(content, KEYS, NAMES)
        self.assertEqual(problems, [])
        self.assertEqual(set(found), {"name", "job", "lines"})
        rows = [{"label": "A", "price": "1"}, {"label": "B", "price": "2"}]
        filled = office.fill(
            content, {"name": "N", "job": "x", "lines": rows}, KEYS, NAMES
        )
        document = docx.Document(io.BytesIO(filled))
        self.assertEqual([p.text for p in document.paragraphs][:2], ["N", "one"])
        self.assertEqual(len(document.tables[0].rows), 2)
        self.assertEqual(document.sections[0].header.paragraphs[0].text, "x")

    def test_values_are_text(self):
        hostile = (
            "<w:p/>",
            "{{ 7*7 }} {% if 1 %}",
            "</w:t></w:r><script>",
            "]]> &amp; & < > \" '",
            "{_{ x }_}",
            "اسم é ⵣ\nsecond line",
        )
        for value in hostile:
            filled = office.fill(word("[{{ name }}]"), {"name": value}, KEYS)
            text = docx.Document(io.BytesIO(filled)).paragraphs[0].text
            shown = value.replace("{_{", "{{").replace("}_}", "}}")
            self.assertEqual(text, f"[{shown}]", value)

    def test_nothing_runs(self):
        for words in (
            "{{ ''.__class__.__mro__ }}",
            "{{ name.__class__ }}",
            "{{ name['x'] }}",
            "{{ name|attr('x') }}",
            "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
            "{{ self._TemplateReference__context }}",
            "{{ lipsum() }}",
            "{{ 'a' * 999999999 }}",
            "{{ 9 ** 9 ** 9 }}",
            "{% for i in range(99999) %}x{% endfor %}",
            "{% for a in lines %}{% for b in lines %}x{% endfor %}{% endfor %}",
            "{% for a in lines recursive %}x{% endfor %}",
            "{% set x = 1 %}",
            "{% macro m() %}{% endmacro %}",
            "{% include '/etc/passwd' %}",
            "{% import 'os' as os %}",
            "{% extends 'x' %}",
            "{% filter upper %}x{% endfilter %}",
            "{{r name }}",
            "{{ name if job else name }}",
            "{{ name ~ job }}",
            "{{ name",
            "{{ " + "(" * 9000 + "name" + ")" * 9000 + " }}",
        ):
            with self.subTest(words=words[:60]):
                with self.assertRaises(office.Wrong):
                    office.fill(word(words), {"name": "n", "lines": []}, KEYS, NAMES)

    def test_an_unknown_field_is_named_with_its_place(self):
        _found, [problem] = office.inspect(word("Dear {{ nmae }},"), KEYS)
        self.assertEqual(
            (problem.code, problem.words, problem.part), ("unknown", "nmae", "text")
        )
        self.assertEqual(problem.place, "Dear {{ nmae }},")
        _found, [problem] = office.inspect(word("x", header="{{ y }}"), KEYS)
        self.assertEqual(problem.part, "header")
        self.assertEqual(self._codes("{% for row in rows %}{% endfor %}"), ["list"])

    def test_fields_of_word_that_fetch(self):
        content = word("FIELD {{ name }}")
        run = "<w:t>FIELD {{ name }}</w:t>"
        for instruction in (
            'INCLUDEPICTURE "http://x/{{ name }}"',
            "DDEAUTO c x",
            "INCLUDETEXT x",
        ):
            made = with_xml(content, run, f"<w:instrText>{instruction}</w:instrText>")
            codes = [one.code for one in office.inspect(made, KEYS)[1]]
            self.assertIn("field", codes, instruction)
        cut = with_xml(content, run, "<w:instrText>INCLUDE{{ name }} x</w:instrText>")
        with self.assertRaises(office.Wrong):
            office.fill(cut, {"name": "PICTURE"}, KEYS)

    def test_heavy_and_broken_files_are_an_answer(self):
        self.assertEqual(self._codes("{%" * 20_000), ["heavy"])
        for content in (b"", b"PK", b"x" * 100, word("x")[:-200]):
            codes = [one.code for one in office.inspect(content, KEYS)[1]]
            self.assertEqual(codes, ["unreadable"])


@tagged("post_install", "-at_install")
class TestOfficePdf(TransactionCase):
    """LibreOffice: what it makes, and what happens when it does not."""

    def _program(self, lines):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = pathlib.Path(folder.name) / "soffice"
        path.write_text("#!/bin/sh\n" + lines, "utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    @skipUnless(office.program(), "LibreOffice is not on this machine")
    def test_a_page(self):
        pdf = self.env["gov.office"]._to_pdf(word("Décision محمد"), "docx")
        self.assertIn("Décision", text_of(pdf))

    def test_it_hangs_fails_or_says_nothing(self):
        sleeping = self._program("sleep 60\n")
        with self.assertRaises(office.Hanging):
            office.to_pdf(b"x", "docx", office=sleeping, seconds=1)
        with self.assertRaises(office.Failed):
            office.to_pdf(b"x", "docx", office=self._program("exit 3\n"))
        with self.assertRaises(office.Failed):
            office.to_pdf(b"x", "docx", office=self._program("exit 0\n"))
        noisy = self._program("echo no > document.pdf\n")
        with self.assertRaises(office.Failed):
            office.to_pdf(b"x", "docx", office=noisy)

    def test_it_is_not_there(self):
        self.patch(office_pdf, "program", lambda: None)
        with self.assertRaisesRegex(UserError, "LibreOffice is not installed"):
            self.env["gov.office"]._to_pdf(b"x", "docx")

    @skipUnless(
        os.uname().machine in ("x86_64", "aarch64"), "no filter for this processor"
    )
    def test_it_reaches_nobody(self):
        asked = self._program(
            'python3 -c "import socket; socket.socket(socket.AF_INET)" 2>told.txt\n'
            "printf '%%PDF-1.4 ' > document.pdf; tail -1 told.txt >> document.pdf\n"
        )
        told = office.to_pdf(b"x", "docx", office=asked)
        self.assertIn(b"Operation not permitted", told)
        inside = self._program(
            "python3 -c \"import socket; socket.socket(socket.AF_UNIX); print('ok')\" >told.txt\n"
            "printf '%%PDF-1.4 ' > document.pdf; cat told.txt >> document.pdf\n"
        )
        self.assertIn(b"ok", office.to_pdf(b"x", "docx", office=inside))


@tagged("post_install", "-at_install")
class TestReportPdf(TransactionCase):
    """Reports of any app, set as our own documents are."""

    def test_a_report_is_a_page(self):
        employee = self.env["hr.employee"].create({"name": "Zineb El Fassi"})
        pdf = self.env["gov.typeset"]._render_report(
            "hr.print_employee_badge", employee, "en_US"
        )
        self.assertIn("Zineb El Fassi", text_of(pdf))

    def test_nothing_is_fetched(self):
        typeset = self.env["gov.typeset"]
        for address in (
            "http://127.0.0.1/x.png",
            "file:///etc/passwd",
            "/logo.png",
            "//x/y",
        ):
            with self.assertRaisesRegex(UserError, "not part of it"):
                typeset._report_pdf(f'<html><body><img src="{address}"/></body></html>')
        page = (
            "<html><head><script>x</script><link href='http://x/y.css'/></head><body>"
            "<p style='background:url(http://x/y.png)'>Words</p></body></html>"
        )
        self.assertIn("Words", text_of(typeset._report_pdf(page)))

    def test_a_report_that_is_gone(self):
        employee = self.env["hr.employee"].create({"name": "Zineb"})
        with self.assertLogs("odoo.addons.gov_base", "WARNING"):
            with self.assertRaisesRegex(UserError, "could not be made"):
                self.env["gov.typeset"]._render_report("x.y", employee, "en_US")
