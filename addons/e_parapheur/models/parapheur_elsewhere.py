from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

#: how long a person may take to sign in another tool and come back
DAYS = 2


class ParapheurElsewhere(models.Model):
    """A file that its signatory took along, to sign it with a tool of his own (S22).

    What comes back is compared with the file that was handed out, byte for byte.
    """

    _name = "parapheur.elsewhere"
    _description = "File taken along to be signed"
    _log_access = False
    _order = "id desc"
    _rec_name = "field_name"
    _check_company_auto = True

    folder_id = fields.Many2one(
        "parapheur.folder",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="folder_id.company_id", store=True, readonly=True
    )
    piece_id = fields.Many2one(
        "parapheur.piece",
        string="Document",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    step_id = fields.Many2one(
        "gov.circuit.run.step", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Signatory",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    base_id = fields.Many2one(
        "gov.document.version",
        string="Version seen",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    handed_id = fields.Many2one(
        "gov.document.version",
        string="File to sign",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    field_name = fields.Char("Box to sign in", required=True, readonly=True)
    handed_at = fields.Datetime("Handed out on", required=True, readonly=True)
    expires_at = fields.Datetime("To hand in until", required=True, readonly=True)

    _own_uniq = models.UniqueIndex("(piece_id, user_id)")

    def write(self, vals):
        """Refused: what was handed out does not change."""
        raise AccessError(self.env._("A file that was handed out does not change."))

    @api.model
    def _of(self, piece, user):
        """What a person took along of a document, or nothing."""
        return self.search([("piece_id", "=", piece.id), ("user_id", "=", user.id)])

    @api.model
    def _still_out(self, piece, step, user):
        """The same, when it may be handed in: same step, same version, in time."""
        return self._of(piece, user).filtered(
            lambda one: (
                one.step_id == step
                and one.base_id == piece._current()
                and one.expires_at > fields.Datetime.now()
            )
        )

    @api.model
    def _hand_out(self, piece, step, user, handed, field_name):
        """Note which file a person takes along; the one before is forgotten.

        :param handed: ``gov.document.version`` with an empty box of that name
        """
        self._of(piece, user).unlink()
        now = fields.Datetime.now()
        return self.create(
            {
                "folder_id": piece.folder_id.id,
                "piece_id": piece.id,
                "step_id": step.id,
                "user_id": user.id,
                "base_id": piece._current().id,
                "handed_id": handed.id,
                "field_name": field_name,
                "handed_at": now,
                "expires_at": now + timedelta(days=DAYS),
            }
        )

    @api.autovacuum
    def _forget_expired(self):
        self.search([("expires_at", "<", fields.Datetime.now())]).unlink()
