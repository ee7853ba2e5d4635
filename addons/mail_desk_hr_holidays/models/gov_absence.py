from odoo import api, fields, models


class GovAbsence(models.Model):
    """An absence that an approved time off proposed. Its kind and its reason stay in Time Off."""

    _inherit = "gov.absence"

    leave_id = fields.Many2one(
        "hr.leave",
        string="Time off",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="hr_holidays.group_hr_holidays_user",
    )

    _leave_uniq = models.UniqueIndex(
        "(leave_id) WHERE leave_id IS NOT NULL AND state <> 'cancelled'"
    )

    @api.model
    def _protected(self):
        return super()._protected() | {"leave_id"}
