"""The order of the checks: name, size, type, bytes, and then the limited process."""

import re
import struct

from . import names, pool, quick_image, quick_office, quick_pdf, sniff
from .limits import Limits
from .report import Finding, Refusal, Report

# A cell that a spreadsheet would run; a sign followed by a digit is a number.
FORMULA = re.compile(
    rb"""(?:^|[,;\t\r\n])(?:\xef\xbb\xbf)?[ "']{0,3}(?:[=@]|[+-][^\d\s.,;"'+-])"""
)


def inspect(content, filename, limits=None, *, deep=True, patience=2.0):
    """Tell what `content` is and whether it may come in.

    With ``deep=False`` only the checks of this process run; the report then says ``bounded=False``.
    """
    limits = limits or Limits()
    report = Report()
    try:
        _quick(content, filename, limits, report)
        if report.bounded or not deep:
            return report
        _deep(content, limits, report, patience)
    except Refusal as refusal:
        report.refusal = refusal
        if not report.name:
            report.name = names.clean_name(filename, "bin", limits.max_name)
    return report


def inspect_deep(content, extension, limits=None, *, patience=5.0):
    """The deep part alone, for a file whose quick part was done at upload."""
    limits = limits or Limits()
    report = Report(extension=extension, mime=sniff.MIMES[_canonical(extension)])
    try:
        _deep(content, limits, report, patience)
    except Refusal as refusal:
        report.refusal = refusal
    return report


def _canonical(extension):
    return {"jpg": "jpeg", "tif": "tiff"}.get(extension, extension)


def _quick(content, filename, limits, report):
    extension = names.extension_of(filename)
    report.name = names.clean_name(
        filename, extension if extension in sniff.KINDS else "bin", limits.max_name
    )
    if not content:
        raise Refusal("empty")
    if len(content) > limits.max_file_bytes:
        raise Refusal(
            "too_large",
            f"{len(content)} bytes",
            limit=limits.max_file_bytes // (1024 * 1024),
        )
    kind = sniff.check_type(content, extension, limits)
    sniff.check_polyglot(content, kind)
    report.extension, report.mime = extension, sniff.MIMES[_canonical(extension)]
    try:
        if kind == "pdf":
            quick_pdf.check(content)
        elif kind == "zip":
            quick_office.check(content, extension, limits)
        elif kind == "text":
            report.findings = _text_findings(content, extension)
            report.bounded = True
        else:
            quick_image.check(content, kind, limits)
    except (struct.error, IndexError, ValueError, OverflowError, UnicodeError) as error:
        raise Refusal("unreadable", f"{kind}: {error!r}"[:300]) from error


def _text_findings(content, extension):
    if extension != "csv":
        return []
    return [Finding("formula")] if FORMULA.search(content) else []


def _deep(content, limits, report, patience):
    kind = sniff.KINDS[report.extension]
    if kind == "text":
        report.bounded = True
        return
    try:
        report.pages, findings = pool.shared.run(
            content, kind, report.extension, limits, patience
        )
    except pool.Deferred as reason:
        report.deferred = str(reason)
        if kind == "pdf" and quick_pdf.looks_encrypted(content):
            # Cannot be confirmed now, and must be said at once: a protected file is useless later.
            raise Refusal(
                "encrypted", "encryption dictionary, by its bytes"
            ) from reason
        return
    report.findings = [*report.findings, *findings]
    report.bounded = True
