from odoo import Command, api, fields, models


class RegistrySubject(models.Model):
    """What letters are about: the list a depositor or a registrar chooses from."""

    _name = "registry.subject"
    _description = "Subject of letters"
    _inherit = ["registry.classification.mixin"]
    _check_company_auto = True
    _letter_field = "subject_type_id"

    code = fields.Char(help="Short code used in statistics and exchanges.")
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        [
            ("request", "Request"),
            ("complaint", "Complaint"),
            ("information", "Access to information"),
            ("invoice", "Invoice"),
            ("other", "Other letter"),
        ],
        default="request",
        required=True,
        help="The kind decides which receipt and, later, which legal clock applies.",
    )
    office_ids = fields.Many2many(
        "registry.office",
        string="Offices",
        check_company=True,
        help="Offices that offer this subject; none means all of them.",
    )
    home_office_id = fields.Many2one(
        "registry.office",
        string="Made for",
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
        help="Office in whose form this subject was typed; that office offers it.",
    )
    category_id = fields.Many2one(
        "registry.category",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Given to the letters about this subject, online deposits included.",
    )
    help_text = fields.Text(
        string="Help for the depositor",
        translate=True,
        help="One or two sentences under the choice: what to write, what to attach.",
    )

    _code_uniq = models.Constraint(
        "UNIQUE(company_id, code)",
        "Another subject of this administration has the same code.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            home = self.env["registry.office"].browse(vals.get("home_office_id"))
            if home:
                # The office that typed it offers it, whatever else offers it.
                vals.setdefault("company_id", home.company_id.id)
                vals["office_ids"] = [
                    *(vals.get("office_ids") or []),
                    Command.link(home.id),
                ]
        return super().create(vals_list)

    def write(self, vals):
        result = super().write(vals)
        if "company_id" in vals:
            # Rules are checked before a change: nobody hands a subject to an administration he may
            # not change.
            self.check_access("write")
        return result
