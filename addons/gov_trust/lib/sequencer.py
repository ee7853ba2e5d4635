"""One batch of the sequencer: pure counting, then a few multi-row statements.

Speaks SQL through a plain cursor, without the ORM, so that the drain cannot fail on
anything but the database itself. The caller holds the stream's advisory lock.
"""

import datetime

import psycopg2.extras
import pytz

from . import journal_leaf, merkle

BATCH = 500

_LOCK = """
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
    SET LOCAL gov.sequencer = 'on';
    SELECT pg_advisory_xact_lock(%s, %s)
"""
# One statement: what waits, and where the stream stands (the same on every row).
_PENDING = """
    SELECT e.id, e.uid, e.kind, e.body, e.subject_model, e.subject_id,
           e.number_format, e.number_zone,
           j.code, j.company_id, s.size, s.frontier, s.instant,
           (SELECT json_object_agg(c.year, c.last) FROM gov_journal_counter c
             WHERE c.journal_id = j.id) AS counters
      FROM gov_journal_event e
      JOIN gov_journal j ON j.id = e.journal_id
 LEFT JOIN gov_journal_state s ON s.journal_id = j.id
     WHERE e.journal_id = %s AND e.seq IS NULL
  ORDER BY e.id LIMIT %s
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


_COUNTER = """
    INSERT INTO gov_journal_counter (journal_id, year, last) VALUES (%s, %s, %s)
    ON CONFLICT (journal_id, year) DO UPDATE SET last = EXCLUDED.last
"""
_STATE = """
    INSERT INTO gov_journal_state (journal_id, size, frontier, root, instant)
         VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (journal_id) DO UPDATE
            SET size = EXCLUDED.size, frontier = EXCLUDED.frontier,
                root = EXCLUDED.root, instant = EXCLUDED.instant
"""
_HEAD = """
    INSERT INTO gov_journal_head (journal_id, size, root, instant, key_id, signature)
         VALUES (%s, %s, %s, %s, %s, %s)
"""


def take_stream(cr, lock_space, stream_id):
    """Open the drain's transaction: READ COMMITTED, sequencer on, stream locked.

    Must be the first statement of ``cr``; one round trip.
    """
    cr.execute(_LOCK, (lock_space, stream_id))


def clock():
    """The sequencer's clock: naive UTC with microseconds."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)


class Batch:
    """The pending events of a stream, in arrival order, and what they are given."""

    def __init__(self, cr, stream_id):
        self.cr = cr
        self.stream_id = stream_id
        self.lines = []
        self.numbered = {}
        self.leaves = []
        cr.execute(_PENDING, (stream_id, BATCH))
        self.events = cr.dictfetchall()
        if self.events:
            self._stand(self.events[0])

    def _stand(self, row):
        """Take up where the stream stands."""
        self.code = row["code"]
        self.company_id = row["company_id"]
        nodes = [bytes.fromhex(node) for node in (row["frontier"] or "").split()]
        self.frontier = merkle.Frontier(row["size"] or 0, nodes)
        self.moment = clock()
        if row["instant"]:
            self.moment = max(self.moment, journal_leaf.parse_instant(row["instant"]))
        self.instant = journal_leaf.instant_text(self.moment)
        self.known = {int(year): last for year, last in (row["counters"] or {}).items()}
        self.counters = {}

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
                    "event_uid": event["uid"],
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
        # pytz, as Odoo: the machine's own zone files may be older and disagree.
        zone = pytz.timezone(event["number_zone"] or "UTC")
        year = self.moment.replace(tzinfo=datetime.UTC).astimezone(zone).year
        last = self.counters.get(year, self.known.get(year, 0))
        self.counters[year] = last + 1
        sequence = self.counters[year]
        text = journal_leaf.format_number(
            event["number_format"], year=year, number=sequence
        )
        return year, sequence, text

    def write(self, key_id=None, signature=None):
        """Store lines, counters, frontier, head and the tiles that became complete.

        :param key_id: key that signed the head, None while it is pending
        :param signature: base64, or None
        """
        place, raw = self.stream_id, self.cr._obj
        size, root = self.frontier.size, self.frontier.root().hex()
        nodes = " ".join(node.hex() for node in self.frontier.nodes)
        statements = [
            raw.mogrify(_COUNTER, (place, year, last))
            for year, last in self.counters.items()
        ]
        statements += [
            raw.mogrify(_STATE, (place, size, nodes, root, self.instant)),
            raw.mogrify(_HEAD, (place, size, root, self.instant, key_id, signature)),
        ]
        psycopg2.extras.execute_values(
            raw, _SEQUENCE, self.lines, template=_SEQUENCE_ROW, page_size=BATCH
        )
        self.cr.execute(b";".join(statements).decode())
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
