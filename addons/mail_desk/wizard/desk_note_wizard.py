from odoo import fields, models

from ..models.desk_event import AUDIENCES


class DeskNoteWizard(models.TransientModel):
    """Asks for the words of a note and who may read them."""

    _name = "desk.note.wizard"
    _description = "Note on a letter"

    letter_id = fields.Many2one("registry.letter", required=True, readonly=True)
    text = fields.Text(required=True)
    audience = fields.Selection(
        AUDIENCES,
        string="Who may read it",
        required=True,
        default="letter",
    )
    user_ids = fields.Many2many(
        "res.users", string="Persons", domain="[('share', '=', False)]"
    )

    def action_confirm(self):
        """Write the note.

        :return: action that closes the form
        """
        self.ensure_one()
        self.letter_id.action_add_note(
            self.text, audience=self.audience, user_ids=self.user_ids.ids
        )
        return {"type": "ir.actions.act_window_close"}
