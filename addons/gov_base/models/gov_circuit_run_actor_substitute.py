from odoo import api, fields, models
from odoo.tools import format_date


class GovCircuitRunActor(models.Model):
    """Who acted in the place of an absent person: both are written."""

    _inherit = "gov.circuit.run.actor"

    acted_by_id = fields.Many2one(
        "res.users", "Acted by", readonly=True, ondelete="restrict"
    )
    # Copied: read later by people who may not read this account.
    acted_by_name = fields.Char(readonly=True)
    absent_until = fields.Date(
        "Absent until", readonly=True, help="Of the person who was asked."
    )
    delegation_id = fields.Many2one(
        "gov.delegation", "By delegation", readonly=True, ondelete="restrict"
    )
    # Copied, as the names: the act of the delegation, as it was cited.
    delegation_reference = fields.Char(readonly=True)
    acted_name = fields.Char("Who", compute="_compute_acted_name")

    @api.depends("name", "acted_by_name", "absent_until", "delegation_reference")
    @api.depends_context("lang")
    def _compute_acted_name(self):
        for actor in self:
            actor.acted_name = actor.name
            if actor.delegation_reference:
                actor.acted_name = self.env._(
                    "%(other)s for %(name)s (by the act %(reference)s)",
                    other=actor.acted_by_name,
                    name=actor.name,
                    reference=actor.delegation_reference,
                )
            elif actor.absent_until:
                actor.acted_name = self.env._(
                    "%(substitute)s for %(name)s (absent until %(date)s)",
                    substitute=actor.acted_by_name,
                    name=actor.name,
                    date=format_date(self.env, actor.absent_until),
                )
            elif actor.acted_by_name:
                actor.acted_name = self.env._(
                    "%(other)s for %(name)s",
                    other=actor.acted_by_name,
                    name=actor.name,
                )

    def _standing_in(self, user):
        """The row of ``gov.substitute`` by which `user` acts here for who is asked; never where a signature is asked."""
        self.ensure_one()
        # What a person stands in for is asked about himself.
        rows = user.sudo().gov_replaces_ids.filtered(
            lambda row: (
                row.for_circuits
                and row.absent_id == self.user_id
                and row.company_id == self.company_id
            )
        )
        if rows and self.step_id.kind in self.run_id._own_kinds():
            return rows.browse()
        return rows[-1:]

    def _delegation(self, user):
        """The act in force by which `user` signs here in the place of who is asked; empty without one.

        Standing in for an absent person is no power to sign; an act that covers this very document is.
        """
        self.ensure_one()
        none = self.env["gov.delegation"]
        kinds = self.env["gov.circuit.step"]._delegable_kinds()
        if self.user_id == user or self.step_id.kind not in kinds:
            return none
        # What a person may sign in whose place is asked about himself.
        given_sudo = user.sudo().gov_delegated_ids
        if not given_sudo.filtered(
            lambda one: (
                one.state == "active"
                and one.grantor_id == self.user_id
                and one.company_id == self.company_id
            )
        ):
            return none
        subject = self.run_id._subject()
        if not hasattr(subject, "_circuit_delegations"):
            return none
        return subject._circuit_delegations(self.step_id, self.user_id, user)[:1]

    def _is_for(self, user):
        """Whether it is for `user` to act here: he is asked, stands in for who is, or signs in his place by an act."""
        return (
            self.user_id == user
            or bool(self._standing_in(user))
            or bool(self._delegation(user))
        )

    def _record(self, state, **how):
        """Write what was done, and by whom when somebody stood in. Called as superuser."""
        user = self.env["res.users"].browse(self.env.uid)
        delegation = self._delegation(user)
        result = super()._record(state, **how)
        if user != self.user_id:
            # Names are copied: they are read later by people who may not read this account.
            until = self.env["gov.absence"]._absent_until(self.user_id, self.company_id)
            self.write(
                {
                    "acted_by_id": user.id,
                    "acted_by_name": user.sudo().name,
                    "absent_until": until.get(self.user_id.id)
                    if not delegation
                    else False,
                    "delegation_id": delegation.id,
                    # The act is cited where it is used, to whoever reads the circuit.
                    "delegation_reference": delegation.sudo().reference,
                }
            )
        return result

    def _acting_facts(self):
        """What the journal says more of an act that was done for somebody."""
        facts = {"for": self.user_id.id} if self.acted_by_id else {}
        if self.delegation_id:
            # The act is named by its number and the digest of its file.
            facts["delegation"] = self.delegation_id.sudo()._act_facts()
        return facts
