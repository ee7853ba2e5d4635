import base64
import secrets

from odoo import fields, models
from odoo.fields import NO_ACCESS

from odoo.addons.gov_trust.lib.journal_leaf import salted_digest


class GovCircuitRunStep(models.Model):
    """A step that two persons passed over, or that one of them asked to."""

    _inherit = "gov.circuit.run.step"

    bypass_asked_id = fields.Many2one(
        "res.users", "Passing over asked by", readonly=True, ondelete="restrict"
    )
    # Copied: read later by people who may not read these accounts.
    bypass_asked_name = fields.Char(readonly=True)
    bypass_asked_at = fields.Datetime("Asked on", readonly=True)
    bypass_reason = fields.Text("Passed over because", readonly=True)
    bypass_salt = fields.Char(readonly=True, groups=NO_ACCESS)
    bypass_confirmed_id = fields.Many2one(
        "res.users", "Passing over confirmed by", readonly=True, ondelete="restrict"
    )
    bypass_confirmed_name = fields.Char(readonly=True)
    bypassed_at = fields.Datetime("Passed over on", readonly=True)

    def _ask_bypass(self, user, reason):
        """Note who wants to pass this step over, and why. Called as superuser."""
        self.write(
            {
                "bypass_asked_id": user.id,
                # Copied: read later by people who may not read this account.
                "bypass_asked_name": user.sudo().name,
                "bypass_asked_at": fields.Datetime.now(),
                "bypass_reason": reason,
                "bypass_salt": base64.b64encode(secrets.token_bytes(16)).decode(),
            }
        )

    def _forget_bypass(self):
        """Nobody wants to pass this step over any more. Called as superuser."""
        self.write(
            {
                "bypass_asked_id": False,
                "bypass_asked_name": False,
                "bypass_asked_at": False,
                "bypass_reason": False,
                "bypass_salt": False,
            }
        )

    def _bypass_digest(self):
        """Salted digest of the reason for the journal: it proves the words without holding them."""
        return salted_digest(base64.b64decode(self.bypass_salt), self.bypass_reason)

    def _bypass_sentence(self):
        """Who passed this step over or wants to, and why; empty when nobody."""
        if self.state == "bypassed":
            return self.env._(
                "Passed over by %(asked)s and %(confirmed)s: %(reason)s",
                asked=self.bypass_asked_name,
                confirmed=self.bypass_confirmed_name,
                reason=self.bypass_reason,
            )
        if self.bypass_asked_name and self.state == "current":
            return self.env._(
                "%(asked)s asks to pass “%(step)s” over: %(reason)s. Another person confirms "
                "it, or it waits.",
                asked=self.bypass_asked_name,
                step=self.name,
                reason=(self.bypass_reason or "").rstrip("."),
            )
        return ""
