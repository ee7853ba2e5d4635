import logging

from odoo import api, models
from odoo.tools import SQL

from .desk_basket import BROKEN, COUNTING

_logger = logging.getLogger(__name__)


class DeskBasket(models.Model):
    """How many there are: one statement for every basket of every person."""

    _inherit = "desk.basket"

    def _counted(self, absent):
        """Return {(key, user id): number}, for the user and for whom he stands in: one statement.

        A filter that cannot be asked counts as None; it does not take the others with it.
        """
        parts, counts, fragile = [], {}, False
        for user in self.env.user | absent:
            baskets = self.with_context(desk_for=user.id, desk_counting=COUNTING)
            for basket in baskets:
                if user != self.env.user and not basket._is_lent():
                    continue
                try:
                    model, domain = basket._question()
                    query = self.env[model]._search(domain)
                except BROKEN:
                    # A filter of somebody: a field that is gone, or that the user may not read.
                    if not basket._is_shared():
                        raise
                    _logger.info("basket %s cannot be asked", basket.key)
                    counts[basket.key, user.id] = None
                    continue
                fragile = fragile or basket._is_shared()
                parts.append(
                    SQL(
                        "SELECT %s AS key, %s AS who, count(*) FROM (%s) AS found",
                        basket.key,
                        user.id,
                        query.select(),
                    )
                )
        for key, user_id, found in self._ask(parts, fragile):
            counts[key, user_id] = found
        return counts

    @api.model
    def _ask(self, parts, fragile):
        """Run these counts as one statement; one by one when a filter of somebody fails in the database."""
        if not parts:
            return []
        if not fragile:
            return self.env.execute_query(SQL(" UNION ALL ").join(parts))
        try:
            with self.env.cr.savepoint(flush=False):
                return self.env.execute_query(SQL(" UNION ALL ").join(parts))
        except BROKEN:
            _logger.info("a shared filter fails in the database: baskets one by one")
        rows = []
        for part in parts:
            try:
                with self.env.cr.savepoint(flush=False):
                    rows += self.env.execute_query(part)
            except BROKEN:
                _logger.info("a shared filter cannot be counted")
        return rows
