"""Number patterns of a register: data typed by a person, checked, then compiled.

A pattern is plain text with tokens in braces. ``{number}`` (or ``{number:06d}``) and
``{year}`` are filled by the sequencer; ``{office}``, ``{register}`` and ``{direction}``
are fixed for a register and are replaced beforehand.
"""

import re
import unicodedata

FIXED = ("office", "register", "direction")
TOKENS = ("year", "number", *FIXED)
MAX_LENGTH = 64
_TOKEN = re.compile(r"\{([^{}]*)\}")
_NUMBER = re.compile(r"number(?::0([1-9])d)?")


class PatternError(ValueError):
    """The pattern cannot be used; ``code`` says why, ``token`` names the culprit."""

    def __init__(self, code, token=""):
        super().__init__(code)
        self.code = code
        self.token = token


def check(pattern: str) -> None:
    """Raise PatternError unless ``pattern`` can number a register.

    Codes: empty, long, control (line break or invisible sign), brace (a brace without
    its twin), token (unknown or badly written), number (missing), twice (several).
    """
    if not pattern or not pattern.strip():
        raise PatternError("empty")
    if len(pattern) > MAX_LENGTH:
        raise PatternError("long")
    if pattern != pattern.strip() or any(
        unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") for sign in pattern
    ):
        raise PatternError("control")
    numbers = 0
    for token in _TOKEN.findall(pattern):
        if _NUMBER.fullmatch(token):
            numbers += 1
        elif token not in TOKENS:
            raise PatternError("token", token)
    rest = _TOKEN.sub("", pattern)
    if "{" in rest or "}" in rest:
        raise PatternError("brace")
    if not numbers:
        raise PatternError("number")
    if numbers > 1:
        raise PatternError("twice")


def has_year(pattern: str) -> bool:
    """Tell whether the text of a number differs from one year to the next."""
    return "{year}" in (pattern or "")


def compile_format(pattern: str, *, office: str, register: str, direction: str) -> str:
    """Return the format string for the sequencer: only {year} and {number…} stay.

    :raise PatternError: see ``check``
    """
    check(pattern)
    fixed = {"office": office, "register": register, "direction": direction}

    def replace(match):
        token = match.group(1)
        if token in fixed:
            return (fixed[token] or "").replace("{", "").replace("}", "")
        # The sequencer pads with {number:06}; people write {number:06d}.
        return "{" + token.removesuffix("d") + "}"

    return _TOKEN.sub(replace, pattern)


def preview(pattern: str, *, year: int, number: int, **fixed) -> str:
    """Return what a line numbered with ``pattern`` will show."""
    compiled = compile_format(pattern, **fixed)
    for token in _TOKEN.findall(compiled):
        name, _colon, width = token.partition(":0")
        value = str(year if name == "year" else number)
        compiled = compiled.replace("{" + token + "}", value.zfill(int(width or 0)))
    return compiled


def slug(*parts: str) -> str:
    """Return a lower-case ASCII code made of ``parts`` (stream names, file names)."""
    words = []
    for part in parts:
        text = unicodedata.normalize("NFKD", part or "")
        text = text.encode("ascii", "ignore").decode().lower()
        words.append(re.sub(r"[^a-z0-9]+", "-", text).strip("-"))
    return "-".join(word for word in words if word)
