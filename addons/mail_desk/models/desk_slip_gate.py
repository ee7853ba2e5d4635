import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.exceptions import IntakeRefused
from odoo.addons.gov_base.lib import ink, text

from .desk_slip import MOST, PREFIX

#: (from, to); who may is one and the same: author, head of the unit, supervisor
TRANSITIONS = {
    ("draft", "issued"),
    ("issued", "signed"),
    ("issued", "cancelled"),
}


class DeskSlip(models.Model):
    """States of a slip: issued, it is out and its letters are sent; signed, they arrived."""

    _inherit = "desk.slip"

    can_edit = fields.Boolean(compute="_compute_can")
    can_issue = fields.Boolean(compute="_compute_can")
    can_sign = fields.Boolean(compute="_compute_can")
    can_cancel = fields.Boolean(compute="_compute_can")

    @api.depends("state", "user_id", "unit_id")
    @api.depends_context("uid")
    def _compute_can(self):
        for slip in self:
            slip.can_edit = slip.state == "draft" and slip._is_ours()
            slip.can_issue = not slip._transition_refusal("issued")
            slip.can_sign = not slip._transition_refusal("signed")
            slip.can_cancel = not slip._transition_refusal("cancelled")

    def _transition_refusal(self, new):
        """Return why this slip cannot become ``new`` by this user now, or None."""
        self.ensure_one()
        if (self.state, new) not in TRANSITIONS:
            return UserError(self._impossible_sentence(new))
        return None if self._is_ours() else self._role_refusal()

    def _impossible_sentence(self, new):
        env, code = self.env, self.code
        if self.state == "draft":
            return env._("The slip %(code)s is not out yet: issue it first.", code=code)
        if self.state == "cancelled":
            return env._("The slip %(code)s was cancelled.", code=code)
        if self.state == "signed":
            return env._(
                "The slip %(code)s was signed by its recipient: it stays as it is.",
                code=code,
            )
        return env._("The slip %(code)s is out already.", code=code)

    def _pass_gate(self, new):
        self.ensure_one()
        self.check_access("read")
        self._lock_or_tell(
            self.env._(
                "Somebody else acts on this slip at this very moment. Reload it to see "
                "what was done."
            )
        )
        if refusal := self._transition_refusal(new):
            raise refusal

    def _set_state(self, new, **vals):
        # The gate was passed; a slip that is out is written by the platform alone.
        self.sudo()._desk_gated().write({"state": new, **vals})

    def action_issue(self):
        """Issue this slip: its PDF is kept, its letters are sent by hand.

        :return: client action that downloads the slip
        :raise UserError: something is missing, a letter cannot leave, issued already
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self._pass_gate("issued")
        self._check_complete()
        for line in self.line_ids.filtered("outgoing_id"):
            sending = line.outgoing_id._send_on_slip(self)
            # The line belongs to the slip that was locked.
            line.sudo()._desk_gated().sending_id = sending
        # Documents are written by the platform alone; the gate was passed.
        slip_sudo = self.sudo()._desk_gated()
        version = slip_sudo.env["gov.document"]._store_generated(
            self._render_pdf(),
            f"{self.code}.pdf",
            "application/pdf",
            company=slip_sudo.company_id,
            owner=slip_sudo,
            role="main",
            name=self.env._("Transmission slip"),
        )
        self._set_state(
            "issued", issued_at=fields.Datetime.now(), slip_version_id=version.id
        )
        return self.slip_version_id.action_download()

    def _check_complete(self):
        lacking = []
        if not self.recipient_name:
            lacking.append(self.env._("the recipient"))
        if not self.place or not self.date:
            lacking.append(self.env._("place and date"))
        if not self.line_ids or any(not line.designation for line in self.line_ids):
            lacking.append(self.env._("what is sent, line by line"))
        if lacking:
            raise UserError(
                self.env._(
                    "Fill in first: %(what)s. Nothing was issued.",
                    what=", ".join(lacking),
                )
            )
        letters = self.line_ids.outgoing_id
        if len(letters) != len(self.line_ids.filtered("outgoing_id")):
            raise UserError(self.env._("A letter stands twice on this slip."))
        if len(self.line_ids) > MOST:
            raise UserError(
                self.env._("A slip has at most %(count)s lines.", count=MOST)
            )

    def action_download(self):
        """Download the slip as it was issued.

        :return: client action
        :raise UserError: not issued yet
        """
        self.ensure_one()
        self.check_access("read")
        if not self.slip_version_id:
            raise UserError(self._impossible_sentence("signed"))
        return self.slip_version_id.action_download()

    def action_signed(
        self, signed_by=None, day=None, scan=None, filename=None, is_checked=False
    ):
        """Note that the recipient countersigned: every letter of the slip was delivered.

        :param str signed_by: name and quality of who signed; without it, open the form
        :param day: date or ISO text of the signature, today by default
        :param str scan: the signed slip, as base64 text; its code has to be this slip's
        :param str filename: name of the scan
        :param bool is_checked: no code can be read on the scan, a person compared it
        :return: True, or the window action of the form
        :raise UserError: not issued, signed already, no name, a scan of another slip
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self._pass_gate("signed")
        if signed_by is None:
            return self._open_act("signed", self.env._("Signed by the recipient"))
        signed_by = text.clean_line(signed_by, 240)
        if not signed_by:
            raise UserError(self.env._("Write who signed: name and quality."))
        instant = self._signed_instant(day)
        if scan:
            self._add_scan(scan, filename, is_checked)
        note = self.env._("%(who)s, slip %(code)s", who=signed_by, code=self.code)
        for sending in self.line_ids.sending_id:
            if sending.state == "sent":
                sending._lock()
                sending._delivered(instant, note)
        self._set_state("signed", signed_at=instant, signed_by=signed_by)
        return True

    def _signed_instant(self, day):
        sending = self.env["desk.sending"].new({"sent_at": self.issued_at})
        return sending._given_instant(day)

    def _add_scan(self, scan, filename, is_checked):
        """Keep the scan, once its code is compared and the intake has checked it."""
        try:
            content = base64.b64decode(scan, validate=True)
        except (ValueError, TypeError) as error:
            raise UserError(
                self.env._("The file did not arrive whole. Choose it again.")
            ) from error
        self._check_scan(content, is_checked)
        # Documents are written by the intake alone; the gate of the slip was passed.
        documents_sudo = self.env["gov.document"].sudo()
        try:
            documents_sudo._ingest(
                content,
                text.clean_line(filename, 200) or f"{self.code}-signed.pdf",
                company=self.company_id,
                owner=self.sudo()._desk_gated(),
                role="annex",
                origin="scan",
                name=self.env._("Signed slip"),
            )
        except IntakeRefused as refusal:
            # The web client shows the sentence of a plain UserError only.
            raise UserError(refusal.args[0]) from refusal

    def _check_scan(self, content, is_checked):
        """Raise when the scan is that of another paper, or of one nobody compared."""
        try:
            codes = [found for _page, found in ink.codes(content)]
        except ink.Unreadable as error:
            raise UserError(
                self.env._(
                    "This file cannot be read as a scan: choose a PDF or a picture."
                )
            ) from error
        if PREFIX + self.code in codes:
            return
        if any(code.startswith("MKT:") for code in codes):
            raise UserError(
                self.env._(
                    "This paper is not the slip %(code)s: its code is that of another one. "
                    "Nothing was noted.",
                    code=self.code,
                )
            )
        if not is_checked:
            raise UserError(
                self.env._(
                    "No code can be read on this scan. Compare the paper with the slip "
                    "%(code)s, tick that it is the same, and confirm again.",
                    code=self.code,
                )
            )

    def action_cancel(self, reason=None):
        """Cancel a slip that is out: its letters were not handed over.

        :param str reason: why, in one line; without it, open the form that asks
        :return: True, or the window action of the form
        :raise UserError: not issued, signed already, no reason
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self._pass_gate("cancelled")
        if reason is None:
            return self._open_act("cancelled", self.env._("Cancel the slip"))
        reason = text.clean_line(reason, 240)
        if not reason:
            raise UserError(self.env._("Say in one line why the slip is cancelled."))
        for sending in self.line_ids.sending_id:
            if sending.state == "sent":
                sending.action_cancel(reason)
        self._set_state("cancelled", reason=reason)
        return True

    def _open_act(self, act, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "desk.slip.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_slip_id": self.id, "default_act": act},
        }
