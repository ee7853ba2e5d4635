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


class EnrolmentRefused(UserError):
    """A key or a certificate from outside cannot be taken.

    :ivar str code: which of the reasons of ``lib.enroll.EnrolRefused``, or
        ``wrong_person``, ``already``
    """

    def __init__(self, message, code=""):
        super().__init__(message)
        self.code = code


class TicketRefused(UserError):
    """What one PIN allowed does not cover this, or is over.

    :ivar str code: ``unknown`` (no such ticket, another person's, over), ``wrong``
        (the browser's half), ``expired``, ``key`` (retired or revoked since),
        ``digest`` (not on the list), ``used`` (signed already)
    """

    def __init__(self, message, code):
        super().__init__(message)
        self.code = code
