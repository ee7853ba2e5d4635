from odoo import api, fields, models


class GovPersonChange(models.TransientModel):
    """Asks what a person becomes; ``gov.person`` decides and does it."""

    _name = "gov.person.change"
    _description = "Change of a person"

    person_id = fields.Many2one("gov.person", required=True, readonly=True)
    state = fields.Selection(related="person_id.state")
    company_id = fields.Many2one(related="person_id.company_id")
    name = fields.Char(required=True)
    unit_id = fields.Many2one(
        "hr.department", domain="[('company_id', '=', company_id)]"
    )
    job_title = fields.Char("Function")
    lang = fields.Selection(
        selection="_selection_lang", string="Language", required=True
    )
    allowed_role_ids = fields.Many2many("res.groups", compute="_compute_allowed")
    role_ids = fields.Many2many(
        "res.groups",
        "gov_person_change_role_rel",
        string="Roles",
        domain="[('id', 'in', allowed_role_ids)]",
    )

    @api.model
    def _selection_lang(self):
        return self.env["res.lang"].get_installed()

    @api.depends_context("uid")
    def _compute_allowed(self):
        for wizard in self:
            wizard.allowed_role_ids = self.env["gov.person"]._grantable_roles()

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        person = self.env["gov.person"].browse(values.get("person_id") or ())
        if person:
            person._check_change()
            values |= {
                "name": person.name,
                "unit_id": person.unit_id.id,
                "job_title": person.job_title,
                "lang": person.lang,
                "role_ids": [fields.Command.set(person.role_ids.ids)],
            }
        return values

    def action_save(self):
        """Change the person.

        :return: action that closes the dialog
        :raise AccessError, UserError: what ``gov.person`` refuses
        """
        self.ensure_one()
        self.person_id._set_place(
            {
                "name": self.name,
                "unit": self.unit_id,
                "job_title": self.job_title,
                "lang": self.lang,
            }
        )
        self.person_id._set_roles(self.role_ids)
        return {"type": "ir.actions.act_window_close"}
