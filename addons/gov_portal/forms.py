"""The fields of a deposit: cleaned values and what is wrong with them.

``read_<step>`` take a mapping of what was posted and return ``(values, errors)``;
``errors`` maps a field to the code of a sentence (``gov.deposit._error_sentence``).
"""

from odoo.addons.gov_base.lib import digits
from odoo.addons.gov_base.lib.text import clean_block, clean_line

from .lib import contact

KINDS = ("citizen", "company", "administration")
LIMITS = {
    "name": 200,
    "on_behalf_of": 200,
    "subject": 240,
    "body": 4000,
}
#: what is kept of a value that is too long, so that it can be shown and shortened
KEPT = 200_000


def _line(form, field, errors, *, required=False):
    value = clean_line(form.get(field))
    if not value and required:
        errors[field] = f"{field}_missing"
    elif len(value) > LIMITS[field]:
        errors[field] = f"{field}_long"
    return value


def read_who(form, region=None):
    """Read the step *who are you*.

    :param region: ISO country of the desk, for national telephone numbers
    """
    errors = {}
    values = {"kind": form.get("kind")}
    if values["kind"] not in KINDS:
        errors["kind"] = "kind_missing"
        values["kind"] = ""
    values["name"] = _line(form, "name", errors, required=True)
    raw_email = form.get("email") or ""
    readers = {
        "email": lambda: contact.email_address(
            raw_email if len(raw_email.splitlines()) > 1 else clean_line(raw_email)
        ),
        "phone": lambda: contact.phone_number(
            digits.to_ascii(clean_line(form.get("phone"))), region
        ),
    }
    for field, read in readers.items():
        try:
            values[field] = read()
        except contact.Invalid as error:
            errors[field] = error.code
            values[field] = clean_line(form.get(field))
    values["on_behalf_of"] = _line(form, "on_behalf_of", errors)
    return _kept(values), errors


def read_letter(form, has_files):
    """Read the step *your letter*; a text or at least one file is needed."""
    errors = {}
    values = {"subject": _line(form, "subject", errors, required=True)}
    values["body"] = clean_block(form.get("body"))
    if len(values["body"]) > LIMITS["body"]:
        errors["body"] = "body_long"
    elif not values["body"] and not has_files:
        errors["body"] = "body_missing"
    return _kept(values), errors


def _kept(values):
    return {field: value[:KEPT] for field, value in values.items()}
