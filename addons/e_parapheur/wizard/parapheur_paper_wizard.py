from odoo import Command, api, fields, models


class ParapheurPaperWizard(models.TransientModel):
    """Gives the prints to have signed by hand, and takes their scans back."""

    _name = "parapheur.paper.wizard"
    _description = "Signature on paper"

    folder_id = fields.Many2one(
        "parapheur.folder", required=True, readonly=True, ondelete="cascade"
    )
    line_ids = fields.One2many("parapheur.paper.wizard.line", "wizard_id")
    signed_by = fields.Char(
        "Signed by hand by", help="Name and function of who signed the paper."
    )
    signed_on = fields.Date(
        "Signed by hand on", default=lambda self: fields.Date.context_today(self)
    )
    is_checked = fields.Boolean(
        "No code can be read; I compared the paper: it is this document"
    )
    is_waiting = fields.Boolean(compute="_compute_is_waiting")

    @api.depends("folder_id")
    def _compute_is_waiting(self):
        for wizard in self:
            step = wizard.folder_id._my_step(only=("paper",))
            wizard.is_waiting = bool(step) and bool(
                wizard.folder_id.paper_ids.filtered(
                    lambda one, step=step: (
                        one.step_id == step
                        and one.user_id == self.env.uid
                        and one.state == "scanned"
                    )
                )
            )

    @api.model
    def _of(self, folder, printed):
        """Make the window for what was just printed (see ``action_paper_print``)."""
        return self.create(
            {
                "folder_id": folder.id,
                "signed_by": self.env.user.name,
                "line_ids": [
                    Command.create(
                        {
                            "document_id": one["document_id"],
                            "version_id": one["version_id"],
                            "name": one["name"],
                            "pages": one["pages"],
                        }
                    )
                    for one in printed
                ],
            }
        )

    def action_hand_in(self):
        """Hand in the scans of the signed paper.

        :return: closes the window; when a scan is still being checked, says so
        :raise UserError: what is missing or is not this document; nothing was kept then
        """
        self.ensure_one()
        done = self.folder_id.action_paper_scan(
            [line._told() for line in self.line_ids if line.scan],
            signed_by=self.signed_by,
            signed_on=self.signed_on,
            is_checked=self.is_checked,
        )
        close = {"type": "ir.actions.act_window_close"}
        if done:
            return {**close, "infos": {"parapheur_act": "paper"}}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "The scan is here and still being checked: press “Sign on paper” again "
                    "in a moment, then “Hand in”."
                ),
                "next": close,
            },
        }
