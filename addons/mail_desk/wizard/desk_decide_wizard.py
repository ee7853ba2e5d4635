from odoo import api, fields, models

from odoo.addons.gov_base.lib import given


class DeskDecideWizard(models.TransientModel):
    """Asks for the decision on a letter that was submitted."""

    _name = "desk.decide.wizard"
    _description = "Decide on a letter"

    outgoing_id = fields.Many2one("desk.outgoing", required=True, readonly=True)
    # The digest of what was on the screen when the form opened: an older one is refused.
    base = fields.Char(readonly=True, default=lambda self: self._default_base())
    is_opinion = fields.Boolean(compute="_compute_is_opinion")
    decision = fields.Selection(
        [("approve", "Approve"), ("return", "Send back"), ("refuse", "Refuse")],
        required=True,
        default="approve",
    )
    comment = fields.Text()

    @api.depends("outgoing_id")
    def _compute_is_opinion(self):
        for wizard in self:
            wizard.is_opinion = wizard.outgoing_id.run_id.my_kind == "opinion"

    def _default_base(self):
        outgoing = self.env["desk.outgoing"].browse(
            given.record_id(self.env.context.get("default_outgoing_id"))
        )
        return outgoing.base or ""

    def action_confirm(self):
        """Decide as chosen.

        :return: action that closes the form
        """
        self.ensure_one()
        self.outgoing_id.action_decide(
            "opinion" if self.is_opinion else self.decision,
            comment=self.comment or "",
            base=self.base,
        )
        return {"type": "ir.actions.act_window_close"}
