from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..lib.tsp_ask import MAX_DRIFT
from ..models.gov_tsa_health import DRIFT


class GovTsaSettings(models.TransientModel):
    """What the operator decides about time: own authority, bound of the clocks."""

    _name = "gov.tsa.settings"
    _description = "Timestamps of this platform"

    own_tsa = fields.Boolean(
        string="Own timestamp authority",
        default=lambda self: self.env["gov.tsa"]._own_is_on(),
        help="For trials and for the inside. Its timestamps rest on the clock of this "
        "server alone: they prove nothing to others (NON PROBANT).",
    )
    max_drift = fields.Float(
        string="Clocks may differ by (seconds)",
        required=True,
        default=lambda self: self.env["gov.tsa"]._most_drift(),
        help="Beyond it the operators are told, once.",
    )

    @api.constrains("max_drift")
    def _check_max_drift(self):
        for settings in self:
            if not 1 <= settings.max_drift <= MAX_DRIFT:
                raise ValidationError(
                    self.env._(
                        "Clocks may differ by 1 to %(most)s seconds: beyond that no "
                        "timestamp is used.",
                        most=MAX_DRIFT,
                    )
                )

    def action_apply(self):
        """Apply these settings; each change is an event of the trust stream.

        :return: True
        :raise AccessError: the caller is not operator
        """
        self.ensure_one()
        if not self.env.user.has_group("gov_trust.group_gov_trust_operator"):
            raise AccessError(
                self.env._("Only an operator of the platform decides this.")
            )
        authorities = self.env["gov.tsa"]
        authorities._switch_own(self.own_tsa)
        before = authorities._most_drift()
        if before != self.max_drift:
            # An operator may decide this, not write other parameters.
            parameters_sudo = self.env["ir.config_parameter"].sudo()
            parameters_sudo.set_param(DRIFT, str(self.max_drift))
            self.env["gov.journal"]._trust_stream()._append(
                "tsa.max_drift",
                {
                    "from_milliseconds": round(before * 1000),
                    "to_milliseconds": round(self.max_drift * 1000),
                },
            )
        return True
