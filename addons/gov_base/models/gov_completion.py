from odoo import models


class GovCompletion(models.Model):
    _inherit = "gov.completion"

    def action_open_document(self):
        """Open the record that a document belongs to, with the rights of whoever asks.

        :return: an action on its form
        :rtype: dict
        """
        action = super().action_open_document()
        if self.res_model != "gov.document":
            return action
        # Only the name of the owner is read; opening it asks for its own rights.
        document_sudo = self.env["gov.document"].sudo().browse(self.res_id).exists()
        if document_sudo.res_model:
            action |= {
                "res_model": document_sudo.res_model,
                "res_id": document_sudo.res_id,
            }
        return action
