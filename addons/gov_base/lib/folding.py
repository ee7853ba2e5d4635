"""Spellings that should meet: search keys, first words, register numbers. No ``odoo``."""

import re
import unicodedata

# One key for the letters that people mix up when they write or look for something.
_ARABIC = {
    **dict.fromkeys("أإآٱ", "ا"),
    **dict.fromkeys("ىئی", "ي"),
    **dict.fromkeys("ڭگک", "ك"),
    "ؤ": "و",
    "ة": "ه",
    "ڤ": "ف",
    "ـ": None,
    "ء": None,
}
_LATIN = {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "ı": "i"}
_TIFINAGH = {"ⵯ": None, "⵿": None}
_FOLD = str.maketrans({**_ARABIC, **_LATIN, **_TIFINAGH})


def western_digits(text):
    """Return ``text`` with the decimal digits of any script as 0-9."""
    return "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text
    )


def search_key(text):
    """Fold ``text`` so that spellings of one name meet in any script.

    Case, Latin accents, Arabic vowels and the common variants of alef, ya and ta marbuta
    are ignored; punctuation separates words.
    """
    text = western_digits(str(text or "")).casefold().translate(_FOLD)
    text = unicodedata.normalize("NFKD", text)
    text = "".join(
        char
        for char in text
        if not unicodedata.combining(char) and unicodedata.category(char) != "Cf"
    )
    return " ".join(re.findall(r"[^\W_]+", text.translate(_FOLD)))


def first_word(name):
    """Return the folded first word of a name, "" for none."""
    return search_key(name).partition(" ")[0]


def number_key(text):
    """Return a register number in the form in which two spellings compare equal.

    Spaces, marks, digit shapes, case, leading zeros and the separator do not count:
    ``٢٠٢٦/٠٠٠١٤٢`` is ``2026/142``.
    """
    parts = search_key(text).upper().split()
    return "/".join(
        part.lstrip("0") or "0" if part.isdecimal() else part for part in parts
    )
