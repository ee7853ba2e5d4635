import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.modules import module as odoo_module

_logger = logging.getLogger(__name__)

ATTEMPTS = 6


class DeskSending(models.Model):
    """The proof that a letter was sent: when, how, by whom, to which address."""

    _name = "desk.sending"
    _description = "Sending of a letter"
    _inherit = ["desk.role.mixin", "gov.gated"]
    _order = "id desc"
    _rec_name = "channel"

    outgoing_id = fields.Many2one(
        "desk.outgoing", required=True, index=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="outgoing_id.company_id", store=True, precompute=True
    )
    channel = fields.Selection("_selection_channel", required=True, readonly=True)
    address = fields.Char(readonly=True)
    note = fields.Char(string="Proof", readonly=True, size=500)
    user_id = fields.Many2one(
        "res.users", string="By", readonly=True, ondelete="restrict"
    )
    asked_at = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now
    )
    sent_at = fields.Datetime(string="Sent on", readonly=True)
    state = fields.Selection(
        [("pending", "Being sent"), ("sent", "Sent"), ("failed", "Not sent")],
        required=True,
        readonly=True,
        default="pending",
    )
    error = fields.Char(readonly=True)
    attempts = fields.Integer(readonly=True, aggregator=None)
    next_attempt_at = fields.Datetime(readonly=True)

    _waiting_idx = models.Index("(id) WHERE state = 'pending'")

    @api.model
    def _gated_names(self):
        return frozenset(self._fields)

    @api.model
    def _selection_channel(self):
        return list(self.env["desk.outgoing"]._channels().items())

    @api.model_create_multi
    def create(self, vals_list):
        self._check_desk_gate()
        return super().create(vals_list)

    def write(self, vals):
        self._check_desk_gate()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self._check_desk_gate()

    @api.model
    def _check_desk_gate(self):
        if not self._desk_gate_is_open():
            raise AccessError(
                self.env._("A proof of sending is written by the platform itself.")
            )

    @api.model
    def _process_sendings(self, limit=50):
        """Cron: send the letters that leave by e-mail, one a transaction.

        :param int limit: at most so many in one run
        """
        domain = [
            ("state", "=", "pending"),
            "|",
            ("next_attempt_at", "=", False),
            ("next_attempt_at", "<=", fields.Datetime.now()),
        ]
        sendings = self.search(domain, limit=limit, order="id")
        remaining = self.search_count(domain)
        for sending in sendings:
            sending._desk_gated()._send_one()
            remaining -= 1
            if odoo_module.current_test:
                continue
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                return

    def _send_one(self):
        """Hand one letter to the mail server; a failure is written, not raised."""
        self.ensure_one()
        error = self._mail_error()
        attempts = self.attempts + 1
        if not error:
            self.write(
                {
                    "state": "sent",
                    "sent_at": fields.Datetime.now(),
                    "attempts": attempts,
                    "error": False,
                }
            )
            self.outgoing_id._sending_done(self)
            return
        over = attempts >= ATTEMPTS
        self.write(
            {
                "state": "failed" if over else "pending",
                "attempts": attempts,
                "error": error[:300],
                "next_attempt_at": fields.Datetime.now()
                + timedelta(minutes=min(2**attempts, 240)),
            }
        )
        if over:
            self.outgoing_id._log(
                "not_sent", {"number": self.outgoing_id.number, "kind": self.channel}
            )

    def _mail_error(self):
        """Send the message; return what went wrong in one line, or None."""
        mail = self.env["mail.mail"].create(self.outgoing_id._mail_vals(self.address))
        try:
            mail.send(auto_commit=False, raise_exception=False)
        except Exception as error:
            _logger.warning(
                "Letter %s: its e-mail failed", self.outgoing_id.id, exc_info=True
            )
            return str(error).strip().split("\n")[0] or type(error).__name__
        if mail.exists() and mail.state != "sent":
            reason = mail.failure_reason or self.env._("the message waits in the queue")
            mail.unlink()
            return reason
        mail.exists().unlink()
        return None
