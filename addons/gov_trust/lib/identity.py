"""What the platform remembers of a database beside the master key.

A database can be copied; the folder of the master key is not copied with it. So the
folder holds, for each database, who it is and how far its streams went. A database
that does not match its card neither numbers, seals nor sends mail until a person
says what it is.
"""

import contextlib
import fcntl
import json
import os
import pathlib

FOLDER = "databases"


class Card:
    """The card of one database: ``<folder of the master key>/databases/<uuid>/``.

    ``card.json`` says who it is, ``streams/<code>.json`` how far each stream went.

    :param master_key_file: path of the master key
    :param uuid: ``database.uuid`` of the database
    """

    def __init__(self, master_key_file: str, uuid: str):
        self.folder = pathlib.Path(master_key_file).parent / FOLDER / uuid
        self.streams = self.folder / "streams"

    def read(self) -> dict | None:
        """Who the database is, or None when there is no card."""
        return _read(self.folder / "card.json")

    def write(self, **values) -> None:
        """Create or replace who the database is; what streams did is kept."""
        with self._locked():
            _store(self.folder / "card.json", values)

    def heads(self) -> dict:
        """How far each stream went: {code: dict(size, root, counters)}."""
        return {
            path.stem: _read(path)
            for path in self.streams.glob("*.json")
            if not path.name.startswith(".")
        }

    def size(self, stream: str) -> int:
        """How far one stream went, 0 when nothing is known of it."""
        return (_read(self.streams / f"{stream}.json") or {"size": 0})["size"]

    def remember(self, stream: str, summary: dict) -> None:
        """Record how far a stream went; an older report never overwrites a newer.

        :param summary: dict(size, root, counters={year: last number})
        """
        path = self.streams / f"{stream}.json"
        with self._locked():
            known = _read(path) or {"size": 0, "counters": {}}
            counters = dict(known["counters"])
            for year, last in summary["counters"].items():
                counters[year] = max(last, counters.get(year, 0))
            newest = summary if summary["size"] >= known["size"] else known
            _store(
                path,
                {"size": newest["size"], "root": newest["root"], "counters": counters},
            )

    def forget(self, streams) -> None:
        """Drop what was remembered of ``streams`` (their loss was declared)."""
        with self._locked():
            for stream in streams:
                (self.streams / f"{stream}.json").unlink(missing_ok=True)

    @contextlib.contextmanager
    def _locked(self):
        self.streams.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(self.folder / ".lock", "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _read(path):
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        return None


def _store(path, values):
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(json.dumps(values, indent=1, sort_keys=True))
    os.replace(draft, path)
