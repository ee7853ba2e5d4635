from odoo import api, models
from odoo.exceptions import AccessError

from ..exceptions import SealUnavailable
from ..lib import ca, tsa

#: Holds the uid of the event by which an operator turned it on; anything else is off.
SWITCH = "gov_trust.own_tsa"


class GovTsa(models.Model):
    """The platform's own authority: off unless the operator turns it on. NON PROBANT."""

    _inherit = "gov.tsa"

    @api.model
    def _own_is_on(self):
        """Whether an operator turned the own authority on."""
        # Whoever asks for a timestamp may read neither parameters nor the journal.
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        uid = parameters_sudo.get_param(SWITCH)
        if not uid:
            return False
        events_sudo = self.env["gov.journal.event"].sudo()
        # The last decision counts: who may write parameters brings back none before it.
        last_sudo = events_sudo.search(
            [("kind", "in", ("tsa.own_on", "tsa.own_off"))], order="id desc", limit=1
        )
        return last_sudo.kind == "tsa.own_on" and last_sudo.uid == uid

    @api.model
    def _switch_own(self, on):
        """Turn the own authority on or off; an event of the trust stream.

        :raise AccessError: the caller is not operator
        :raise SealUnavailable: its key cannot be made
        """
        if not self.env.user.has_group("gov_trust.group_gov_trust_operator"):
            raise AccessError(
                self.env._("Only an operator of the platform decides this.")
            )
        if on == self._own_is_on():
            return
        if on:
            self._own_key_record()
        event = (
            self.env["gov.journal"]
            ._trust_stream()
            ._append("tsa.own_on" if on else "tsa.own_off", {"probant": False})
        )
        # An operator may decide this, not write other parameters.
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        parameters_sudo.set_param(SWITCH, event.uid if on else False)

    @api.model
    def _own_key_record(self):
        return self.env["gov.key"]._get(self.env["res.company"], ca.TSA)

    @api.model
    def _own_key(self):
        """Open the key of the own authority.

        :raise SealUnavailable: it is off, or the master key cannot be used
        """
        if not self._own_is_on():
            raise SealUnavailable(self.env._("The own timestamp authority is off."))
        return self._own_key_record()._load()

    @api.model
    def _own_respond(self, request):
        """Answer a request of RFC 3161.

        :param bytes request: DER of a TimeStampReq, hostile
        :return: DER of the TimeStampResp, or None when the authority is off
        """
        if not self._own_is_on():
            return None
        identity = self.env["gov.trust.identity"]
        try:
            if not identity._may_seal():
                raise SealUnavailable(identity._explain())
            return tsa.respond(request, self._own_key())
        except SealUnavailable as error:
            return tsa.reject(tsa.SYSTEM_FAILURE, str(error))
