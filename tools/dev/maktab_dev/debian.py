"""Odoo 19 from Debian's package: fetched with apt, checked, unpacked without root.

The mirror is the one this machine already uses; apt's own folders stay untouched.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from .common import Problem, run, say, step
from .settings import Settings

SERIES = "19.0"
FROM_SID = (
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-ocr-b",
)
# sid's font-awesome 7 has other paths than the 4.7 that Odoo links to.
FROM_STABLE = ("fonts-font-awesome", "fonts-inconsolata")
STABLE_SUITES = ("bookworm", "trixie")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
NO_MIRROR = (
    "No Odoo 19 was found and it cannot be fetched: {reason}. "
    "Set ODOO_HOME to an Odoo 19.0 source tree, or run the set-up on Debian with its "
    "apt sources and network in place."
)
# Removed by Debian; its absence logs an ERROR each time the back end is loaded.
EMPTY_FILE = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
PACKAGES = Path("usr/lib/python3/dist-packages")


def mirror() -> tuple[str, str]:
    """Return the address of this machine's Debian mirror and its stable suite."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise Problem(NO_MIRROR.format(reason="this system has no apt-get"))
    listed = run(
        (
            "apt-get",
            "indextargets",
            "--no-release-info",
            "--format",
            "$(REPO_URI)|$(RELEASE)|$(COMPONENT)",
        ),
        stderr=subprocess.DEVNULL,
    ).stdout
    for line in listed.splitlines():
        uri, release, component = (line.strip().split("|") + ["", ""])[:3]
        suite = re.sub(r"-(updates|backports)$", "", release)
        known = (*STABLE_SUITES, "sid", "unstable", "stable", "testing", "forky")
        if component == "main" and suite in known:
            return uri, suite if suite in STABLE_SUITES else STABLE_SUITES[0]
    raise Problem(NO_MIRROR.format(reason="apt lists no Debian mirror on this machine"))


class PrivateApt:
    """apt-get with its own sources, lists and cache below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        uri, stable = mirror()
        self.stable = stable
        if not KEYRING.is_file():
            raise Problem(
                f"{KEYRING} is missing; install the package debian-archive-keyring."
            )
        for name in ("lists/partial", "archives/partial", "parts", "etc"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "sources.list").write_text(
            "".join(
                f"deb [signed-by={KEYRING}] {uri} {suite} main\n"
                for suite in ("sid", stable)
            )
        )
        status = Path("/var/lib/dpkg/status")
        self.options = [
            f"-oDir::Etc::sourcelist={folder}/sources.list",
            f"-oDir::Etc::sourceparts={folder}/parts",
            f"-oDir::Etc::preferencesparts={folder}/etc",
            f"-oDir::State={folder}",
            f"-oDir::State::Lists={folder}/lists",
            f"-oDir::State::status={status}",
            f"-oDir::Cache={folder}",
            f"-oDir::Cache::archives={folder}/archives",
            "-oAcquire::Languages=none",
            "-oAcquire::Retries=2",
            "-oAcquire::http::Timeout=30",
            "-oAPT::Sandbox::User=root",
            "-oAPT::Get::List-Cleanup=0",
        ]

    def update(self) -> None:
        """Fetch the signed package lists."""
        try:
            run(("apt-get", *self.options, "-oAPT::Update::Error-Mode=any", "update"))
        except Problem as problem:
            raise Problem(
                NO_MIRROR.format(reason="the Debian mirror did not answer")
                + f"\n{problem}"
            ) from problem

    def fetch(self, names: Iterable[str]) -> list[Path]:
        """Download packages (``name`` or ``name/suite``) and check apt's SHA-256."""
        names = list(names)
        printed = run(
            ("apt-get", *self.options, "download", "--print-uris", *names),
            stderr=subprocess.DEVNULL,
        ).stdout
        stated = dict(
            re.findall(r"^'[^']+' (\S+) \d+ SHA256:([0-9a-f]{64})", printed, re.M)
        )
        if len(stated) != len(names):
            raise Problem(f"apt does not offer every one of: {' '.join(names)}.")
        target = self.folder / "archives"
        if not all(_same(target / file, sha) for file, sha in stated.items()):
            run(("apt-get", *self.options, "download", *names), cwd=target)
        for file, sha in stated.items():
            if not _same(target / file, sha):
                raise Problem(
                    f"{file} does not have the SHA-256 that apt states; run the set-up "
                    "again, and if it persists, look at the mirror."
                )
        return [target / file for file in stated]


def _same(path: Path, sha: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha


def _version(package: Path) -> str:
    return run(("dpkg-deb", "-f", package, "Version")).stdout.strip()


def unpack(settings: Settings) -> Path:
    """Fetch and unpack Odoo; return the folder that holds the package's files.

    Unpacked beside and renamed, so a stop half-way leaves nothing that looks finished.
    """
    folder = settings.state / "odoo"
    with step("fetch Odoo 19 from Debian's sid"):
        apt = PrivateApt(settings.state / "apt")
        apt.update()
        packages = apt.fetch(
            [*FROM_SID, *(f"{name}/{apt.stable}" for name in FROM_STABLE)]
        )
    odoo = next(path for path in packages if path.name.startswith("odoo-19_"))
    version = _version(odoo)
    if not version.startswith(f"{SERIES}."):
        raise Problem(
            f"Debian offers Odoo {version}, this needs {SERIES}: set ODOO_HOME to an "
            f"Odoo {SERIES} source tree."
        )
    say(f"  Odoo {version}")
    with step("unpack Odoo"):
        partial = settings.state / f".odoo.partial.{os.getpid()}"
        shutil.rmtree(partial, ignore_errors=True)
        for package in packages:
            run(("dpkg-deb", "-x", package, partial))
        empty = partial / PACKAGES / "odoo" / "addons" / EMPTY_FILE
        empty.parent.mkdir(parents=True, exist_ok=True)
        empty.touch()
        (partial / "VERSION").write_text(version)
        dangling = dangling_links(partial)
        if dangling:
            raise Problem(
                "Odoo's package links to files that are not there: "
                f"{', '.join(map(str, dangling[:5]))}; another Debian package is needed "
                "in tools/dev/maktab_dev/debian.py."
            )
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
        shutil.rmtree(settings.state / "apt", ignore_errors=True)
    return folder


def dangling_links(folder: Path) -> list[Path]:
    """Return the links below ``folder`` that lead nowhere."""
    return [
        path for path in folder.rglob("*") if path.is_symlink() and not path.exists()
    ]
