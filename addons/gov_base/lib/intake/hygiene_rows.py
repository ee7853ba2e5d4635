"""What the hygiene gate finds and refuses. Limited process only."""

import io

import pikepdf

from .report import Refusal

MAX_NAMES = 20


class Rows:
    """What was found: one row a kind and page, with its count."""

    def __init__(self):
        self.rows = {}
        #: pages whose picture may be another one than before; all of them when ``everywhere``
        self.touched, self.everywhere = set(), False

    def add(self, code, page=0, count=1, **facts):
        row = self.rows.setdefault((code, page), {"count": 0})
        row["count"] += count
        for key, value in facts.items():
            if isinstance(value, list):
                known = row.setdefault(key, [])
                known += [one for one in value if one not in known][:MAX_NAMES]
            else:
                row.setdefault(key, value)

    def told(self):
        return [[code, page, facts] for (code, page), facts in self.rows.items()]


def refused(code, **params):
    """A refusal of the hygiene gate: the intake has no word of its own for it."""
    return Refusal("unreadable", f"hygiene: {code}", hygiene=code, **params)


def opened(content):
    """The file, when it can be opened without a password and without repair."""
    try:
        document = pikepdf.open(
            io.BytesIO(content), attempt_recovery=False, suppress_warnings=True
        )
    except pikepdf.PasswordError as error:
        raise refused("encrypted") from error
    except Exception as error:
        # qpdf and pikepdf answer a broken file in several ways.
        code = "encrypted" if b"/Encrypt" in content else "broken"
        raise refused(code) from error
    if document.is_encrypted:
        raise refused("encrypted")
    return document
