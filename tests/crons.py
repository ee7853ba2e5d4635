"""Scheduled actions that a test runs at once, beside the server's own cron thread."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable

from scene import Rpc


def until_free(run: Callable[[], object], patience: float = 120):
    """Call ``run`` again while Odoo refuses since another thread is at that very job."""
    end = time.monotonic() + patience
    while True:
        try:
            return run()
        except Exception as error:
            if "already executing" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(0.2)


#: Source of :func:`until_free` for a script in ``odoo shell``.
UNTIL_FREE = f"""
import time
from collections.abc import Callable
{inspect.getsource(until_free)}
"""


def run_cron(admin: Rpc, xmlid: str) -> None:
    """Let a cron do now what it does every few minutes.

    :param admin: a session of the system administrator
    :param xmlid: external id of the cron
    """
    module, _dot, name = xmlid.partition(".")
    (found,) = admin.call(
        "ir.model.data",
        "search_read",
        [("module", "=", module), ("name", "=", name)],
        ["res_id"],
    )
    until_free(
        lambda: admin.call("ir.cron", "method_direct_trigger", [found["res_id"]])
    )
