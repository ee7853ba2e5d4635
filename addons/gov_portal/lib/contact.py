"""An e-mail address and a telephone number, checked strictly. No ``odoo`` here."""

import re

import phonenumbers

EMAIL_MAX = 254
LOCAL_MAX = 64
PHONE_MAX = 40
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"{_LOCAL}@(?:{_LABEL}\.)+[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])")
_PHONE = re.compile(r"\+?[0-9() ./\u2010-\u2015-]+")


class Invalid(ValueError):
    """The value cannot be used; ``code`` names the reason."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def email_address(text):
    """Return one e-mail address, "" for nothing typed.

    A list, a display name, a line break or a header after it are refused, whatever
    their spelling: what is kept can stand in a mail header as it is (RFC 5321 §4.1.2).
    An international domain is kept in its ASCII form (RFC 5890).

    :raise Invalid: ``email_lines``, ``email_long`` or ``email_format``
    """
    text = (text or "").strip(" \t")
    if not text:
        return ""
    if len(text.splitlines()) > 1 or text != text.strip() or "\0" in text:
        raise Invalid("email_lines")
    if len(text) > EMAIL_MAX:
        raise Invalid("email_long")
    local, _at, domain = text.rpartition("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise Invalid("email_format") from error
    address = f"{local}@{domain.lower()}"
    if len(address) > EMAIL_MAX:
        raise Invalid("email_long")
    if len(local) > LOCAL_MAX or not _EMAIL.fullmatch(address):
        raise Invalid("email_format")
    return address


def phone_number(text, region=None):
    """Return a number in E.164 (``+212612345678``), "" for nothing typed.

    :param text: one line, Western digits
    :param region: ISO country whose national spelling is understood; without it a
        national number is kept as its digits
    :raise Invalid: ``phone_format``
    """
    text = (text or "").strip()
    if not text:
        return ""
    if len(text) > PHONE_MAX or not _PHONE.fullmatch(text):
        raise Invalid("phone_format")
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        digits = re.sub(r"\D", "", text)
        if region or text.startswith("+") or not 6 <= len(digits) <= 15:
            raise Invalid("phone_format") from error
        return digits
    if not phonenumbers.is_possible_number(number):
        raise Invalid("phone_format")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def phone_display(text):
    """Return a kept number in the spelling people dial."""
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return text
    return phonenumbers.format_number(
        number, phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
