from odoo import api, fields, models

from ..exceptions import PinRefused
from ..models.gov_key_request import ALGORITHMS

#: Never stored: taken out of the values before the record is created.
TYPED = ("old_pin", "pin", "pin_again", "key_file", "password", "certificate_file")


class GovSignatureWizard(models.TransientModel):
    """“My signature”: the key of the person who opens it, and its PIN."""

    _name = "gov.signature.wizard"
    _inherit = "gov.typed.wizard"
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
    way = fields.Selection(
        [
            ("platform", "This administration's own authority"),
            ("file", "Another authority: I have its file"),
            ("request", "Another authority: I am going to ask"),
        ],
        string="Who certifies me",
        required=True,
        default="platform",
    )
    key_file = fields.Binary(
        string="File of my certificate",
        store=False,
        attachment=False,
        help="PKCS#12 (.p12, .pfx) or PEM, with the key, its certificate and the chain.",
    )
    password = fields.Char(string="Password of the file", store=False)
    algorithm = fields.Selection(
        ALGORITHMS, string="Kind of key", required=True, default="p256"
    )
    waiting = fields.Boolean(compute="_compute_waiting")
    again = fields.Boolean(string="Make another request")
    certificate_file = fields.Binary(
        string="Certificate I received",
        store=False,
        attachment=False,
        help="PEM, DER or PKCS#7 (.pem, .crt, .cer, .p7b), with the chain.",
    )

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

    @api.depends_context("uid", "company")
    def _compute_waiting(self):
        key_sudo = self.env["gov.key"]._waiting(self.env.company, self.env.user)
        for wizard in self:
            wizard.waiting = bool(key_sudo)

    def _typed_names(self):
        return TYPED

    def action_done(self):
        """Close the window and say what was done (``create`` did it).

        After a request the window shows it, to be downloaded.

        :return: a notification, or this window again
        :rtype: dict
        """
        if self.way == "request" and self.env["gov.key"]._waiting(
            self.env.company, self.env.user
        ):
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("My signature"),
                "res_model": self._name,
                "views": [(False, "form")],
                "target": "new",
                "context": {"default_way": "request"},
            }
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Your PIN is set: you can sign with it now."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _apply(self, old_pin, pin, pin_again, key_file, password, certificate_file):
        keys = self.env["gov.key"]
        user, company = self.env.user, self.env.company
        waiting = keys._waiting(company, user)
        if self.way == "request" and waiting and not self.again:
            waiting.with_env(self.env)._certify_with(self._bytes(certificate_file))
            return
        if (pin or "") != (pin_again or ""):
            raise PinRefused(
                self.env._("The two PINs are not the same. Type the new one twice.")
            )
        if self.way == "file":
            keys._import_personal(user, company, self._bytes(key_file), password, pin)
        elif self.way == "request":
            keys._request_personal(user, company, self.algorithm, pin)
        else:
            self._apply_here(old_pin, pin)

    def _apply_here(self, old_pin, pin):
        """Make the key that the platform certifies, or change the PIN of the key."""
        keys = self.env["gov.key"]
        key = keys._personal(self.env.user).with_env(self.env)
        if key and not self.forgot:
            key._change_pin(old_pin, pin)
        else:
            keys._make_personal(self.env.user, self.env.company, pin)
