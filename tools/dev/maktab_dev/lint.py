"""``make lint`` and ``make fix``: every style tool, each with its own verdict."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass

from .addons import Suite
from .common import say
from .settings import Settings
from .workspace import Workspace, prepare

PYTHON_ROOTS = ("addons", "tools", "tests", "benchmarks", "deploy")
# About the OCA's own publishing, and numbers that Odoo's own data writes plain.
OCA_OFF = (
    "--disable=prefer-readme-rst,weblate-component-too-long,"
    "xml-field-numeric-without-eval"
)


@dataclass(frozen=True)
class Check:
    """One tool: its name and what it runs."""

    name: str
    command: tuple[str, ...]


class Linter:
    """Runs the checkers of the virtual environment and of npm over the repository."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.workspace: Workspace = prepare(settings)
        self.suite = Suite.of(settings)

    def _tool(self, name: str) -> str:
        return str(self.settings.venv / "bin" / name)

    def _node(self, name: str) -> str:
        return str(self.settings.npm / "node_modules" / ".bin" / name)

    def _python_roots(self) -> list[str]:
        return [name for name in PYTHON_ROOTS if (self.settings.repo / name).is_dir()]

    def _files(self, *patterns: str) -> list[str]:
        """Return our files of some patterns, relative to the repository."""
        repo = self.settings.repo
        return sorted(
            str(path.relative_to(repo))
            for pattern in patterns
            for path in repo.glob(pattern)
            if "/static/lib/" not in str(path) and not path.name.endswith(".min.js")
        )

    def checks(self) -> list[Check]:
        """Return the checks that apply to what is in the repository now."""
        roots = self._python_roots()
        found = [
            Check("ruff check", (self._tool("ruff"), "check", "-q", *roots)),
            Check(
                "ruff format",
                (self._tool("ruff"), "format", "-q", "--diff", *roots),
            ),
        ]
        modules = [f"addons/{name}" for name in self.suite.manifests]
        if modules:
            found += self._odoo_checks(modules)
        po_files = self._files("addons/*/i18n/*.po")
        if po_files:
            found.append(
                Check(
                    "oca-checks-po",
                    # po_merge.py already writes them sorted and wrapped; the rule would
                    # empty the words that are the same in both languages.
                    (
                        self._tool("oca-checks-po"),
                        "--disable=po-pretty-format",
                        *po_files,
                    ),
                )
            )
        pretty = self._files("addons/*/**/*.xml", "addons/*/static/**/*.js", "*.cjs")
        found.append(
            Check(
                "prettier", (self._node("prettier"), "--log-level=warn", "-c", *pretty)
            )
        )
        scripts = self._files("addons/*/static/**/*.js")
        if scripts:
            found.append(
                Check("eslint", (self._node("eslint"), "--max-warnings=0", *scripts))
            )
        return found

    def _odoo_checks(self, modules: list[str]) -> list[Check]:
        return [
            Check("pylint-odoo", (self._tool("pylint"), *modules)),
            Check(
                "oca-checks-odoo-module",
                (self._tool("oca-checks-odoo-module"), OCA_OFF, *modules),
            ),
            Check(
                "manifestoo check-licenses",
                (
                    *(self._tool("manifestoo"), "--odoo-series=19.0"),
                    f"--addons-path={self._addons_path()}",
                    *("--select-addons-dir=addons", "check-licenses"),
                ),
            ),
            Check(
                "odoo upgrade_code",
                (str(self.settings.python), "tools/dev/upgrade_gate.py"),
            ),
        ]

    def _addons_path(self) -> str:
        return ",".join(map(str, [*self.workspace.odoo.addons_path, "addons"]))

    def run(self, checks: list[Check]) -> int:
        """Run the checks; print what each one finds; 0 when all are content."""
        bad = []
        for check in checks:
            start = time.monotonic()
            done = subprocess.run(
                check.command,
                cwd=self.settings.repo,
                env=self.workspace.environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            seconds = time.monotonic() - start
            verdict = "found something" if done.returncode else "ok"
            say(f"· {check.name}: {verdict} ({seconds:.1f} s)")
            if done.returncode:
                bad.append(check.name)
                say(done.stdout.rstrip())
        if bad:
            say(f"\nlint: {', '.join(bad)} found something; `make fix` may help.")
        else:
            say("\nlint: nothing found")
        return 1 if bad else 0

    def fix(self) -> int:
        """Let the tools put right what they can."""
        roots = self._python_roots()
        pretty = self._files("addons/*/**/*.xml", "addons/*/static/**/*.js", "*.cjs")
        return self.run(
            [
                Check(
                    "ruff check", (self._tool("ruff"), "check", "-q", "--fix", *roots)
                ),
                Check("ruff format", (self._tool("ruff"), "format", "-q", *roots)),
                Check(
                    "oca-checks-odoo-module",
                    (
                        *(self._tool("oca-checks-odoo-module"), "--fix", OCA_OFF),
                        *(f"addons/{name}" for name in self.suite.manifests),
                    ),
                ),
                Check(
                    "prettier",
                    (self._node("prettier"), "--log-level=warn", "-w", *pretty),
                ),
            ]
        )


def lint(settings: Settings) -> int:
    """Check everything."""
    linter = Linter(settings)
    return linter.run(linter.checks())


def fix(settings: Settings) -> int:
    """Put right what can be put right."""
    return Linter(settings).fix()
