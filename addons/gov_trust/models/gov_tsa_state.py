import logging
import uuid

import odoo
from odoo import SUPERUSER_ID, api, models

_logger = logging.getLogger(__name__)

#: Failures in a row before an authority is left alone, for how long (seconds).
MAX_FAILURES = 3
PAUSE, LONGEST_PAUSE = 60, 15 * 60

#: One statement: counts the request in its minute and, when the pause is over, takes
#: the one attempt that is made then. ``probe`` says whose it is.
_BEGIN = """
    INSERT INTO gov_tsa_state AS s (tsa_id, hits, minute)
         VALUES (%(tsa)s, 1, clock_timestamp() + interval '60s')
    ON CONFLICT (tsa_id) DO UPDATE SET
        hits = CASE WHEN s.minute <= clock_timestamp() THEN 1 ELSE s.hits + 1 END,
        minute = CASE WHEN s.minute <= clock_timestamp()
                      THEN EXCLUDED.minute ELSE s.minute END,
        probe = CASE WHEN s.failures >= %(most)s AND s.until <= clock_timestamp()
                     THEN %(probe)s ELSE s.probe END,
        until = CASE WHEN s.failures >= %(most)s AND s.until <= clock_timestamp()
                     THEN clock_timestamp() + %(seconds)s * interval '1s'
                     ELSE s.until END
      RETURNING CASE
          WHEN failures >= %(most)s AND probe IS DISTINCT FROM %(probe)s THEN 'paused'
          WHEN %(limit)s > 0 AND hits > %(limit)s THEN 'rate'
          ELSE 'go' END,
          ceil(extract(epoch FROM
              CASE WHEN failures >= %(most)s THEN until ELSE minute END
              - clock_timestamp()))::int
"""
#: A failure pauses when it is one too many, or when it was the attempt after a pause.
#: Those that were under way when the pause began change nothing.
_FAILED = """
    UPDATE gov_tsa_state s SET
        failures = s.failures + 1,
        openings = s.openings + CASE WHEN o.opens THEN 1 ELSE 0 END,
        until = CASE WHEN o.opens THEN clock_timestamp() + interval '1s'
                     * least(%(pause)s * 2 ^ least(s.openings, 10), %(longest)s)
                     ELSE s.until END,
        probe = CASE WHEN s.probe = %(probe)s THEN NULL ELSE s.probe END,
        last_error = %(text)s, last_code = %(code)s, last_error_at = clock_timestamp()
      FROM (SELECT tsa_id, failures + 1 = %(most)s
                   OR (failures >= %(most)s AND probe = %(probe)s) AS opens
              FROM gov_tsa_state WHERE tsa_id = %(tsa)s FOR UPDATE) o
     WHERE s.tsa_id = o.tsa_id
"""
_DRIFT = """
    UPDATE gov_tsa_state s SET drift = %(drift)s, drifting = %(drifting)s
      FROM (SELECT tsa_id, drifting FROM gov_tsa_state
             WHERE tsa_id = %(tsa)s FOR UPDATE) o
     WHERE s.tsa_id = o.tsa_id
 RETURNING false, o.drifting
"""
_GOOD = """
    UPDATE gov_tsa_state s SET
        failures = 0, openings = 0, until = NULL, probe = NULL,
        last_ok_at = clock_timestamp(), drift = %(drift)s, drifting = %(drifting)s
      FROM (SELECT tsa_id, failures, drifting FROM gov_tsa_state
             WHERE tsa_id = %(tsa)s FOR UPDATE) o
     WHERE s.tsa_id = o.tsa_id
 RETURNING o.failures >= %(most)s, o.drifting
"""


class GovTsaState(models.AbstractModel):
    """How each timestamp authority does: circuit breaker, rate, clock, last error.

    Plain SQL on a cursor of its own, committed at once: a request that is rolled back
    was still made, and eight workers never wait for each other's transactions. The table
    is UNLOGGED: what it holds is worth nothing after a crash.
    """

    _name = "gov.tsa.state"
    _description = "State of timestamp authorities"

    def init(self):
        self.env.cr.execute(
            """CREATE UNLOGGED TABLE IF NOT EXISTS gov_tsa_state (
                   tsa_id integer PRIMARY KEY,
                   hits integer NOT NULL DEFAULT 0,
                   minute timestamptz NOT NULL,
                   failures integer NOT NULL DEFAULT 0,
                   openings integer NOT NULL DEFAULT 0,
                   until timestamptz,
                   probe text,
                   last_ok_at timestamptz,
                   last_error text,
                   last_code text,
                   last_error_at timestamptz,
                   drift double precision,
                   drifting boolean NOT NULL DEFAULT false
               )"""
        )

    @api.model
    def _begin(self, authority):
        """Ask to call an authority.

        :param authority: :class:`~odoo.addons.gov_trust.lib.tsp_ask.Authority`
        :return: (name of this attempt, "go" | "paused" | "rate", seconds to wait)
        """
        probe = uuid.uuid4().hex
        told, wait = self._run(
            _BEGIN,
            {
                "tsa": authority.id,
                "probe": probe,
                "limit": authority.per_minute,
                # A worker that dies during its attempt does not close the door.
                "seconds": authority.seconds + PAUSE,
            },
        )
        return probe, told, max(wait or 0, 1)

    @api.model
    def _failed(self, authority, probe, code, text):
        """Count a failure; the third in a row pauses the authority."""
        values = {"probe": probe, "code": code, "text": text[:500]}
        self._run(_FAILED, {"tsa": authority.id, **values})

    @api.model
    def _good(self, authority, drift, most_drift):
        """Note a good answer: what was paused is used again, clocks are compared.

        :param float drift: seconds the authority's clock is ahead
        :param float most_drift: seconds beyond which people are told
        """
        self._compare(_GOOD, authority, drift, most_drift)

    @api.model
    def _off(self, authority, drift, most_drift):
        """Note a clock that is too far off for its timestamps to be used."""
        self._compare(_DRIFT, authority, drift, most_drift)

    @api.model
    def _compare(self, query, authority, drift, most_drift):
        drifting = abs(drift) > most_drift

        def tell(env, row):
            came_back, was_drifting = row
            if came_back:
                env["gov.completion"]._wake()
            if drifting != was_drifting:
                env["gov.tsa"].browse(authority.id)._tell_drift(drift, drifting)

        values = {"drift": drift, "drifting": drifting}
        self._run(query, {"tsa": authority.id, **values}, tell)

    @api.model
    def _forget(self, tsa_id):
        """Start anew, after an officer changed how the authority is reached."""
        self._run(
            "UPDATE gov_tsa_state SET failures = 0, openings = 0, until = NULL,"
            " probe = NULL WHERE tsa_id = %(tsa)s",
            {"tsa": tsa_id},
        )

    @api.model
    def _run(self, query, values, then=None):
        values = {
            "most": MAX_FAILURES,
            "pause": PAUSE,
            "longest": LONGEST_PAUSE,
            **values,
        }
        if odoo.modules.module.current_test and not self.env.cr.readonly:
            # A test sees all of its own transaction, and nothing of it is committed.
            self.env.cr.execute(query, values)
            row = self.env.cr.fetchone() if self.env.cr.description else None
            if row and then:
                # The platform itself tells, whoever asked for the timestamp.
                platform_sudo = self.sudo()
                then(platform_sudo.env, row)
            return row
        with self.pool.cursor() as cr:
            cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            cr.execute("SET LOCAL lock_timeout = '5s'")
            cr.execute(query, values)
            row = cr.fetchone() if cr.description else None
        if row and then:
            self._tell(then, row)
        return row

    @api.model
    def _tell(self, then, row):
        """Tell people on another cursor; a timestamp is never lost for it."""
        try:
            with self.pool.cursor() as cr:
                cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
                env = api.Environment(cr, SUPERUSER_ID, {})
                then(env, row)
                env.flush_all()
                # The caller may hold the lock of a stream: the event goes with the cron.
                cr.postcommit.clear()
                env.ref("gov_trust.ir_cron_drain")._trigger()
        except Exception:
            _logger.exception("What changed for an authority could not be told")
