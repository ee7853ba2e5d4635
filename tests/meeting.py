"""Threads of several processes that do something at one instant."""

from __future__ import annotations

import tempfile

_SOURCE = '''
import os as _os, pathlib as _pathlib, threading as _threading, time as _time
def meet():
    """Wait until everybody is here, then for one instant of the clock."""
    here = _pathlib.Path({folder!r})
    (here / f"{{_os.getpid()}}-{{_threading.get_ident()}}").touch()
    end = _time.monotonic() + 120
    while len(_os.listdir(here)) < {count}:
        if _time.monotonic() > end:
            raise TimeoutError("not everybody came")
        _time.sleep(0.02)
    instant = max(one.stat().st_mtime for one in here.iterdir()) + 0.3
    _time.sleep(max(0, instant - _time.time()))
'''


def meeting(count: int) -> str:
    """Return source for ``odoo shell`` that defines ``meet()``, for so many threads.

    Each thread of each process calls it once; all of them leave it together.
    """
    return _SOURCE.format(folder=tempfile.mkdtemp(prefix="meeting-"), count=count)
