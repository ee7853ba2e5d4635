from hypothesis import HealthCheck, given, settings, strategies as st
from markupsafe import Markup

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import BaseCase, Form, tagged
from odoo.tools import mute_logger

from ..lib import merge
from .common import OfficeCase
from .test_form import ACCESS_LOG

HOSTILE = (
    '<p onclick="x()">a</p>',
    "<script>alert(1)</script>",
    "<style>p{}</style>",
    '<img src="https://evil.example/x.png">',
    '<img src="/web/image/1">',
    '<img src="data:image/svg+xml;base64,AAAA">',
    '<a href="javascript:alert(1)">a</a>',
    '<a href=" java\nscript:x">a</a>',
    '<p style="background:url(https://evil.example)">a</p>',
    '<p style="width: expression(alert(1))">a</p>',
    "<iframe src=x></iframe>",
    "<svg onload=x><g/></svg>",
    '<math><mi xlink:href="javascript:x">',
    "<form><input name=a><button>b</button></form>",
    "<!--[if IE]><b>x</b><![endif]-->",
    '<t t-out="object.env"/>',
    '<p t-esc="1" data-oe-model="a" class="x" id="y">a</p>',
    "<?php echo 1 ?>",
    '<object data="x"></object>',
    '<base href="https://evil.example">',
    '<meta http-equiv="refresh" content="0">',
    '<p dir="x" lang="{{ date }}">a</p>',
    '<noscript><p title="</noscript><img src=x onerror=y>"></p></noscript>',
)


@tagged("alone", "standard")
class TestMerge(BaseCase):
    """What a text may hold, and what becomes of a merge field; pure."""

    def test_hostile_text(self):
        for text in HOSTILE:
            clean = str(merge.clean_html(text)).lower()
            for word in (
                "script",
                "onclick",
                "onload",
                "onerror",
                "evil",
                "/web/",
                "svg",
                "iframe",
                "expression",
                "<form",
                "<input",
                "<!--",
                "t-out",
                "t-esc",
                "data-oe",
                "class=",
                "id=",
                "<?",
                "<object",
                "<base",
                "<meta",
                "{{",
                "style=",
                "<style",
            ):
                self.assertNotIn(word, clean, text)
            self.assertEqual(merge.clean_html(clean), clean, text)

    def test_what_a_letter_needs_stays(self):
        for text in (
            '<p dir="rtl" lang="ar">سلام <strong>مهم</strong></p>',
            "<ul><li>a</li><li>b</li></ul>",
            '<table><tbody><tr><td colspan="2" style="text-align: center">a</td></tr></tbody></table>',
            "<p>a<br>b &amp; c &lt;d&gt;</p>",
            '<a href="https://maktab.example/x?a=1">site</a>',
            '<p style="color: rgb(1, 2, 3); font-weight: bold">a</p>',
            "<h2>a</h2>plain",
            '<img src="data:image/png;base64,AAAA" alt="seal">',
        ):
            self.assertEqual(merge.clean_html(text), text)
        self.assertEqual(
            merge.clean_html("<font color=red>a</font> <article>b</article>"), "a b"
        )
        self.assertEqual(
            merge.clean_html("<p>a</p><script>x</script>tail"), "<p>a</p>tail"
        )
        self.assertEqual(merge.clean_html(None), "")
        with self.assertRaises(merge.TooLong):
            merge.clean_html("x" * (merge.MAX_BODY + 1))

    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(
            st.sampled_from(
                [
                    *HOSTILE,
                    "<p>",
                    "</p>",
                    "<b",
                    ">",
                    "&#123;",
                    "{{",
                    "}}",
                    "date",
                    "<td>",
                    "</table>",
                ]
            )
            | st.text(max_size=8),
            max_size=8,
        )
    )
    def test_any_text_is_cleaned_once(self, pieces):
        clean = merge.clean_html("".join(pieces))
        self.assertEqual(merge.clean_html(clean), clean)
        for word in (
            "<script",
            "onclick",
            "javascript:",
            'evil.example"',
            "<iframe",
            "<!--",
        ):
            self.assertNotIn(word, str(clean).lower())

    def test_keys(self):
        self.assertEqual(
            merge.keys_of("{{ b }} {{a}}", "{{  a  }} {{&nbsp;c_1\u00a0}}"),
            ["b", "a", "c_1"],
        )
        for broken in (
            "{{ a.b }}",
            "{{ <b>date</b> }}",
            "{{ date",
            "date }}",
            "{{ }}",
            "{{ 1a }}",
            "{{{{ a b }}}}",
        ):
            self.assertTrue(merge.broken_fields(broken), broken)
        self.assertFalse(merge.broken_fields("{{ date }} { } {a} 1 > 0"))

    def test_values_become_no_element(self):
        evil = '<script>alert("1")</script>'
        for value in (evil, Markup(evil)):
            merged = merge.merge_html("<p>{{ a }}</p>", {"a": value})
            self.assertEqual(
                merged,
                "<p><bdi>&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;</bdi></p>",
            )
            self.assertEqual(merge.merge_line("{{ a }}", {"a": value}), evil)
        self.assertEqual(
            merge.merge_html("<p>{{ a }}</p>", {"a": "one\n\u202etwo\x00"}),
            "<p><bdi>one</bdi><br><bdi>two</bdi></p>",
        )

    @settings(max_examples=200, deadline=None)
    @given(st.text(alphabet="{} ab\n<>&", max_size=30))
    def test_no_merge_field_is_left(self, value):
        body = merge.merge_html(
            "<p>{{{ a }}} {{ b }}</p>", {"a": value, "b": "{{ a }}"}
        )
        line = merge.merge_line("{{ a }}{{ a }}", {"a": value})
        for text in (str(body), line):
            self.assertFalse(merge.keys_of(text))
            self.assertNotIn("{{", text)
        self.assertEqual(merge.clean_html(body), body)


@tagged("alone", "standard")
class TestTemplate(OfficeCase):
    """Templates (L4): a closed list of merge fields, versions, models that everybody may adapt."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_admin = cls.user_of(
            cls.souissi, "gov_admin_2", "gov_base.group_gov_base_admin"
        )
        cls.templates = cls.env["gov.template"].with_user(cls.admin)
        cls.template = cls.templates.create(
            {
                "name": "Answer",
                "kind": "letter",
                "lang": "fr_FR",
                "subject": "Answer of {{ date }}",
                "body": "<p>Dear,</p><p>{{ author }}, {{ unit }}</p>",
            }
        )
        cls.values = {"date": "1 March", "author": "Ali", "unit": "Legal"}

    def test_filled_in(self):
        subject, body = self.template._merge(self.values)
        self.assertEqual(subject, "Answer of 1 March")
        self.assertEqual(body, "<p>Dear,</p><p><bdi>Ali</bdi>, <bdi>Legal</bdi></p>")
        self.assertEqual(self.template._merge_missing(self.values), [])
        self.assertEqual(
            self.template._merge_missing(
                {"date": "1 March", "author": " \u202e", "unit": None}
            ),
            ["author", "unit"],
        )
        _subject, body = self.template._merge({})
        self.assertEqual(body, "<p>Dear,</p><p>, </p>")

    def test_names_are_text_whatever_they_hold(self):
        for name in ("<script>alert(1)</script>", Markup("<script>alert(1)</script>")):
            _subject, body = self.template._merge({**self.values, "author": name})
            self.assertNotIn("<script", body)
            self.assertIn("&lt;script&gt;", body)
        subject, body = self.template._merge(
            {"date": "x\u202ey\nBcc: a@b", "author": "{{ date }}", "unit": "أحمد\u2066"}
        )
        self.assertEqual(subject, "Answer of xy Bcc: a@b")
        self.assertNotIn("{{", body)
        self.assertIn("<bdi>أحمد</bdi>", body)

    def test_unknown_merge_fields_are_refused(self):
        for vals in (
            {"body": "<p>{{ letter_numbr }}</p>"},
            {"subject": "{{ letter_numbr }}"},
        ):
            with self.refused(
                ValidationError,
                r"“letter_numbr” is not a merge field of this kind of template. You may use: \{\{ date \}\} \(Date\)",
            ):
                self.template.write(vals)
            with self.refused(ValidationError, "letter_numbr"):
                self.templates.create({"name": "B", "lang": "fr_FR", **vals})
        for body in (
            "<p>{{ <b>date</b> }}</p>",
            "<p>{{ date</p>",
            "<p>{{ user.password }}</p>",
            "<p>{{ date | safe }}</p>",
        ):
            with self.refused(ValidationError, "write it in one piece"):
                self.template.body = body
        with self.refused(UserError, "“password” is not a merge field"):
            self.template._merge({"password": "x"})

    def test_text_is_sanitised(self):
        for text in HOSTILE:
            self.template.body = text
            stored = str(self.template.body).lower()
            for word in (
                "script",
                "onclick",
                "evil",
                "t-out",
                "<style",
                "<form",
                "data-oe",
                "url(",
            ):
                self.assertNotIn(word, stored, text)
        self.template.write({"name": "A\u202eb\n", "subject": "S\u2066x\ny"})
        self.assertEqual((self.template.name, self.template.subject), ("Ab", "Sx y"))
        with self.refused(ValidationError, "too long for a letter"):
            self.template.body = "<p>" + "x" * 200_001 + "</p>"

    def test_defaults_of_the_context_pass_the_same_checks(self):
        template = self.templates.with_context(
            default_name="A\u202eb",
            default_body='<p>a<img src="https://evil.example/x.png"></p>',
        ).create({"lang": "fr_FR"})
        self.assertEqual((template.name, template.body), ("Ab", "<p>a</p>"))
        self.assertEqual(template.version, 1)

    def test_every_saved_text_is_kept(self):
        first = str(self.template.body)
        self.assertEqual(self.template.version, 1)
        self.template.write({"body": "<p>Second</p>"})
        self.template.write({"body": "<p>Second</p>"})
        self.template.write({"name": "Other name"})
        self.assertEqual(self.template.version, 2)
        self.assertEqual(self.template.version_ids.mapped("number"), [2, 1])
        version = self.template.version_ids[1]
        self.assertEqual((version.body, version.author_name), (first, self.admin.name))
        version.action_restore()
        self.assertEqual(self.template.body, first)
        self.assertEqual(self.template.version, 3)
        self.env.invalidate_all()
        self.assertEqual(
            self.template.version_ids.mapped("is_current"), [True, False, False]
        )
        stranger = self.templates.create(
            {"name": "B", "lang": "fr_FR", "body": "<p>b</p>"}
        )
        with self.refused(UserError, "no version of the template"):
            self.template.action_restore_version(stranger.version_ids.id)
        with mute_logger(*ACCESS_LOG):
            for attempt in (
                lambda: version.write({"body": "x"}),
                lambda: version.unlink(),
                lambda: version.create({"template_id": self.template.id, "number": 9}),
            ):
                with self.assertRaises(AccessError):
                    attempt()

    def test_preview(self):
        self.assertIn("<bdi>gov_admin", str(self.template.preview_body))
        self.assertNotIn(
            "{{", f"{self.template.preview_subject}{self.template.preview_body}"
        )
        self.assertFalse(self.template.preview_notice)
        self.assertEqual(self.template.action_preview()["target"], "new")
        with Form(self.template) as page:
            page.blocks = [{"kind": "text", "html": "<p>{{ nothing }}</p>"}]
            self.assertIn("“nothing” is not a merge field", page.preview_notice)
            page.blocks = [{"kind": "text", "html": "<p>{{ date }}</p>"}]
            self.assertFalse(page.preview_notice)
        keys = [field["key"] for field in self.template.designer["keys"]]
        self.assertEqual(keys[:4], ["date", "administration", "unit", "author"])

    def test_language_is_an_active_one(self):
        codes = [code for code, _name in self.templates._selection_lang()]
        self.assertLessEqual({"fr_FR", "ar_MA", "zgh", "en_US"}, set(codes))
        with self.refused(ValidationError, "a language that is active"):
            self.template.lang = "de_DE"
        self.template.lang = "ar_MA"
        self.assertEqual(self.template.lang_direction, "rtl")

    def test_base_values_are_in_the_language_of_the_template(self):
        self.agdal.gov_name = "Commune d'Agdal"
        self.agdal.with_context(lang="ar_MA").gov_name = "جماعة أكدال"
        self.template.lang = "ar_MA"
        values = self.template._merge_base_values(self.agdal, author=self.admin)
        self.assertEqual(values["administration"], "جماعة أكدال")
        self.assertEqual((values["author"], values["unit"]), (self.admin.name, ""))
        self.assertLessEqual(values.keys(), self.template._merge_keys("letter").keys())

    def test_models_are_read_and_adapted(self):
        found = self.templates.search([("company_id", "=", False)])
        self.assertLessEqual({"fr_FR", "ar_MA"}, set(found.mapped("lang")))
        for model in found:
            self.assertFalse(model._merge_refusal())
            self.assertTrue(model.with_user(self.agent).body)
        model = found[0]
        with mute_logger(*ACCESS_LOG):
            for attempt in (
                lambda: model.write({"body": "<p>x</p>"}),
                lambda: model.unlink(),
                lambda: self.templates.create(
                    {"name": "A", "lang": "fr_FR", "company_id": False}
                ),
                lambda: self.template.write({"company_id": False}),
                lambda: self.template.write({"company_id": self.souissi.id}),
            ):
                with self.assertRaises(AccessError):
                    attempt()
        action = model.action_adapt()
        own = self.templates.browse(action["res_id"])
        self.assertEqual(
            (own.company_id, own.body, own.name, own.lang),
            (self.agdal, model.body, model.name, model.lang),
        )
        self.assertEqual(model.action_adapt()["res_id"], own.id, "adapted once")
        own.body = "<p>Ours</p>"
        own.action_restore_default()
        self.assertEqual(own.body, model.body)
        with self.refused(UserError, "no default to restore"):
            self.template.action_restore_default()
        everything = self.templates._ensure_defaults(self.agdal)
        self.assertEqual(len(everything), len(found))
        self.assertIn(own, everything)
        self.assertEqual(self.templates._ensure_defaults(self.agdal), everything)

    @mute_logger(*ACCESS_LOG)
    def test_who_may_what(self):
        agent = self.template.with_user(self.agent)
        self.assertEqual(agent.name, "Answer")
        for attempt in (
            lambda: agent.write({"name": "x"}),
            lambda: agent.create({"name": "x", "lang": "fr_FR"}),
            lambda: agent.unlink(),
            lambda: agent.action_restore_version(self.template.version_ids.id),
            lambda: agent.version_ids.action_restore(),
            lambda: agent.search([("company_id", "=", False)], limit=1).action_adapt(),
        ):
            with self.assertRaises(AccessError):
                attempt()
        theirs = self.template.with_user(self.other_admin)
        self.assertFalse(theirs.search([("id", "=", self.template.id)]))
        self.assertFalse(
            theirs.env["gov.template.version"].search(
                [("template_id", "=", self.template.id)]
            )
        )
        for attempt in (
            lambda: theirs.read(["body"]),
            lambda: theirs.write({"name": "x"}),
            lambda: theirs.action_preview(),
            lambda: theirs.copy(),
        ):
            with self.assertRaises(AccessError):
                attempt()
