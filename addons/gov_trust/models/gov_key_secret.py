from odoo import fields, models


class GovKeySecret(models.Model):
    """Private key, encrypted under the master key (and the PIN of its holder). No group has any right on it."""

    _name = "gov.key.secret"
    _description = "Encrypted private key"
    _rec_name = "master_fingerprint"

    key_id = fields.Many2one(
        "gov.key", required=True, readonly=True, index=True, ondelete="restrict"
    )
    ciphertext = fields.Text(required=True, readonly=True, help="Base64.")
    nonce = fields.Char(required=True, readonly=True, help="Hexadecimal.")
    master_fingerprint = fields.Char(
        string="Master key",
        required=True,
        readonly=True,
        help="Fingerprint of the master key that opens it.",
    )

    stretch = fields.Char(
        string="PIN",
        readonly=True,
        help="How the PIN of a person is stretched: function, cost and salt. Empty: "
        "the master key alone opens it.",
    )

    _key_uniq = models.UniqueIndex("(key_id)")
