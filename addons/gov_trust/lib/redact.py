"""Keep PINs, passwords, files of keys and halves of tickets out of the server's log.

Odoo writes the parameters of each remote call at level DEBUG. What looks like a PIN or
the browser's half of a ticket, or stands under a name that says it is a secret, is
replaced before the line is written.
"""

import logging
import re

from . import pin

HIDDEN = "•••"
_NAMED = re.compile(r"(?:^|_)(?:pin|password|key_file|secret)(?:$|_)", re.IGNORECASE)
#: Begins the browser's half of a ticket, so that it is known wherever it stands.
TICKET = "gtk_"
_HALF = re.compile(rf"{TICKET}[A-Za-z0-9_-]{{20,}}")


class Redact(logging.Filter):
    """Replace secrets in the parameters that ``odoo.service.model`` writes."""

    def filter(self, record):
        if isinstance(record.args, tuple):
            record.args = tuple(map(_call, record.args))
        return True


def install():
    """Put the filter on the logger of remote calls; once is enough."""
    logger = logging.getLogger("odoo.service.model")
    if not any(isinstance(found, Redact) for found in logger.filters):
        logger.addFilter(Redact())


def hide(value):
    """A copy of plain data without what may be a PIN."""
    if isinstance(value, str):
        return HIDDEN if pin.is_pin(pin.normal(value)) else _HALF.sub(HIDDEN, value)
    if isinstance(value, dict):
        return {
            key: HIDDEN if _NAMED.search(str(key)) else hide(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [hide(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and value > 99_999:
        # A careless caller may send digits as a number; ids are not worth the risk.
        return HIDDEN
    return value


def _call(argument):
    """Odoo's wrapper of parameters has ``args`` and ``kwargs``."""
    if hasattr(argument, "args") and hasattr(argument, "kwargs"):
        return type(argument)(hide(argument.args), hide(argument.kwargs))
    return argument
