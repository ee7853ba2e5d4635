from odoo import fields, models


class DeskNoteWizard(models.TransientModel):
    """Asks for the words of a note and who may read them."""

    _name = "desk.note.wizard"
    _description = "Note on a letter"

    letter_id = fields.Many2one("registry.letter", required=True, readonly=True)
    text = fields.Text(required=True)
    audience = fields.Selection(
        [("letter", "Everyone on the letter"), ("unit", "My unit only")],
        string="Who may read it",
        required=True,
        default="letter",
    )

    def action_confirm(self):
        """Write the note.

        :return: action that closes the form
        """
        self.ensure_one()
        self.letter_id.action_add_note(self.text, audience=self.audience)
        return {"type": "ir.actions.act_window_close"}
