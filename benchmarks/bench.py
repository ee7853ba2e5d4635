"""What measures work with: the test databases, Odoo with the peers beside our addons."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from common import say

from maktab_dev.common import digest, tree_digest
from maktab_dev.database import CACHE_PREFIX
from maktab_dev.settings import Settings
from maktab_dev.templates import TestDatabases
from maktab_dev.workspace import prepare

HERE = Path(__file__).resolve().parent
FLOOR = HERE / "addons"
PEER = "odoo-addon-helpdesk_mgmt==19.0.1.3.2"
PEER_ADDON = "helpdesk_mgmt"


class Bench:
    """The databases of this checkout, and how to run Odoo on them."""

    def __init__(self, arguments: dict[str, str]) -> None:
        self.arguments = arguments
        self.settings = Settings.from_env()
        self.databases = TestDatabases(prepare(self.settings, for_tests=True))
        self.python = str(self.settings.python)
        self.folder = self.settings.state / "bench"

    def clone(self, label: str):
        """Give a throw-away database with all our addons, declared as a test copy."""
        return self.databases.clone(self.databases.everything(), f"bench_{label}")

    def shell(self, database: str, script: str) -> str:
        """Run Python in ``odoo shell``; return what it prints."""
        return self.databases.shell(database, script)

    def sql(self, database: str, statement: str) -> str:
        """Run one SQL statement."""
        return self.databases.workspace.databases.sql(statement, database=database)

    def peer(self) -> Path:
        """Return the folder of the peer's addon, fetched from PyPI once."""
        target = self.folder / "peer"
        mark = target / f"{digest(PEER)[:12]}.stamp"
        if not mark.is_file():
            shutil.rmtree(target, ignore_errors=True)
            say(f"  · fetch {PEER} (for this measure alone)")
            subprocess.run(
                [
                    *(self.python, "-m", "pip", "install", "--quiet", "--no-deps"),
                    *("--target", str(target), PEER),
                ],
                check=True,
            )
            mark.touch()
        return target / "odoo" / "addons"

    @contextmanager
    def with_peers(self) -> Iterator[str]:
        """Give the template that also holds the floor and the peer, on their path."""
        peer, conf = self.peer(), self.databases.conf
        mark = digest(
            self.databases.everything(), tree_digest([FLOOR]), PEER, str(FLOOR)
        )
        own = self.folder / "odoo.conf"
        lines = [
            f"{line},{FLOOR},{peer}" if line.startswith("addons_path") else line
            for line in conf.read_text().splitlines()
        ]
        own.write_text("\n".join(lines) + "\n")
        own.chmod(0o600)
        self.databases.conf = own
        try:
            yield self.databases._template(
                f"{CACHE_PREFIX}bench_{mark[:12]}",
                self.databases.everything(),
                ("bench_floor", PEER_ADDON),
                False,
            )
        finally:
            self.databases.conf = conf
