from odoo import fields, models


class DeskMailingImportWizard(models.TransientModel):
    """Asks for recipients: pasted, in a file, or contacts."""

    _name = "desk.mailing.import.wizard"
    _description = "Add recipients"

    mailing_id = fields.Many2one("desk.mailing", required=True, readonly=True)
    words = fields.Text(
        string="Paste a list",
        help="One recipient a line: name; position; e-mail; address.",
    )
    content = fields.Binary(string="or choose a CSV file", attachment=False)
    filename = fields.Char()
    partner_ids = fields.Many2many("res.partner", string="or contacts")
    category_ids = fields.Many2many(
        "res.partner.category", string="or all contacts tagged"
    )

    def action_confirm(self):
        """Add the recipients and show the mailing, with what was not taken.

        :return: window action of the mailing
        """
        self.ensure_one()
        content = self.content and self.content.decode()
        self.mailing_id.action_add_recipients(
            self.words, content, self.partner_ids.ids, self.category_ids.ids
        )
        return {"type": "ir.actions.act_window_close"}
