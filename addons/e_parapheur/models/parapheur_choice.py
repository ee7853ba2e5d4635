from odoo import fields, models


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
    step_id = fields.Many2one(
        "gov.circuit.step", string="Step", required=True, ondelete="cascade"
    )
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
