from odoo import fields, models


class GovKey(models.Model):
    """Where a key comes from, and where it lies."""

    _inherit = "gov.key"

    kind = fields.Selection(
        selection_add=[("pkcs11", "Token of the server (PKCS#11)")],
        ondelete={"pkcs11": "cascade"},
    )
    state = fields.Selection(
        selection_add=[("waiting", "Waiting for its certificate"), ("active",)],
        ondelete={"waiting": "cascade"},
    )
    origin = fields.Selection(
        [
            ("made", "Made here, certified by the internal authority"),
            ("requested", "Made here, certified by another authority"),
            ("imported", "Brought from outside"),
        ],
        required=True,
        readonly=True,
        default="made",
    )
