"""Intake of hostile files: what it is, whether it may come in, what to warn about.

``inspect(content, filename, limits)`` is the only entry point. It never raises on content, whatever the content is: the
answer is a :class:`Report`. Cheap exact checks run in this process (`quick_*`, standard library only); parsers that
decode run in a limited process kept warm (`pool`, `worker`, `deep_*`).
"""

from .inspector import inspect, inspect_deep
from .limits import Limits
from .names import clean_name
from .report import ACTIVE, Finding, Refusal, Report

__all__ = [
    "ACTIVE",
    "Finding",
    "Limits",
    "Refusal",
    "Report",
    "clean_name",
    "inspect",
    "inspect_deep",
]
