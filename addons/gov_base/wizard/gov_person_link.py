from odoo import fields, models


class GovPersonLink(models.TransientModel):
    """Shows once the address where an invited person chooses a password."""

    _name = "gov.person.link"
    _description = "First link of a person"

    person_id = fields.Many2one("gov.person", readonly=True)
    # Given by the dialog that opens this one; never saved.
    link = fields.Char(store=False, readonly=True)
