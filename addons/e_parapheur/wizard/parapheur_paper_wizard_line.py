from odoo import fields, models


class ParapheurPaperWizardLine(models.TransientModel):
    """One document: the print to be signed by hand, and its scan."""

    _name = "parapheur.paper.wizard.line"
    _description = "Document signed on paper"

    wizard_id = fields.Many2one(
        "parapheur.paper.wizard", required=True, ondelete="cascade"
    )
    document_id = fields.Integer("Number", required=True, readonly=True)
    version_id = fields.Integer(required=True, readonly=True)
    name = fields.Char("Document", readonly=True)
    pages = fields.Integer(readonly=True)
    scan = fields.Binary("Scan of the signed paper", attachment=False)
    scan_name = fields.Char()

    def action_download(self):
        """Download the print of this document.

        :return: address action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/gov/document/{self.version_id}",
            "target": "download",
        }

    def _told(self):
        content = self.scan
        return {
            "document_id": self.document_id,
            "filename": self.scan_name or "",
            "content": content.decode() if isinstance(content, bytes) else content,
        }
