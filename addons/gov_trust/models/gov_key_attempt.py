import odoo
from odoo import api, models
from odoo.tools import SQL

#: Wrong PINs in a row before a key is locked, and for how long (seconds).
MAX_FAILURES = 5
LOCK_SECONDS = 15 * 60

#: Counts an attempt before it is made: many at once cannot try more than allowed. One
#: more than the bound is a lock that waits to be told, two more one that was told.
_BEGIN = """
    INSERT INTO %(table)s AS a (key_id, failures) VALUES (%(key)s, 1)
    ON CONFLICT (key_id) DO UPDATE SET
        failures = CASE WHEN a.until <= clock_timestamp() THEN 1
                        WHEN a.failures > %(most)s THEN a.failures
                        ELSE a.failures + 1 END,
        until = CASE WHEN a.until <= clock_timestamp() THEN NULL
                     WHEN a.until IS NULL AND a.failures >= %(most)s
                     THEN clock_timestamp() + %(lock)s * interval '1s'
                     ELSE a.until END
      RETURNING failures, until > clock_timestamp(),
                ceil(extract(epoch FROM until - clock_timestamp()))::int
"""
_LOCK = """
    UPDATE %(table)s SET failures = %(most)s + 2,
        until = coalesce(until, clock_timestamp() + %(lock)s * interval '1s')
     WHERE key_id = %(key)s AND failures BETWEEN %(most)s AND %(most)s + 1
 RETURNING key_id
"""


class GovKeyAttempt(models.AbstractModel):
    """How often a key was tried with a wrong PIN.

    Plain SQL on a cursor of its own, committed at once: the request that fails is rolled
    back, the count is not. The key may not be committed yet: no foreign key.
    """

    _name = "gov.key.attempt"
    _description = "Wrong PINs of a key"
    #: where they are counted; what inherits this counts something else elsewhere
    _attempt_table = "gov_key_attempt"

    def init(self):
        self.env.cr.execute(
            SQL(
                """CREATE TABLE IF NOT EXISTS %s (
                       key_id integer PRIMARY KEY,
                       failures integer NOT NULL,
                       until timestamptz
                   )""",
                SQL.identifier(self._attempt_table),
            )
        )

    @api.model
    def _begin(self, key_id):
        """Count an attempt that is about to be made.

        :return: (attempts left after this one if it fails, seconds to wait before any;
            0 when this one may be made)
        """
        failures, locked, wait = self._run(_BEGIN, key_id)
        left = max(MAX_FAILURES - failures, 0)
        return left, max(wait, 1) if locked else 0

    @api.model
    def _failed(self, key_id, write_event):
        """Lock the key when this was one failure too many, and tell it once.

        :param write_event: called with the environment of the same cursor, to write
            the event
        """
        self._run(_LOCK, key_id, write_event)

    @api.model
    def _forget(self, key_id):
        """The right PIN was given: start anew."""
        self._run("DELETE FROM %(table)s WHERE key_id = %(key)s", key_id)

    @api.model
    def _state_of(self, key_id):
        """State of the key as committed now, or None; a snapshot may be older."""
        row = self._run("SELECT state FROM gov_key WHERE id = %(key)s", key_id)
        return row[0] if row else None

    @api.model
    def _run(self, query, key_id, then=None):
        if odoo.modules.module.current_test and not self.env.cr.readonly:
            # A test sees all of its own transaction, and nothing of it is committed.
            return self._run_on(self.env, query, key_id, then)
        with self.pool.cursor() as cr:
            cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            cr.execute("SET LOCAL lock_timeout = '5s'")
            return self._run_on(self.env(cr=cr), query, key_id, then)

    @api.model
    def _run_on(self, env, query, key_id, then):
        env.cr.execute(
            SQL(
                query,
                table=SQL.identifier(self._attempt_table),
                key=key_id,
                most=MAX_FAILURES,
                lock=LOCK_SECONDS,
            )
        )
        row = env.cr.fetchone() if env.cr.description else None
        if row and then:
            then(env)
            env.flush_all()
        return row
