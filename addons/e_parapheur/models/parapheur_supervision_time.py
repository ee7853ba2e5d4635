from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .parapheur_supervision import ROWS


class ParapheurSupervision(models.AbstractModel):
    """How long folders and steps take: medians, which the ORM has not."""

    _inherit = "parapheur.supervision"

    @api.model
    def _median(self, domain):
        query = self.env["parapheur.folder"]._search(domain)
        ((median,),) = self.env.execute_query(
            SQL(
                """SELECT percentile_cont(0.5) WITHIN GROUP (
                       ORDER BY EXTRACT(EPOCH FROM ended_at - submitted_at))
                     FROM parapheur_folder
                    WHERE submitted_at IS NOT NULL AND id IN %s""",
                query.subselect(),
            )
        )
        return None if median is None else float(median) / 86400

    @api.model
    def _durations(self, ended):
        query = self.env["parapheur.folder"]._search(ended)
        found = self.env.execute_query(
            SQL(
                """SELECT nature_id, count(*), percentile_cont(0.5) WITHIN GROUP (
                       ORDER BY EXTRACT(EPOCH FROM ended_at - submitted_at))
                     FROM parapheur_folder
                    WHERE submitted_at IS NOT NULL AND id IN %s
                    GROUP BY nature_id ORDER BY 3 DESC LIMIT %s""",
                query.subselect(),
                ROWS,
            )
        )
        natures = self.env["parapheur.nature"]
        rows = [
            self._row(
                self._label_of(natures.browse(nature_id)),
                float(median) / 86400,
                ended & Domain("nature_id", "=", nature_id),
                text=self._median_text(median, count),
            )
            for nature_id, count, median in found
        ]
        return self._block(
            "durations",
            self.env._("Median days to finish, by nature"),
            rows,
            self.env._("No folder was finished in this period."),
        )

    @api.model
    def _steps(self, scope, since):
        """Median days that a step was open, with those who could act."""
        query = self.env["parapheur.folder"]._search(scope)
        found = self.env.execute_query(
            SQL(
                """SELECT folder.nature_id, max(step.id), count(*),
                          percentile_cont(0.5) WITHIN GROUP (
                              ORDER BY EXTRACT(EPOCH FROM step.closed_at - step.opened_at)),
                          array_agg(DISTINCT folder.id)
                     FROM gov_circuit_run_step step
                     JOIN gov_circuit_run run ON run.id = step.run_id
                     JOIN parapheur_folder folder
                       ON run.res_model = 'parapheur.folder' AND run.res_id = folder.id
                    WHERE step.state IN ('done', 'refused') AND step.closed_at >= %s
                      AND step.opened_at IS NOT NULL AND folder.id IN %s
                    GROUP BY folder.nature_id, COALESCE(step.origin_id, -step.id)
                    ORDER BY 4 DESC LIMIT %s""",
                since,
                query.subselect(),
                ROWS,
            )
        )
        natures = self.env["parapheur.nature"]
        # Steps of folders that the reader reads: their names are shown.
        steps_sudo = self.env["gov.circuit.run.step"].sudo()
        rows = [
            self._row(
                self.env._(
                    "%(nature)s: %(step)s",
                    nature=self._label_of(natures.browse(nature_id)),
                    step=steps_sudo.browse(step_id).name,
                ),
                float(median) / 86400,
                Domain("id", "in", ids),
                text=self._median_text(median, count),
            )
            for nature_id, step_id, count, median, ids in found
        ]
        return self._block(
            "steps",
            self.env._("Median days at each step"),
            rows,
            self.env._("No step was passed in this period."),
        )

    @api.model
    def _median_text(self, median, count):
        return self.env._(
            "%(days)s – %(count)s times",
            days=self._days(float(median) / 86400),
            count=count,
        )
