"""Every reason, change and indication in plain words: English, French, Arabic.

Names, numbers and field names come from the file: they are put between isolating marks
(U+2068, U+2069), so that right-to-left text cannot reorder what stands around them, and
control characters are taken out. The text is plain: escape it where it goes into HTML.
"""

import unicodedata

from .sentences_ar import AR
from .sentences_en import EN
from .sentences_fr import FR

LANGUAGES = {"en": EN, "fr": FR, "ar": AR}
_OPEN, _CLOSE = "\u2068", "\u2069"
_LONGEST = 200


class _Params(dict):
    def __missing__(self, _key):
        return "…"


def text(reason: dict, lang: str = "en") -> str:
    """Say a reason (or a change of a revision, with its page) in one sentence.

    :param reason: ``{"code", "params"}``, and ``page`` for a change
    :param lang: ``fr``, ``ar_001``… by its first two letters; others get English
    """
    told = LANGUAGES.get((lang or "en")[:2].lower(), EN)
    params = _Params(
        (key, isolated(value)) for key, value in (reason.get("params") or {}).items()
    )
    sentence = told.get(reason["code"], told["unknown"]).format_map(params)
    page = reason.get("page")
    return told["on_page"].format(page=page, text=sentence) if page else sentence


def isolated(value) -> str:
    """Text of a file as a part of a sentence: short, without control, isolated."""
    clean = "".join(
        one if unicodedata.category(one)[0] != "C" else " " for one in str(value)
    )
    return f"{_OPEN}{clean[:_LONGEST]}{_CLOSE}"
