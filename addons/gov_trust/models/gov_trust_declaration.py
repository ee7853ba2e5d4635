from odoo import api, fields, models


class GovTrustDeclaration(models.Model):
    """What the operator said this database is, and why; kept for ever."""

    _name = "gov.trust.declaration"
    _description = "Database identity"
    _order = "id desc"

    kind = fields.Selection(
        [
            ("test_copy", "Test copy"),
            ("move", "Move"),
            ("restore", "Restore from a backup"),
        ],
        string="This database is",
        required=True,
        default="test_copy",
        help="A test copy numbers and seals for itself, and proves nothing. A move "
        "makes this database the real one. A restore says that what was given out "
        "after the backup is lost: those numbers are never given again.",
    )
    reason = fields.Text(required=True, help="Who decided, when, and why.")
    found_state = fields.Char(string="State found", readonly=True)
    state_sentence = fields.Char(compute="_compute_state_sentence", string="Today")
    create_uid = fields.Many2one("res.users", string="Declared by", readonly=True)
    create_date = fields.Datetime(string="Declared on", readonly=True)

    def _compute_state_sentence(self):
        sentence = self.env["gov.trust.identity"]._explain()
        for declaration in self:
            declaration.state_sentence = sentence

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        values["state_sentence"] = self.env["gov.trust.identity"]._explain()
        return values

    @api.model_create_multi
    def create(self, vals_list):
        found = self.env["gov.trust.identity"]._state()
        declarations = super().create(
            [{**vals, "found_state": found} for vals in vals_list]
        )
        for declaration in declarations:
            # The operator may declare, not write parameters or evidence.
            declared = self.env["gov.trust.identity"]._declare(
                declaration.kind, declaration.reason
            )
            self.env["gov.journal"]._trust_stream()._append(
                "database.declared", declared, subject=declaration
            )
        # What was held back takes its line now, not at the next turn of the cron.
        self.env.ref("gov_trust.ir_cron_drain")._trigger()
        return declarations
