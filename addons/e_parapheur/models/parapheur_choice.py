from odoo import api, fields, models
from odoo.exceptions import UserError


class ParapheurChoice(models.Model):
    """Whom the sender of a folder chooses for a step that leaves it to him."""

    _name = "parapheur.choice"
    _description = "Persons chosen for a step"
    _order = "folder_id, rank, id"
    _check_company_auto = True

    folder_id = fields.Many2one(
        "parapheur.folder",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="folder_id.company_id", store=True, readonly=True
    )
    step_id = fields.Many2one("gov.circuit.step", required=True, ondelete="cascade")
    rank = fields.Integer(related="step_id.rank", store=True, readonly=True)
    kind = fields.Selection(related="step_id.kind", readonly=True)
    user_ids = fields.Many2many(
        "res.users",
        "parapheur_choice_user_rel",
        "choice_id",
        "user_id",
        string="Persons",
        check_company=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )

    _step_uniq = models.UniqueIndex("(folder_id, step_id)")

    @api.model_create_multi
    def create(self, vals_list):
        choices = super().create(vals_list)
        choices._check_draft()
        return choices

    def write(self, vals):
        self._check_draft()
        result = super().write(vals)
        self._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        self._check_draft()

    def _check_draft(self):
        """The circuit has started with what was chosen: it changes no more."""
        for folder in self.folder_id:
            if folder.state != "draft":
                raise UserError(
                    self.env._(
                        "The folder %(folder)s was submitted with the persons you chose. "
                        "Take it back while nobody has acted to choose others.",
                        folder=folder.display_name,
                    )
                )
