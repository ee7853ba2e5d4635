from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..lib import journal_leaf, merkle


class GovJournal(models.Model):
    _inherit = "gov.journal"

    def _hashes(self, level, index, cache):
        """The (up to) 256 hashes of one tile, from its row or from what it is made of.

        :param int level: 0 = leaves, 1 = roots of level-0 tiles, …
        """
        place = (level, index)
        if place not in cache:
            start, end = index * merkle.TILE, (index + 1) * merkle.TILE
            if level:
                query = SQL(
                    "SELECT root FROM gov_journal_tile WHERE journal_id = %s "
                    "AND level = %s AND index >= %s AND index < %s ORDER BY index",
                    self.id,
                    level - 1,
                    start,
                    end,
                )
            else:
                query = SQL(
                    "SELECT leaf FROM gov_journal_event WHERE journal_id = %s "
                    "AND seq > %s AND seq <= %s ORDER BY seq",
                    self.id,
                    start,
                    end,
                )
            rows = self.env.execute_query(query)
            cache[place] = [bytes.fromhex(row[0]) for row in rows]
        return cache[place]

    def _aligned(self):
        """Callable giving the root of an aligned complete subtree (see lib/merkle)."""
        cache = {}

        def aligned(start, count):
            level = (count.bit_length() - 1) // merkle.TILE_BITS
            unit = merkle.TILE**level
            tile, offset = divmod(start // unit, merkle.TILE)
            hashes = self._hashes(level, tile, cache)
            return merkle.root_of(hashes[offset : offset + count // unit])

        return aligned

    def _check_size(self, size):
        if not 0 < size <= self.size:
            raise UserError(
                self.env._(
                    "This journal has %(size)s lines: ask for a number from 1 to that.",
                    size=self.size,
                )
            )

    def _inclusion_proof(self, seq, size):
        """Audit path of line ``seq`` in the tree of ``size`` lines, hex hashes."""
        self.ensure_one()
        self._check_size(size)
        if not 0 < seq <= size:
            self._check_size(0)
        return [
            node.hex()
            for node in merkle.inclusion_proof(seq - 1, size, self._aligned())
        ]

    def _consistency_proof(self, first, second):
        """Proof that the tree of ``first`` lines begins that of ``second``, hex."""
        self.ensure_one()
        self._check_size(second)
        if not 0 < first <= second:
            self._check_size(0)
        return [
            node.hex()
            for node in merkle.consistency_proof(first, second, self._aligned())
        ]

    def _signed_head(self, at_least=None):
        """Smallest signed head that covers line ``at_least``; the latest if None.

        :return: dict(head, signature, key_id), or None while it is pending
        """
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                "SELECT size, root, instant, key_id, signature FROM gov_journal_head "
                "WHERE journal_id = %s AND signature IS NOT NULL AND size >= %s "
                "ORDER BY size %s LIMIT 1",
                self.id,
                at_least or 0,
                SQL("DESC") if at_least is None else SQL("ASC"),
            )
        )
        if not rows:
            return None
        size, root, instant, key_id, signature = rows[0]
        head = {
            "root": root,
            "size": size,
            "stream": self.code,
            "time": instant,
            "v": journal_leaf.VERSION,
        }
        return {"head": head, "signature": signature, "key_id": key_id}

    def _certificates(self, key_id):
        """PEM certificates of a journal key: its own, then the authority's."""
        # Certificates are public; the person who asks may have no right on keys.
        keys_sudo = self.env["gov.key"].sudo()
        return keys_sudo.browse(key_id)._chain_pems()

    def _leaf_text(self, event):
        number = None
        if event.number_sequence:
            number = (event.number_year, event.number_sequence, event.number_text)
        return journal_leaf.leaf_bytes(
            body=event.body,
            event=event.uid,
            instant=event.instant,
            kind=event.kind,
            seq=event.seq,
            stream=self.code,
            number=number,
        ).decode()

    def _evidence(self, event):
        """All that ties one event to this journal, for a receipt or an evidence file.

        :param event: sequenced ``gov.journal.event``
        :return: dict(leaf, index, size, proof, head, head_signature, certificates),
            or None while no signed head covers the line
        """
        self.ensure_one()
        signed = self._signed_head(at_least=event.seq) if event.seq else None
        if not signed:
            return None
        size = signed["head"]["size"]
        return {
            "leaf": self._leaf_text(event),
            "index": event.seq - 1,
            "size": size,
            "proof": self._inclusion_proof(event.seq, size),
            "head": signed["head"],
            "head_signature": signed["signature"],
            "certificates": self._certificates(signed["key_id"]),
        }

    # ------------------------------------------------------------------
    # What anybody may see: hashes
    # ------------------------------------------------------------------
    def _public_head(self):
        """Latest signed head with the certificates that check it, or None."""
        self.ensure_one()
        signed = self._signed_head()
        if not signed:
            return None
        return {
            "head": signed["head"],
            "signature": signed["signature"],
            "certificates": self._certificates(signed["key_id"]),
        }

    def _public_proof(self, seq, size=None):
        """Leaf hash and audit path of one line in the tree of ``size`` lines."""
        self.ensure_one()
        size = size or self.size
        rows = self.env.execute_query(
            SQL(
                "SELECT leaf FROM gov_journal_event WHERE journal_id = %s AND seq = %s",
                self.id,
                seq,
            )
        )
        if not rows:
            return None
        return {
            "stream": self.code,
            "seq": seq,
            "index": seq - 1,
            "size": size,
            "leaf_hash": rows[0][0],
            "root": self._root_at(size),
            "proof": self._inclusion_proof(seq, size),
        }

    def _public_consistency(self, first, second):
        """Roots of two sizes and the proof that one tree begins the other."""
        self.ensure_one()
        proof = self._consistency_proof(first, second)
        return {
            "stream": self.code,
            "from": first,
            "to": second,
            "from_root": self._root_at(first),
            "to_root": self._root_at(second),
            "proof": proof,
        }

    def _root_at(self, size):
        self._check_size(size)
        return merkle.subtree_root(0, size, self._aligned()).hex()
