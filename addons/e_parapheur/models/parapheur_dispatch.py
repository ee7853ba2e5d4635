import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS
from odoo.tools import email_normalize

from odoo.addons.gov_base.lib import given, text

from .parapheur_folder_gate import GATE

STATES = [
    ("planned", "Planned"),
    ("pending", "To be sent"),
    ("sent", "Sent"),
    ("failed", "Not sent"),
    ("cancelled", "Cancelled"),
]
#: (from, to) → who may: "ours" sends the folder, "platform" is the batch
TRANSITIONS = {
    ("planned", "pending"): "platform",
    ("planned", "cancelled"): "ours",
    ("pending", "sent"): "platform",
    ("pending", "failed"): "platform",
    ("pending", "cancelled"): "ours",
    ("failed", "pending"): "ours",
    ("failed", "cancelled"): "ours",
    ("sent", "cancelled"): "ours",
}
#: nothing is waited for any more
ENDED = ("sent", "cancelled")
MAX_NAME = 240
MAX_ADDRESS = 254


class ParapheurDispatch(models.Model):
    """The final files of a folder on their way to one address: by whom, when, what came of it.

    Written by the folder's own methods and the batch; kept as proof of sending.
    """

    _name = "parapheur.dispatch"
    _description = "Dispatch of a folder"
    _inherit = ["gov.gated"]
    _order = "folder_id, id"
    _rec_name = "email"
    _check_company_auto = True

    folder_id = fields.Many2one(
        "parapheur.folder",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="folder_id.company_id", store=True, readonly=True
    )
    step_id = fields.Many2one(
        "gov.circuit.run.step", readonly=True, index="btree_not_null"
    )
    name = fields.Char("Recipient", readonly=True, size=MAX_NAME)
    email = fields.Char("E-mail", required=True, readonly=True, size=MAX_ADDRESS)
    way = fields.Selection(
        [("attachment", "Files attached"), ("link", "Link to the files")],
        string="How",
        readonly=True,
        help="Files of a restricted folder are never attached: the message has a link, and "
        "the code is told to the recipient by another way.",
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="planned", index=True
    )
    asked_by = fields.Char("By", readonly=True)
    sent_at = fields.Datetime("Sent on", readonly=True)
    message_uid = fields.Char("Message", readonly=True)
    attempts = fields.Integer(readonly=True, aggregator=None)
    next_attempt_at = fields.Datetime("Next attempt", readonly=True)
    error = fields.Char("Problem", readonly=True)
    reason = fields.Char("Cancelled because", readonly=True)
    # In the link of the message: who has it gets the files.
    token = fields.Char(readonly=True, copy=False, groups=NO_ACCESS)
    code = fields.Char(
        readonly=True,
        copy=False,
        help="Tell it to the recipient by another way than e-mail.",
    )
    expires_at = fields.Datetime("Link works until", readonly=True)
    fetched_at = fields.Datetime("First fetched on", readonly=True)
    fetched_count = fields.Integer("Fetched", readonly=True, aggregator=None)
    can_cancel = fields.Boolean(compute="_compute_can")
    can_resend = fields.Boolean(compute="_compute_can")

    _waiting_idx = models.Index("(id) WHERE state = 'pending'")
    _token_uniq = models.UniqueIndex("(token) WHERE token IS NOT NULL")

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can(self):
        for dispatch in self:
            dispatch.can_cancel = not dispatch._transition_refusal("cancelled")
            dispatch.can_resend = not dispatch._transition_refusal("pending")

    # ------------------------------------------------------------------
    # Gate
    # ------------------------------------------------------------------
    @api.model
    def _gated_names(self):
        return frozenset(self._fields)

    def _gated(self):
        """These rows for the folder's own methods."""
        return self.with_context(parapheur_gate=GATE)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_gate()
        return super().create(
            [{**vals, "token": secrets.token_urlsafe(24)} for vals in vals_list]
        )

    def write(self, vals):
        self._check_gate()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_planned(self):
        if self.filtered(lambda one: one.state != "planned"):
            raise UserError(self.env._("A proof of sending is never deleted."))
        self._check_gate()

    def _check_gate(self):
        if self.env.context.get("parapheur_gate") is not GATE:
            raise AccessError(
                self.env._(
                    "To whom the files are sent changes only with the folder's own buttons."
                )
            )

    def _transition_refusal(self, new):
        """Return why this row cannot become ``new`` by this user now, or None."""
        self.ensure_one()
        who = TRANSITIONS.get((self.state, new))
        labels = dict(self._fields["state"]._description_selection(self.env))
        if who is None:
            return UserError(
                self.env._(
                    "This dispatch is “%(state)s”: nothing was changed. Reload the folder.",
                    state=labels[self.state],
                )
            )
        if who == "platform":
            return AccessError(self.env._("The platform itself writes this."))
        return self.folder_id._dispatch_change_refusal()

    def _pass_gate(self, new):
        """Lock this row and raise unless it may become ``new`` now."""
        self.ensure_one()
        self.check_access("read")
        self._lock_or_tell(
            self.env._(
                "These files are being sent at this very moment. Reload the folder to see "
                "what became of it."
            )
        )
        refusal = self._transition_refusal(new)
        if refusal:
            raise refusal

    # ------------------------------------------------------------------
    # What people do
    # ------------------------------------------------------------------
    def action_cancel(self, reason):
        """Send nothing to this address, or let the link that was sent work no more.

        :param str reason: why, kept in the folder
        :return: True
        :raise UserError: no reason, ended already, being sent right now
        :raise AccessError: neither the sender nor who sends at this step
        """
        reason = self.folder_id._needed_reason(reason)
        self._pass_gate("cancelled")
        # Rows are written by the platform; the gate was passed.
        dispatch_sudo = self.sudo()._gated()
        dispatch_sudo.write({"state": "cancelled", "reason": text.clean_line(reason)})
        dispatch_sudo._log("folder.dispatch_cancelled", {})
        dispatch_sudo.folder_id._dispatch_changed()
        return True

    def action_open_cancel(self):
        """Open the window that asks why nothing is sent to this address.

        :return: window action
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel a dispatch"),
            "res_model": "parapheur.act",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_folder_id": self.folder_id.id,
                "default_what": "dispatch_cancel",
                "default_dispatch_id": self.id,
                "dialog_size": "medium",
            },
        }

    def action_resend(self):
        """Try again to send what could not be sent.

        :return: True
        :raise UserError: it did not fail, or is being sent right now
        :raise AccessError: neither the sender nor who sends at this step
        """
        self._pass_gate("pending")
        # Rows are written by the platform; the gate was passed.
        dispatch_sudo = self.sudo()._gated()
        dispatch_sudo.write(
            {"state": "pending", "attempts": 0, "next_attempt_at": False}
        )
        dispatch_sudo._start()
        return True

    # ------------------------------------------------------------------
    # Helpers of the folder
    # ------------------------------------------------------------------
    @api.model
    def _recipients(self, recipients):
        """Recipients as a caller gave them: list of {name, email}, each address once.

        :raise UserError: an address that is none
        """
        several = recipients if isinstance(recipients, list | tuple) else []
        found = {}
        for one in several:
            told = one if isinstance(one, dict) else {"email": one}
            email = told.get("email")
            email = (
                text.clean_line(email, MAX_ADDRESS) if isinstance(email, str) else ""
            )
            normal = email.count("@") == 1 and email_normalize(email)
            if not normal:
                raise UserError(
                    self.env._(
                        "“%(address)s” is no e-mail address: nothing was changed.",
                        address=email or "?",
                    )
                )
            name = told.get("name")
            name = text.clean_line(name, MAX_NAME) if isinstance(name, str) else ""
            found[normal] = {"name": name, "email": normal}
        return list(found.values())

    def _log(self, kind, facts):
        """One line of the signature book; addresses stay in the row. Called as superuser."""
        self.folder_id._event(kind, {"dispatch": self.id, **facts})

    def _start(self):
        self.env.ref("e_parapheur.ir_cron_parapheur_process_dispatches")._trigger()

    @api.model
    def _known(self, dispatch_id):
        """The row with this id as a caller gave it, empty when there is none."""
        return self.browse(given.record_id(dispatch_id)).exists()
