"""What the machine under Odoo must bring: programs, libraries, a key's folder. Pure Python."""

import getpass
import os
import pathlib
import shlex
import shutil

import pytz

from . import fonts

#: Where docs/ops.md puts the master key when nothing is configured yet.
DEFAULT_KEY = "/etc/maktab/master.key"
#: A zone whose rules changed on short notice: present in any data that is of use here.
ZONE = "Africa/Casablanca"


def account():
    """Name of the account that runs Odoo, as commands write it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def key_command(path):
    """The command that makes a master key; run as root, once.

    The folder is made, and closed to others, only where there is none: an existing one may
    be shared.

    :param str path: where the key goes
    :rtype: str
    """
    file, owner = pathlib.Path(path), shlex.quote(account())
    key, folder = shlex.quote(str(file)), shlex.quote(str(file.parent))
    steps = [
        f"install -m 600 -o {owner} /dev/null {key}",
        f"openssl rand -hex 32 > {key}",
    ]
    if not file.parent.is_dir():
        steps.insert(0, f"install -d -m 700 -o {owner} {folder}")
    return " && ".join(steps)


def folder_is_closed(path):
    """Whether Odoo cannot write in the folder of the key, where it keeps its cards."""
    return not os.access(pathlib.Path(path).parent, os.W_OK | os.X_OK)


def missing_fonts():
    """Names of our fonts that are absent, looked up again each time some are."""
    try:
        fonts.check()
    except fonts.MissingFont as error:
        return list(error.names)
    return []


def typesetting_error():
    """Why WeasyPrint does not start, or an empty text."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError) as error:
        return str(error).splitlines()[0][:200]
    return ""


def pdf_error():
    """Why PDF files cannot be read, or an empty text."""
    try:
        import pikepdf  # noqa: F401
        import pypdfium2  # noqa: F401
    except (ImportError, OSError) as error:
        return str(error).splitlines()[0][:200]
    return ""


def has_program(*names):
    """Whether one of the programs is found in the PATH of Odoo."""
    return any(shutil.which(name) for name in names)


def zone_data():
    """Version of the time zone data, or an empty text when they cannot be used."""
    return pytz.OLSON_VERSION if ZONE in pytz.all_timezones_set else ""
