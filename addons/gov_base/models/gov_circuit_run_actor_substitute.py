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
    acted_name = fields.Char("Who", compute="_compute_acted_name")

    @api.depends("name", "acted_by_name", "absent_until")
    @api.depends_context("lang")
    def _compute_acted_name(self):
        for actor in self:
            actor.acted_name = actor.name
            if actor.absent_until:
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

    def _is_for(self, user):
        """Whether it is for `user` to act here: he is asked, or stands in for who is."""
        return self.user_id == user or bool(self._standing_in(user))

    def _record(self, state, **how):
        """Write what was done, and by whom when somebody stood in. Called as superuser."""
        result = super()._record(state, **how)
        user = self.env["res.users"].browse(self.env.uid)
        if user != self.user_id:
            # Names are copied: they are read later by people who may not read this account.
            until = self.env["gov.absence"]._absent_until(self.user_id, self.company_id)
            self.write(
                {
                    "acted_by_id": user.id,
                    "acted_by_name": user.sudo().name,
                    "absent_until": until.get(self.user_id.id),
                }
            )
        return result

    def _acting_facts(self):
        """What the journal says more of an act that was done for somebody."""
        return {"for": self.user_id.id} if self.acted_by_id else {}
