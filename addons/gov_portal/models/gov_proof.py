from odoo import models


class GovProof(models.Model):
    """A proof keeps its administration as a plain number: evidence has no foreign key."""

    _inherit = "gov.proof"

    def get_base_url(self):
        """Return the address of the administration's website, for links and QR codes.

        The website app looks for a record in ``company_id``, which here is a number.
        """
        if not self:
            return super().get_base_url()
        self.ensure_one()
        return self.env["res.company"].browse(self.company_id).get_base_url()
