from odoo import api, models
from odoo.tools import SQL


class DeskSteering(models.AbstractModel):
    """How figures are counted where the ORM cannot."""

    _inherit = "desk.steering"

    # ------------------------------------------------------------------
    # Medians: the ORM has none
    # ------------------------------------------------------------------
    @api.model
    def _median_closing(self, domain):
        query = self.env["registry.letter"]._search(domain)
        ((median,),) = self.env.execute_query(
            SQL(
                """SELECT percentile_cont(0.5) WITHIN GROUP (
                       ORDER BY EXTRACT(EPOCH FROM desk_closed_at - create_date))
                     FROM registry_letter WHERE id IN %s""",
                query.subselect(),
            )
        )
        return None if median is None else median / 86400

    @api.model
    def _median_stages(self, domain):
        query = self.env["desk.passage"]._search(domain)
        rows = self.env.execute_query(
            SQL(
                """SELECT stage, percentile_cont(0.5) WITHIN GROUP (ORDER BY days),
                          count(*)
                     FROM desk_passage WHERE id IN %s GROUP BY stage""",
                query.subselect(),
            )
        )
        return {stage: (median, count) for stage, median, count in rows}
