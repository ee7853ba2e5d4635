"""Digests of what was deposited, and salted digests of what may one day be erased."""

import hashlib
import os

SALT_BYTES = 16


def digest(data: bytes) -> str:
    """Return the SHA-256 of ``data`` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def parts(body: str, documents: list[dict]) -> list[dict]:
    """Return the ordered list of parts: the typed text is part 0, then the documents.

    :param body: text of the letter, "" when there is only a scan
    :param documents: dicts with sha256, size, role
    """
    result = []
    if body:
        raw = body.encode("utf-8")
        result.append(
            {"order": 0, "role": "body", "sha256": digest(raw), "size": len(raw)}
        )
    for order, document in enumerate(documents, start=1):
        result.append(
            {
                "order": order,
                "role": document["role"],
                "sha256": document["sha256"],
                "size": document["size"],
            }
        )
    return result


def content_hash(all_parts: list[dict], canonical) -> str:
    """Return the SHA-256 over the canonical JSON of all parts.

    :param canonical: the canonical JSON function of the journal
    """
    return digest(canonical(all_parts))


def salt_values(values: dict, canonical) -> tuple[dict, dict]:
    """Return (salts, digests), both by field, in hexadecimal.

    digest = SHA-256(salt ‖ canonical(value)): without the salt, a short text such as a
    name could be found by trying; once salt and value are erased, nobody can tell.
    """
    salts, digests = {}, {}
    for name, value in values.items():
        salt = os.urandom(SALT_BYTES)
        salts[name] = salt.hex()
        digests[name] = salted(salt.hex(), value, canonical)
    return salts, digests


def salted(salt_hex: str, value, canonical) -> str:
    """Return SHA-256(salt ‖ canonical(value)) in hexadecimal."""
    return digest(bytes.fromhex(salt_hex) + canonical(value))
