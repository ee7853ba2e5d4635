"""Conditions as data: what is looked at, how it is compared, with what. Pure Python."""

import datetime
import math
import re
import unicodedata
from dataclasses import dataclass

from .folding import search_key
from .text import clean_line

#: kind of what is looked at → how it may be compared
OPERATORS = {
    "record": ("in", "not_in", "set", "unset"),
    "choice": ("in", "not_in"),
    "words": ("any", "all", "none"),
    "number": ("at_least", "at_most", "equal"),
    "date": ("from", "until"),
    "flag": ("yes", "no"),
}
#: comparisons that need no value beside them
ALONE = ("set", "unset", "yes", "no")
MAX_VALUES = 50
MAX_WORD = 80
MAX_NUMBER = 10**12
MAX_ID = 2**31 - 1

# "and", "so", "by", "like", "for", the article: written in one piece with the word that follows.
_CLITICS = "(?:[وف]?(?:[بك]?ال|لل|[بكل])?)?"
_ARABIC = re.compile("[\u0621-\u064a]")
#: a word this short is no beginning of another one: "art" is not found in "article"
_SHORT = 3


class Wrong(ValueError):
    """A condition that is none; ``code`` says what does not fit."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Verdict:
    """Whether a condition holds, and by which of its values (words, ids, options)."""

    holds: bool
    found: tuple = ()


def clean(kind, operator, value):
    """The value of a condition as it is kept.

    :param str kind: one of ``OPERATORS``
    :param str operator: one of those of the kind
    :param value: ids for records, texts for choices and words, a number, a date or ISO text
    :return: a list, a number, an ISO date, or None where nothing is compared
    :raise Wrong: codes "operator", "missing", "type", "many"
    """
    if kind not in OPERATORS or operator not in OPERATORS[kind]:
        raise Wrong("operator")
    if operator in ALONE:
        return None
    if value is None or value is False or value == "" or value == []:
        raise Wrong("missing")
    return _CLEANERS[kind](value)


def test(kind, operator, wanted, found):
    """Whether what was found answers the condition.

    :param wanted: as :func:`clean` returns it
    :param found: ids (the record and those it is within), texts, one text, a number, a date or a bool;
        None or empty for nothing
    :rtype: Verdict
    """
    if kind == "words":
        return _test_words(operator, wanted, found)
    if kind == "flag":
        return Verdict(bool(found) is (operator == "yes"))
    if kind in ("record", "choice"):
        return _test_among(operator, wanted, found)
    if found is None or found is False:
        return Verdict(False)
    if kind == "date":
        day = datetime.date.fromisoformat(wanted)
        return Verdict(found >= day if operator == "from" else found <= day)
    return Verdict(
        {
            "at_least": found >= wanted,
            "at_most": found <= wanted,
            "equal": found == wanted,
        }[operator]
    )


def words_in(words, text):
    """Those of ``words`` that stand in ``text``, whatever their case, accents, vowels, hamza or ta marbuta.

    A word is found where one begins ("permis" in "permission"), and in Arabic also behind what is written in one
    piece with it ("رخصة" in "والرخصة").

    :rtype: tuple[str]
    """
    folded = search_key(text)
    return tuple(word for word in words if _pattern(word).search(folded))


def _test_words(operator, wanted, found):
    seen = words_in(wanted, found or "")
    if operator == "any":
        return Verdict(bool(seen), seen)
    if operator == "all":
        return Verdict(len(seen) == len(wanted), seen)
    return Verdict(not seen, seen)


def _test_among(operator, wanted, found):
    if operator == "set":
        return Verdict(bool(found))
    if operator == "unset":
        return Verdict(not found)
    common = tuple(value for value in wanted if value in (found or ()))
    return Verdict(bool(common) is (operator == "in"), common)


def _pattern(words):
    parts = []
    for raw in words.split():
        feminine = _bare(raw).endswith("ة")
        for part in search_key(raw).split():
            parts.append((part, feminine and part.endswith("ه")))
    pieces = []
    for index, (part, feminine) in enumerate(parts):
        arabic = bool(_ARABIC.search(part))
        body = part.removeprefix("ال") if arabic and len(part) > _SHORT + 1 else part
        # A ta marbuta is a ta once something follows: رخصة, رخصتي.
        piece = re.escape(body[:-1]) + "[هت]" if feminine else re.escape(body)
        ends = index < len(parts) - 1 or len(body) <= _SHORT
        pieces.append(
            f"{_CLITICS if arabic else ''}{piece}{'(?![^ ])' if ends else ''}"
        )
    if not pieces:
        # Signs alone are no word: nothing is found.
        return re.compile("(?!)")
    return re.compile(f"(?:^| ){' '.join(pieces)}")


def _bare(word):
    text = unicodedata.normalize("NFKC", word)
    return "".join(char for char in text if unicodedata.category(char).startswith("L"))


def _listed(value):
    if not isinstance(value, list | tuple):
        raise Wrong("type")
    if len(value) > MAX_VALUES:
        raise Wrong("many")
    return value


def _clean_records(value):
    ids = _listed(value)
    if not all(type(one) is int and 0 < one <= MAX_ID for one in ids):
        raise Wrong("type")
    return list(dict.fromkeys(ids))


def _clean_choices(value):
    if not all(
        isinstance(one, str) and 0 < len(one) <= MAX_WORD for one in _listed(value)
    ):
        raise Wrong("type")
    return list(dict.fromkeys(value))


def _clean_words(value):
    if not all(isinstance(one, str) for one in _listed(value)):
        raise Wrong("type")
    lines = (clean_line(one, MAX_WORD) for one in value)
    words = list(dict.fromkeys(line for line in lines if search_key(line)))
    if not words:
        raise Wrong("missing")
    return words


def _clean_number(value):
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong("type")
    if not math.isfinite(value) or abs(value) > MAX_NUMBER:
        raise Wrong("type")
    return value


def _clean_date(value):
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    if not isinstance(value, str):
        raise Wrong("type")
    try:
        return datetime.date.fromisoformat(value[:10]).isoformat()
    except ValueError as error:
        raise Wrong("type") from error


_CLEANERS = {
    "record": _clean_records,
    "choice": _clean_choices,
    "words": _clean_words,
    "number": _clean_number,
    "date": _clean_date,
}
