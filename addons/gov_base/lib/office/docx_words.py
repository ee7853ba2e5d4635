"""What a template of Word may say, found and checked before it is ever run. Runs in the limited process.

Allowed: ``{{ name }}``, ``{% if name %}…{% endif %}`` with not, and, or, ``==``, ``!=`` and words in quotes, and
``{% for row in list %}…{{ row.name }}…{% endfor %}``. No call, no filter, no arithmetic, no attribute of anything else:
nothing in a template can run, read or repeat what it was not given.
"""

import io
import re

import docx
import jinja2.debug  # noqa: F401 loaded late by Jinja, when nothing can be read any more
from docxtpl import DocxTemplate
from jinja2 import TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

MAX_PROBLEMS = 5
#: what a letter that people write stays far below; docxtpl reads each tag to the end of its part
MAX_TAGS, MAX_XML = 2_000, 6_000_000
#: fields of Word that only show what is in the file; the others fetch, run or ask
SAFE_FIELDS = frozenset(
    [
        "PAGE",
        "NUMPAGES",
        "SECTIONPAGES",
        "SECTION",
        "DATE",
        "TIME",
        "CREATEDATE",
        "SAVEDATE",
        "PRINTDATE",
        "TITLE",
        "SUBJECT",
        "AUTHOR",
        "REF",
        "PAGEREF",
        "NOTEREF",
        "HYPERLINK",
        "TOC",
        "TC",
        "SEQ",
        "STYLEREF",
        "SYMBOL",
        "QUOTE",
    ]
)
_MODIFIED = re.compile(r"\{\{\s*(?:r|p|tr|tc)\s")
_BRACES = re.compile(r"\{[{%#]")
_TAG = re.compile(r"<[^>]+>")
_PARAGRAPH = re.compile(r"<w:p([ >])")
_FIELD = re.compile(r"\s*([A-Za-z]+)")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLAIN = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Const,
    nodes.If,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Compare,
    nodes.Operand,
)
#: parts of which nothing is filled in, or not as the text is
UNFILLED = ("footnotes.xml", "endnotes.xml", "comments.xml")
HEADER = DocxTemplate.HEADER_URI
FOOTER = DocxTemplate.FOOTER_URI


class Unreadable(ValueError):
    """The file is no document of Word."""


class Heavy(ValueError):
    """The file is larger than a letter is."""


def environment():
    return ImmutableSandboxedEnvironment(autoescape=True, cache_size=0)


def rehearse():
    """Load now what is loaded late: nothing can be read any more once the process is closed."""
    stream = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("{{ name }} {% if name == 'x' %}y{% endif %}")
    document.save(stream)
    inspect(stream, {"name"}, {})
    fill(stream, {"name": "a\nb é ع"})
    document.add_paragraph("{{ name ")
    document.save(stream)
    inspect(stream, {"name"}, {})
    fill(stream, {})


def opened(content):
    content.seek(0)
    template = DocxTemplate(content)
    try:
        template.init_docx()
    except Exception as error:
        # Whatever a parser says about a hostile file, it is one answer: no document.
        raise Unreadable(str(error)) from error
    return template


def parts(template):
    """(name of the part, its XML) of the text, the heads and the feet, as docxtpl will fill them in."""
    yield "text", template.get_xml()
    for name, uri in (("header", HEADER), ("footer", FOOTER)):
        for _key, part in template.get_headers_footers(uri):
            yield name, template.get_part_xml(part)


def inspect(content, keys, loops):
    """(names in order of first use, problems as tuples)."""
    template = opened(content)
    found, problems = {}, []
    env = environment()
    for part, xml in parts(template):
        text = _TAG.sub("", xml)
        if len(xml) > MAX_XML or len(_BRACES.findall(text)) > MAX_TAGS:
            raise Heavy
        _check_fields(part, xml, problems)
        _check_modified(part, text, problems)
        source = _PARAGRAPH.sub(r"\n<w:p\1", template.patch_xml(xml))
        lines = source.split("\n")
        try:
            tree = env.parse(source)
        except TemplateError as error:
            place = _words(lines, error.lineno or 0)
            problems.append(("syntax", str(error.message or "")[:120], part, place))
            continue
        checker = Checker(part, lines, keys, loops)
        checker.visit(tree, {})
        found.update(dict.fromkeys(checker.found))
        problems += checker.problems
    _check_rest(template, problems)
    return list(found), [list(one) for one in problems[:MAX_PROBLEMS]]


def fill(content, values):
    """(filled in file, problems): what came out is checked as what went in."""
    template = opened(content)
    problems = []
    try:
        template.render(values, environment())
        for part, xml in parts(template):
            _check_fields(part, xml, problems)
    except Exception as error:  # noqa: BLE001 every failure of a library is an answer
        # The words passed the check: what is left is XML that the tags of the template break.
        return b"", [["syntax", type(error).__name__, "text", ""]]
    out = io.BytesIO()
    template.save(out)
    return out.getvalue(), problems[:MAX_PROBLEMS]


class Checker:
    """Walks through a template and names everything that is not on the list."""

    def __init__(self, part, lines, keys, loops):
        self.part, self.lines, self.keys, self.loops = part, lines, keys, loops
        self.found, self.problems = {}, []

    def visit(self, node, rows):
        if isinstance(node, nodes.For):
            self._loop(node, rows)
        elif isinstance(node, nodes.Name):
            self._name(node, rows)
        elif isinstance(node, nodes.Getattr):
            self._item(node, rows)
        elif isinstance(node, _PLAIN) and self._comparison_is_plain(node):
            for child in node.iter_child_nodes():
                self.visit(child, rows)
        else:
            self._problem("code", type(node).__name__.lower(), node)

    def _loop(self, node, rows):
        plain = (
            isinstance(node.iter, nodes.Name)
            and isinstance(node.target, nodes.Name)
            and not node.recursive
            and node.test is None
            and not rows
        )
        if not plain:
            self._problem("code", "for", node)
        elif node.iter.name not in self.loops:
            self._problem("list", node.iter.name, node)
        else:
            self.found[node.iter.name] = True
            inside = {node.target.name: node.iter.name}
            for child in [*node.body, *node.else_]:
                self.visit(child, inside)

    def _name(self, node, rows):
        if node.name in rows or node.name not in self.keys:
            self._problem("unknown", node.name, node)
        else:
            self.found[node.name] = True

    def _item(self, node, rows):
        of = node.node.name if isinstance(node.node, nodes.Name) else None
        if of not in rows:
            words = f"{of}.{node.attr}" if of else node.attr
            self._problem("unknown", words, node)
        elif node.attr not in self.loops[rows[of]]:
            self._problem("unknown", f"{of}.{node.attr}", node)

    @staticmethod
    def _comparison_is_plain(node):
        return not isinstance(node, nodes.Operand) or node.op in ("eq", "ne")

    def _problem(self, code, words, node):
        place = _words(self.lines, node.lineno)
        self.problems.append((code, words[:60], self.part, place))


def _words(lines, number):
    """The words of the paragraph that stands on this line of the source."""
    if not 0 < number <= len(lines):
        return ""
    return " ".join(_TAG.sub("", lines[number - 1]).split())[:80]


def _check_modified(part, text, problems):
    """``{{r x}}`` and the like put the markup of a value in the file; ours have none."""
    found = _MODIFIED.search(text)
    if found:
        problems.append(("code", found[0].strip("{ "), part, ""))


def _check_fields(part, xml, problems):
    """Fields of Word that fetch, run or ask."""
    root = docx.oxml.parse_xml(xml)
    for name in _instructions(root):
        if name.upper() not in SAFE_FIELDS:
            problems.append(("field", name[:40], part, ""))


def _instructions(root):
    """The first word of each field, whatever pieces Word cut it into."""
    for simple in root.iter(f"{_W}fldSimple"):
        yield _first_word(simple.get(f"{_W}instr") or "")
    depth, pieces = 0, []
    for node in root.iter(f"{_W}fldChar", f"{_W}instrText"):
        if node.tag.endswith("instrText"):
            pieces.append(node.text or "")
            continue
        kind = node.get(f"{_W}fldCharType")
        depth += {"begin": 1, "end": -1}.get(kind, 0)
        if kind in ("separate", "begin", "end") and pieces:
            yield _first_word("".join(pieces))
            pieces = []
    if pieces:
        yield _first_word("".join(pieces))


def _first_word(instruction):
    found = _FIELD.match(instruction)
    return found[1] if found else instruction.strip()[:40] or "?"


def _check_rest(template, problems):
    """Parts that bring another document along, or that docxtpl fills in without our looking."""
    for part in template.docx.part.package.iter_parts():
        name = str(part.partname).lower()
        kind = part.content_type.lower()
        if "/afchunk" in name or "altchunk" in kind or name.endswith((".html", ".rtf")):
            problems.append(("part", name.rsplit("/", 1)[-1][:40], "file", ""))
        elif name.endswith(UNFILLED) and _BRACES.search(_plain(part)):
            problems.append(("place", name.rsplit("/", 1)[-1], "file", ""))
    _check_properties(template, problems)


def _plain(part):
    return _TAG.sub("", part.blob.decode("utf-8", "replace"))


def _check_properties(template, problems):
    """The card of the file (author, title) is filled in too: nothing may stand there."""
    card = template.docx.core_properties
    for name in ("author", "comments", "identifier", "language", "subject", "title"):
        if _BRACES.search(getattr(card, name)):
            problems.append(("place", name, "file", ""))
