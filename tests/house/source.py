"""What the house-rule tests read: our files, their syntax trees, Odoo's manifests."""

from __future__ import annotations

import ast
import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

from maktab_dev.addons import Suite

REPO = Path(__file__).resolve().parents[2]
ADDONS = REPO / "addons"
SUITE = Suite(ADDONS)


def tracked() -> list[Path]:
    """Return the files that are, or are about to be, in version control."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=REPO,
        capture_output=True,
        check=True,
    ).stdout
    paths = [REPO / name.decode() for name in listed.split(b"\0") if name]
    assert paths, "these tests read what is in version control"
    return [path for path in paths if path.is_file()]


def python_files(*, tests: bool = False) -> list[Path]:
    """Return the Python files of our addons, without their tests unless asked."""
    return [
        path
        for path in sorted(ADDONS.rglob("*.py"))
        if tests or "tests" not in path.relative_to(ADDONS).parts
    ]


@functools.cache
def tree(path: Path) -> ast.Module:
    """Parse a file once."""
    return ast.parse(path.read_text("utf-8"), str(path))


def calls(path: Path, method: str) -> Iterator[tuple[str, ast.Call]]:
    """Yield (enclosing function, call) for each ``something.method(...)`` of a file.

    A call at module or class level has the function name ``<module>``.
    """

    def walk(node: ast.AST, function: str) -> Iterator[tuple[str, ast.Call]]:
        for child in ast.iter_child_nodes(node):
            inside = function
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                inside = child.name
            if (
                isinstance(child, ast.Call)
                and isinstance(child.func, ast.Attribute)
                and child.func.attr == method
            ):
                yield function, child
            yield from walk(child, inside)

    yield from walk(tree(path), "<module>")


def relative(path: Path) -> str:
    """Return a path as the documents write it."""
    return path.relative_to(REPO).as_posix()
