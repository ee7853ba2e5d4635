"""The sequencer: what gives pending events their line, number, leaf and head.

Runs after commit on its own cursor, in READ COMMITTED, under one advisory lock a
stream, in SQL only. See architecture §3.1 for the measurements behind it.
"""

import base64
import functools
import logging
import time

import odoo
from odoo import SUPERUSER_ID, api, models

from ..lib import journal_leaf
from ..lib.sequencer import BATCH, Batch, take_stream

_logger = logging.getLogger(__name__)

LOCK_SPACE = 0x676F76  # "gov": first key of the advisory locks
KEY_BELIEVED = 30  # seconds a process goes on signing with the key it found
WAITING = "gov_trust.streams"  # data of the queue: streams to drain
_keys = {}


class GovJournal(models.Model):
    _inherit = "gov.journal"

    def _schedule_drain(self):
        """Drain this stream once the current transaction is committed.

        A test cursor never commits, so tests drain before the (fake) commit.
        """
        testing = bool(odoo.modules.module.current_test)
        queue = self.env.cr.precommit if testing else self.env.cr.postcommit
        waiting = queue.data.get(WAITING)
        if waiting is None:
            waiting = queue.data[WAITING] = set()
            drain = self._drain_in_test if testing else self._drain_after_commit
            # The queue, not the set: a test restores the queue with a copy of its data.
            queue.add(functools.partial(drain, queue))
        waiting.update(self.ids)

    @api.model
    def _drain_in_test(self, queue):
        # A browser test runs these hooks in the middle of a request: nothing is flushed then.
        self.env.flush_all()
        for stream_id in sorted(queue.data.pop(WAITING, ())):
            while self._drain_on(self.env.cr, stream_id):
                pass
        self.env.invalidate_all(flush=False)

    @api.model
    def _drain_after_commit(self, queue):
        """Drain each stream on a cursor of its own; never raises.

        The transaction is committed: an exception here would answer an error for
        something that is done. The cron takes over what fails.
        """
        for stream_id in sorted(queue.data.pop(WAITING, ())):
            try:
                self._drain(stream_id)
            except Exception:
                _logger.exception("Stream %s: draining failed, left to cron", stream_id)
                self._call_cron()

    @api.model
    def _drain(self, stream_id):
        more = True
        while more:
            if odoo.modules.module.current_test:
                more = self._drain_on(self.env.cr, stream_id)
                continue
            with self.pool.cursor() as cr:
                take_stream(cr, LOCK_SPACE, stream_id)
                more = self._drain_on(cr, stream_id)

    @api.model
    def _call_cron(self):
        try:
            with self.pool.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                env.ref("gov_trust.ir_cron_drain")._trigger()
        except Exception:
            _logger.exception("The draining cron could not be called")

    @api.model
    def _process_pending(self, limit=1000):
        """Cron: drain what a crash or a failure left, then sign heads left pending."""
        self.env.cr.execute(
            "SELECT DISTINCT journal_id FROM gov_journal_event WHERE seq IS NULL"
        )
        for (stream_id,) in self.env.cr.fetchall()[:limit]:
            self._drain(stream_id)
        self._sign_pending_heads()

    # ------------------------------------------------------------------
    # One batch, on a given cursor
    # ------------------------------------------------------------------
    @api.model
    def _drain_on(self, cr, stream_id):
        """Sequence one batch of pending events; return whether more may wait.

        :param cr: cursor that holds the stream (``lib.sequencer.take_stream``)
        :param int stream_id: id of the journal
        """
        env = api.Environment(cr, SUPERUSER_ID, {})
        testing = bool(odoo.modules.module.current_test)
        if testing:
            cr.execute("SET LOCAL gov.sequencer = 'on'")
        batch = Batch(cr, stream_id)
        size = batch.frontier.size if batch.events else 0
        if batch.events and self._may_number(env, stream_id, batch.code, size):
            batch.number()
            root = batch.frontier.root()
            batch.write(*self._sign_head(env, batch, root))
            for model_name, rows in batch.numbered.items():
                env[model_name]._apply_numbers_on(cr, rows)
            self._call_followers(env, {row["subject_model"] for row in batch.events})
            if not testing:
                # After the commit: the card may lag behind the database, never lead.
                remember = env["gov.trust.identity"]._remember_head
                cr.postcommit.add(
                    functools.partial(remember, batch.code, batch.summary())
                )
        if testing:
            cr.execute("SET LOCAL gov.sequencer = 'off'")
        return len(batch.lines) == BATCH

    @api.model
    def _may_number(self, env, stream_id, code, size):
        identity = env["gov.trust.identity"]
        if identity._may_seal() and not identity._is_behind(code, size):
            return True
        _logger.warning(
            "Stream %s: %s Nothing is numbered or sealed until then.",
            stream_id,
            identity._explain(),
        )
        return False

    @api.model
    def _call_followers(self, env, model_names):
        """Start the batches that work on what was just sequenced."""
        for model_name in model_names - {None, False}:
            xmlid = getattr(env.get(model_name), "_gov_after_cron", None)
            if not xmlid:
                continue
            cron_id = env["ir.model.data"]._xmlid_to_res_id(xmlid)
            env.cr.execute(
                "SELECT 1 FROM ir_cron_trigger WHERE cron_id = %s "
                "AND call_at <= now() AT TIME ZONE 'UTC' LIMIT 1",
                (cron_id,),
            )
            if not env.cr.fetchone():
                env["ir.cron"].browse(cron_id)._trigger()

    # ------------------------------------------------------------------
    # Heads
    # ------------------------------------------------------------------
    @api.model
    def _sign_head(self, env, batch, root):
        """Sign a head; without a usable key the head stays pending, never the stream.

        :return: (key id, base64 signature) or (None, None)
        """
        try:
            key_id, loaded = self._journal_key(env, batch.company_id)
        except Exception:
            _logger.exception(
                "Stream %s: the head of size %s stays pending",
                batch.code,
                batch.frontier.size,
            )
            return None, None
        data = journal_leaf.head_bytes(
            stream=batch.code,
            size=batch.frontier.size,
            root=root,
            instant=batch.instant,
        )
        return key_id, base64.b64encode(loaded.sign(data)).decode()

    @api.model
    def _journal_key(self, env, company_id):
        """(id, open key) that signs heads of an administration; kept for a moment."""
        place = (env.cr.dbname, company_id, env["gov.key"]._epoch())
        until, key_id, loaded = _keys.get(place, (0, None, None))
        if until < time.monotonic() or odoo.modules.module.current_test:
            with env.cr.savepoint(flush=False):
                key = env["gov.key"]._get(
                    env["res.company"].browse(company_id or []), "journal"
                )
                key_id, loaded = key.id, key._load()
            _keys[place] = (time.monotonic() + KEY_BELIEVED, key_id, loaded)
        return key_id, loaded

    @api.model
    def _sign_pending_heads(self):
        cr = self.env.cr
        cr.execute(
            "SELECT h.id, j.company_id, j.code, h.size, h.root, h.instant "
            "FROM gov_journal_head h JOIN gov_journal j ON j.id = h.journal_id "
            "WHERE h.signature IS NULL ORDER BY h.id LIMIT %s",
            (BATCH,),
        )
        for head_id, company_id, code, size, root, instant in cr.fetchall():
            key_id, loaded = self._journal_key(self.env, company_id)
            data = journal_leaf.head_bytes(
                stream=code, size=size, root=bytes.fromhex(root), instant=instant
            )
            signature = base64.b64encode(loaded.sign(data)).decode()
            cr.execute("SET LOCAL gov.sequencer = 'on'")
            cr.execute(
                "UPDATE gov_journal_head SET key_id = %s, signature = %s WHERE id = %s",
                (key_id, signature, head_id),
            )
            cr.execute("SET LOCAL gov.sequencer = 'off'")
