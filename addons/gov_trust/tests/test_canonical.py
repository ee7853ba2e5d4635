import json

from hypothesis import given, settings, strategies as st

from odoo.tests import BaseCase, tagged

from ..lib.canonical import CanonicalError, canonical, parse

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=20,
)


@tagged("standard", "alone")
class TestCanonical(BaseCase):
    @settings(max_examples=200, deadline=None)
    @given(JSON)
    def test_round_trip_is_stable(self, value):
        raw = canonical(value)
        self.assertEqual(canonical(json.loads(raw)), raw)
        self.assertEqual(canonical(parse(raw)), raw)

    def test_keys_follow_utf16_order(self):
        """RFC 8785 §3.2.3: U+1F600 (surrogates D83D…) sorts before U+FB33."""
        raw = canonical({"\ufb33": 1, "\U0001f600": 2, "a": 3})
        self.assertEqual(raw.decode(), '{"a":3,"\U0001f600":2,"\ufb33":1}')

    def test_refuses_what_has_no_single_form(self):
        for value in (1.5, {1: 2}, {"a": "\ud800"}, 2**53, {"a": {1, 2}}, b"x"):
            with self.assertRaises(CanonicalError):
                canonical(value)

    def test_parse_refuses_other_spellings(self):
        for text in ('{"a": 1}', '{"b":1,"a":2}', '{"a":1,"a":1}', "{", '"\\u0061"'):
            with self.assertRaises(CanonicalError):
                parse(text)
