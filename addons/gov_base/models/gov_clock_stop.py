from odoo import fields, models


class GovClockStop(models.Model):
    """Days on which a clock did not run, and why."""

    _name = "gov.clock.stop"
    _description = "Stop of a legal clock"
    _inherit = ["gov.document.access"]
    _order = "run_id, date_from, id"

    run_id = fields.Many2one(
        "gov.clock.run", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", string="Administration", required=True, readonly=True, index=True
    )
    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        model_field="res_model", required=True, readonly=True
    )
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(string="To", readonly=True)
    reason = fields.Char(readonly=True)

    _subject_idx = models.Index("(res_model, res_id)")
    _order_of_days = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "A clock does not start again before it stopped.",
    )
    _one_open = models.UniqueIndex(
        "(run_id) WHERE date_to IS NULL", "This clock is stopped already."
    )
