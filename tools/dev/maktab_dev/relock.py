"""``cli.py lock``: exact versions with hashes, written anew from the bounded lists."""

from __future__ import annotations

from .common import run, step
from .settings import Settings
from .workspace import prepare

HEAD = "# Exact versions and hashes of {source}; written by `tools/dev/cli.py lock`.\n"
LISTS = (
    ("requirements-dev.txt", "requirements.lock"),
    ("requirements-build.txt", "requirements-build.lock"),
    ("requirements-postgres.txt", "requirements-postgres.lock"),
)


def lock(settings: Settings, upgrade: bool) -> int:
    """Write the lock files; versions move only when needed, or with ``--upgrade``."""
    uv = prepare(settings).settings.venv / "bin" / "uv"
    for source, target in LISTS:
        path = settings.repo / target
        with step(f"lock {source}"):
            run(
                (
                    *(uv, "pip", "compile", "--universal", "--python-version", "3.11"),
                    *("--generate-hashes", "--no-header", "--no-annotate", "-q"),
                    *("--no-emit-index-url", "--no-emit-find-links"),
                    *(["--upgrade"] if upgrade else []),
                    *(source, "-o", target),
                ),
                cwd=settings.repo,
            )
            text = path.read_text("utf-8")
            path.write_text(HEAD.format(source=source) + text, "utf-8")
    with step("lock package.json"):
        run(
            (
                *("npm", "install", "--package-lock-only", "--no-audit", "--no-fund"),
                "--omit-lockfile-registry-resolved",
            ),
            cwd=settings.repo,
        )
    return 0
