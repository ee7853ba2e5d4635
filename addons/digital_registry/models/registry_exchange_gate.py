from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.gov_base.lib import given, text

#: (from, to) → roles, on the receiving side, that may
TRANSITIONS = {
    ("pending", "accepted"): ("registrar",),
    ("pending", "rejected"): ("registrar",),
    ("pending", "forwarded"): ("registrar",),
}


class RegistryExchange(models.Model):
    """States of an exchange: one table, one gate, kept by the receiving office."""

    _inherit = "registry.exchange"

    can_decide = fields.Boolean(compute="_compute_can_decide")

    @api.depends("state", "to_company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_can_decide(self):
        for exchange in self:
            exchange.can_decide = not exchange._transition_refusal("rejected")

    def _transition_refusal(self, new):
        """Return why this exchange cannot become ``new`` now, or None."""
        self.ensure_one()
        if self.to_company_id not in self.env.companies:
            return AccessError(
                self.env._(
                    "Only the office that receives %(number)s decides about it.",
                    number=self.from_number,
                )
            )
        roles = TRANSITIONS.get((self.state, new))
        if roles is None:
            return UserError(
                self.env._(
                    "%(number)s is decided already: %(state)s. Nothing was done.",
                    number=self.from_number,
                    state=dict(self._fields["state"]._description_selection(self.env))[
                        self.state
                    ],
                )
            )
        if not self._may(*roles):
            return AccessError(
                self.env._(
                    "Only a registrar or the head of the office decides about the "
                    "letters of other administrations."
                )
            )
        if new == "accepted" and self._is_withdrawn():
            return UserError(
                self.env._(
                    "The administration that sent %(number)s has cancelled it since: "
                    "reject it.",
                    number=self.from_number,
                )
            )
        return None

    def _is_withdrawn(self):
        # The other's letter is hidden; only whether it still holds is asked.
        letter_sudo = self.from_letter_id.sudo()
        return letter_sudo.state == "cancelled"

    def _pass_gate(self, new):
        """Return this exchange, locked and as superuser, or raise why not.

        Two registrars at once: the second one finds it decided.
        """
        self.ensure_one()
        self.check_access("read")
        refusal = self._transition_refusal(new)
        if refusal:
            raise refusal
        # Nobody may write exchanges; the gate was passed just above.
        exchange_sudo = self.sudo()
        exchange_sudo.lock_for_update(allow_referencing=True)
        exchange_sudo.invalidate_recordset(["state"])
        refusal = self._transition_refusal(new)
        if refusal:
            raise refusal
        return exchange_sudo

    def action_accept(self):
        """Register this letter here: it takes a number of the receiving office.

        :return: window action on the new letter; its number is there on the next read
        :raise UserError: decided already, cancelled by the sender, the office is closed
        :raise AccessError: not on the receiving side, or neither registrar nor head
        """
        exchange_sudo = self._pass_gate("accepted")
        exchange_sudo._accept()
        return self.action_open_letter()

    def action_reject(self, reason=None):
        """Send this letter back; without a reason, open the form that asks for it.

        :param str reason: why, in words that the sender reads
        :return: True, or the window action of the form
        :raise UserError: decided already, or the reason is empty
        :raise AccessError: not on the receiving side, or neither registrar nor head
        """
        if reason is None:
            return self._open_decision("rejected", self.env._("Reject"))
        reason = self._required_reason(reason)
        exchange_sudo = self._pass_gate("rejected")
        exchange_sudo._decide("rejected", reason)
        return True

    def action_forward(self, office_id=None, reason=None):
        """Pass this letter to another office of this administration.

        Without an office, open the form that asks for it.

        :param int office_id: an open office of the receiving administration
        :param str reason: why, in words
        :return: True, or the window action of the form
        :raise UserError: decided already, no other office, or the reason is empty
        :raise AccessError: not on the receiving side, or neither registrar nor head
        """
        if office_id is None:
            return self._open_decision("forwarded", self.env._("Forward"))
        reason = self._required_reason(reason)
        office = self.env["registry.office"].search(
            [
                ("id", "=", given.record_id(office_id)),
                ("id", "!=", self.to_office_id.id),
                ("company_id", "=", self.to_company_id.id),
                ("state", "=", "open"),
                ("register_ids.direction", "=", "incoming"),
            ]
        )
        if not office:
            raise UserError(
                self.env._(
                    "Choose another open office of %(administration)s that registers "
                    "incoming letters.",
                    administration=self._official_name(self.to_company_id),
                )
            )
        exchange_sudo = self._pass_gate("forwarded")
        exchange_sudo._forward(office, reason)
        return True

    def _required_reason(self, reason):
        reason = text.clean_block(reason)
        if not reason:
            raise UserError(
                self.env._("Say why: the administration that sent it reads it.")
            )
        return reason

    def _open_decision(self, decision, name):
        self.ensure_one()
        refusal = self._transition_refusal(decision)
        if refusal:
            raise refusal
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "registry.exchange.decision.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_exchange_id": self.id,
                "default_decision": decision,
            },
        }
