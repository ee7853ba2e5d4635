"""One batch of the sequencer: pure counting, then a few multi-row statements.

Speaks SQL through a plain cursor, without the ORM, so that the drain cannot fail on
anything but the database itself. The caller holds the stream's advisory lock.
"""

import datetime
import zoneinfo

import psycopg2.extras

from . import journal_leaf, merkle

BATCH = 500

_PENDING = """
    SELECT id, uid, kind, body, subject_model, subject_id, number_format, number_zone
      FROM gov_journal_event
     WHERE journal_id = %s AND seq IS NULL
  ORDER BY id LIMIT %s
"""
_SEQUENCE = """
    UPDATE gov_journal_event e
       SET seq = v.seq, instant = v.instant, leaf = v.leaf,
           sequenced_at = date_trunc('second', v.instant::timestamp),
           number_year = v.year, number_sequence = v.number, number_text = v.text
      FROM (VALUES %s) AS v(id, seq, instant, leaf, year, number, text)
     WHERE e.id = v.id
"""
_SEQUENCE_ROW = "(%s::int, %s::int, %s, %s, %s::int, %s::int, %s)"
_LEAF_HASHES = """
    SELECT leaf FROM gov_journal_event
     WHERE journal_id = %(journal)s AND seq > %(start)s AND seq <= %(end)s
  ORDER BY seq
"""
_TILE_ROOTS = """
    SELECT root FROM gov_journal_tile
     WHERE journal_id = %(journal)s AND level = %(level)s
       AND index >= %(start)s AND index < %(end)s
  ORDER BY index
"""


def clock():
    """The sequencer's clock: naive UTC with microseconds."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)


class Batch:
    """The pending events of a stream, in arrival order, and what they are given."""

    def __init__(self, cr, stream_id):
        self.cr = cr
        self.stream_id = stream_id
        cr.execute("SELECT code FROM gov_journal WHERE id = %s", (stream_id,))
        (self.code,) = cr.fetchone()
        cr.execute(
            "SELECT size, frontier, instant FROM gov_journal_state "
            "WHERE journal_id = %s",
            (stream_id,),
        )
        size, frontier, instant = cr.fetchone() or (0, "", None)
        nodes = [bytes.fromhex(node) for node in (frontier or "").split()]
        self.frontier = merkle.Frontier(size, nodes)
        moment = clock()
        if instant:
            moment = max(moment, journal_leaf.parse_instant(instant))
        self.moment = moment
        self.instant = journal_leaf.instant_text(moment)
        self.counters = {}
        self.lines = []
        self.numbered = {}
        self.leaves = []
        cr.execute(_PENDING, (stream_id, BATCH))
        self.events = cr.dictfetchall()

    def number(self):
        """Give every event its line and, where it asks for one, its number."""
        for event in self.events:
            self._add(event)

    def _add(self, event):
        seq = self.frontier.size + 1
        number = self._number(event) if event["number_format"] else None
        leaf = merkle.leaf_hash(
            journal_leaf.leaf_bytes(
                body=event["body"],
                event=event["uid"],
                instant=self.instant,
                kind=event["kind"],
                seq=seq,
                stream=self.code,
                number=number,
            )
        )
        self.frontier.append(leaf)
        self.leaves.append((seq - 1, leaf))
        year, sequence, text = number or (None, None, None)
        self.lines.append(
            (event["id"], seq, self.instant, leaf.hex(), year, sequence, text)
        )
        if number and event["subject_model"]:
            self.numbered.setdefault(event["subject_model"], []).append(
                {
                    "event_id": event["id"],
                    "subject_id": event["subject_id"],
                    "seq": seq,
                    "year": year,
                    "sequence": sequence,
                    "text": text,
                    "instant": self.moment.replace(microsecond=0),
                    "instant_text": self.instant,
                }
            )

    def _number(self, event):
        zone = zoneinfo.ZoneInfo(event["number_zone"] or "UTC")
        year = self.moment.replace(tzinfo=datetime.UTC).astimezone(zone).year
        if year not in self.counters:
            self.cr.execute(
                "SELECT last FROM gov_journal_counter "
                "WHERE journal_id = %s AND year = %s",
                (self.stream_id, year),
            )
            (self.counters[year],) = self.cr.fetchone() or (0,)
        self.counters[year] += 1
        sequence = self.counters[year]
        text = journal_leaf.format_number(
            event["number_format"], year=year, number=sequence
        )
        return year, sequence, text

    def write(self):
        """Store lines, counters, frontier and the tiles that became complete."""
        cr = self.cr
        psycopg2.extras.execute_values(
            cr._obj, _SEQUENCE, self.lines, template=_SEQUENCE_ROW, page_size=BATCH
        )
        for year, last in self.counters.items():
            cr.execute(
                "INSERT INTO gov_journal_counter (journal_id, year, last) "
                "VALUES (%s, %s, %s) ON CONFLICT (journal_id, year) "
                "DO UPDATE SET last = EXCLUDED.last",
                (self.stream_id, year, last),
            )
        cr.execute(
            "INSERT INTO gov_journal_state "
            "(journal_id, size, frontier, root, instant) VALUES (%s, %s, %s, %s, %s) "
            "ON CONFLICT (journal_id) DO UPDATE SET size = EXCLUDED.size, "
            "frontier = EXCLUDED.frontier, root = EXCLUDED.root, "
            "instant = EXCLUDED.instant",
            (
                self.stream_id,
                self.frontier.size,
                " ".join(node.hex() for node in self.frontier.nodes),
                self.frontier.root().hex(),
                self.instant,
            ),
        )
        self._write_tiles()

    def _write_tiles(self):
        """Store each group of 256 hashes the batch completed, level by level."""
        size = self.frontier.size
        level, done = 0, size - len(self.leaves)
        while size // merkle.TILE > done // merkle.TILE:
            for index in range(done // merkle.TILE, size // merkle.TILE):
                self.cr.execute(
                    _LEAF_HASHES if level == 0 else _TILE_ROOTS,
                    {
                        "journal": self.stream_id,
                        "level": level - 1,
                        "start": index * merkle.TILE,
                        "end": (index + 1) * merkle.TILE,
                    },
                )
                hashes = [row[0] for row in self.cr.fetchall()]
                root = merkle.root_of(map(bytes.fromhex, hashes)).hex()
                self.cr.execute(
                    "INSERT INTO gov_journal_tile "
                    "(journal_id, level, index, hashes, root) "
                    "VALUES (%s, %s, %s, %s, %s)",
                    (self.stream_id, level, index, "".join(hashes), root),
                )
            level, done, size = level + 1, done // merkle.TILE, size // merkle.TILE

    def summary(self):
        """What the identity file remembers of this stream."""
        return {
            "size": self.frontier.size,
            "root": self.frontier.root().hex(),
            "counters": {str(year): last for year, last in self.counters.items()},
        }
