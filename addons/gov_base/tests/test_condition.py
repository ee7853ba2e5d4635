import datetime

from hypothesis import given, strategies as st

from odoo.tests import BaseCase, tagged

from ..lib import condition, likeness
from ..lib.folding import search_key

ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.lists(st.one_of(st.integers(), st.text(max_size=9), st.booleans()), max_size=4),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


@tagged("post_install", "-at_install")
class TestCondition(BaseCase):
    """Conditions as data: cleaned whatever comes, compared in Arabic and in French."""

    def test_words_are_found_in_every_spelling(self):
        found = [
            ("permis", "Demande de PERMIS de construire"),
            ("Permis de construire", "un permis de construire."),
            ("état civil", "ETAT-CIVIL"),
            ("urbanisme", "l’urbanisme"),
            ("art", "art 3"),
            ("رخصة", "طلب الرُّخْصَة"),
            ("رخصة", "والرخصه"),
            ("رخصة", "طلب رخصتي"),
            ("رخصة", "للرخصة"),
            ("الرخصة", "رخصة البناء"),
            ("أمر", "الامر بالتحصيل"),
            ("إدارة", "الادارة العامة"),
            ("شهادة السكنى", "طلب شهادةِ السُكنى"),
            ("مسؤول", "المسوول"),
            ("2026", "سنة ٢٠٢٦"),
        ]
        for word, text in found:
            self.assertEqual(condition.words_in([word], text), (word,), text)
        absent = [
            ("art", "départ de l’article"),
            ("permis", "compromis"),
            ("أرض", "عرض"),
            ("رخصة", "رخاء"),
            ("permis de construire", "permis de démolir"),
            ("...", "..."),
        ]
        for word, text in absent:
            self.assertEqual(condition.words_in([word], text), (), text)

    def test_each_comparison(self):
        day = datetime.date(2026, 11, 30)
        for kind, operator, wanted, found, holds in (
            ("record", "in", [1, 2], [2, 9], True),
            ("record", "in", [1], [], False),
            ("record", "not_in", [1], [], True),
            ("record", "set", None, [3], True),
            ("record", "unset", None, [], True),
            ("choice", "not_in", ["ar"], ["ar"], False),
            ("words", "all", ["a1", "b2"], "b2 a1", True),
            ("words", "all", ["a1", "b2"], "a1", False),
            ("words", "none", ["a1"], None, True),
            ("number", "at_least", 3, 3.0, True),
            ("number", "at_most", 3, None, False),
            ("number", "equal", 0, 0, True),
            ("date", "from", "2026-11-30", day, True),
            ("date", "until", "2026-11-29", day, False),
            ("date", "until", "2026-11-29", None, False),
            ("flag", "no", None, None, True),
            ("flag", "yes", None, True, True),
        ):
            verdict = condition.test(kind, operator, wanted, found)
            self.assertEqual(verdict.holds, holds, (kind, operator, wanted, found))

    @given(st.sampled_from(sorted(condition.OPERATORS)), st.text(max_size=9), ANYTHING)
    def test_what_is_kept_can_be_compared(self, kind, operator, value):
        for one in (operator, *condition.OPERATORS[kind]):
            try:
                kept = condition.clean(kind, one, value)
            except condition.Wrong:
                continue
            self.assertEqual(condition.clean(kind, one, kept), kept)
            empty = {"words": "", "record": [], "choice": []}.get(kind)
            self.assertIsInstance(condition.test(kind, one, kept, empty).holds, bool)

    @given(st.text(max_size=30), st.text(max_size=60))
    def test_any_text_may_be_looked_for(self, word, text):
        """No text is a pattern: signs of one are signs."""
        seen = condition.words_in([word], f"{text} {word} {text}")
        self.assertEqual(bool(seen), bool(seen and search_key(word)))

    def test_words_that_tell_letters_apart(self):
        self.assertEqual(
            likeness.words("Demande de permis de construire n° 12"),
            {"permi": "permis", "construire": "construire"},
        )
        self.assertEqual(
            set(likeness.words("طلب الرخصة")), set(likeness.words("في شأن والرُّخصه"))
        )
        self.assertEqual(likeness.words(None or ""), {})
        self.assertEqual(likeness.sender("BEN ALLAL Mohamed"), "allal ben mohamed")
        self.assertEqual(
            likeness.sender("Mohamed Ben Allal"), likeness.sender("BEN ALLAL, Mohamed")
        )
        for nobody in ("", "Anonyme", "مجهول", "inconnu"):
            self.assertEqual(likeness.sender(nobody), "", nobody)
