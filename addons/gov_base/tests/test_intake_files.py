import random
import socket
import threading
import zlib
from dataclasses import replace

from odoo.tests import BaseCase, tagged

from ..lib.intake import Limits, inspect
from . import intake_files as files

TYPE, ENCRYPTED, UNREADABLE, BOMB, POLYGLOT = (
    "wrong_type",
    "encrypted",
    "unreadable",
    "bomb",
    "polyglot",
)
MIB = 1024 * 1024
ODT = "application/vnd.oasis.opendocument.text"


class InspectCase(BaseCase):
    """Helpers: what is refused with which code, what is accepted with which findings."""

    def assertRefused(self, code, content, name="letter.pdf", limits=None):
        report = inspect(content, name, limits)
        self.assertIsNotNone(report.refusal, f"accepted: {report}")
        self.assertEqual(report.refusal.code, code, report.refusal.detail)
        return report

    def assertAccepted(self, content, name="letter.pdf", limits=None):
        report = inspect(content, name, limits)
        self.assertIsNone(
            report.refusal,
            report.refusal and (report.refusal.code, report.refusal.detail),
        )
        self.assertTrue(report.bounded, report.deferred)
        return report

    def findings(self, content, name="letter.pdf"):
        return {finding.code for finding in self.assertAccepted(content, name).findings}


@tagged("alone", "standard", "at_install")
class TestIntakeTypes(InspectCase):
    """U-01, U-02, U-04, U-05, U-10, U-13, U-16: type by content, and the extension agrees."""

    def test_accepted_types(self):
        cases = {
            "a.pdf": (files.pdf(pages=3), "application/pdf", 3),
            "a.png": (files.png(), "image/png", 1),
            "a.jpg": (files.jpeg(), "image/jpeg", 1),
            "a.jpeg": (files.jpeg(), "image/jpeg", 1),
            "a.tif": (files.tiff(4), "image/tiff", 4),
            "a.tiff": (files.tiff(), "image/tiff", 1),
            "a.docx": (
                files.docx(),
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                0,
            ),
            "a.xlsx": (
                files.xlsx(),
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                0,
            ),
            "a.odt": (files.odf("text"), "application/vnd.oasis.opendocument.text", 0),
            "a.ods": (
                files.odf("spreadsheet"),
                "application/vnd.oasis.opendocument.spreadsheet",
                0,
            ),
            "a.txt": ("رسالة, lettre".encode(), "text/plain", 0),
            "b.txt": ("رسالة".encode("cp1256"), "text/plain", 0),
            "c.txt": ("رسالة".encode("utf-16"), "text/plain", 0),
            "a.csv": (b"a;b\n1;-2\n", "text/csv", 0),
        }
        for name, (content, mime, pages) in cases.items():
            with self.subTest(name=name):
                report = self.assertAccepted(content, name)
                self.assertEqual(
                    (report.mime, report.pages, report.active), (mime, pages, False)
                )
        self.assertLessEqual(len(Limits().allowed_extensions()), 20)

    def test_empty(self):
        for name in ("a.pdf", "a.txt", "a.docx"):
            self.assertRefused("empty", b"", name)

    def test_too_large(self):
        limits = Limits()
        self.assertEqual(
            self.assertRefused(
                "too_large", bytes(limits.max_file_bytes + 1)
            ).refusal.params["limit"],
            25,
        )
        exact = files.pdf()
        self.assertAccepted(exact, limits=Limits(max_file_bytes=len(exact)))
        self.assertRefused(
            "too_large", exact + b"\n", limits=Limits(max_file_bytes=len(exact))
        )

    def test_content_that_is_not_what_the_name_says(self):
        contents = {
            "exe": b"MZ\x90\x00" + bytes(200),
            "elf": b"\x7fELF" + bytes(200),
            "html": b"<!DOCTYPE html><html><body>x</body></html>",
            "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
            "xml": b'<?xml version="1.0"?><a/>',
            "gif": b"GIF89a" + bytes(40),
            "rar": b"Rar!\x1a\x07\x00" + bytes(40),
            "7z": b"7z\xbc\xaf\x27\x1c" + bytes(40),
            "gzip": b"\x1f\x8b\x08" + bytes(40),
            "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "script": b"#!/bin/sh\nrm -rf /\n",
            "rtf": b"{\\rtf1\\ansi hello}",
            "php": b"<?php system($_GET[0]);",
        }
        for kind, content in contents.items():
            for name in ("a.pdf", "a.png", "a.docx", "a.txt", "a.csv"):
                with self.subTest(kind=kind, name=name):
                    report = inspect(content, name)
                    self.assertIn(report.refusal.code, (TYPE, "type_mismatch"))

    def test_one_allowed_type_under_the_name_of_another(self):
        contents = {
            "a.pdf": files.pdf(),
            "a.png": files.png(),
            "a.jpg": files.jpeg(),
            "a.tif": files.tiff(),
            "a.docx": files.docx(),
            "a.xlsx": files.xlsx(),
            "a.odt": files.odf(),
            "a.ods": files.odf("spreadsheet"),
            "a.txt": b"hello",
        }
        for true_name, content in contents.items():
            for name in contents:
                if name != true_name:
                    with self.subTest(content=true_name, name=name):
                        self.assertIn(
                            inspect(content, name).refusal.code, ("type_mismatch", TYPE)
                        )

    def test_extensions_that_are_never_accepted(self):
        for extension in (
            "exe",
            "svg",
            "html",
            "zip",
            "docm",
            "xlsm",
            "doc",
            "xls",
            "rtf",
            "js",
            "htaccess",
            "eml",
            "xml",
        ):
            for content in (files.pdf(), files.docx(), b"hello"):
                self.assertRefused(TYPE, content, f"a.{extension}")
        self.assertRefused(TYPE, files.pdf(), "letter")
        self.assertRefused(TYPE, files.pdf(), None)

    def test_a_slot_narrows_the_list(self):
        limits = Limits(allowed=("pdf", "exe"))
        self.assertAccepted(files.pdf(), limits=limits)
        self.assertRefused(TYPE, files.png(), "a.png", limits)
        self.assertRefused(TYPE, files.png(), "a.pdf", limits)
        self.assertRefused(TYPE, b"MZ", "a.exe", limits)

    def test_encrypted(self):
        cases = {
            "a.pdf": files.encrypted_pdf(),
            "owner.pdf": files.encrypted_pdf(user=""),
            "a.docx": files.protected_office(),
            "a.xlsx": files.protected_office(),
            "b.docx": files.flag_encrypted(files.docx()),
            "a.odt": files.odf(manifest='<m:encryption-data m:checksum="x"/>'),
            "b.odt": files.odf(**{"encrypted-package": b"x"}),
        }
        for name, content in cases.items():
            with self.subTest(name=name):
                self.assertRefused(ENCRYPTED, content, name)

    def test_macros(self):
        macro_types = files.content_types(
            (
                "/word/document.xml",
                "application/vnd.ms-word.document.macroEnabled.main+xml",
            )
        )
        cases = {
            "a.docx": files.docx(word__vbaProject_dot_bin=b"x"),
            "b.docx": files.docx(word__VBAPROJECT2_dot_bin=b"x"),
            "c.docx": files.docx(**{"[Content_Types]_dot_xml": macro_types}),
            "a.xlsx": files.xlsx(xl__macrosheets__sheet1_dot_xml="<a/>"),
            "a.odt": files.odf(Basic__Standard__Module1_dot_xml="<a/>"),
            "b.odt": files.odf(Scripts__python__x_dot_py="import os"),
        }
        for name, content in cases.items():
            with self.subTest(name=name):
                self.assertRefused("macros", content, name)
        # The mimetype entry may be anywhere, and LibreOffice leaves empty parts.
        plain = files.package(
            {
                "content.xml": "<a/>",
                "META-INF/manifest.xml": "<m/>",
                "mimetype": ODT,
                "x/current.xml": "",
            }
        )
        self.assertAccepted(plain, "d.odt")
        # LibreOffice writes the index of an empty library into ordinary files.
        self.assertAccepted(files.odf(**{"Basic__script-lc_dot_xml": "<a/>"}), "c.odt")

    def test_csv_formulas_are_flagged(self):
        for content in (
            b"a;b\n=cmd|'/c calc'!A0;1\n",
            b"x\n@SUM(A1)\n",
            b'"=1+1"\n',
            b"1,+cmd\n",
        ):
            self.assertEqual(self.findings(content, "a.csv"), {"formula"})
        self.assertFalse(self.findings(b"a;b\n-5;+3\n", "a.csv"))


@tagged("alone", "standard", "at_install")
class TestIntakePdf(InspectCase):
    """U-14, U-15: what a PDF could do is flagged, what cannot be read or bounded is refused."""

    def test_active_content_is_flagged_and_accepted(self):
        number = files.first_object()
        script = "<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
        cases = {
            "javascript": {"catalog": f"/OpenAction {script}"},
            "open_action": {"catalog": f"/OpenAction {script}"},
            "additional_actions": {"page": f"/AA << /O {script} >>"},
            "launch": {
                "page": "/Annots [<< /Subtype /Link /A << /S /Launch /F (cmd.exe) >> >>]"
            },
            "remote_goto": {
                "page": "/Annots [<< /Subtype /Link /A << /S /GoToR /F (x.pdf) /D [0 /Fit] >> >>]"
            },
            "submit_form": {
                "page": "/Annots [<< /Subtype /Widget /A << /S /SubmitForm /F (http://x) >> >>]"
            },
            "import_data": {
                "page": "/Annots [<< /Subtype /Widget /A << /S /ImportData /F (x) >> >>]"
            },
            "rich_media": {"page": "/Annots [<< /Subtype /RichMedia >>]"},
            "xfa": {
                "catalog": f"/AcroForm << /Fields [] /XFA {number} 0 R >>",
                "objects": [files.stream(b"<x/>")],
            },
            "embedded_file": {
                "catalog": f"/Names << /EmbeddedFiles << /Names [(a) {number} 0 R] >> >>",
                "objects": [
                    f"<< /Type /Filespec /F (a.exe) /EF << /F {number + 1} 0 R >> >>",
                    files.stream(b"MZ", "/Type /EmbeddedFile"),
                ],
            },
        }
        for code, kwargs in cases.items():
            # In clear, and in object streams where no byte of it can be seen.
            for build in (files.pdf, files.compressed_pdf):
                with self.subTest(code=code, build=build.__name__):
                    report = self.assertAccepted(build(**kwargs))
                    self.assertIn(code, {finding.code for finding in report.findings})
                    self.assertTrue(report.active)

    def test_names_written_with_escapes_are_seen(self):
        content = files.pdf(catalog="/Open#41ction << /S /J#61vaScript /J#53 (x) >>")
        self.assertLessEqual({"javascript", "open_action"}, self.findings(content))

    def test_ordinary_pdfs_have_no_findings(self):
        self.assertFalse(self.findings(files.pdf(catalog="/OpenAction [3 0 R /Fit]")))
        self.assertFalse(
            self.findings(
                files.pdf(catalog="/OpenAction << /S /GoTo /D [3 0 R /Fit] >>")
            )
        )
        self.assertFalse(
            self.findings(
                files.pdf(
                    page="/Annots [<< /Subtype /Link /A << /S /URI /URI (http://x) >> >>]"
                )
            )
        )
        self.assertFalse(
            self.findings(
                files.pdf(trailer="/Info << /Title (/JS /Launch /Encrypt 5 0 R) >>")
            )
        )
        self.assertFalse(self.findings(files.pdf(filler=300_000)))

    def test_an_encryption_word_in_a_text_is_not_encryption(self):
        self.assertAccepted(files.pdf(objects=[files.stream(b"(see /Encrypt 5 0 R)")]))

    def test_truncated_and_damaged(self):
        whole = files.pdf(pages=3, filler=20_000)
        table = whole.index(b"xref\n0")
        cases = {
            "cut in the middle": whole[: len(whole) // 2],
            "cut before the mark": whole[:-7],
            "table offset": whole.replace(b"startxref\n", b"startxref\n9"),
            "table entries": whole.replace(b" 00000 n", b" 0000x n"),
            "table cut": whole[:table]
            + b"xref\n0 3\n"
            + whole[whole.index(b"trailer") :],
            "no root": whole.replace(b"/Root 1 0 R", b"/Rxxt 1 0 R"),
            "no page": files.pdf(pages=0),
            "only a header": b"%PDF-1.7\n",
            "header and mark": b"%PDF-1.7\nstartxref\n0\n%%EOF\n",
        }
        for name, content in cases.items():
            with self.subTest(name):
                self.assertRefused(UNREADABLE, content)

    def test_page_tree_that_never_ends(self):
        self.assertRefused(UNREADABLE, files.recursive_pdf())
        self.assertRefused(UNREADABLE, files.exponential_pdf())

    def test_too_many_pages_and_objects(self):
        self.assertRefused("too_many_pages", files.pdf(pages=50_000))
        self.assertRefused(
            "too_many_pages", files.pdf(pages=3), limits=Limits(max_pages=2)
        )
        self.assertRefused(
            BOMB,
            files.pdf(objects=["null"] * 500_000),
            limits=Limits(max_file_bytes=100 * MIB),
        )

    def test_decompression_bombs(self):
        zeros = bytes(32 * MIB)
        limits = Limits(max_inflated=30 * MIB)
        double = zlib.compress(zlib.compress(zeros, 9), 9)
        cases = {
            "one stream": files.pdf(objects=[files.flate(zeros)]),
            "many streams": files.pdf(objects=[files.flate(bytes(MIB))] * 40),
            "two filters": files.pdf(
                objects=[files.stream(double, "/Filter [/FlateDecode /FlateDecode]")]
            ),
            "short name": files.pdf(
                objects=[files.stream(zlib.compress(zeros), "/Filter /Fl")]
            ),
            "behind ascii": files.pdf(
                objects=[
                    files.stream(
                        zlib.compress(zeros, 9).hex().encode() + b">",
                        "/Filter [/ASCIIHexDecode /FlateDecode]",
                    )
                ]
            ),
            "five filters": files.pdf(
                objects=[files.stream(b"x", "/Filter [" + "/FlateDecode " * 5 + "]")]
            ),
        }
        for name, content in cases.items():
            with self.subTest(name):
                self.assertRefused(BOMB, content, limits=limits)

    def test_picture_bomb(self):
        picture = "/Subtype /Image /Width 200000 /Height 200000 /BitsPerComponent 8 /Filter /CCITTFaxDecode"
        self.assertRefused(
            "too_many_pixels", files.pdf(objects=[files.stream(b"x", picture)])
        )

    def test_polyglots(self):
        whole = files.pdf()
        cases = {
            "two documents": whole + whole,
            "zip after the end": whole + files.package({"a": "b"}),
            "zip and a tail": whole + files.package({"a": "b"}) + b"\n%%EOF\n",
            "update and a zip": whole
            + b"\n"
            + files.package({"a": "b"})
            + b"%%EOF\nxref\n",
            "zip that ends the file from inside": whole[:-6]
            + files.package({"a": "b"})[:-2]
            + b"\x06\x00\n%%EOF",
            "markup after the end": whole + b"<script>alert(1)</script>",
            "program after the end": whole + b"MZ\x90\x00" + bytes(100),
            "markup at the start": whole.replace(
                b"%\xe2\xe3\xcf\xd3", b"%<script>alert(1)</script>", 1
            ),
        }
        for name, content in cases.items():
            with self.subTest(name):
                self.assertRefused(POLYGLOT, content)
        # The header is not where it belongs.
        self.assertIn(
            inspect(b"x" * 1100 + whole, "a.pdf").refusal.code,
            ("type_mismatch", POLYGLOT),
        )
        self.assertIn(
            inspect(b"<html>" + b" " * 100 + whole, "a.pdf").refusal.code,
            (TYPE, POLYGLOT),
        )
        self.assertRefused(POLYGLOT, b" " * 500 + whole)

    def test_files_inside_are_not_polyglots(self):
        self.assertAccepted(
            files.pdf(objects=[files.stream(files.pdf()), files.stream(files.docx())])
        )

    def test_a_long_tail_is_refused(self):
        self.assertRefused(UNREADABLE, files.pdf() + b"x" * 5_000)
        self.assertAccepted(files.pdf() + b"\r\n" + bytes(500))


@tagged("alone", "standard", "at_install")
class TestIntakeImages(InspectCase):
    """Pixel bombs, truncation, polyglots, location."""

    def test_sizes_before_decoding(self):
        self.assertRefused(
            "too_many_pixels", files.png(60_000, 60_000, data=b""), "a.png"
        )
        self.assertRefused(
            "too_many_pixels", files.with_size(files.jpeg(), 60_000, 60_000), "a.jpg"
        )
        self.assertRefused(
            "too_many_pixels",
            files.tiff(size=(200, 200)),
            "a.tif",
            Limits(max_pixels=10_000),
        )
        self.assertRefused(
            "too_many_pages", files.tiff(9), "a.tif", Limits(max_pages=8)
        )

    def test_png_that_inflates_beyond_its_size(self):
        self.assertRefused(BOMB, files.png(data=bytes(20 * MIB)), "a.png")
        text = (b"zTXt", b"k\x00\x00" + zlib.compress(bytes(64 * MIB), 9))
        self.assertRefused(BOMB, files.png(chunks=[text]), "a.png")

    def test_truncated(self):
        for name, content in (
            ("a.png", files.png(60, 60)),
            ("a.jpg", files.jpeg(200, 200)),
            ("a.tif", files.tiff(2)),
        ):
            for part in (0.2, 0.5, 0.8):
                with self.subTest(name=name, part=part):
                    self.assertRefused(
                        UNREADABLE, content[: int(len(content) * part)], name
                    )
        self.assertRefused(UNREADABLE, files.png(data=b"\x00"), "a.png")

    def test_polyglots(self):
        archive = files.package({"a": "b"})
        for name, build in (("a.png", files.png), ("a.jpg", files.jpeg)):
            for tail in (
                archive,
                archive + b"x",
                files.pdf(),
                b"<script>alert(1)</script>",
            ):
                with self.subTest(name=name, tail=tail[:8]):
                    self.assertRefused(POLYGLOT, build(tail=tail), name)
        self.assertRefused(POLYGLOT, files.png(tail=b"hello"), "a.png")
        self.assertRefused(
            POLYGLOT, files.png(chunks=[(b"tEXt", b"a\x00%PDF-1.7")]), "a.png"
        )
        self.assertRefused(POLYGLOT, files.tiff() + archive, "a.tif")

    def test_location_is_flagged(self):
        self.assertEqual(self.findings(files.jpeg(gps=True), "a.jpg"), {"location"})
        self.assertFalse(self.findings(files.jpeg(), "a.jpg"))
        self.assertAccepted(files.jpeg(2, 2), "a.jpg")


@tagged("alone", "standard", "at_install")
class TestIntakePackages(InspectCase):
    """U-11, U-12: bombs, slips and entities in office packages."""

    def test_zip_bombs(self):
        limits = Limits(max_inflated=20 * MIB)
        claimed = files.docx(word__media__a_dot_bin=bytes(8 * MIB))
        cases = {
            "ratio": claimed,
            "total": files.docx(
                **{f"word__media__{n}_dot_bin": bytes(MIB) for n in range(30)}
            ),
            "entries": files.docx(**{f"word__{n}": b"" for n in range(4_000)}),
        }
        for name, content in cases.items():
            with self.subTest(name):
                self.assertRefused(BOMB, content, "a.docx", limits)

    def test_a_size_that_lies(self):
        content = bytearray(files.docx(word__media__a_dot_bin=bytes(3 * MIB)))
        size = (3 * MIB).to_bytes(4, "little")
        self.assertEqual(content.count(size), 2)
        lie = bytes(content).replace(size, (1000).to_bytes(4, "little"))
        self.assertRefused(BOMB, lie, "a.docx")

    def test_nested_packages(self):
        inner = files.docx()
        once = files.docx(word__embeddings__a_dot_docx=inner)
        self.assertEqual(self.findings(once, "a.docx"), {"embedded_file"})
        self.assertRefused(
            BOMB, files.docx(word__embeddings__a_dot_docx=once), "a.docx"
        )
        macros = files.docx(
            word__embeddings__a_dot_xlsx=files.xlsx(xl__vbaProject_dot_bin=b"x")
        )
        self.assertRefused("macros", macros, "a.docx")
        bomb = files.docx(
            word__embeddings__a_dot_docx=files.docx(word__a_dot_bin=bytes(8 * MIB))
        )
        self.assertRefused(BOMB, bomb, "a.docx")

    def test_names_that_leave_the_package(self):
        plain = files.docx(word__abcdefgh=b"x")
        for name in ("../../x", "/etc/cron", "C:/x/yyy", "..\\..\\win"):
            with self.subTest(name=name):
                entry = name.ljust(13, "y")[:13]
                self.assertRefused(
                    UNREADABLE, files.renamed(plain, "word/abcdefgh", entry), "a.docx"
                )

    def test_directory_and_entries_disagree(self):
        plain = files.docx(word__abcdefgh=b"x", word__abcdefgi=b"y")
        twice = files.renamed(plain, "word/abcdefgi", "word/abcdefgh")
        one_side = plain.replace(b"word/abcdefgh", b"word/abcdefgX", 1)
        for name, content in {
            "same name twice": twice,
            "other name in the local header": one_side,
            "bytes before": b"PK\x03\x04" + bytes(200) + plain,
            "cut": plain[:-30],
            "bytes after": plain + b"x",
        }.items():
            with self.subTest(name):
                self.assertRefused(UNREADABLE, content, "a.docx")

    def test_links_in_the_package(self):
        import io
        import zipfile

        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, body in files.docx_parts().items():
                archive.writestr(name, body)
            link = zipfile.ZipInfo("word/link")
            link.create_system, link.external_attr = 3, 0o120777 << 16
            archive.writestr(link, "/etc/passwd")
        self.assertRefused(UNREADABLE, out.getvalue(), "a.docx")

    def test_entities_are_neither_expanded_nor_fetched(self):
        hits = []
        sink = socket.create_server(("127.0.0.1", 0))
        sink.settimeout(0.2)
        self.addCleanup(sink.close)
        port = sink.getsockname()[1]

        def listen():
            try:
                hits.append(sink.accept())
            except OSError:
                return

        listener = threading.Thread(target=listen)
        laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
        declarations = {
            "laughs": f'<!DOCTYPE w [<!ENTITY l0 "lol">{laughs}]><w>&l9;</w>',
            "file": '<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/passwd">]><w>&e;</w>',
            "network": f'<!DOCTYPE w [<!ENTITY e SYSTEM "http://127.0.0.1:{port}/x">]><w>&e;</w>',
            "parameter": f'<!DOCTYPE w [<!ENTITY % e SYSTEM "http://127.0.0.1:{port}/x"> %e;]><w/>',
            "external subset": f'<!DOCTYPE w SYSTEM "http://127.0.0.1:{port}/x.dtd"><w/>',
        }
        listener.start()
        for name, text in declarations.items():
            for encoding in ("utf-8", "utf-16"):
                body = f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(
                    encoding
                )
                for part in (
                    "word__document_dot_xml",
                    "word__other_dot_xml",
                    "word___rels__a_dot_xml_dot_rels",
                ):
                    with self.subTest(name=name, encoding=encoding, part=part):
                        self.assertRefused(BOMB, files.docx(**{part: body}), "a.docx")
                self.assertRefused(BOMB, files.odf(content_dot_xml=body), "a.odt")
        listener.join()
        self.assertFalse(hits)

    def test_xml_that_is_not_xml(self):
        self.assertRefused(
            UNREADABLE, files.docx(word__document_dot_xml="<w><unclosed></w>"), "a.docx"
        )

    def test_remote_parts_are_flagged(self):
        external = 'TargetMode="External"'
        remote = files.relations(("attachedTemplate", "http://x/evil.dotm", external))
        link = files.relations(("hyperlink", "http://x/", external))
        self.assertEqual(
            self.findings(files.docx(word___rels__a_dot_xml_dot_rels=remote), "a.docx"),
            {"remote_reference"},
        )
        self.assertFalse(
            self.findings(files.docx(word___rels__a_dot_xml_dot_rels=link), "a.docx")
        )
        dde = files.docx(word__b_dot_xml="<w>DDEAUTO c:\\\\x</w>")
        self.assertEqual(self.findings(dde, "a.docx"), {"dde"})
        ole = files.docx(
            word__embeddings__o_dot_bin=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
        )
        self.assertEqual(self.findings(ole, "a.docx"), {"ole_object"})

    def test_picture_bomb_inside(self):
        content = files.docx(word__media__a_dot_png=files.png(60_000, 60_000, data=b""))
        self.assertRefused("too_many_pixels", content, "a.docx")


@tagged("alone", "standard", "at_install")
class TestIntakeFuzz(InspectCase):
    """Whatever the bytes, an answer: never an exception, never beyond the limits."""

    def test_mutations(self):
        rnd = random.Random(20261122)
        seeds = [
            (files.pdf(pages=2, filler=500), "a.pdf"),
            (
                files.compressed_pdf(
                    catalog="/OpenAction << /S /JavaScript /JS (x) >>"
                ),
                "a.pdf",
            ),
            (files.encrypted_pdf(), "a.pdf"),
            (files.docx(), "a.docx"),
            (files.odf(), "a.odt"),
            (files.png(20, 20), "a.png"),
            (files.jpeg(), "a.jpg"),
            (files.tiff(2), "a.tif"),
        ]
        limits = replace(Limits(), memory_bytes=768 * MIB)
        words = [
            b"\xff\xff\xff\xff",
            bytes(4),
            b"PK\x05\x06",
            b"%%EOF",
            b"%PDF-1.4",
            b"<<",
            b"/Kids",
            b"9999999999",
        ]
        for number in range(600):
            content, name = rnd.choice(seeds)
            raw = bytearray(content)
            for _change in range(rnd.choice((1, 2, 8, 40))):
                at = rnd.randrange(len(raw) + 1)
                kind = rnd.randrange(4)
                if kind == 0:
                    raw[at : at + 1] = bytes([rnd.randrange(256)])
                elif kind == 1:
                    del raw[at : at + rnd.randrange(1, 60)]
                elif kind == 2:
                    raw[at:at] = rnd.choice(words)
                else:
                    start = rnd.randrange(len(raw) + 1)
                    raw[at:at] = raw[start : start + rnd.randrange(200)]
            report = inspect(bytes(raw), name, limits)
            self.assertTrue(report.refusal or report.bounded, f"{number}: {report}")
            self.assertLessEqual(len(report.name), 80)

    def test_random_bytes_under_every_name(self):
        rnd = random.Random(7)
        magics = [
            b"",
            b"%PDF-1.7\n",
            b"PK\x03\x04",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff\xe0",
            b"II*\x00",
            b"MM\x00*",
        ]
        for extension in Limits().allowed_extensions():
            for magic in magics:
                content = magic + rnd.randbytes(rnd.randrange(1, 3_000))
                self.assertIsNotNone(inspect(content, f"a.{extension}").refusal)
