"""A document of blocks filled in: what is conditional, repeated, in two languages. Pure Python.

Values are text, whatever they hold: they become no element and no merge field (see ``merge``).
"""

from typing import NamedTuple

from markupsafe import Markup

from . import merge

_HALF = "width: 50%; vertical-align: top"
_PAD = {"first": "padding-right: 3mm", "second": "padding-left: 3mm"}
_CELL = "border: 1px solid #999; padding-left: 4px; padding-right: 4px"

_NARROW = "width: 18%"
#: ends of the keys of columns that hold a number
_NUMBERS = ("_number", "_count", "_rank")


class Language(NamedTuple):
    """One of the languages of a letter, and the values as they are written in it."""

    code: str  # as HTML wants it: ``ar-MA``
    direction: str  # ``ltr`` or ``rtl``
    values: dict  # key -> text; name of a list -> its items, each key -> text
    labels: dict  # key -> heading of the column of a table


def fill(document, first, second=None):
    """The text of a clean document with everything filled in; the blocks of its frame are left out.

    :param Language first: language of the letter
    :param Language second: the other one of a letter in two languages, or None
    :return: HTML that ``merge.clean_html`` leaves as it is
    :rtype: markupsafe.Markup
    """
    return Markup("").join(_blocks(document, first, second, {}))


def _blocks(document, first, second, item):
    return [_FILLERS[block["kind"]](block, first, second, item) for block in document]


def _nothing(_block, _first, _second, _item):
    return Markup("")


def _text(block, first, _second, item):
    return merge.merge_html(block["html"], {**first.values, **item})


def _if(block, first, second, item):
    given = is_given({**first.values, **item}.get(block["key"]))
    if given != block["present"]:
        return Markup("")
    return Markup("").join(_blocks(block["blocks"], first, second, item))


def is_given(value):
    """Whether a value says something: a list with an item, a text with a sign that is seen."""
    if isinstance(value, list | tuple):
        return bool(value)
    return bool(merge.merge_line("{{ a }}", {"a": value}))


def _pair(block, first, second, item):
    if second is None:
        return Markup("").join(_blocks(block["first"], first, None, item))
    sides = [
        (language, Markup("").join(_blocks(block[name], language, None, item)))
        for name, language in (("first", first), ("second", second))
    ]
    if block["layout"] == "stacked":
        return Markup("").join(
            Markup('<div lang="%s" dir="%s">%s</div>')
            % (language.code, language.direction, html)
            for language, html in sides
        )
    # Whatever the language of the letter: what is read from the left stands on the left.
    sides.sort(key=lambda side: side[0].direction == "rtl")
    cells = [
        Markup('<td lang="%s" dir="%s" style="%s">%s</td>')
        % (language.code, language.direction, f"{_HALF}; {pad}", html)
        for (language, html), pad in zip(sides, _PAD.values(), strict=True)
    ]
    return Markup(
        '<table dir="ltr" style="width: 100%%"><tbody><tr>%s</tr></tbody></table>'
    ) % Markup("").join(cells)


def _loop(block, first, second, item):
    items = first.values.get(block["over"])
    items = items if isinstance(items, list | tuple) else ()
    if not items:
        return Markup("")
    if block["style"] == "table":
        return _table(block["columns"], items, first, second)
    filled = [
        Markup("").join(_blocks(block["blocks"], first, second, {**item, **one}))
        for one in items
    ]
    if block["style"] == "text":
        return Markup("").join(filled)
    tag = Markup("ol") if block["style"] == "numbers" else Markup("ul")
    rows = Markup("").join(
        Markup("<li>%s</li>") % _without_paragraph(html) for html in filled if html
    )
    return Markup("<%s>%s</%s>") % (tag, rows, tag)


def _without_paragraph(html):
    """The content of an item that is one paragraph: its bullet stands beside it."""
    inner = html.removeprefix("<p>").removesuffix("</p>")
    whole = len(inner) == len(html) - 7 and "<p" not in inner and "</p" not in inner
    return Markup(inner) if whole else html


def _table(columns, items, first, second):
    languages = [first, *([second] if second else [])]
    heads = Markup("").join(
        Markup('<th style="%s">%s</th>') % (_cell(key), _heading(key, languages))
        for key in columns
    )
    rows = Markup("").join(
        Markup("<tr>%s</tr>")
        % Markup("").join(
            Markup('<td style="%s">%s</td>')
            % (_cell(key), merge.merge_html(f"{{{{ {key} }}}}", one))
            for key in columns
        )
        for one in items
    )
    return Markup(
        '<table style="width: 100%%"><thead><tr>%s</tr></thead><tbody>%s</tbody></table>'
    ) % (
        heads,
        rows,
    )


def _cell(key):
    return f"{_CELL}; {_NARROW}" if key.endswith(_NUMBERS) else _CELL


def _heading(key, languages):
    """The name of a column in each language, once when it is the same."""
    names = {}
    for language in languages:
        names.setdefault(language.labels.get(key, key), language.code)
    return Markup(" / ").join(
        Markup('<bdi lang="%s">%s</bdi>') % (code, name) for name, code in names.items()
    )


_FILLERS = {
    "letterhead": _nothing,
    "signature": _nothing,
    "text": _text,
    "if": _if,
    "pair": _pair,
    "loop": _loop,
}
