"""What the manifests of our addons say: dependencies, subsets, bridges."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .common import Problem
from .settings import Settings


@dataclass(frozen=True)
class Subset:
    """Addons that are installed together, and nothing else of ours.

    ``tested``: those whose lone tests run there. Each addon is tested so once, in the
    smallest subset that holds it; that it stands beside the others as well is proved by
    the run with everything.
    """

    name: str
    modules: tuple[str, ...]
    tested: tuple[str, ...]


class Suite:
    """Our addons as their manifests describe them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of(cls, settings: Settings) -> Suite:
        """Read the addons of a checkout."""
        return cls(settings.addons)

    @cached_property
    def manifests(self) -> dict[str, dict]:
        """Map the addon's technical name to its manifest."""
        found = {}
        for path in sorted(self.folder.glob("*/__manifest__.py")):
            try:
                found[path.parent.name] = ast.literal_eval(path.read_text("utf-8"))
            except (SyntaxError, ValueError) as error:
                raise Problem(f"{path} cannot be read: {error}.") from error
        return {
            name: manifest
            for name, manifest in found.items()
            if manifest.get("installable", True)
        }

    def depends(self, name: str) -> list[str]:
        """Return the direct dependencies of one of our addons."""
        return self.manifests[name].get("depends", ["base"])

    def closure(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return our addons that ``names`` need, themselves included, sorted."""
        todo, seen = list(names), set()
        while todo:
            name = todo.pop()
            if name in self.manifests and name not in seen:
                seen.add(name)
                todo += self.depends(name)
        return tuple(sorted(seen))

    def core(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the addons of Odoo that ``names`` need directly, sorted."""
        return tuple(
            sorted(
                {
                    need
                    for name in self.closure(names)
                    for need in self.depends(name)
                    if need not in self.manifests
                }
            )
        )

    def with_bridges(self, names: Iterable[str]) -> tuple[str, ...]:
        """Add the auto-installed addons all of whose triggers are in the closure.

        ``--skip-auto-install`` keeps Odoo's own glue out, so ours is named.
        """
        modules = set(self.closure(names))
        while True:
            core = set(self.core(modules)) | {"base", "web", "mail"}
            more = {
                name
                for name, manifest in self.manifests.items()
                if name not in modules
                and (triggers := self._triggers(manifest))
                and triggers <= modules | core
                and triggers & modules
            }
            if not more:
                return tuple(sorted(modules))
            modules |= set(self.closure(more))

    @staticmethod
    def _triggers(manifest: dict) -> set[str]:
        auto = manifest.get("auto_install", False)
        if isinstance(auto, (list, tuple, set)):
            return set(auto)
        return set(manifest.get("depends", [])) if auto else set()

    def at_home(self) -> list[str]:
        """Return our addons without the bridges with other apps of Odoo.

        Those install themselves where that app is; no app of ours needs it.
        """
        others = {
            name
            for name in self.bridges
            if self._triggers(self.manifests[name])
            - set(self.manifests)
            - set(self.core([n for n in self.manifests if n != name]))
        }
        return [name for name in self.manifests if name not in others]

    @property
    def applications(self) -> list[str]:
        """The addons that an administrator sees as apps."""
        return [
            name
            for name, manifest in self.manifests.items()
            if manifest.get("application")
        ]

    def subsets(self) -> list[Subset]:
        """Return every subset that must install and pass its tests alone.

        The closure of each app (registry, registry+desk, registry+portal, parapheur),
        the smallest combination in which each bridge appears, the hidden foundation
        while no app is there, and everything.
        """
        named = {
            "+".join(self._apps_of(app)): self.with_bridges([app])
            for app in self.applications
        }
        if not named:
            named = {name: self.with_bridges([name]) for name in self.manifests}
        everything = tuple(sorted(self.manifests))
        found: list[Subset] = []
        for name, some in sorted(named.items(), key=lambda item: len(item[1])):
            found.append(Subset(name, some, self._untested(some, found)))
        for bridge in self.bridges:
            modules = self.with_bridges([bridge])
            if all(subset.modules != modules for subset in found):
                name = "+".join(self._apps_of(bridge))
                name += f"+{bridge}" if name in named else ""
                found.append(Subset(name, modules, (bridge,)))
        if all(subset.modules != everything for subset in found):
            # Every test of every addon runs with everything in the first run.
            found.append(Subset("all", everything, self._untested(everything, found)))
        return found

    @staticmethod
    def _untested(modules: tuple[str, ...], found: list[Subset]) -> tuple[str, ...]:
        """Leave out what a subset before this one has tested; keep at least one."""
        tested = {name for subset in found for name in subset.tested}
        return tuple(name for name in modules if name not in tested) or modules[:1]

    @property
    def bridges(self) -> list[str]:
        """The addons that install themselves where the others meet."""
        return [
            name
            for name, manifest in self.manifests.items()
            if self._triggers(manifest)
        ]

    def _apps_of(self, app: str) -> list[str]:
        return sorted(set(self.closure([app])) & set(self.applications))

    def with_tests(self, names: Iterable[str]) -> list[str]:
        """Return the addons among ``names`` that hold Odoo tests."""
        return [
            name for name in names if any((self.folder / name).glob("tests/test_*.py"))
        ]
