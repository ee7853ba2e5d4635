from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .desk_outgoing_circuit import AGREEING


class DeskOutgoing(models.Model):
    """Letters that an absent person prepares or decides on, read and worked on by who stands in."""

    _inherit = "desk.outgoing"

    stands_in = fields.Boolean(compute="_compute_stands_in", search="_search_stands_in")
    stands_in_as_author = fields.Boolean(
        compute="_compute_stands_in", search="_search_stands_in_as_author"
    )

    @api.depends_context("uid")
    def _compute_stands_in(self):
        for name in ("stands_in", "stands_in_as_author"):
            found = self.search([("id", "in", self.ids), (name, "=", True)])
            for outgoing in self:
                outgoing[name] = outgoing in found

    @api.model
    def _search_stands_in(self, operator, value):
        if operator != "in":
            return NotImplemented
        asked = Domain.OR(
            Domain("company_id", "=", row.company_id.id)
            & (
                Domain("answers_id", "any", self.env["registry.letter"]._desk_lent(row))
                | Domain(
                    "run_ids.actor_ids",
                    "any",
                    [("user_id", "=", row.absent_id.id), ("state", "!=", "waiting")]
                    if row.for_circuits
                    else Domain.FALSE,
                )
            )
            # What a person stands in for is asked about himself.
            for row in self.env.user.sudo().gov_replaces_ids
        )
        return asked | self._search_stands_in_as_author(operator, value)

    @api.model
    def _search_stands_in_as_author(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(
            Domain("company_id", "=", row.company_id.id)
            & Domain("user_id", "=", row.absent_id.id)
            # What a person stands in for is asked about himself.
            for row in self.env.user.sudo().gov_replaces_ids
            if row.for_work and not row.unit_id
        )

    def _hand_over(self, receiver, reason):
        """Make ``receiver`` the author of this letter; the former one left, or is away.

        :raise AccessError: neither author, head of the unit nor supervisor
        :raise UserError: not of the unit, or somebody who agrees to the letter
        """
        self.ensure_one()
        self.check_access("read")
        self._lock()
        if not self._is_ours():
            raise self._author_refusal()
        if receiver not in self.env["gov.access"]._members(self.unit_id):
            raise UserError(
                self.env._(
                    "%(user)s does not work in %(unit)s, which prepares this letter.",
                    # The person was named by the user.
                    user=receiver.sudo().name,
                    unit=self.unit_id.name,
                )
            )
        # Who agrees to it, or has to, is compared whoever asks.
        agreeing_sudo = self.sudo().run_id.actor_ids.filtered(
            lambda actor: actor.state in ("waiting", "current", "done")
        )
        # The person was named by the user.
        if receiver.id in agreeing_sudo.user_id.ids:
            raise UserError(
                self.env._(
                    "%(user)s validates this letter: its author is somebody else.",
                    user=receiver.sudo().name,
                )
            )
        # As above.
        before = self.user_id
        self._desk_write({"user_id": receiver.id})
        self._log(
            "author_changed",
            {"users": before.ids, "name": receiver.sudo().name, "reason": reason},
        )

    def _circuit_act_refusal(self, step, user, decision):
        """Answer the circuit: who wrote a letter does not agree to it in the place of who is absent."""
        actor = step.run_id._actor_of(user, step)
        if (
            actor
            and actor.user_id != user == self.user_id
            and step.kind in AGREEING
            and decision != "return"
        ):
            return UserError(
                self.env._(
                    "You wrote the letter %(letter)s: you do not validate it in the place "
                    "of %(name)s. Ask for another substitute, or somebody above.",
                    letter=self.display_name,
                    name=actor.name,
                )
            )
        return super()._circuit_act_refusal(step, user, decision)
