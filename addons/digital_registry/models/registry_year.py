from odoo import api, fields, models
from odoo.exceptions import UserError


class RegistryYear(models.Model):
    """One year of a register: opened with its first line, closed by the head."""

    _name = "registry.year"
    _description = "Year of a register"
    _inherit = ["gov.remembered"]
    _order = "register_id, year desc, id desc"
    _check_company_auto = True

    register_id = fields.Many2one(
        "registry.register",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", string="Administration", required=True, index=True
    )
    year = fields.Integer(required=True, aggregator=None)
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")], default="open", required=True
    )
    first_number = fields.Integer(required=True, default=1, aggregator=None)
    start_act = fields.Char(
        string="Act", help="Why the year does not start at 1: adoption during the year."
    )
    start_act_date = fields.Date(string="Date of the act")
    opened_at = fields.Datetime(default=fields.Datetime.now, required=True)
    closed_at = fields.Datetime()
    entry_count = fields.Integer(string="Lines", compute="_compute_entry_count")

    _year_uniq = models.Constraint(
        "UNIQUE(register_id, year)", "This year of the register is open already."
    )

    @api.depends("register_id", "year")
    def _compute_display_name(self):
        for line in self:
            line.display_name = str(line.year or "")

    def _compute_entry_count(self):
        groups = self.env["registry.entry"]._read_group(
            [
                ("register_id", "in", self.register_id.ids),
                ("year", "in", self.mapped("year")),
            ],
            ["register_id", "year"],
            ["__count"],
        )
        counts = {(register.id, year): count for register, year, count in groups}
        for line in self:
            line.entry_count = counts.get((line.register_id.id, line.year), 0)

    def write(self, vals):
        fixed = {"state", "closed_at", "opened_at", "year", "register_id"} & vals.keys()
        if fixed and not self.env.su:
            raise UserError(
                self.env._(
                    "A year is opened and closed with its buttons, which note it in the "
                    "journal."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if self.filtered("entry_count"):
            raise UserError(
                self.env._("A year with registered letters is never deleted.")
            )

    def action_close(self):
        """Close these years: nothing more is registered under them.

        :return: True
        :raise UserError: the year is closed already, or letters wait for a number
        """
        for line in self:
            line.register_id._check_may("head")
            if line.state == "closed":
                raise UserError(
                    self.env._(
                        "The year %(year)s is closed already.", year=str(line.year)
                    )
                )
            pending = self.env["registry.entry"].search_count(
                [("register_id", "=", line.register_id.id), ("sequence", "=", False)],
                limit=1,
            )
            if pending:
                raise UserError(
                    self.env._(
                        "Some letters of this register still wait for their number. "
                        "Try again in a minute."
                    )
                )
            line.register_id._append_event(
                "year.closed", {"year": line.year, "lines": line.entry_count}
            )
            # Years are read-only for people: this button is their only way.
            line_sudo = line.sudo()
            line_sudo.write({"state": "closed", "closed_at": fields.Datetime.now()})
        return True
