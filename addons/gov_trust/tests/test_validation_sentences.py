"""Every code that can be answered has a sentence in each language."""

import re
from pathlib import Path
from string import Formatter

from odoo.tests import BaseCase, tagged

from ..lib.validation import sentences, tables, verdict

CODE = re.compile(
    r"""(?:reason|refuse|Refused|unreadable|_tell|_worsen)\(\s*
    (?:told,\s*[\w.]+,\s*|pdf,\s*)?"([a-z_]+)\"""",
    re.VERBOSE,
)


@tagged("standard", "alone")
class TestSentences(BaseCase):
    def codes(self):
        here = Path(__file__).parents[1]
        found = {"earlier_version", "issued_changed", "proof_superseded"}
        for path in [
            *(here / "lib" / "validation").glob("*.py"),
            here / "models" / "gov_validation.py",
        ]:
            found |= set(CODE.findall(path.read_text()))
        found |= set(tables.WHOLE.values()) | set(tables.CATALOG.values())
        found |= set(tables.ALLOWED) | set(verdict.BROKEN) | set(verdict.SUB_INDICATION)
        found |= {"timeout", "out_of_memory", "crashed", "busy", "worker_lost"}
        found |= {"act_under_way", "act_earlier", "act_refused", "act_given_up"}
        found |= {
            "act_withdrawn",
            "no_anchor",
            "expired",
            "wrong_usage",
            "weak",
            "broken_chain",
        }
        found |= {"anchor_ended", "not_yet_valid", "form_value", "field_changed"}
        from pyhanko.sign.ades import report

        for kind in (report.AdESFailure, report.AdESIndeterminate):
            found |= {f"etsi_{one.standard_name.lower()}" for one in kind}
        return found

    def test_each_code_has_three(self):
        codes = self.codes()
        self.assertGreater(len(codes), 90)
        for lang, told in sentences.LANGUAGES.items():
            self.assertEqual(codes - told.keys(), set(), lang)
            self.assertEqual(told.keys(), sentences.EN.keys(), lang)

    def test_the_same_names_in_each(self):
        def names(text):
            return {
                name for _text, name, _spec, _conv in Formatter().parse(text) if name
            }

        for code, text in sentences.EN.items():
            for lang, told in sentences.LANGUAGES.items():
                self.assertEqual(names(told[code]), names(text), (lang, code))

    def test_names_of_a_file_stay_apart(self):
        hostile = {"code": "no_anchor", "params": {"name": "\u202eAli\n{x}<b>"}}
        for lang in ("en", "fr_FR", "ar_001", "zgh", "", None):
            text = sentences.text(hostile, lang)
            self.assertIn("\u2068 Ali {x}<b>\u2069", text)
            self.assertNotIn("\u202e", text)

    def test_page_and_missing_names(self):
        change = {"code": "form_value", "page": 3, "params": {}}
        self.assertEqual(
            sentences.text(change, "en"),
            "Page 3: the value of form field … was changed.",
        )
        self.assertIn("الصفحة 3", sentences.text(change, "ar"))
        self.assertTrue(sentences.text({"code": "never heard of", "params": {}}, "fr"))
