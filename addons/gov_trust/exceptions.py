"""What callers of gov_trust have to expect."""

from odoo.exceptions import UserError


class SealUnavailable(UserError):
    """Nothing can be sealed now: no usable key, or a database that may not seal."""


class SealRefused(UserError):
    """This document cannot be sealed, whatever the keys."""


class PinRefused(UserError):
    """The PIN does not open the key, or may not be tried now.

    :ivar int left: attempts left before the key is locked; 0 when it is
    """

    def __init__(self, message, left=0):
        super().__init__(message)
        self.left = left
