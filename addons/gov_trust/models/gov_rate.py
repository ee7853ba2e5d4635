import datetime
import hashlib
import hmac
import logging

import odoo
from odoo import api, models

_logger = logging.getLogger(__name__)

#: One statement: opens a window, or counts in the one that runs.
_COUNT = """
    INSERT INTO gov_rate (bucket, key, hits, until)
         VALUES (%(bucket)s, %(key)s, 1, clock_timestamp() + %(period)s * interval '1s')
    ON CONFLICT (bucket, key) DO UPDATE SET
        hits = CASE WHEN gov_rate.until <= clock_timestamp()
                    THEN 1 ELSE gov_rate.hits + 1 END,
        until = CASE WHEN gov_rate.until <= clock_timestamp()
                     THEN EXCLUDED.until ELSE gov_rate.until END
      RETURNING hits, ceil(extract(epoch FROM until - clock_timestamp()))::int
"""


class GovRate(models.AbstractModel):
    """How often a source did something lately. Sources are kept hashed, for a day.

    The table is plain SQL and UNLOGGED: counters are worth nothing after a crash.
    """

    _name = "gov.rate"
    _description = "Rate limits"

    def init(self):
        self.env.cr.execute(
            """CREATE UNLOGGED TABLE IF NOT EXISTS gov_rate (
                   bucket text NOT NULL,
                   key text NOT NULL,
                   hits integer NOT NULL,
                   until timestamptz NOT NULL,
                   PRIMARY KEY (bucket, key)
               )"""
        )
        self.env.cr.execute(
            "CREATE INDEX IF NOT EXISTS gov_rate_until_idx ON gov_rate (until)"
        )

    @api.model
    def _hit(self, bucket, key, limit, period):
        """Count one act and tell how long to wait. Never raises.

        Counts are written on a cursor of their own, committed at once: a request
        that fails or is replayed was still made.

        :param str bucket: what is counted, e.g. ``verify``
        :param str key: who does it (``lib.http.client_key``), or what is attacked
        :param int limit: acts allowed in a period
        :param int period: seconds
        :return: 0 when allowed, else the seconds to wait
        """
        values = {"bucket": bucket, "key": self._hashed(key), "period": period}
        try:
            hits, wait = self._count(values)
        except Exception:
            # A limit that cannot be counted must not close the service.
            _logger.exception("Rate limit %s could not be counted", bucket)
            return 0
        return max(wait, 1) if hits > limit else 0

    @api.model
    def _count(self, values):
        if self._must_stay(self.env.cr):
            self.env.cr.execute(_COUNT, values)
            return self.env.cr.fetchone()
        with odoo.sql_db.db_connect(self.env.cr.dbname).cursor() as cr:
            cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            cr.execute("SET LOCAL lock_timeout = '2s'")
            cr.execute(_COUNT, values)
            return cr.fetchone()

    @api.model
    def _must_stay(self, cr):
        """In a test, count in the test's own transaction, which sees all of it.

        A read-only cursor cannot count; there the real way is taken.
        """
        return bool(odoo.modules.module.current_test) and not cr.readonly

    @api.model
    def _hashed(self, key):
        """Hash a source with a salt that changes each day (and with each test)."""
        # The database secret is read by everybody's requests, shown to nobody.
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        secret = parameters_sudo.get_param("database.secret") or ""
        salt = f"{datetime.date.today()} {id(odoo.modules.module.current_test)}"
        day = hmac.digest(secret.encode(), salt.encode(), hashlib.sha256)
        return hmac.new(day, key.encode(), hashlib.sha256).hexdigest()[:32]

    @api.model
    def _sweep(self):
        """Cron: forget windows that are over."""
        self.env.cr.execute("DELETE FROM gov_rate WHERE until < clock_timestamp()")
