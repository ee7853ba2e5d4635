"""Loaded by Python before Odoo (PYTHONPATH): what a test turns on and off by files.

Files in the folder MAKTAB_INJECT, looked at whenever the thing is used:
``clock`` (seconds added to the sequencer's clock) and ``typeset`` (when it exists, the PDF
engine fails as it does without its libraries).
"""

import importlib.abc
import importlib.machinery
import os
import sys
from datetime import timedelta
from pathlib import Path

FOLDER = Path(os.environ.get("MAKTAB_INJECT", "/nonexistent"))


def _clock(module):
    real = module.clock

    def clock():
        try:
            shift = float((FOLDER / "clock").read_text() or 0)
        except FileNotFoundError:
            shift = 0
        return real() + timedelta(seconds=shift)

    module.clock = clock


def _typeset(module):
    real = module.GovTypeset._render_pdf

    def _render_pdf(self, *args, **kwargs):
        if (FOLDER / "typeset").exists():
            raise OSError("cannot load library 'libpango-1.0-0' (a test says so)")
        return real(self, *args, **kwargs)

    module.GovTypeset._render_pdf = _render_pdf


PATCHES = {
    "odoo.addons.gov_trust.lib.sequencer": _clock,
    "odoo.addons.gov_base.models.gov_typeset": _typeset,
}


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the few modules above as usual, and changes them once they are loaded."""

    def find_spec(self, name, path, target=None):
        patch = PATCHES.get(name)
        spec = importlib.machinery.PathFinder.find_spec(name, path) if patch else None
        if spec is None:
            return None
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            patch(module)

        spec.loader.exec_module = exec_module
        return spec


if FOLDER.is_dir():
    sys.meta_path.insert(0, _Finder())
