"""Texts with merge fields written ``{{ key }}``: cleaned, checked and filled in. Pure Python.

The text of a letter is a small part of HTML: paragraphs, lists, tables, emphasis. What is not on the list below goes,
whoever wrote it and with whatever editor; nothing in it is ever code.
"""

import re

from lxml import etree, html
from markupsafe import Markup, escape

from .text import clean_block, clean_line

MAX_BODY = 200_000
_BLANK = r"(?:\s|&nbsp;|&#160;)*"
_FIELD = re.compile(
    r"\{\{" + _BLANK + r"([A-Za-z][A-Za-z0-9_]{0,49})" + _BLANK + r"\}\}"
)
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,49}")
_BRACES = re.compile(r"\{\{|\}\}")
_TAG_NAMES = """
    p br b strong i em u s sub sup small span div ul ol li blockquote hr h1 h2 h3 h4 h5 h6 bdi table thead
    tbody tfoot tr th td caption colgroup col a img pre
"""
_TAGS = frozenset(_TAG_NAMES.split())
# Signs that show nothing and that editors leave in the text, or that turn the order of what follows.
_INVISIBLE = dict.fromkeys(
    (0x7F, 0x200B, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)
# Elements whose content is no text of the letter.
_DROPPED_NAMES = """
    script style head title meta link base iframe frame frameset object embed applet noscript template svg
    math form input button select textarea option video audio source canvas noembed noframes plaintext xmp
"""
_DROPPED = frozenset(_DROPPED_NAMES.split())
_ATTRIBUTES = {
    None: frozenset({"dir", "lang", "style"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan", "scope"}),
    "col": frozenset({"span"}),
    "ol": frozenset({"start", "type"}),
    "a": frozenset({"href"}),
    "img": frozenset({"src", "alt", "width", "height"}),
}
_STYLE_NAMES = """
    text-align font-weight font-style text-decoration text-decoration-line font-size color background-color
    margin-left margin-right margin-top margin-bottom padding-left padding-right text-indent width height
    vertical-align direction border border-width border-style border-color line-height page-break-before
    page-break-after page-break-inside list-style-type
"""
_STYLES = frozenset(_STYLE_NAMES.split())
_STYLE_VALUE = re.compile(r"[\w\s.,#%()-]{1,80}")
_STYLE_CALL = re.compile(r"(?:rgba?|hsla?)\([\d\s.,%]*\)")
_HREF = re.compile(r"(?:https?://|mailto:|tel:)[^\s{}<>\"']{1,500}", re.I)
# A picture that is in the text itself; nothing is fetched when the letter is set.
_PICTURE = re.compile(r"data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=\s]{1,150000}")
_WORD = re.compile(r"[\w-]{1,35}")


class TooLong(ValueError):
    """The text is longer than a letter is."""


def clean_html(text):
    """The text of a letter with what it may hold and nothing else; cleaning twice changes nothing.

    :param text: HTML from an editor or a program, or None/False
    :rtype: markupsafe.Markup
    :raise TooLong: more than ``MAX_BODY`` signs
    """
    source = str(text or "")
    if len(source) > MAX_BODY:
        raise TooLong
    source = _without_control_signs(source)
    if not source.strip():
        return Markup("")
    root = html.fragment_fromstring(source, create_parent="div")
    for node in list(root.iter()):
        if node is not root:
            _clean_node(node)
    return Markup(_FIELD.sub(r"{{ \1 }}", _inner(root)))


def text_of(body):
    """The plain text of a clean body, to find out whether anything is written."""
    if not body:
        return ""
    root = html.fragment_fromstring(str(body), create_parent="div")
    return clean_line(" ".join(root.itertext()))


def is_key(text):
    """Whether a text is the name of a merge field."""
    return bool(_KEY.fullmatch(text))


def keys_of(*texts):
    """The keys of the merge fields of these texts, in order of first use.

    :rtype: list[str]
    """
    found = {}
    for text in texts:
        for match in _FIELD.finditer(str(text or "")):
            found[match[1]] = True
    return list(found)


def broken_fields(*texts):
    """Pieces of these texts that hold braces but are no merge field: ``{{ date``, ``{{ a.b }}``, braces cut by a bold word.

    :return: short pieces as a person wrote them, at most three
    :rtype: list[str]
    """
    pieces = []
    for text in texts:
        rest = _FIELD.sub("", str(text or ""))
        pieces += [
            clean_line(html_to_text(rest[match.start() : match.start() + 200]), 40)
            for match in _BRACES.finditer(rest)
        ]
    return pieces[:3]


def html_to_text(piece):
    """Drop the tags of a piece of HTML, for a sentence that quotes it."""
    return re.sub(r"<[^>]*>?", "", piece)


def merge_line(text, values):
    """A line (the subject) with its merge fields filled in; plain text, not HTML.

    :param dict values: key -> text; a key without value gives nothing
    :rtype: str
    """
    filled = _FIELD.sub(
        lambda match: clean_line(_plain(values.get(match[1]))), str(text or "")
    )
    return clean_line(_plain(filled))


def merge_html(body, values):
    """A clean body with its merge fields filled in. Values are text: whatever they hold, they become no element.

    Each line of a value stands in its own ``<bdi>``: an Arabic name in a French letter turns nothing around.

    :param dict values: key -> text; a key without value gives nothing
    :rtype: markupsafe.Markup
    """
    return Markup(
        _FIELD.sub(lambda match: _escaped(values.get(match[1])), str(body or ""))
    )


def _escaped(value):
    lines = clean_block(_plain(value)).split("\n")
    return "<br>".join(f"<bdi>{escape(line)}</bdi>" for line in lines if line)


def _plain(value):
    """A value as plain text that holds no merge field of its own."""
    if value is None or value is False:
        return ""
    # str() of a Markup would be trusted as HTML by whoever escapes it afterwards.
    return re.sub(r"\{(?=\{)|\}(?=\})", "", "".join(str(value)))


def _without_control_signs(source):
    return "".join(
        char
        for char in source
        if char in "\n\t" or (ord(char) >= 32 and not 0xD800 <= ord(char) <= 0xDFFF)
    ).translate(_INVISIBLE)


def _clean_node(node):
    if node.getparent() is None:
        return  # it went with an element above it
    if not isinstance(node.tag, str):
        _drop(node)  # comment or processing instruction
        return
    tag = node.tag.lower()
    if tag in _DROPPED or ":" in tag:
        _drop(node)
        return
    if tag not in _TAGS:
        node.drop_tag()
        return
    allowed = _ATTRIBUTES[None] | _ATTRIBUTES.get(tag, frozenset())
    for name in list(node.attrib):
        value = _clean_attribute(name, node.attrib[name]) if name in allowed else None
        if value:
            node.attrib[name] = value
        else:
            del node.attrib[name]
    if tag == "img" and not node.get("src"):
        _drop(node)
    elif tag == "a" and not node.get("href"):
        node.drop_tag()


def _drop(node):
    """Remove a node with what is in it, and keep the text that follows it."""
    parent, tail = node.getparent(), node.tail
    if tail:
        previous = node.getprevious()
        if previous is not None:
            previous.tail = (previous.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    parent.remove(node)


def _clean_attribute(name, value):
    value = value.strip()
    if name == "style":
        return _clean_style(value)
    if name == "href":
        return value if _HREF.fullmatch(value) else None
    if name == "src":
        return value if _PICTURE.fullmatch(value) else None
    if name == "dir":
        return value.lower() if value.lower() in ("ltr", "rtl", "auto") else None
    if name == "alt":
        return _BRACES.sub("", clean_line(value, 200)) or None
    return value if _WORD.fullmatch(value) else None


def _clean_style(value):
    kept = []
    for declaration in value.split(";"):
        name, colon, what = (part.strip() for part in declaration.partition(":"))
        plain = _STYLE_CALL.sub("", what)
        if (
            colon
            and name.lower() in _STYLES
            and _STYLE_VALUE.fullmatch(what)
            and "(" not in plain
        ):
            kept.append(f"{name.lower()}: {what}")
    return "; ".join(kept)


def _inner(root):
    """What is in the root, as HTML."""
    parts = [str(escape(root.text))] if root.text else []
    parts += [
        etree.tostring(child, encoding="unicode", method="html", with_tail=True)
        for child in root
    ]
    return "".join(parts).strip()
