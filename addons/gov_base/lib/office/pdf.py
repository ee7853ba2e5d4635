"""Office files to PDF with LibreOffice: offline, with bounds, a fresh profile each time. Pure Python."""

import contextlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

LIMITED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "limited.py")
SECONDS = 90
CPU_SECONDS = 80
MEMORY = 6 * 1024 * 1024 * 1024
MAX_PDF = 60 * 1024 * 1024
#: conversions at once in one Odoo process, and how long the next one waits
AT_ONCE, PATIENCE = 2, 60
#: PDF/A-2b: every font is in the file
FILTER = 'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"}}'
_slots = threading.BoundedSemaphore(AT_ONCE)

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
    xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
{items}
</oor:items>
"""
_ITEM = (
    '<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse">'
    "<value>{value}</value></prop></item>"
)
_SCRIPTING = "/org.openoffice.Office.Common/Security/Scripting"
#: nothing in a document runs, and nothing outside it is fetched
_QUIET = (
    (_SCRIPTING, "MacroSecurityLevel", "3"),
    (_SCRIPTING, "DisableMacrosExecution", "true"),
    (_SCRIPTING, "DisableActiveContent", "true"),
    (_SCRIPTING, "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "2"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "2"),
)


class Absent(Exception):
    """LibreOffice is not on this machine."""


class Hanging(Exception):
    """It did not answer in time, or all places stayed taken."""


class Failed(Exception):
    """It ended without a PDF."""


def program():
    """Path of LibreOffice, or None."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def to_pdf(content, extension, *, office=None, seconds=SECONDS):
    """Convert a document of Writer.

    :param bytes content: a file that the intake let in
    :param str extension: its type, ``docx`` or ``odt``
    :param str office: path of LibreOffice; the one of the machine when not given
    :param float seconds: how long it may take
    :return: the PDF file
    :rtype: bytes
    :raise Absent: LibreOffice is not on this machine
    :raise Hanging: no answer in time
    :raise Failed: it could not make a PDF of this file
    """
    office = office or program()
    if not office:
        raise Absent
    if not _slots.acquire(timeout=PATIENCE):
        raise Hanging("all places are taken")
    try:
        with tempfile.TemporaryDirectory(prefix="maktab-office-") as folder:
            return _convert(office, pathlib.Path(folder), content, extension, seconds)
    finally:
        _slots.release()


def _convert(office, folder, content, extension, seconds):
    source = folder / f"document.{extension}"
    source.write_bytes(content)
    profile = folder / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(_settings(), "utf-8")
    _run(
        [
            office,
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--nodefault",
            "--nologo",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--convert-to",
            FILTER,
            "--outdir",
            str(folder),
            str(source),
        ],
        folder,
        seconds,
    )
    made = folder / "document.pdf"
    if not made.is_file() or not 0 < made.stat().st_size <= MAX_PDF:
        raise Failed("no PDF came out")
    pdf = made.read_bytes()
    if not pdf.startswith(b"%PDF-"):
        raise Failed("what came out is no PDF")
    return pdf


def _run(command, folder, seconds):
    """Run LibreOffice within its limits; its whole family ends with it."""
    limits = [str(CPU_SECONDS), str(MEMORY), str(2 * MAX_PDF)]
    process = subprocess.Popen(
        [sys.executable, *("-I", "-B", LIMITED), *limits, *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd=folder,
        env={
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "LC_ALL": "C.UTF-8",
            "PATH": os.defpath,
            "SAL_USE_VCLPLUGIN": "svp",
        },
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise Hanging(f"no answer in {seconds:g} s") from error
    finally:
        # The group is ours alone: it was started in a session of its own.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if process.returncode:
        raise Failed(f"it ended with {process.returncode}")


def _settings():
    items = "\n".join(
        _ITEM.format(path=path, name=name, value=value) for path, name, value in _QUIET
    )
    return _SETTINGS.format(items=items)
