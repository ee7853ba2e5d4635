"""What a receipt shows of a person: enough to be recognised, never the whole."""

import re


def mask_email(address: str) -> str:
    """``mohamed@example.ma`` → ``m•••@example.ma``."""
    address = (address or "").strip()
    name, at, domain = address.rpartition("@")
    if not at or not name:
        return "•••" if address else ""
    return f"{name[0]}•••@{domain}"


def mask_phone(number: str) -> str:
    """Keep the last three digits: ``+212 6 61 23 45 67`` → ``•••567``."""
    digits = re.sub(r"\D", "", number or "")
    if not digits:
        return ""
    return "•••" + digits[-3:] if len(digits) > 5 else "•••"


def mask_identifier(value: str) -> str:
    """Keep the last four signs of an identifier (CIN, ICE): ``AB123456`` → ``•••3456``."""
    text = re.sub(r"[^0-9A-Za-z]", "", value or "")
    if not text:
        return ""
    return "•••" + text[-4:] if len(text) > 5 else "•••"
