import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib import anchors, trust
from ..models.gov_anchor import LEVELS

UPLOADS = ("certificate", "intermediates")


class GovAnchorProposeWizard(models.TransientModel):
    """Asks for an authority, its level and what it is trusted for."""

    _name = "gov.anchor.propose.wizard"
    _description = "Propose an authority"

    certificate = fields.Binary(
        string="Certificate of the authority",
        required=True,
        attachment=False,
        help="The root alone, in PEM or DER form.",
    )
    certificate_name = fields.Char()
    intermediates = fields.Binary(
        string="Authorities below it",
        attachment=False,
        help="In PEM form, when its signers do not bring them along.",
    )
    intermediates_name = fields.Char()
    name = fields.Char(help="Empty: as written on the certificate.")
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        help="Empty: trusted by the whole platform.",
    )
    level = fields.Selection(LEVELS, required=True, default="simple")
    use_signature = fields.Boolean(string="Signatures of persons", default=True)
    use_seal = fields.Boolean(string="Seals of organisations")
    use_timestamp = fields.Boolean(string="Timestamps")
    purpose = fields.Text(
        string="Why it is trusted",
        required=True,
        help="The accreditation, the agreement or the decision it rests on.",
    )
    since = fields.Datetime(string="Trusted from")
    until = fields.Datetime(string="Trusted until")
    crl_urls = fields.Text(
        string="Addresses of its revocation lists", help="One a line, http or https."
    )
    crl_fetch = fields.Boolean(
        string="Fetch revocation lists",
        help="The platform then calls these addresses by itself.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_private(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_private(vals)
        return super().write(vals)

    def action_confirm(self):
        """Propose the authority.

        :return: the form of the anchor
        :rtype: dict
        """
        self.ensure_one()
        anchor = self.env["gov.anchor"]._propose(
            base64.b64decode(self.certificate),
            level=self.level,
            uses=[use for use in trust.USES if self[f"use_{use}"]],
            purpose=self.purpose,
            company=self.company_id,
            name=self.name,
            intermediates=base64.b64decode(self.intermediates or b""),
            since=self.since,
            until=self.until,
            crl_urls=self.crl_urls,
            crl_fetch=self.crl_fetch,
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "gov.anchor",
            "res_id": anchor.id,
            "view_mode": "form",
        }

    @api.model
    def _refuse_private(self, vals):
        """A private key chosen by mistake is not stored, not even in this table."""
        for name in UPLOADS:
            try:
                blob = base64.b64decode(vals.get(name) or b"")
            except (binascii.Error, ValueError, TypeError) as error:
                raise UserError(self.env._("This file cannot be read.")) from error
            try:
                anchors.refuse_private(blob)
            except anchors.AnchorRefused as error:
                raise UserError(self.env["gov.anchor"]._explain(error)) from error
