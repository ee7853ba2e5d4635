"""What is printed above the name of who signs in the place of another person. Pure Python.

The three are not the same: a delegation is given by who holds the power; an interim is a decision that puts somebody in the
place of who is missing; “P.O.” signs by order, for acts that bind nobody.
"""

_FORMULAS = {
    "delegation": {"ar": "بالتفويض", "fr": "Par délégation", "en": "By delegation"},
    "interim": {"ar": "بالنيابة", "fr": "Par intérim", "en": "Ad interim"},
    "po": {"ar": "بأمر من", "fr": "P.O.", "en": "By order of"},
}
_FOR = {"ar": "عن", "fr": "P/", "en": "For"}


def formula(kind, lang):
    """The words of an act of this kind in a language; French stands in.

    :param str kind: ``delegation``, ``interim`` or ``po``
    :param str lang: code of a language such as ``ar_MA``
    :rtype: str
    """
    texts = _FORMULAS[kind]
    return texts.get(lang[:2], texts["fr"])


def in_place_of(quality, lang):
    """“P/ the director”: whose place it is.

    :param str quality: function of who holds the power
    :param str lang: code of a language
    :rtype: str
    """
    return f"{_FOR.get(lang[:2], _FOR['fr'])} {quality}"
