"""What callers of gov_trust have to expect."""

from odoo.exceptions import UserError


class SealUnavailable(UserError):
    """Nothing can be sealed now: no usable key, or a database that may not seal."""


class SealRefused(UserError):
    """This document cannot be sealed, whatever the keys."""
