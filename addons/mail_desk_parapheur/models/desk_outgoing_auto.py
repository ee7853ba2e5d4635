from odoo import fields, models
from odoo.exceptions import UserError

#: ways that need a proof which somebody has to write
WITH_PROOF = ("post", "hand", "internal")


class DeskOutgoing(models.Model):
    """One go: validated, it goes to the signature book; sealed, it leaves by itself."""

    _inherit = "desk.outgoing"

    send_after = fields.Selection(
        "_selection_send_after",
        string="Once signed and sealed",
        copy=False,
        help="Empty: as the office says. A way that needs a proof (post, by hand) is never "
        "taken by itself.",
    )

    def _selection_send_after(self):
        ways = self._channels().items()
        return [
            ("none", self.env._("Sent by hand")),
            ("auto", self.env._("Sent by itself, the first way that is possible")),
            *((code, label) for code, label in ways if code not in WITH_PROOF),
        ]

    def _auto_channel(self):
        """The way this letter leaves by itself once it is sealed, or None."""
        self.ensure_one()
        # How letters of an office leave is configuration.
        office_sudo = self.office_id.sudo()
        wanted = self.send_after or ("auto" if office_sudo.desk_auto_send else "none")
        mailed = self.mailing_id or self.recipient_row_ids
        if wanted == "none" or self.kind == "note" or mailed:
            # A mailing sends its letters itself.
            return None
        possible = [one for one in self._possible_channels() if one not in WITH_PROOF]
        if wanted == "auto":
            return next(iter(possible), None)
        return wanted if wanted in possible else None

    def _as_author(self):
        """This letter in the hands of its author: his own roles count, not the batch's."""
        return self.with_user(self.user_id).with_company(self.company_id)

    def _letter_closed(self, letter):
        result = super()._letter_closed(letter)
        for outgoing in self:
            if outgoing.state != "sealed" or outgoing.signing_way != "book":
                continue
            if channel := outgoing._auto_channel():
                outgoing._try_as_author(
                    "not_sent_by_itself",
                    lambda mine, way=channel: mine.action_send(way),
                )
        return result

    def _circuit_done(self, run):
        result = super()._circuit_done(run)
        # How letters of an office are signed is configuration.
        office_sudo = self.office_id.sudo()
        if (
            self.state == "validated"
            and office_sudo.desk_sign_at_once
            and self._signing_ways()[:1] == ["book"]
            and not self._is_model()
        ):
            self._try_as_author("not_sent_to_sign", lambda mine: mine.action_to_sign())
        return result

    def _try_as_author(self, kind, act):
        """Do what the office wants done at once; when it cannot be, say why in the timeline."""
        try:
            with self.env.cr.savepoint():
                act(self._as_author())
        except UserError as refusal:
            # The line is the platform's: nobody was there to be told.
            outgoing_sudo = self.sudo()
            outgoing_sudo._log(kind, {"reason": str(refusal.args[0])})
