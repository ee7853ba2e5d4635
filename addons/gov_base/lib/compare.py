"""Two texts compared word by word, and a text renewed without losing what somebody wrote in it. Pure Python."""

import difflib
import re

from lxml import etree, html
from markupsafe import Markup, escape

#: beyond, a comparison by words would take seconds: paragraphs are compared
MAX_WORDS = 4_000
_STYLE = re.compile(r'style="([^"]*)"')
_WORD = re.compile(r"\n|[^\s]+")


def words_of(text):
    """The words of a plain text, line ends among them."""
    return _WORD.findall(text)


def compared(old, new):
    """Both plain texts in one: what went in ``<del>``, what came in ``<ins>``.

    :param str old: the text before
    :param str new: the text after
    :rtype: markupsafe.Markup
    """
    cut = words_of
    if max(len(cut(old)), len(cut(new))) > MAX_WORDS:
        cut = _lines
    before, after = cut(old), cut(new)
    parts = []
    for kind, start, end, new_start, new_end in difflib.SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            parts.append(_plain(after[new_start:new_end]))
            continue
        if end > start:
            parts.append(Markup("<del>%s</del>") % _plain(before[start:end]))
        if new_end > new_start:
            parts.append(Markup("<ins>%s</ins>") % _plain(after[new_start:new_end]))
    return Markup(" ").join(parts)


def _lines(text):
    return [piece for line in text.split("\n") for piece in (line, "\n")]


def _plain(words):
    return escape(" ".join(words)).replace("\n", Markup("<br/>"))


def pieces_of(text):
    """The paragraphs, lists and tables of a clean HTML text, one after the other.

    :rtype: list[str]
    """
    source = str(text or "")
    if not source.strip():
        return []
    root = html.fragment_fromstring(source, create_parent="div")
    pieces = [str(escape(root.text))] if (root.text or "").strip() else []
    for child in root:
        tail, child.tail = child.tail, None
        pieces.append(etree.tostring(child, encoding="unicode", method="html"))
        if (tail or "").strip():
            pieces.append(str(escape(tail)))
    return pieces


def same_piece(piece):
    """What a piece says, without what an editor changes by itself: to tell whether a person changed it."""
    plain = re.sub(r"</?(?:bdi|span)\b[^>]*>|<br\s*/?>(?=</)", "", piece)
    plain = re.sub(r"\s*(?:class|data-[\w-]+)=\"[^\"]*\"", "", plain)
    plain = _STYLE.sub(
        lambda found: f'style="{found[1].replace(" ", "").rstrip(";")}"', plain
    )
    return " ".join(plain.replace("&nbsp;", " ").replace("\u00a0", " ").split())


def renewed(base, mine, theirs):
    """A text renewed: what the template says differently comes in, what a person wrote stays.

    Where both changed the same place, the person's words stay and the place is counted.

    :param base: the text as it was filled in the last time, HTML
    :param mine: the text as it is now
    :param theirs: the text as it would be filled in now
    :return: the text, and in how many places both had changed
    :rtype: tuple[markupsafe.Markup, int]
    """
    base, mine, theirs = pieces_of(base), pieces_of(mine), pieces_of(theirs)
    out, clashes = [], 0
    at_base = at_mine = at_theirs = 0
    for in_base, in_mine, in_theirs, length in _agreements(base, mine, theirs):
        old = base[at_base:in_base]
        own, new = mine[at_mine:in_mine], theirs[at_theirs:in_theirs]
        taken, counted = _one_place(old, own, new)
        out += taken
        clashes += counted
        out += mine[in_mine : in_mine + length]
        at_base, at_mine = in_base + length, in_mine + length
        at_theirs = in_theirs + length
    return Markup("".join(out)), clashes


def _one_place(old, own, new):
    """What stands in one place, and how many clashes it held."""
    if _said(own) == _said(old):
        return new, 0
    if _said(new) in (_said(old), _said(own)):
        return own, 0
    if len(old) == len(own) == len(new) > 1:
        # Neighbours, one changed by each side: paragraph by paragraph.
        places = [
            _one_place([a], [b], [c]) for a, b, c in zip(old, own, new, strict=True)
        ]
        return [piece for taken, _n in places for piece in taken], sum(
            counted for _taken, counted in places
        )
    return own, 1


def is_same(one, other):
    """Whether two HTML texts say the same."""
    return _said(pieces_of(one)) == _said(pieces_of(other))


def _said(pieces):
    return [said for piece in pieces if (said := same_piece(piece))]


def _agreements(base, mine, theirs):
    """Where all three say the same: (place in base, in mine, in theirs, length), the end last."""
    ours, new = _matches(base, mine), _matches(base, theirs)
    found, i, j = [], 0, 0
    while i < len(ours) and j < len(new):
        start = max(ours[i].a, new[j].a)
        end = min(ours[i].a + ours[i].size, new[j].a + new[j].size)
        if start < end:
            found.append(
                (
                    start,
                    ours[i].b + start - ours[i].a,
                    new[j].b + start - new[j].a,
                    end - start,
                )
            )
        if ours[i].a + ours[i].size < new[j].a + new[j].size:
            i += 1
        else:
            j += 1
    return [*found, (len(base), len(mine), len(theirs), 0)]


def _matches(base, other):
    return difflib.SequenceMatcher(
        None,
        [same_piece(piece) for piece in base],
        [same_piece(piece) for piece in other],
        autojunk=False,
    ).get_matching_blocks()
