from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class DeskOutgoing(models.Model):
    """Who signs in the place of the head: by a legal act in force, whose formula is printed (B8)."""

    _inherit = "desk.outgoing"

    delegation_id = fields.Many2one(
        "gov.delegation",
        string="Signed by delegation",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('id', 'in', allowed_delegation_ids)]",
        help="The act by which somebody else than the head signs. Its formula and reference are "
        "printed above the name.",
    )
    allowed_delegation_ids = fields.Many2many(
        "gov.delegation", compute="_compute_allowed_delegation_ids"
    )
    delegation_formula = fields.Char("Printed", compute="_compute_delegation_formula")

    @api.depends("unit_id", "kind", "company_id")
    def _compute_allowed_delegation_ids(self):
        for outgoing in self:
            outgoing.allowed_delegation_ids = outgoing._in_force()

    @api.depends("delegation_id", "lang")
    def _compute_delegation_formula(self):
        for outgoing in self:
            outgoing.delegation_formula = outgoing._formula()

    def _in_force(self):
        """Return the acts by which somebody may sign this letter today."""
        if not self.unit_id:
            return self.env["gov.delegation"]
        return self.env["gov.delegation"]._find(
            unit=self.unit_id, nature=self.kind, company=self.company_id
        )

    def _formula(self):
        """Return what is printed above the name, in the language of the letter, or an empty text."""
        # Who signs in whose place is shown to whoever reads the letter.
        act_sudo = self.delegation_id.sudo()
        return act_sudo._formula(self.lang) if act_sudo else ""

    @api.onchange("delegation_id")
    def _onchange_delegation_id(self):
        if self.delegation_id:
            self.update(self._signatory_vals())

    def _signatory_vals(self):
        """Return the name and function that the act gives."""
        # The act is read to check and print it, whoever writes the letter.
        act_sudo = self.delegation_id.sudo()
        quality = act_sudo.with_context(lang=self.lang).grantee_quality
        vals = {"signatory_name": act_sudo.grantee_id.name}
        return {**vals, "signatory_quality": quality} if quality else vals

    @api.model_create_multi
    def create(self, vals_list):
        drafts = super().create(vals_list)
        drafts._follow_delegation()
        return drafts

    def write(self, vals):
        result = super().write(vals)
        if {"delegation_id", "unit_id", "kind", "signatory_name"} & vals.keys():
            self._follow_delegation()
        return result

    def _write_plain(self, vals):
        return super().write(vals)

    def _follow_delegation(self):
        """A letter signed by delegation bears the name of the act, and the act covers it."""
        for draft in self:
            if not draft.delegation_id:
                continue
            if refusal := draft._delegation_refusal():
                raise refusal
            vals = draft._signatory_vals()
            if any(draft[name] != value for name, value in vals.items()):
                draft._write_plain(vals)

    def _delegation_refusal(self):
        """Return why this letter is not signed by the act that was chosen, or None."""
        # The act is read to check and print it, whoever writes the letter.
        act_sudo = self.delegation_id.sudo()
        if not act_sudo or act_sudo.id in self._in_force().ids:
            return None
        ended = act_sudo.revoked_on or act_sudo.date_to
        if act_sudo.situation in ("revoked", "over") and ended:
            return UserError(
                self.env._(
                    "The delegation %(reference)s ended on %(date)s: choose who signs.",
                    reference=act_sudo.reference,
                    date=format_date(self.env, ended),
                )
            )
        return UserError(
            self.env._(
                "The delegation %(reference)s does not cover this letter today: check its "
                "dates, units and natures, and choose who signs.",
                reference=act_sudo.reference,
            )
        )

    def _check_complete(self):
        done = super()._check_complete()
        if refusal := self._delegation_refusal():
            raise refusal
        return done

    def _number_refusal(self):
        return super()._number_refusal() or self._delegation_refusal()

    def _render_values(self):
        return {**super()._render_values(), "formula": self._formula()}
