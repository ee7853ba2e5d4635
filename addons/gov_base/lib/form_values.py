"""Answers to a form designed by an administration, brought to one canonical shape. Pure Python.

A value comes from a browser, a program or a page without JavaScript: nothing of it is trusted. What is stored:
text as cleaned text, whole numbers as ``int``, amounts as ``"1250.50"``, dates as ``"2026-02-28"``, a tick as ``bool``,
a choice as the value of its option, several choices as the list of theirs in the order of the form.
"""

import datetime
import re
from decimal import Decimal
from typing import NamedTuple

from .digits import to_ascii
from .text import clean_block, clean_line

TYPES = (
    "text",
    "long_text",
    "integer",
    "amount",
    "date",
    "boolean",
    "choice",
    "choices",
)
MAX_TEXT = 1_000
MAX_LONG_TEXT = 20_000
MAX_NUMBER = 10**12
MAX_UNKNOWN = 3
# Cleaning may shorten: what is far beyond the limit is not even cleaned.
_RAW_FACTOR = 4
_MAX_NUMBER_SIGNS = 40
# Blanks and marks that people and browsers put between thousands.
_THOUSANDS = re.compile("[\\s\u066c\u2019']+")
_INTEGER = re.compile(r"[+-]?[0-9]{1,13}")
_LONG_INTEGER = re.compile(r"[+-]?[0-9]+")
_AMOUNT = re.compile(r"([+-]?[0-9]{1,13})(?:\.([0-9]+))?")
_LONG_AMOUNT = re.compile(r"[+-]?[0-9]{14,}(?:\.[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SIGNS = str.maketrans({"\u2212": "-", "\u066b": "."})


class Question(NamedTuple):
    """One field of a form."""

    key: str
    type: str
    required: bool = False
    options: tuple = ()


class Wrong(ValueError):
    """Why a value cannot be the answer; ``code`` is one of the codes of :func:`clean_all`."""

    def __init__(self, code, **facts):
        super().__init__(code)
        self.code = code
        self.facts = facts


class Mistake(NamedTuple):
    key: str
    code: str
    facts: dict


def clean_all(questions, values, final=False):
    """Bring the answers to a form to their canonical shape.

    :param questions: iterable of :class:`Question`
    :param values: what came in: a dict of key and value, or None/False for no answer yet
    :param bool final: whether an answer that is required may still be missing
    :return: (canonical values of the answers given, list of :class:`Mistake`). Codes: ``shape`` (not a
        dict), ``unknown``, ``more_unknown``, ``type``, ``range``, ``decimals``, ``too_long``, ``option``,
        ``missing``, ``tick``
    :rtype: tuple[dict, list[Mistake]]
    """
    if values is None or values is False:
        values = {}
    if not isinstance(values, dict):
        return {}, [Mistake("", "shape", {})]
    clean, mistakes = {}, []
    known = set()
    for question in questions:
        known.add(question.key)
        try:
            value = clean_value(question, values.get(question.key))
        except Wrong as wrong:
            mistakes.append(Mistake(question.key, wrong.code, wrong.facts))
            continue
        if value is not None:
            clean[question.key] = value
        if final and question.required and value in (None, False):
            code = "tick" if question.type == "boolean" else "missing"
            mistakes.append(Mistake(question.key, code, {}))
    return clean, mistakes + _unknown(values, known)


def clean_value(question, value):
    """Return the canonical value, or None when nothing was answered.

    :param Question question: which one
    :param value: what came in
    :raise Wrong: it cannot be the answer
    """
    if value is None or value == "" or (value is False and question.type != "boolean"):
        return None
    return _CLEANERS[question.type](question, value)


def number_of(question_type, value):
    """The number under which a canonical value is sorted and compared, or None."""
    if question_type == "boolean":
        return int(value)
    if question_type == "integer":
        return value
    return float(value) if question_type == "amount" else None


def _unknown(values, known):
    strangers = [key for key in values if key not in known]
    named = [
        Mistake(clean_line(str(key)[:200], 40) or "?", "unknown", {})
        for key in strangers[:MAX_UNKNOWN]
    ]
    if len(strangers) > MAX_UNKNOWN:
        more = len(strangers) - MAX_UNKNOWN
        named.append(Mistake("", "more_unknown", {"count": more}))
    return named


def _text(value, cleaner, limit):
    if not isinstance(value, str):
        raise Wrong("type")
    if len(value) > limit * _RAW_FACTOR:
        raise Wrong("too_long", limit=limit, length=len(value))
    text = cleaner(value)
    if len(text) > limit:
        raise Wrong("too_long", limit=limit, length=len(text))
    return text or None


def _short_text(_question, value):
    return _text(value, clean_line, MAX_TEXT)


def _long_text(_question, value):
    return _text(value, clean_block, MAX_LONG_TEXT)


def _typed_number(value):
    """A number that was typed, with ASCII digits and without signs between thousands."""
    if len(value) > _MAX_NUMBER_SIGNS:
        raise Wrong("range", limit=MAX_NUMBER)
    return _THOUSANDS.sub("", to_ascii(clean_line(value))).translate(_SIGNS)


def _bounded(number):
    if abs(number) > MAX_NUMBER:
        raise Wrong("range", limit=MAX_NUMBER)
    return number


def _integer(_question, value):
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise Wrong("type")
    if isinstance(value, str):
        typed = _typed_number(value)
        if not typed:
            return None
        if not _INTEGER.fullmatch(typed):
            raise Wrong("range" if _LONG_INTEGER.fullmatch(typed) else "type")
        value = int(typed)
    return _bounded(value)


def _amount(_question, value):
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise Wrong("type")
    if isinstance(value, int):
        _bounded(value)
    typed = _typed_number(value if isinstance(value, str) else str(value))
    if not typed:
        return None
    found = _AMOUNT.fullmatch(typed.replace(",", "."))
    if not found:
        raise Wrong("range" if _LONG_AMOUNT.fullmatch(typed) else "type")
    if found[2] and len(found[2].rstrip("0")) > 2:
        raise Wrong("decimals")
    number = _bounded(Decimal(found[0])).quantize(Decimal("0.01"))
    return str(abs(number) if number == 0 else number)


def _date(_question, value):
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        value = value.isoformat()
    if not isinstance(value, str) or len(value) > _MAX_NUMBER_SIGNS:
        raise Wrong("type")
    typed = to_ascii(clean_line(value))
    if not typed:
        return None
    if not _DATE.fullmatch(typed):
        raise Wrong("type")
    try:
        day = datetime.date.fromisoformat(typed)
    except ValueError as error:
        raise Wrong("type") from error
    if day.year < 1000:
        raise Wrong("type")
    return day.isoformat()


def _boolean(_question, value):
    if not isinstance(value, bool):
        raise Wrong("type")
    return value


def _choice(question, value):
    if not isinstance(value, str) or value not in question.options:
        raise Wrong("option")
    return value


def _choices(question, value):
    if not isinstance(value, list | tuple):
        raise Wrong("type")
    if any(not isinstance(item, str) or item not in question.options for item in value):
        raise Wrong("option")
    return [option for option in question.options if option in value] or None


_CLEANERS = {
    "text": _short_text,
    "long_text": _long_text,
    "integer": _integer,
    "amount": _amount,
    "date": _date,
    "boolean": _boolean,
    "choice": _choice,
    "choices": _choices,
}
