"""What people type, made safe to store on one line and to print. Pure Python."""

import re
import unicodedata

# Characters that show nothing, or that turn the reading order of what follows them: a name made
# of these alone is blank, and a name that holds one can make a receipt read otherwise than stored.
# U+200C and U+200D are kept where they can shape letters (Persian, Indic scripts) and dropped at
# the ends; U+034F, U+061C, U+115F, U+1160, U+17B4, U+17B5, U+180E, U+2800, U+3164, U+FFA0 draw nothing.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_JOINERS = "\u200c\u200d"
_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_BLANKS = re.compile(r"\s+")
_MANY_LINES = re.compile(r"\n{3,}")
# Stacked marks ("Zalgo"): no language needs more than a few on one letter.
_MAX_MARKS = 6


def _without_controls(text, keep=""):
    """Drop control, surrogate, private and unassigned characters (but the ones in ``keep``)."""
    return "".join(
        char
        for char in text
        if char in keep or unicodedata.category(char) not in ("Cc", "Cs", "Co", "Cn")
    )


def _without_mark_towers(text):
    """Keep at most ``_MAX_MARKS`` combining marks on one base letter."""
    if not any(unicodedata.combining(char) for char in text):
        return text
    out, marks = [], 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if marks <= _MAX_MARKS:
            out.append(char)
    return "".join(out)


def clean_line(text, limit=None):
    """One line of text as it may be stored and printed.

    Blanks of every kind become one space, what cannot be seen (control characters, zero-width
    characters, marks that turn the reading order) goes, the rest is in Unicode form NFC.

    :param text: what was typed, or None/False
    :param int limit: at most so many characters are kept
    :return: the text; ``""`` when nothing visible is left, which callers treat as missing
    :rtype: str
    """
    if not text:
        return ""
    spaced = _BLANKS.sub(" ", str(text))
    seen = _INVISIBLE.sub("", _without_controls(spaced))
    line = _without_mark_towers(unicodedata.normalize("NFC", seen))
    line = _BLANKS.sub(" ", line).strip(" " + _JOINERS)
    if not any(unicodedata.category(char)[0] in "LNPS" for char in line):
        return ""
    if limit is not None and len(line) > limit:
        line = line[:limit].rstrip(" " + _JOINERS)
    return line


def clean_block(text, limit=None):
    """Several lines, each cleaned as :func:`clean_line` does; at most one empty line in a row.

    :param text: what was typed, or None/False
    :param int limit: at most so many characters are kept, line ends included
    :rtype: str
    """
    if not text:
        return ""
    unified = re.sub(r"\r\n?|[\u0085\u2028\u2029\v\f]", "\n", str(text))
    lines = [clean_line(line) for line in unified.split("\n")]
    block = _MANY_LINES.sub("\n\n", "\n".join(lines)).strip("\n")
    return block[:limit].rstrip() if limit is not None else block


def is_blank(text):
    """Whether nothing visible is left of a text once it is cleaned."""
    return not clean_line(text)


def strip_bidi_controls(text):
    """Remove the characters that override or embed a direction (Trojan-source characters)."""
    return _BIDI_CONTROLS.sub("", text)
