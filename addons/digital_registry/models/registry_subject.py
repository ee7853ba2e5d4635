from odoo import fields, models


class RegistrySubject(models.Model):
    """What letters are about: the list a depositor or a registrar chooses from."""

    _name = "registry.subject"
    _description = "Subject of letters"
    _inherit = ["gov.remembered"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Short code used in statistics and exchanges.")
    sequence = fields.Integer(default=10)
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
    help_text = fields.Text(
        string="Help for the depositor",
        translate=True,
        help="One or two sentences under the choice: what to write, what to attach.",
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE(company_id, code)",
        "Another subject of this administration has the same code.",
    )
