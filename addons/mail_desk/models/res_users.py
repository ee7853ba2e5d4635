from odoo import fields, models


class ResUsers(models.Model):
    """A head chooses how often the desk writes to him."""

    _inherit = "res.users"

    desk_digest = fields.Selection(
        [("daily", "Each day"), ("weekly", "Each Monday"), ("never", "Never")],
        string="Digest of the desk",
        default="weekly",
        help="Heads of units and their deputies are told by e-mail what waits.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "desk_digest"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "desk_digest"]
