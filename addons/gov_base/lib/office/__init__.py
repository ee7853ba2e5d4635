"""Word files with merge fields, filled in and turned into PDF by limited processes.

Neither the process that fills in (``docx_worker``) nor the one that converts (LibreOffice, started by
``limited``) can open a connection; both have a bound of time and of memory, and end with their request.
"""

from .docx import Problem, Wrong, fill, inspect
from .pdf import Absent, Failed, Hanging, program, to_pdf

__all__ = [
    "Absent",
    "Failed",
    "Hanging",
    "Problem",
    "Wrong",
    "fill",
    "inspect",
    "program",
    "to_pdf",
]
