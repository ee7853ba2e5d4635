from odoo import api, fields, models

from odoo.addons.gov_base.lib import given


class DeskCompareWizard(models.TransientModel):
    """Shows any two versions of a draft in one text, and restores one of them."""

    _name = "desk.compare.wizard"
    _description = "Compare two versions"

    outgoing_id = fields.Many2one("desk.outgoing", required=True, readonly=True)
    old_id = fields.Many2one(
        "desk.outgoing.version",
        string="Version",
        required=True,
        domain="[('outgoing_id', '=', outgoing_id)]",
        default=lambda self: self._default_version(-2),
    )
    new_id = fields.Many2one(
        "desk.outgoing.version",
        string="Compared with",
        required=True,
        domain="[('outgoing_id', '=', outgoing_id)]",
        default=lambda self: self._default_version(-1),
    )
    changes = fields.Html(compute="_compute_changes", sanitize=False)

    @api.model
    def _default_version(self, place):
        outgoing = self.env["desk.outgoing"].browse(
            given.record_id(self.env.context.get("default_outgoing_id"))
        )
        versions = outgoing.exists()._filtered_access("read").version_ids
        ordered = versions.sorted("number")
        return ordered[place:][:1] or ordered[:1]

    @api.depends("old_id", "new_id")
    def _compute_changes(self):
        for wizard in self:
            # Versions of another letter, or that the user may not read, are not shown.
            both = wizard.old_id | wizard.new_id
            known = both._filtered_access("read") == both
            same = both.outgoing_id == wizard.outgoing_id
            wizard.changes = (
                wizard.old_id._compared(wizard.old_id, wizard.new_id)
                if both and known and same
                else False
            )

    def action_restore(self):
        """Take the words of the first version again.

        :return: action that closes the form
        :raise UserError: the letter is not a draft any more
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self.outgoing_id._restore(
            self.old_id.filtered(
                lambda version: version.outgoing_id == self.outgoing_id
            )
        )
        return {"type": "ir.actions.act_window_close"}
