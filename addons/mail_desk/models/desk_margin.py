from odoo import api, fields, models
from odoo.exceptions import AccessError


class DeskMargin(models.Model):
    """An instruction written in the margin of a letter: on the rendition, never on the original."""

    _name = "desk.margin"
    _description = "Instruction in the margin"
    _inherit = ["desk.kept.mixin"]
    _order = "letter_id, page, id"
    _check_company_auto = True

    letter_id = fields.Many2one(
        "registry.letter",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    page = fields.Integer(readonly=True, default=1, help="Page beside which it stands.")
    text = fields.Text(string="Instruction", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="By", readonly=True, index=True, ondelete="set null"
    )
    actor_name = fields.Char(string="Written by", required=True, readonly=True)
    written_at = fields.Datetime(required=True, readonly=True)
    struck_at = fields.Datetime(string="Struck on", readonly=True)
    can_strike = fields.Boolean(compute="_compute_can_strike")

    @api.depends("user_id", "struck_at")
    @api.depends_context("uid")
    def _compute_can_strike(self):
        for margin in self:
            margin.can_strike = margin.user_id == self.env.user and not margin.struck_at

    @api.model
    def _gated_names(self):
        return frozenset(self._fields)

    @api.model
    def _desk_gate_sentence(self):
        return self.env._(
            "An instruction in the margin is written with its button, and struck, "
            "never changed."
        )

    def action_strike(self):
        """Strike this instruction: it stays readable, and is no longer in force.

        :return: True
        :raise AccessError: somebody else wrote it
        """
        self.check_access("read")
        for margin in self:
            if not margin.can_strike:
                raise AccessError(
                    self.env._(
                        "Only who wrote an instruction strikes it, and only once."
                    )
                )
            # Nobody may write the margin: whose instruction it is was just checked.
            margin_sudo = margin.sudo()._desk_gated()
            margin_sudo.write({"struck_at": fields.Datetime.now()})
            margin_sudo.letter_id.with_env(self.env)._desk_log(
                "margin_struck", {"text": margin.text}
            )
        return True
