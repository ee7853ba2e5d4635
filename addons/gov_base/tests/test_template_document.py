import base64
import io

import pypdfium2
from PIL import Image

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import OfficeCase
from .test_form import ACCESS_LOG

PAIR = [
    {"kind": "letterhead"},
    {
        "kind": "pair",
        "first": [{"kind": "text", "html": "<p>Le {{ date }}, n° 2026/000142</p>"}],
        "second": [
            {"kind": "text", "html": "<p>بتاريخ {{ date }} رقم 2026/000142</p>"}
        ],
    },
    {"kind": "if", "key": "unit", "blocks": [{"kind": "text", "html": "<p>U</p>"}]},
    {"kind": "signature", "place": "start", "html": "<p>{{ author }}</p>"},
]


@tagged("alone", "standard")
class TestTemplateDocument(OfficeCase):
    """Templates (L4) as documents of blocks, letterheads, and the page that comes of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.templates = cls.env["gov.template"].with_user(cls.admin)
        cls.template = cls.templates.create(
            {
                "name": "Two languages",
                "kind": "other",
                "lang": "fr_FR",
                "second_lang": "ar_MA",
                "subject": "Le {{ date }}",
                "blocks": PAIR,
            }
        )
        cls.red = Image.new("RGB", (60, 60), (200, 0, 0))
        picture = io.BytesIO()
        cls.red.save(picture, "PNG")
        cls.logo = base64.b64encode(picture.getvalue())
        cls.letterhead = (
            cls.env["gov.letterhead"]
            .with_user(cls.admin)
            .create(
                {
                    "name": "Paper",
                    "company_id": cls.agdal.id,
                    "logo": cls.logo,
                    "lines_fr": "Royaume\nProvince",
                    "lines_ar": "المملكة",
                    "footer_fr": "12, avenue de France",
                }
            )
        )

    def _page(self, pdf):
        page = pypdfium2.PdfDocument(pdf)[0]
        words = page.get_textpage().get_text_range()
        return words, page.render(scale=1).to_pil().convert("RGB")

    def test_a_text_becomes_a_document(self):
        template = self.templates.create(
            {
                "name": "A",
                "kind": "letter",
                "lang": "fr_FR",
                "body": "<p>{{ date }}</p>",
            }
        )
        self.assertEqual(
            [block["kind"] for block in template.blocks],
            ["letterhead", "text", "signature"],
        )
        template.blocks = [
            *template.blocks[:2],
            {"kind": "signature", "place": "center"},
        ]
        template.body = "<p>Other <script>x</script></p>"
        self.assertEqual(template.body, "<p>Other </p>")
        self.assertEqual(template.blocks[1]["html"], "<p>Other </p>")
        self.assertEqual(template.blocks[2]["place"], "center", "its frame stays")
        self.assertEqual(template._merge({})[1], "<p>Other </p>")
        fresh = self.templates.with_context(default_kind="note").new({})
        self.assertEqual(fresh.blocks[0]["kind"], "letterhead")

    def test_texts_of_before_become_documents(self):
        version = self.template.version_ids
        for table in ("gov_template", "gov_template_version"):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET blocks = NULL, body = '<p>{{ date }}</p>'",
                    SQL.identifier(table),
                )
            )
        self.env.invalidate_all()
        found = self.env["gov.template"]._blocks_from_bodies()
        self.assertGreaterEqual(found, 1)
        self.assertEqual(self.template.blocks[1]["html"], "<p>{{ date }}</p>")
        self.assertEqual(self.template._merge({"date": "x"})[1], "<p><bdi>x</bdi></p>")
        self.assertEqual(self.env["gov.template"]._blocks_from_bodies(), 0)
        # nothing changed: no version more; a version of before is put back
        number = self.template.version
        self.template.subject = "Le {{ date }}"
        self.assertEqual(self.template.version, number)
        version.action_restore()
        self.assertEqual(self.template.body, "<p>{{ date }}</p>")

    def test_refused_documents(self):
        for document, words in (
            ("x", "not a document of blocks"),
            ([{"kind": "script"}], "not a document of blocks"),
            ([{"kind": "signature"}] * 2, "one place for the signature"),
            ([{"kind": "loop", "over": "crew"}], "“crew” is not a list"),
            ([{"kind": "if", "key": "password"}], "“password” is not a merge field"),
            ([{"kind": "if"}], "choose one"),
            ([{"kind": "text", "html": "{{ password }}"}], "“password”"),
        ):
            with self.refused(ValidationError, words):
                self.template.blocks = document
            with self.refused(ValidationError, words):
                self.templates.create(
                    {"name": "B", "lang": "fr_FR", "blocks": document}
                )
        with self.refused(ValidationError, "choose the other language"):
            self.template.second_lang = False
        for code in ("fr_FR", "de_DE"):
            with self.refused(ValidationError, "differs from the first"):
                self.template.second_lang = code

    def test_two_languages_have_values_of_their_own(self):
        self.agdal.with_context(lang="ar_MA").gov_name = "جماعة"
        self.template.blocks = [
            {
                "kind": "pair",
                "first": [{"kind": "text", "html": "<p>{{ administration }}</p>"}],
                "second": [{"kind": "text", "html": "<p>{{ administration }}</p>"}],
            }
        ]
        values, second = (
            self.template._merge_base_values(self.agdal, lang=lang)
            for lang in ("fr_FR", "ar_MA")
        )
        _subject, body = self.template._merge(values, second)
        self.assertIn("Agdal</bdi>", body)
        self.assertIn("<bdi>جماعة</bdi>", body)
        self.assertEqual(self.template._merge_missing(values), [])

    def test_versions_are_compared_and_put_back(self):
        self.template.blocks = [
            PAIR[1],
            {
                "kind": "if",
                "key": "author",
                "blocks": [{"kind": "text", "html": "<p>Signed</p>"}],
            },
        ]
        last, first = self.template.version_ids
        self.assertIn("<ins>Signed</ins>", last.changes)
        self.assertRegex(last.changes, r"<del>[^<]*(<br/>[^<]*)*\[signature\]")
        first.action_restore()
        self.assertEqual(len(self.template.blocks), 4)
        self.assertEqual(self.template.version, 3)

    def test_the_page(self):
        preview = self.env["gov.template.preview"].with_user(self.admin)
        action = self.template.action_preview()
        preview = preview.browse(action["res_id"])
        self.assertFalse(preview.notice)
        words, picture = self._page(base64.b64decode(preview.pdf))
        for word in ("Royaume", "Province", "2026/000142", "avenue de France"):
            self.assertIn(word, words)
        # the logo stands in the middle of the head, in its colour
        reds = [
            (x, y)
            for x in range(0, picture.width, 4)
            for y in range(0, 150, 4)
            if picture.getpixel((x, y))[0] > 150 > 60 > picture.getpixel((x, y))[1]
        ]
        self.assertTrue(reds)
        self.assertAlmostEqual(
            sum(x for x, _y in reds) / len(reds), picture.width / 2, delta=20
        )
        # French on the left, Arabic on the right, number unbroken in both
        self.assertEqual(words.count("2026/000142"), 2)
        # a template for plain paper prints no head
        self.template.blocks = [PAIR[1]]
        preview.invalidate_recordset()
        words, _picture = self._page(base64.b64decode(preview.pdf))
        self.assertNotIn("Royaume", words)

    def test_a_preview_says_what_is_wrong(self):
        self.env.cr.execute(
            SQL(
                "UPDATE gov_template SET subject = '{{ nothing }}' WHERE id = %s",
                self.template.id,
            )
        )
        self.env.invalidate_all()
        action = self.template.action_preview()
        preview = (
            self.env["gov.template.preview"]
            .with_user(self.admin)
            .browse(action["res_id"])
        )
        self.assertFalse(preview.pdf)
        self.assertIn("“nothing” is not a merge field", preview.notice)
        with mute_logger(*ACCESS_LOG), self.assertRaises(AccessError):
            preview.with_user(self.agent).action_refresh()

    def test_the_letterhead_of_a_unit(self):
        units = self.env["hr.department"].create(
            [
                {"name": "Works", "company_id": self.agdal.id},
                {"name": "Legal", "company_id": self.agdal.id},
            ]
        )
        roads = self.env["hr.department"].create(
            {
                "name": "Roads",
                "parent_id": units[0].id,
                "company_id": self.agdal.id,
            }
        )
        own = self.letterhead.copy({"name": "Works", "unit_ids": [units[0].id]})
        letterheads = self.env["gov.letterhead"].with_user(self.agent)
        for unit, expected in (
            (roads, own),
            (units[0], own),
            (units[1], self.letterhead),
            (None, self.letterhead),
        ):
            self.assertEqual(letterheads._for(self.agdal, unit), expected)
        self.assertFalse(letterheads._for(self.souissi))
        self.template.blocks = [{"kind": "letterhead", "letterhead": own.id}]
        self.assertEqual(self.template._letterhead(self.agdal), own)
        own.active = False
        self.assertEqual(self.template._letterhead(self.agdal), self.letterhead)

    def test_letterheads_are_clean_and_those_of_the_administration(self):
        with self.refused(ValidationError, "PNG or a JPEG"):
            picture = io.BytesIO()
            self.red.save(picture, "GIF")
            self.letterhead.logo = base64.b64encode(picture.getvalue())
        self.letterhead.lines_fr = "A\u202eb\x00\n\n\n\nc"
        self.assertEqual(self.letterhead.lines_fr, "Ab\n\nc")
        with self.refused(ValidationError, "has no name"):
            self.letterhead.name = "\u200b"
        stranger = self.user_of(
            self.souissi, "gov_admin_3", "gov_base.group_gov_base_admin"
        )
        with mute_logger(*ACCESS_LOG):
            for attempt in (
                lambda: self.letterhead.with_user(stranger).read(["name"]),
                lambda: self.letterhead.with_user(stranger).action_preview(),
                lambda: self.letterhead.with_user(self.agent).write({"name": "x"}),
                lambda: self.letterhead.write({"company_id": self.souissi.id}),
            ):
                with self.assertRaises(UserError):
                    attempt()
