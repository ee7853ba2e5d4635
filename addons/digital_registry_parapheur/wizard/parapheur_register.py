from odoo import api, fields, models

from odoo.addons.gov_base.lib import given

from ..models.parapheur_nature import NUMBERING


class ParapheurRegister(models.TransientModel):
    """Asks in which register a finished act is registered, and to whom it goes."""

    _name = "parapheur.register"
    _description = "Register a finished act"

    folder_id = fields.Many2one(
        "parapheur.folder", required=True, readonly=True, ondelete="cascade"
    )
    register = fields.Selection(
        selection="_registers",
        required=True,
        default=lambda self: next(iter(self._registers()), (False,))[0],
    )
    recipient_name = fields.Char(
        string="Recipient",
        required=True,
        size=240,
        compute="_compute_recipient_name",
        store=True,
        readonly=False,
        help="To whom the act is sent, as in the register.",
    )

    @api.model
    def _registers(self):
        """Registers of the administration where acts are numbered."""
        # The dialog is opened from a folder: the registers are those of its administration.
        folders = self.env["parapheur.folder"]
        folder = folders.browse(
            given.record_id(self.env.context.get("default_folder_id"))
        ).exists()
        company = folder.company_id if folder.has_access("read") else self.env.company
        # Names only, for somebody who may have no role in the register.
        registers_sudo = self.env["registry.register"].sudo()
        found_sudo = registers_sudo.search(
            [
                ("company_id", "=", (company or self.env.company).id),
                ("direction", "in", NUMBERING),
            ],
            order="company_id, direction desc, id",
        )
        return [(str(one.id), one.display_name) for one in found_sudo]

    @api.depends("folder_id")
    def _compute_recipient_name(self):
        for wizard in self:
            wizard.recipient_name = wizard.folder_id.recipient_name

    def action_confirm(self):
        """Register the act.

        :return: closes the dialog
        :raise UserError, AccessError: what the folder refuses
        """
        self.ensure_one()
        self.folder_id.action_register(int(self.register), self.recipient_name)
        return {"type": "ir.actions.act_window_close"}
