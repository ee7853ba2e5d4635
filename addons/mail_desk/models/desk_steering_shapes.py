from odoo import api, models
from odoo.tools import SQL
from odoo.tools.misc import formatLang


class DeskSteering(models.AbstractModel):
    """How figures are counted where the ORM cannot, and the shape in which they are told."""

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

    # ------------------------------------------------------------------
    # Shapes
    # ------------------------------------------------------------------
    @api.model
    def _row(self, label, value, model, domain, late=False):
        return {
            "label": label,
            "value": value,
            "text": "",
            "part": 0,
            "late": bool(late and value),
            "open": {"model": model, "domain": list(domain), "name": label},
        }

    @api.model
    def _block(self, key, title, rows, empty=""):
        most = max((row["value"] for row in rows), default=0)
        for row in rows:
            row["part"] = row["value"] / most if most else 0
        return {"key": key, "title": title, "rows": rows, "empty": empty}

    @api.model
    def _days(self, days):
        if days is None:
            return "–"
        if days < 1:
            hours = formatLang(self.env, days * 24, digits=1)
            return self.env._("%(hours)s h", hours=hours)
        return formatLang(self.env, days, digits=1)

    @api.model
    def _label_of(self, record):
        # A figure names its unit or agent, whoever may open their files.
        return record.sudo().name or "–"
