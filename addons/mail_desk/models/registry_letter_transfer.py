from odoo import models

from odoo.addons.gov_base.lib import text


class RegistryLetter(models.Model):
    """A letter that another administration has to answer goes there by exchange."""

    _inherit = "registry.letter"

    def action_transfer(self, office_id=None, reason=None):
        """Transfer this letter to an office of another administration of the platform.

        It is closed here once it is accepted there; rejected, it stays with its unit.

        :param int office_id: as ``registry.exchange.find_offices`` gives it; without it,
            open the form that asks
        :param str reason: why; the other administration reads it
        :return: True, or the window action of the form
        :raise UserError: closed, no such office, no reason, something stands in the way
        :raise AccessError: neither head of the unit nor supervisor
        """
        self.ensure_one()
        self._desk_pass_end("transfer")
        if office_id is None:
            return self._desk_open_end(
                "transfer", self.env._("Transfer to another administration")
            )
        reason = self._desk_reason(reason)
        exchange = self._send_exchange(office_id, reason)
        # The exchange is read by registrars; its name is said to whoever transfers.
        exchange_sudo = exchange.sudo()
        self._desk_log(
            "transfer_asked",
            {"number": exchange_sudo.to_name, "reason": reason},
            journal={"exchange": exchange_sudo.uid},
        )
        return True

    def _desk_transfers(self, state):
        """Return the exchanges of this letter in ``state``."""
        # Whether a transfer waits is a fact about the letter, whoever reads exchanges.
        letter_sudo = self.sudo()
        return letter_sudo.exchange_ids.filtered(lambda one: one.state == state)

    def _desk_is_transferred(self):
        return bool(self.desk_state) and bool(self._desk_transfers("accepted"))

    def _exchange_vals(self, office, note):
        vals = super()._exchange_vals(office, note)
        if self.desk_state:
            # The one who wrote goes with the letter: the answer is for him.
            senders = self.party_ids.filtered(lambda party: party.role == "sender")
            vals["recipients"] = senders._as_copied()
        return vals

    def _desk_transfer_decided(self, exchange):
        """The other office decided about this letter. Called as superuser."""
        self.ensure_one()
        if not self.desk_state:
            return
        where = {"number": exchange.to_name, "reason": exchange.reason}
        if exchange.state == "rejected":
            self._desk_log("transfer_rejected", where, journal={})
        elif exchange.state == "accepted":
            self._desk_log("transfer_accepted", where)
            if self.desk_state != "closed" and not self._desk_blockers():
                self._desk_end("transferred", text.clean_line(exchange.to_name))
