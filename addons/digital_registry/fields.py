"""A many2one without a foreign key, for evidence tables.

A line of the register must outlive what it points to: with a foreign key, deleting a
user, a unit or a company would update the line (``set null``) and fail on the trigger
that guards it, or delete it (``cascade``).
"""

from odoo import fields


class SoftMany2one(fields.Many2one):
    """Many2one whose column is a plain integer: no foreign key is created."""

    def update_db_foreign_key(self, model, column):
        return
