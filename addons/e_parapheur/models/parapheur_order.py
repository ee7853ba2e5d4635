from odoo import api, fields, models
from odoo.tools import SQL

from .parapheur_folder_nature import PRIORITIES


class ParapheurOrder(models.Model):
    """In which order a signatory finds his folders: said by his secretary, or by himself.

    Written by ``parapheur.folder.action_set_order`` alone; nobody else has any right.
    """

    _name = "parapheur.order"
    _description = "Order of a signatory's folders"
    _log_access = False
    _order = "rank, id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    signatory_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="cascade"
    )
    folder_id = fields.Many2one(
        "parapheur.folder", required=True, readonly=True, index=True, ondelete="cascade"
    )
    priority = fields.Selection(PRIORITIES, readonly=True)
    rank = fields.Integer(readonly=True)

    _once = models.UniqueIndex("(signatory_id, folder_id)")

    @api.model
    def _put(self, signatory, rows):
        """Write the place of each folder; of two who order at once the last one wins, whole.

        :param list rows: ``(folder, priority, rank)``
        """
        self.env.execute_query(
            SQL(
                """INSERT INTO parapheur_order (company_id, signatory_id, folder_id, priority, rank)
                   VALUES %s
                   ON CONFLICT (signatory_id, folder_id)
                   DO UPDATE SET priority = EXCLUDED.priority, rank = EXCLUDED.rank
                   RETURNING id""",
                SQL(", ").join(
                    SQL(
                        "%s",
                        (
                            folder.company_id.id,
                            signatory.id,
                            folder.id,
                            priority or None,
                            rank,
                        ),
                    )
                    for folder, priority, rank in rows
                ),
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _of(self, signatory, folders):
        """``{folder id: row}`` of what was said for `signatory`."""
        # Read by the desk of the signatory and of his secretaries, who have no right of their own here.
        rows_sudo = self.sudo().search(
            [("signatory_id", "=", signatory.id), ("folder_id", "in", folders.ids)]
        )
        return {row.folder_id.id: row for row in rows_sudo}
