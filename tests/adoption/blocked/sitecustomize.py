"""Loaded by Python before Odoo (PYTHONPATH): what this machine is said not to have.

The file MAKTAB_BLOCKED names one thing a line: a package whose import fails as it does
without its system library, or ``dist:NAME`` for one that pip never installed. It is read
each time, so that a test can put the thing in place under a running Odoo.
"""

import importlib.abc
import importlib.metadata
import os
import sys
from pathlib import Path

BLOCKED = Path(os.environ.get("MAKTAB_BLOCKED", "/nonexistent"))
_version = importlib.metadata.version


def _names() -> set[str]:
    return set(BLOCKED.read_text().split()) if BLOCKED.is_file() else set()


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, _path, _target=None):
        """Fail as a package that is not there, or as a missing shared library."""
        if f"dist:{name}" in _names():
            raise ModuleNotFoundError(name)
        if name in _names():
            raise OSError(f"cannot load library of '{name}' (a test says so)")


def version(name):
    """Hide what was never installed."""
    if f"dist:{name}" in _names():
        raise importlib.metadata.PackageNotFoundError(name)
    return _version(name)


sys.meta_path.insert(0, _Finder())
importlib.metadata.version = version
