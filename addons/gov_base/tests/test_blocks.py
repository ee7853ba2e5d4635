from hypothesis import HealthCheck, given, settings, strategies as st

from odoo.tests import BaseCase, tagged

from ..lib import blocks, blocks_fill, compare, merge
from .test_template import HOSTILE

KEYS = ("date", "author", "reference")
LOOPS = {"pieces": ("piece_number", "piece_name")}
ODD = (
    None,
    True,
    0,
    -1,
    1.5,
    "",
    "x",
    b"x",
    [],
    {},
    [[]],
    [{}],
    [None],
    [{"kind": ["text"]}],
    {"kind": "text"},
)
blocks_of = st.recursive(
    st.fixed_dictionaries(
        {"kind": st.sampled_from([*blocks.KINDS, "script", ""])},
        optional={
            "html": st.sampled_from(HOSTILE) | st.sampled_from(ODD),
            "letterhead": st.sampled_from(ODD),
            "place": st.sampled_from([*blocks.PLACES, *map(str, ODD)]),
            "key": st.sampled_from([*KEYS, "{{ date }}", *ODD[:6]]),
            "onclick": st.just("x()"),
        },
    ),
    lambda inner: st.fixed_dictionaries(
        {"kind": st.sampled_from(["pair", "if", "loop"])},
        optional={
            "first": st.lists(inner, max_size=2),
            "second": st.lists(inner, max_size=2),
            "blocks": st.lists(inner, max_size=2),
            "key": st.sampled_from(KEYS),
            "over": st.sampled_from(["pieces", "nothing", ""]),
            "style": st.sampled_from([*blocks.LOOP_STYLES, "grid"]),
            "columns": st.lists(st.sampled_from([*LOOPS["pieces"], "x y", None])),
        },
    ),
    max_leaves=6,
)


def text(html):
    return {"kind": "text", "html": html}


def language(values, code="fr-FR", direction="ltr"):
    return blocks_fill.Language(code, direction, values, {"piece_name": "Pièce"})


@tagged("alone", "standard")
class TestBlocks(BaseCase):
    """A document of blocks: what it may be, and what becomes of it; pure."""

    def refused(self, document, code):
        with self.assertRaises(blocks.BlocksRefused) as caught:
            blocks.clean(document)
        self.assertEqual(caught.exception.code, code, document)

    def test_what_is_no_document(self):
        for odd in ODD:
            if odd is None or odd in ("", []):
                continue
            with self.assertRaises(blocks.BlocksRefused, msg=repr(odd)):
                blocks.clean(odd)
        self.assertEqual(blocks.clean(None), [])
        self.refused([{"kind": "script"}], "kind")
        self.refused([text({"a": 1})], "shape")
        self.refused([{"kind": "signature"}, {"kind": "signature"}], "twice")
        self.refused([{"kind": "if", "blocks": [{"kind": "letterhead"}]}], "inside")
        self.refused([{"kind": "loop", "blocks": [{"kind": "loop"}]}], "inside")
        self.refused([text("a")] * 201, "many")
        self.refused([text("x" * 150_000), text("x" * 60_000)], "long")
        deep = text("a")
        for _level in range(6):
            deep = {"kind": "if", "key": "date", "blocks": [deep]}
        self.refused([deep], "deep")

    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(blocks_of, max_size=4))
    def test_any_document_is_cleaned_once_and_filled_in(self, document):
        try:
            clean = blocks.clean(document)
        except blocks.BlocksRefused:
            return
        self.assertEqual(blocks.clean(clean), clean)
        self.assertNotIn("onclick", repr(clean))
        values = {
            "date": "<script>x</script>\u202e",
            "author": "{{ date }}",
            "pieces": [{"piece_name": "<img src=x onerror=y>"}] * 3,
        }
        for second in (None, language(values, "ar-MA", "rtl")):
            filled = blocks_fill.fill(clean, language(values), second)
            self.assertEqual(merge.clean_html(filled), filled)
            self.assertNotIn("<script", filled)
            self.assertNotIn("<img", filled)
            self.assertFalse(set(merge.keys_of(filled)) & set(values))

    def test_problems(self):
        document = blocks.clean(
            [
                text("{{ nothing }} {{ <b>date</b> }}"),
                {"kind": "if", "key": ""},
                {"kind": "loop", "over": "crew", "style": "text"},
                {"kind": "loop", "over": "pieces", "style": "table"},
                {"kind": "loop", "over": "pieces", "columns": ["date"]},
                {
                    "kind": "loop",
                    "over": "pieces",
                    "style": "list",
                    "blocks": [text("{{ piece_name }} {{ date }}")],
                },
                text("{{ piece_name }}"),
            ]
        )
        document[4]["style"] = "table"
        self.assertEqual(
            [code for code, _name in blocks.problems(document, KEYS, LOOPS)],
            ["key", "broken", "broken", "no_key", "loop", "no_column", "column", "key"],
        )
        self.assertEqual(
            blocks.keys_of(document), ["nothing", "piece_name"], "not those of items"
        )

    def test_only_if(self):
        document = blocks.clean(
            [
                {"kind": "if", "key": "reference", "blocks": [text("<p>given</p>")]},
                {
                    "kind": "if",
                    "key": "pieces",
                    "present": False,
                    "blocks": [text("<p>no piece</p>")],
                },
            ]
        )
        for value, words in (
            ("12/2026", "<p>given</p>"),
            ("", ""),
            (None, ""),
            (" \u202e\n", ""),
            ("0", "<p>given</p>"),
        ):
            filled = blocks_fill.fill(
                document, language({"reference": value, "pieces": [{}]})
            )
            self.assertEqual(filled, words, repr(value))
        self.assertEqual(
            blocks_fill.fill(document, language({"pieces": []})), "<p>no piece</p>"
        )

    def test_for_each(self):
        for count in (0, 1, 200):
            items = [
                {"piece_number": str(number), "piece_name": f"Plan {number} <b>"}
                for number in range(1, count + 1)
            ]
            for style, row in (
                ("table", "<tr>"),
                ("list", "<li>"),
                ("numbers", "<li>"),
                ("text", "<p>"),
            ):
                document = blocks.clean(
                    [
                        {
                            "kind": "loop",
                            "over": "pieces",
                            "style": style,
                            "columns": LOOPS["pieces"],
                            "blocks": [text("<p>{{ piece_name }}</p>")],
                        }
                    ]
                )
                filled = blocks_fill.fill(document, language({"pieces": items}))
                heads = 1 if style == "table" and count else 0
                self.assertEqual(filled.count(row), count + heads, style)
                self.assertEqual(filled.count("&lt;b&gt;"), count)
                if not count:
                    self.assertEqual(filled, "")

    def test_two_languages(self):
        pair = {
            "kind": "pair",
            "first": [text("<p>Le {{ date }}</p>")],
            "second": [text("<p>بتاريخ {{ date }}</p>")],
        }
        french = language({"date": "1 mai 2026"})
        arabic = language({"date": "فاتح ماي 2026"}, "ar-MA", "rtl")
        filled = blocks_fill.fill(blocks.clean([pair]), french, arabic)
        self.assertLess(filled.index("Le "), filled.index("بتاريخ"))
        self.assertIn('<td lang="ar-MA" dir="rtl"', filled)
        self.assertIn("<bdi>فاتح ماي 2026</bdi>", filled)
        # the left column holds what is read from the left, whichever language comes first
        turned = blocks_fill.fill(
            blocks.clean([{**pair, "first": pair["second"], "second": pair["first"]}]),
            arabic,
            french,
        )
        self.assertLess(turned.index("Le "), turned.index("بتاريخ"))
        stacked = blocks_fill.fill(
            blocks.clean([{**pair, "layout": "stacked"}]), french, arabic
        )
        self.assertIn('<div lang="ar-MA" dir="rtl">', stacked)
        self.assertNotIn("<table", stacked)
        self.assertNotIn("بتاريخ", blocks_fill.fill(blocks.clean([pair]), french, None))


@tagged("alone", "standard")
class TestCompare(BaseCase):
    """Texts compared, and a text renewed without losing what a person wrote; pure."""

    def test_compared(self):
        self.assertEqual(
            compare.compared("one <b>two</b>", "one three"),
            "one <del>&lt;b&gt;two&lt;/b&gt;</del> <ins>three</ins>",
        )
        long = "word " * 6_000
        self.assertNotIn("<del>", compare.compared(long, long))

    def test_renewed(self):
        base = "<p>a</p><p>b</p><p>c</p>"
        for mine, theirs, words, clashes in (
            (base, base, base, 0),
            (base, "<p>A</p><p>c</p>", "<p>A</p><p>c</p>", 0),
            ("<p>a</p><p>mine</p><p>c</p>", base, "<p>a</p><p>mine</p><p>c</p>", 0),
            (
                "<p>a</p><p>mine</p><p>c</p>",
                "<p>A</p><p>b</p><p>c</p>",
                "<p>A</p><p>mine</p><p>c</p>",
                0,
            ),
            (
                "<p>mine</p><p>b</p><p>c</p>",
                "<p>theirs</p><p>b</p><p>C</p>",
                "<p>mine</p><p>b</p><p>C</p>",
                1,
            ),
            (
                "<p>a</p><p>b</p><p>c</p><p>more</p>",
                "<p>A</p><p>b</p><p>c</p>",
                "<p>A</p><p>b</p><p>c</p><p>more</p>",
                0,
            ),
            ("<p>x</p>", "<p>x</p>", "<p>x</p>", 0),
        ):
            self.assertEqual(compare.renewed(base, mine, theirs), (words, clashes))
        # what an editor does by itself is no change of a person
        same = '<p class="o_x">a</p><p><span>b</span></p><p>c<br></p>'
        self.assertTrue(compare.is_same(base, same))
        self.assertFalse(compare.is_same(base, "<p>a</p><p><b>b</b></p><p>c</p>"))

    @settings(max_examples=200, deadline=None)
    @given(*(st.lists(st.sampled_from("abcde"), max_size=6) for _text in range(3)))
    def test_no_word_of_a_person_is_lost(self, base, mine, theirs):
        def html(words):
            return "".join(f"<p>{word}</p>" for word in words)

        result, _clashes = compare.renewed(html(base), html(mine), html(theirs))
        kept = compare.pieces_of(result)
        for word in set(mine) - set(base):
            self.assertEqual(kept.count(f"<p>{word}</p>") > 0, True)
        self.assertEqual(
            compare.renewed(html(base), html(base), html(theirs))[0], html(theirs)
        )
        self.assertEqual(
            compare.renewed(html(base), html(mine), html(base))[0], html(mine)
        )
