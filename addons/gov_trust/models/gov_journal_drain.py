"""The sequencer: what gives pending events their line, number, leaf and head.

Runs after commit on its own cursor, in READ COMMITTED, under one advisory lock a
stream, in SQL only. See architecture §3.1 for the measurements behind it.
"""

import base64
import functools
import logging

import odoo
from odoo import SUPERUSER_ID, api, models

from ..lib import journal_leaf
from ..lib.sequencer import BATCH, Batch

_logger = logging.getLogger(__name__)

LOCK_SPACE = 0x676F76  # "gov": first key of the advisory locks


class GovJournal(models.Model):
    _inherit = "gov.journal"

    def _schedule_drain(self):
        """Drain this stream once the current transaction is committed.

        A test cursor never commits, so tests drain before the (fake) commit.
        """
        testing = bool(odoo.modules.module.current_test)
        queue = self.env.cr.precommit if testing else self.env.cr.postcommit
        waiting = queue.data.get("gov_trust.streams")
        if waiting is None:
            waiting = queue.data["gov_trust.streams"] = set()
            drain = self._drain_in_test if testing else self._drain_after_commit
            queue.add(functools.partial(drain, waiting))
        waiting.update(self.ids)

    @api.model
    def _drain_in_test(self, stream_ids):
        ids, _ = list(stream_ids), stream_ids.clear()
        self.env.cr.precommit.data.pop("gov_trust.streams", None)
        for stream_id in sorted(ids):
            while self._drain_on(self.env.cr, stream_id):
                pass
        self.env.invalidate_all(flush=False)

    @api.model
    def _drain_after_commit(self, stream_ids):
        """Drain each stream on a cursor of its own; never raises.

        The transaction is committed: an exception here would answer an error for
        something that is done. The cron takes over what fails.
        """
        for stream_id in sorted(stream_ids):
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
                cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
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

        :param cr: cursor that sees what other transactions committed
        :param int stream_id: id of the journal
        """
        env = api.Environment(cr, SUPERUSER_ID, {})
        if not env["gov.trust.identity"]._may_seal():
            _logger.warning(
                "Stream %s: %s Nothing is numbered or sealed until then.",
                stream_id,
                env["gov.trust.identity"]._explain(),
            )
            return False
        cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", (LOCK_SPACE, stream_id))
        batch = Batch(cr, stream_id)
        if not batch.events:
            return False
        cr.execute("SET LOCAL gov.sequencer = 'on'")
        batch.number()
        batch.write()
        for model_name, rows in batch.numbered.items():
            env[model_name]._apply_numbers_on(cr, rows)
        self._write_head(env, batch)
        cr.execute("SET LOCAL gov.sequencer = 'off'")
        if not odoo.modules.module.current_test:
            # After this commit only: the file may lag behind the database, never lead.
            cr.postcommit.add(
                functools.partial(
                    env["gov.trust.identity"]._remember_head,
                    batch.code,
                    batch.summary(),
                )
            )
        self._call_followers(env, {event["subject_model"] for event in batch.events})
        return len(batch.events) == BATCH

    @api.model
    def _call_followers(self, env, model_names):
        """Start the batches that work on what was just sequenced."""
        for model_name in model_names - {None, False}:
            xmlid = getattr(env.get(model_name), "_gov_after_cron", None)
            if not xmlid:
                continue
            cron = env.ref(xmlid)
            env.cr.execute(
                "SELECT 1 FROM ir_cron_trigger WHERE cron_id = %s "
                "AND call_at <= now() AT TIME ZONE 'UTC' LIMIT 1",
                (cron.id,),
            )
            if not env.cr.fetchone():
                cron._trigger()

    # ------------------------------------------------------------------
    # Heads
    # ------------------------------------------------------------------
    @api.model
    def _write_head(self, env, batch):
        root = batch.frontier.root()
        key_id, signature = self._sign_head(
            env, batch.stream_id, batch.code, batch.frontier.size, root, batch.instant
        )
        env.cr.execute(
            "INSERT INTO gov_journal_head "
            "(journal_id, size, root, instant, key_id, signature) "
            "VALUES (%s, %s, %s, %s, %s, %s)",
            (
                batch.stream_id,
                batch.frontier.size,
                root.hex(),
                batch.instant,
                key_id,
                signature,
            ),
        )

    @api.model
    def _sign_head(self, env, stream_id, code, size, root, instant):
        """Sign a head; without a usable key the head stays pending, never the stream.

        :return: (key id, base64 signature) or (None, None)
        """
        try:
            with env.cr.savepoint(flush=False):
                company = env["gov.journal"].browse(stream_id).company_id
                key = env["gov.key"]._get(company, "journal")
                data = journal_leaf.head_bytes(
                    stream=code, size=size, root=root, instant=instant
                )
                return key.id, base64.b64encode(key._load().sign(data)).decode()
        except Exception:
            _logger.exception("Stream %s: the head of size %s stays pending", code, size)
            return None, None

    @api.model
    def _sign_pending_heads(self):
        cr = self.env.cr
        cr.execute(
            "SELECT h.id, h.journal_id, j.code, h.size, h.root, h.instant "
            "FROM gov_journal_head h JOIN gov_journal j ON j.id = h.journal_id "
            "WHERE h.signature IS NULL ORDER BY h.id LIMIT %s",
            (BATCH,),
        )
        for head_id, stream_id, code, size, root, instant in cr.fetchall():
            key_id, signature = self._sign_head(
                self.env, stream_id, code, size, bytes.fromhex(root), instant
            )
            if not signature:
                return
            cr.execute("SET LOCAL gov.sequencer = 'on'")
            cr.execute(
                "UPDATE gov_journal_head SET key_id = %s, signature = %s WHERE id = %s",
                (key_id, signature, head_id),
            )
            cr.execute("SET LOCAL gov.sequencer = 'off'")
