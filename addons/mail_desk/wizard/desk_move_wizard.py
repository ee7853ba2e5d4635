from odoo import api, fields, models


class DeskMoveWizard(models.TransientModel):
    """Asks why a letter is returned, redirected or refused."""

    _name = "desk.move.wizard"
    _description = "Return or redirect"

    act = fields.Selection(
        [
            ("return", "Return"),
            ("redirect", "Redirect"),
            ("refuse", "Refuse"),
        ],
        required=True,
        readonly=True,
    )
    assignment_ids = fields.Many2many("desk.assignment", readonly=True)
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    sentence = fields.Char(compute="_compute_company_id")
    unit_id = fields.Many2one(
        "hr.department", string="Right unit", domain="[('company_id', '=', company_id)]"
    )
    keep_copy = fields.Boolean(string="Keep a copy for who has it now")
    reason = fields.Char(size=500)

    @api.depends("assignment_ids", "act")
    def _compute_company_id(self):
        for wizard in self:
            letters = wizard.assignment_ids.letter_id
            wizard.company_id = letters.company_id[:1]
            names = ", ".join(letters.mapped("display_name")[:5])
            units = {
                (
                    row._giving_unit() if wizard.act == "refuse" else row._return_unit()
                ).name
                for row in wizard.assignment_ids
            } - {False}
            wizard.sentence = (
                self.env._(
                    "%(letters)s goes back to %(units)s.",
                    letters=names,
                    units=", ".join(sorted(units)),
                )
                if wizard.act in ("return", "refuse")
                else names
            )

    def action_confirm(self):
        """Do what was asked.

        :return: action that closes the form, or the desk when the letter is gone
        """
        self.ensure_one()
        reason = self.reason or ""
        if self.act == "return":
            self.assignment_ids.action_return(reason)
        elif self.act == "redirect":
            self.assignment_ids.action_redirect(
                self.unit_id.id or 0, reason, keep_copy=self.keep_copy
            )
        else:
            self.assignment_ids.action_refuse(reason)
        # The letter may be out of sight for who gave it away.
        letters_sudo = self.assignment_ids.sudo().letter_id
        letters = letters_sudo.with_env(self.env)
        if letters._filtered_access("read") == letters:
            return {"type": "ir.actions.act_window_close"}
        # Who gave a letter away may not read it any more: back to the desk.
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mail_desk.desk_basket_action"
        )
        return {**action, "target": "main"}
