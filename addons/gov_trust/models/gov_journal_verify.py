"""One-click check of a whole journal: recompute everything, name the first bad line."""

import base64
import hashlib

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from odoo import models
from odoo.tools import SQL

from ..lib import journal_leaf, merkle

#: Heads whose signature is checked in one run: the last, and as many spread before.
CHECKED_HEADS = 64

_LINES = """
    SELECT seq, leaf, body, uid, instant, kind,
           number_year, number_sequence, number_text
      FROM gov_journal_event
     WHERE journal_id = %s AND seq IS NOT NULL
  ORDER BY seq
"""


class GovJournal(models.Model):
    _inherit = "gov.journal"

    def action_verify(self):
        """Check this journal and show the result in one readable sentence.

        :return: client action (notification) carrying the sentence
        """
        self.ensure_one()
        self.check_access("read")
        result = self._verify()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.name,
                "message": result["sentence"],
                "type": "success" if result["ok"] else "danger",
                "sticky": True,
            },
        }

    def _verify(self):
        """Recompute lines, tree, numbers and heads from what the tables hold.

        :return: dict(ok, size, first_bad, reason, sentence); ``first_bad`` is the
            first line (``seq``) that does not hold, or None
        """
        self.ensure_one()
        self.env.flush_all()
        scan = _Scan(self.code, self._tile_leaves())
        with self._line_cursor() as lines:
            bad = scan.run(lines)
        bad = bad or self._verify_heads(scan)
        return self._verdict(scan.size, *(bad or (None, None)))

    def _verdict(self, size, first_bad, reason):
        if first_bad is None:
            sentence = self.env._("1 → %(size)s intact.", size=size)
            if not size:
                sentence = self.env._("No line yet: there is nothing to check.")
        else:
            sentence = self.env._(
                "Line %(line)s does not hold: %(reason)s. "
                "The lines before it are intact.",
                line=first_bad,
                reason=self._reason_label(reason),
            )
        return {
            "ok": first_bad is None,
            "size": size,
            "first_bad": first_bad,
            "reason": reason,
            "sentence": sentence,
        }

    def _reason_label(self, reason):
        return {
            "missing": self.env._("a line is missing"),
            "content": self.env._("its content is not what was sealed"),
            "leaf": self.env._("its hash is not what was sealed"),
            "number": self.env._("its number does not follow the one before"),
            "head": self.env._("the tree does not match the signed head"),
            "signature": self.env._("the signature of the head is wrong"),
        }[reason]

    def _line_cursor(self):
        """Named cursor over the lines, so that a million of them never sit in memory."""
        lines = self.env.cr._cnx.cursor(name=f"gov_journal_{self.id}")
        lines.itersize = 5000
        lines.execute(_LINES, (self.id,))
        return lines

    def _tile_leaves(self):
        """Leaf hashes as they were stored tile by tile: {tile index: hex of 256}."""

        def tile(index):
            rows = self.env.execute_query(
                SQL(
                    "SELECT hashes FROM gov_journal_tile "
                    "WHERE journal_id = %s AND level = 0 AND index = %s",
                    self.id,
                    index,
                )
            )
            return rows[0][0] if rows else None

        return tile

    # ------------------------------------------------------------------
    # Heads
    # ------------------------------------------------------------------
    def _verify_heads(self, scan):
        """Compare the recomputed tree with its heads; (line, reason) or None."""
        heads = self.env.execute_query(
            SQL(
                "SELECT size, root, instant, key_id, signature FROM gov_journal_head "
                "WHERE journal_id = %s ORDER BY size",
                self.id,
            )
        )
        if not heads:
            return (1, "head") if scan.size else None
        last = heads[-1]
        if last[0] > scan.size:
            return scan.size + 1, "missing"
        if last[0] < scan.size:
            return last[0] + 1, "head"
        if last[1] != scan.frontier.root().hex():
            return self._first_bad_head(heads), "head"
        step = max(1, len(heads) // CHECKED_HEADS)
        for head in [*heads[:-1:step], last]:
            if head[4] and not self._head_holds(*head):
                return head[0], "signature"
        return None

    def _first_bad_head(self, heads):
        """First line covered by no head that still matches (bisection)."""
        aligned = self._aligned()
        low, high = 0, len(heads) - 1
        while low < high:
            middle = (low + high) // 2
            size, root = heads[middle][:2]
            if merkle.subtree_root(0, size, aligned).hex() == root:
                low = middle + 1
            else:
                high = middle
        return (heads[low - 1][0] if low else 0) + 1

    def _head_holds(self, size, root, instant, key_id, signature):
        # Certificates are public; the person who checks may have no right on keys.
        keys_sudo = self.env["gov.key"].sudo()
        (pem, *_chain) = keys_sudo.browse(key_id)._chain_pems()
        certificate = x509.load_pem_x509_certificate(pem.encode())
        data = journal_leaf.head_bytes(
            stream=self.code, size=size, root=bytes.fromhex(root), instant=instant
        )
        try:
            certificate.public_key().verify(
                base64.b64decode(signature), data, ec.ECDSA(hashes.SHA256())
            )
        except InvalidSignature:
            return False
        return True


class _Scan:
    """Walks the lines once: continuity, leaves, numbers, tree."""

    def __init__(self, stream, tile):
        self.stream = stream
        self.tile = tile
        self.size = 0
        self.frontier = merkle.Frontier()
        self.counters = {}

    def run(self, lines):
        """Return (line, reason) of the first line that does not hold, or None."""
        append, leaf_bytes = self.frontier.append, journal_leaf.leaf_bytes
        sha256, stream, seq, stored = hashlib.sha256, self.stream, 0, None
        for row in lines:
            expected = seq + 1
            seq, leaf, body, uid, instant, kind, year, sequence, text = row
            if seq != expected:
                return expected, "missing"
            data = leaf_bytes(
                body=body,
                event=uid,
                instant=instant,
                kind=kind,
                seq=seq,
                stream=stream,
                number=(year, sequence, text) if sequence else None,
            )
            # merkle.leaf_hash, written out: this line runs once for each event.
            found = sha256(b"\x00" + data).digest()
            place = (seq - 1) % merkle.TILE
            if not place:
                stored = self.tile((seq - 1) // merkle.TILE)
            if found.hex() != leaf:
                return seq, "content"
            if stored and stored[place * 64 : place * 64 + 64] != leaf:
                return seq, "leaf"
            if sequence and not self._follows(year, sequence):
                return seq, "number"
            append(found)
            self.size = seq
        return None

    def _follows(self, year, sequence):
        last = self.counters.get(year)
        self.counters[year] = sequence
        return last is None or sequence == last + 1
