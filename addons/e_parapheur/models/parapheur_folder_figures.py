from odoo import api, fields, models


class ParapheurFolder(models.Model):
    """What is counted and listed of folders that ended: how long it took, until when they are kept."""

    _inherit = "parapheur.folder"

    duration_days = fields.Float(
        "Days to the end",
        compute="_compute_duration_days",
        store=True,
        readonly=True,
        copy=False,
        digits=(16, 1),
        aggregator="avg",
        help="From the submission to the end, in days of 24 hours.",
    )
    retention_class = fields.Char(related="nature_version_id.retention_class")
    disposition = fields.Selection(related="nature_version_id.disposition")
    is_retention_over = fields.Boolean(
        "Kept long enough",
        compute="_compute_is_retention_over",
        search="_search_is_retention_over",
    )

    @api.depends("submitted_at", "ended_at")
    def _compute_duration_days(self):
        for folder in self:
            span = (
                folder.ended_at - folder.submitted_at
                if folder.ended_at and folder.submitted_at
                else None
            )
            folder.duration_days = span.total_seconds() / 86400 if span else 0

    @api.depends("retention_until")
    def _compute_is_retention_over(self):
        today = fields.Date.context_today(self)
        for folder in self:
            folder.is_retention_over = bool(
                folder.retention_until and folder.retention_until < today
            )

    @api.model
    def _search_is_retention_over(self, operator, value):
        if operator != "in":
            return NotImplemented
        over = fields.Domain(
            "retention_until", "<", fields.Date.context_today(self)
        ) & fields.Domain("retention_until", "!=", False)
        return over if True in value else ~over
