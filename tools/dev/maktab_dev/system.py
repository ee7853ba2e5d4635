"""System packages: looked for by what they bring, installed as root, named otherwise."""

from __future__ import annotations

import ctypes.util
import glob
import os
import shutil
from dataclasses import dataclass

from .common import Problem, is_root, run, step
from .settings import Settings

NOTO = "/usr/share/fonts/truetype/noto"
SMALLEST_DISK = 3 * 1024**3


@dataclass(frozen=True)
class Need:
    """A Debian package and the sign that what it brings is there."""

    package: str
    program: str = ""
    library: str = ""
    file: str = ""

    def met(self) -> bool:
        """Tell whether the sign is there, whoever installed it."""
        if self.program:
            return any(
                shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
                for name in self.program.split("|")
            )
        if self.library:
            return ctypes.util.find_library(self.library) is not None
        return any(glob.glob(pattern) for pattern in self.file.split("|"))


SERVER = Need("postgresql", file="/usr/lib/postgresql/*/bin/initdb|/usr/*/bin/initdb")
TO_RUN = (
    Need("nodejs", program="node|nodejs"),
    Need("npm", program="npm"),
    Need("libpango-1.0-0", library="pango-1.0"),
    Need("libpangoft2-1.0-0", library="pangoft2-1.0"),
    # Without it WeasyPrint cuts fonts slowly and warns at each document.
    Need("libharfbuzz-subset0", library="harfbuzz-subset"),
    Need("fonts-noto-core", file=f"{NOTO}/NotoSansTifinagh-Regular.ttf"),
    Need("fontconfig", program="fc-list"),
)
TO_TEST = (
    Need("chromium", program="chromium|chromium-browser|google-chrome"),
    Need("poppler-utils", program="pdfsig"),
    Need("qpdf", program="qpdf"),
    Need("mupdf-tools", program="mutool"),
    Need("tesseract-ocr", program="tesseract"),
    Need(
        "tesseract-ocr-ara", file="/usr/share/tesseract-ocr/*/tessdata/ara.traineddata"
    ),
    Need(
        "tesseract-ocr-fra", file="/usr/share/tesseract-ocr/*/tessdata/fra.traineddata"
    ),
    Need("libreoffice-writer", file="/usr/lib/libreoffice/program/libswlo.so"),
    Need("libreoffice-calc", file="/usr/lib/libreoffice/program/libsclo.so"),
    Need("clamav-daemon", program="clamd"),
    Need("softhsm2", program="softhsm2-util"),
    Need("openssl", program="openssl"),
)


def missing(needs: tuple[Need, ...]) -> list[str]:
    """Return the Debian packages whose sign is not there."""
    return [need.package for need in needs if not need.met()]


def check_disk(settings: Settings) -> None:
    """Refuse to begin with less than 3 GB free where the state lies."""
    settings.state.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.state).free
    if free < SMALLEST_DISK:
        raise Problem(
            f"Only {free / 1024**3:.1f} GB are free at {settings.state}, 3 GB are "
            "needed; make room or set MAKTAB_STATE to another disk."
        )


def ensure(needs: tuple[Need, ...]) -> None:
    """Install what is missing when this is root; otherwise say the one command."""
    wanted = missing(needs)
    if not wanted:
        return
    command = f"apt-get install --no-install-recommends {' '.join(wanted)}"
    if not is_root() or not shutil.which("apt-get"):
        raise Problem(
            f"These system packages are missing: {', '.join(wanted)}. "
            f"As administrator, run:\n    {command}"
        )
    with step(f"install system packages: {' '.join(wanted)}"):
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        run(("apt-get", "-q", "update"), env=env)
        try:
            run((*command.replace("install", "install -y", 1).split(),), env=env)
        except Problem as problem:
            raise Problem(
                f"{problem}\nThe system packages could not be installed; is the Debian "
                "mirror reachable?"
            ) from problem
    still = missing(needs)
    if still:
        raise Problem(f"Installed, but still not found: {', '.join(still)}.")
