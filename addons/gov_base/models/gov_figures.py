from odoo import api, models
from odoo.tools.misc import formatLang


class GovFigures(models.AbstractModel):
    """The shape in which a page of figures is told: totals, then blocks of rows; each opens its list."""

    _name = "gov.figures"
    _description = "Figures of a page"

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
