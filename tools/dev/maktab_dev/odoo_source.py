"""Which Odoo 19 is used: ODOO_HOME, one that is importable already, or Debian's."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from . import debian
from .common import Problem, say
from .settings import Settings


@dataclass(frozen=True)
class OdooSource:
    """An Odoo tree: the folder to import from, the program, the core addons."""

    python_path: Path
    script: Path
    revision: str
    origin: str

    @property
    def addons_path(self) -> list[Path]:
        """Folders of core addons, in Odoo's own order."""
        folders = [
            self.python_path / "odoo" / "addons",
            self.python_path / "addons",
        ]
        return [folder for folder in folders if folder.is_dir()]


def _series(python_path: Path) -> str:
    release = python_path / "odoo" / "release.py"
    found = re.search(
        r"^version_info = \((\d+), *(\d+)", release.read_text(encoding="utf-8"), re.M
    )
    return f"{found[1]}.{found[2]}" if found else "unknown"


def _checked(source: OdooSource) -> OdooSource:
    series = _series(source.python_path)
    if series != debian.SERIES:
        raise Problem(
            f"{source.origin} is Odoo {series}, this needs Odoo {debian.SERIES}; "
            "set ODOO_HOME to the right source tree."
        )
    return source


def from_home(home: Path) -> OdooSource:
    """Use the source tree that ODOO_HOME names."""
    script = home / "odoo-bin"
    if not (home / "odoo" / "release.py").is_file() or not script.is_file():
        raise Problem(
            f"ODOO_HOME={home} is no Odoo source tree (odoo-bin and odoo/release.py "
            "are missing); give the folder of an Odoo 19.0 checkout."
        )
    revision = home / ".git" / "HEAD"
    mark = str(int((home / "odoo" / "release.py").stat().st_mtime))
    if revision.is_file():
        head = subprocess.run(
            ["git", "-C", str(home), "rev-parse", "HEAD"],
            capture_output=True,
            text=True,
            check=False,
        )
        mark = head.stdout.strip() or mark
    return _checked(OdooSource(home, script, f"home-{mark}", f"ODOO_HOME={home}"))


def importable() -> OdooSource | None:
    """Find an Odoo that the interpreter of the set-up can import already."""
    for entry in sys.path[1:]:
        folder = Path(entry or ".")
        if (folder / "odoo" / "release.py").is_file():
            program = shutil.which("odoo") or shutil.which("odoo-bin")
            if program and _series(folder) == debian.SERIES:
                return OdooSource(
                    folder, Path(program), f"installed-{folder}", f"Odoo in {folder}"
                )
            say(f"  the Odoo in {folder} is {_series(folder)}: not used")
    return None


def packaged(settings: Settings) -> OdooSource:
    """Use Debian's package, unpacked below the state folder; fetch it when absent."""
    folder = settings.state / "odoo"
    mark = folder / "VERSION"
    if not mark.is_file():
        folder = debian.unpack(settings)
    return _checked(
        OdooSource(
            folder / debian.PACKAGES,
            folder / "usr" / "bin" / "odoo",
            mark.read_text().strip(),
            "Debian's package",
        )
    )


def find(settings: Settings) -> OdooSource:
    """Return the Odoo to use, in the order of docs: home, importable, package."""
    if settings.odoo_home:
        return from_home(settings.odoo_home)
    return importable() or packaged(settings)
