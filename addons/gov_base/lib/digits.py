"""Western digits from whatever digits a person typed. Pure Python."""

_ARABIC_INDIC = 0x0660
_EXTENDED_ARABIC_INDIC = 0x06F0
_FULL_WIDTH = 0xFF10

_TO_ASCII = {
    first + value: str(value)
    for first in (_ARABIC_INDIC, _EXTENDED_ARABIC_INDIC, _FULL_WIDTH)
    for value in range(10)
}


def to_ascii(text):
    """Replace Arabic-Indic (٠١٢), extended (۰۱۲) and full-width (０１２) digits by 012.

    :param str text: anything a person typed; other characters are left as they are
    :return: the same text with ASCII digits
    :rtype: str
    """
    return text.translate(_TO_ASCII)


def only(text):
    """The digits of a text, in order, as ASCII: ``"+٢١٢ 6-61"`` gives ``"212661"``.

    :rtype: str
    """
    return "".join(char for char in to_ascii(text) if char in "0123456789")
