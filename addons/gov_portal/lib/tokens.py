"""Unguessable names and what is stored of them. No ``odoo`` here."""

import hashlib
import re
import secrets

NO_DIGEST = "-"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")


def new_token():
    """Return a URL-safe name of 192 random bits."""
    return secrets.token_urlsafe(24)


def is_token(text):
    """Tell whether ``text`` can be a name made by :func:`new_token`."""
    return isinstance(text, str) and bool(_TOKEN.fullmatch(text))


def digest(token):
    """Return what is stored of ``token``: its SHA-256, or a digest no token has."""
    return hashlib.sha256(token.encode()).hexdigest() if is_token(token) else NO_DIGEST
