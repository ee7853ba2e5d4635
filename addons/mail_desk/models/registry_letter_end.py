from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import text

from .registry_letter import CLOSINGS


class RegistryLetter(models.Model):
    """Closing a letter, ending it without a reply with the head's approval, reopening."""

    _inherit = "registry.letter"

    desk_no_reply_reason = fields.Char(
        string="No reply, because", readonly=True, copy=False
    )
    desk_no_reply_by_id = fields.Many2one(
        "res.users", string="Asked by", readonly=True, copy=False, ondelete="restrict"
    )
    desk_no_reply_at = fields.Datetime(string="Asked on", readonly=True, copy=False)

    _desk_no_reply_idx = models.Index(
        "(company_id, desk_unit_id) WHERE desk_no_reply_at IS NOT NULL"
    )

    def action_close(self, reason=None, kind=None):
        """Close this letter: nothing more is to be done.

        An agent who closes as “No reply needed” asks the head of the unit, who approves.

        :param str reason: why, in one line; needed unless it was answered
        :param str kind: "answered" (default once the final reply is sent), "no_reply"
            (default before), "treated" or "transferred"
        :return: True, or the window action of the form when nothing is given
        :raise UserError: closed already, something stands in the way, no reason
        :raise AccessError: neither agent, head of the unit nor supervisor
        """
        for letter in self:
            letter._desk_check(lambda letter: letter._desk_close_refusal())
        if (
            reason is None
            and kind is None
            and not all(letter._desk_is_replied() for letter in self)
        ):
            return self._desk_open_end("close", self.env._("Close"))
        for letter in self:
            letter._desk_close(letter._desk_closing_kind(kind), text.clean_line(reason))
        return True

    def _desk_closing_kind(self, kind):
        kind = kind or ("answered" if self._desk_is_replied() else "no_reply")
        if kind not in [code for code, _label in CLOSINGS if code != "joined"]:
            raise UserError(self.env._("Choose how the letter ends."))
        return kind

    def _desk_close(self, kind, reason):
        """Close the letter as ``kind``, or ask for it where the head has to approve."""
        self.ensure_one()
        if kind == "no_reply" and not reason:
            raise UserError(
                self.env._(
                    "Say in one line why no reply is needed. Nothing was closed."
                )
            )
        if kind == "treated" and self._desk_is_replied():
            kind = "answered"
        if kind == "no_reply" and not self._desk_decides():
            return self._desk_ask_no_reply(reason)
        if refusal := self._desk_end_refusal(kind):
            raise refusal
        return self._desk_end(kind, reason)

    def _desk_end(self, kind, reason, **vals):
        """Close the letter and what is open of its route. The gate was passed."""
        self.ensure_one()
        # A copy stays open until it is seen.
        rows = self.assignment_ids.filtered(
            lambda row: row.role != "copy" and row._is_open()
        )
        rows._close("done", reason)
        self._desk_write(
            {
                **self._desk_no_request(),
                **vals,
                "desk_closing": kind,
                "desk_closing_reason": reason or False,
                "desk_closed_at": fields.Datetime.now(),
                "desk_closed_by_id": self.env.uid,
            }
        )
        self._desk_sync()
        self._desk_log("closed", {"kind": kind, "reason": reason}, journal={"as": kind})
        self._desk_ended(kind)

    def _desk_ended(self, kind):
        """Hook: this letter was closed as ``kind`` (see ``desk_closing``)."""

    def _desk_reopened(self):
        """Hook: this letter was opened again."""

    # No reply needed: the agent asks, the head approves

    def _desk_ask_no_reply(self, reason):
        if refusal := self._desk_end_refusal("ask_no_reply"):
            raise refusal
        self._desk_write(
            {
                "desk_no_reply_reason": reason,
                "desk_no_reply_by_id": self.env.uid,
                "desk_no_reply_at": fields.Datetime.now(),
            }
        )
        self._desk_log("no_reply_asked", {"reason": reason}, journal={})

    @api.model
    def _desk_no_request(self):
        """Return the values of a letter that nobody asks to end."""
        return dict.fromkeys(
            ("desk_no_reply_reason", "desk_no_reply_by_id", "desk_no_reply_at"), False
        )

    def action_approve_no_reply(self):
        """Approve that these letters end without a reply: they are closed.

        :return: True
        :raise UserError: nobody asks for it (any more), something stands in the way
        :raise AccessError: neither head of the unit nor supervisor
        """
        self._desk_pass_end("approve_no_reply")
        for letter in self:
            reason = letter.desk_no_reply_reason
            letter._desk_log(
                "no_reply_approved", {"users": letter.desk_no_reply_by_id.ids}
            )
            letter._desk_end("no_reply", reason)
        return True

    def action_refuse_no_reply(self, reason=None):
        """Refuse that these letters end without a reply: they are to be answered.

        :param str reason: why; without it, open the form that asks
        :return: True, or the window action of the form
        :raise UserError: nobody asks for it (any more), no reason
        :raise AccessError: neither head of the unit nor supervisor
        """
        self._desk_pass_end("refuse_no_reply")
        if reason is None:
            return self._desk_open_end("refuse_no_reply", self.env._("Refuse"))
        for letter in self:
            args = {
                "users": letter.desk_no_reply_by_id.ids,
                "reason": self._desk_reason(reason),
            }
            letter._desk_write(self._desk_no_request())
            letter._desk_log("no_reply_refused", args, journal={})
        return True

    def action_withdraw_no_reply(self):
        """Take back the request to end these letters without a reply.

        :return: True
        :raise UserError: there is none (any more)
        :raise AccessError: somebody else asked for it
        """
        self._desk_pass_end("withdraw_no_reply")
        for letter in self:
            letter._desk_write(self._desk_no_request())
            letter._desk_log("no_reply_withdrawn", {})
        return True

    def _desk_moved(self, kind, args, journal):
        """A letter that goes elsewhere is decided there: what was asked here lapses."""
        done = super()._desk_moved(kind, args, journal)
        if self.desk_no_reply_at:
            self._desk_write(self._desk_no_request())
            self._desk_log("no_reply_lapsed", {})
        return done

    # Open again

    def action_reopen(self, reason=None):
        """Open a closed letter again: it is to dispatch at the unit it was with.

        :param str reason: why; without it, open the form that asks
        :return: True, or the window action of the form
        :raise UserError: not closed, no reason
        :raise AccessError: neither head of the unit nor supervisor
        """
        self._desk_pass_end("reopen")
        if reason is None:
            return self._desk_open_end("reopen", self.env._("Open again"))
        for letter in self:
            letter._desk_reopen(self._desk_reason(reason))
        return True

    def _desk_reopen(self, reason):
        """Open this letter again, by a person who passed the gate or by the platform."""
        self.ensure_one()
        lead = self.joined_to_id
        last = self.assignment_ids.filtered(lambda row: row.role == "to")[-1:]
        last._open_next(self.desk_unit_id, last.browse())
        # What was sent before does not answer what is asked now.
        self._desk_replies()._desk_write({"is_superseded": True})
        self._desk_write(
            {
                "desk_closing": False,
                "desk_closing_reason": False,
                "desk_closed_at": False,
                "desk_closed_by_id": False,
                "joined_to_id": False,
            }
        )
        self._desk_sync()
        self._desk_log("reopened", {"reason": reason}, journal={})
        if lead:
            lead._desk_log("left", {"number": self.number})
        self._desk_reopened()

    def _desk_reason(self, reason):
        reason = text.clean_line(reason)
        if not reason:
            raise UserError(
                self.env._("Say why, in one line: the next person reads it.")
            )
        return reason

    def _desk_open_end(self, act, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "desk.end.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_letter_ids": self.ids, "default_act": act},
        }
