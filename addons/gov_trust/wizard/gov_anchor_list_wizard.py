import base64

from odoo import fields, models


class GovAnchorListWizard(models.TransientModel):
    """Asks for a revocation list of an authority."""

    _name = "gov.anchor.list.wizard"
    _description = "Upload a revocation list"

    anchor_id = fields.Many2one("gov.anchor", required=True, readonly=True)
    anchor_name = fields.Char(related="anchor_id.name")
    content = fields.Binary(
        string="Revocation list",
        required=True,
        attachment=False,
        help="In DER or PEM form (.crl).",
    )
    content_name = fields.Char()

    def action_confirm(self):
        """Keep the list.

        :return: True
        """
        self.ensure_one()
        self.env["gov.anchor.list"]._receive(
            self.anchor_id, base64.b64decode(self.content)
        )
        return True
