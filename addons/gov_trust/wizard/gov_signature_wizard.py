from odoo import api, fields, models

from ..exceptions import PinRefused

#: Never stored: taken out of the values before the record is created.
PINS = ("old_pin", "pin", "pin_again")


class GovSignatureWizard(models.TransientModel):
    """“My signature”: the key of the person who opens it, and its PIN."""

    _name = "gov.signature.wizard"
    _description = "My signature"

    has_key = fields.Boolean(compute="_compute_key")
    holder_name = fields.Char(string="Name", compute="_compute_key")
    administration = fields.Char(compute="_compute_key")
    not_after = fields.Datetime(string="Valid until", compute="_compute_key")
    fingerprint = fields.Char(string="Certificate (SHA-256)", compute="_compute_key")
    forgot = fields.Boolean(string="I forgot my PIN: make a new key")
    old_pin = fields.Char(string="PIN of today", store=False)
    pin = fields.Char(string="New PIN", store=False, help="6 to 12 digits.")
    pin_again = fields.Char(string="New PIN, again", store=False)

    @api.depends_context("uid", "company")
    def _compute_key(self):
        key_sudo = self.env["gov.key"]._personal(self.env.user)
        certificate_sudo = key_sudo.certificate_ids[:1]
        company = key_sudo.company_id or self.env.company
        for wizard in self:
            wizard.has_key = bool(key_sudo)
            wizard.holder_name = key_sudo.holder_name or self.env.user.name
            wizard.administration = self.env["gov.seal"]._issuer(company)["name"]
            wizard.not_after = certificate_sudo.not_after
            wizard.fingerprint = certificate_sudo.sha256

    @api.model_create_multi
    def create(self, vals_list):
        """Make the key or change its PIN; the PIN is used here and kept nowhere."""
        typed = [{name: vals.pop(name, None) for name in PINS} for vals in vals_list]
        wizards = super().create(vals_list)
        for wizard, pins in zip(wizards, typed, strict=True):
            wizard._apply(**pins)
        return wizards

    def action_done(self):
        """Close the window and say what was done (``create`` did it).

        :return: a notification
        :rtype: dict
        """
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Your PIN is set: you can sign with it now."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _apply(self, old_pin, pin, pin_again):
        if (pin or "") != (pin_again or ""):
            raise PinRefused(
                self.env._("The two PINs are not the same. Type the new one twice.")
            )
        keys = self.env["gov.key"]
        key = keys._personal(self.env.user).with_env(self.env)
        if key and not self.forgot:
            key._change_pin(old_pin, pin)
        else:
            keys._make_personal(self.env.user, self.env.company, pin)
