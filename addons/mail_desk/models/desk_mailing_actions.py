from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import given, text

#: letters that are noted as posted while the person waits
AT_ONCE = 100


class DeskMailing(models.Model):
    """What people do with a mailing. Each action passes the gate first."""

    _inherit = "desk.mailing"

    def action_start(self):
        """Start the mailing: the platform sends it in the background, row by row.

        :return: True
        :raise UserError: no recipient, the letter is not ready, started already
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self._pass_gate("running")
        if self.state != "draft":
            return self.action_resume()
        self._set_state(
            "running", started_at=fields.Datetime.now(), started_by_id=self.env.uid
        )
        self._let_wait("draft")
        self.outgoing_id._log("mailing_started", {"number": str(self.recipient_count)})
        self._trigger()
        return True

    def action_pause(self):
        """Pause the mailing: what is on its way goes on, nothing new is begun.

        :return: True
        :raise UserError: it is not being sent
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self._pass_gate("paused")
        self._set_state("paused")
        return True

    def action_resume(self):
        """Go on with a paused mailing.

        :return: True
        :raise UserError: it is not paused
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self._pass_gate("running")
        self._set_state("running")
        self._trigger()
        return True

    def action_retry(self):
        """Try again what failed: by the same way, or by the one chosen since.

        :return: True
        :raise UserError: nothing failed
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self.check_access("read")
        self._lock()
        if refusal := self._retry_refusal():
            raise refusal
        self._let_wait("failed", attempts=0, next_attempt_at=False)
        if self.state != "running":
            self._set_state("running", ended_at=False)
        self._trigger()
        return True

    def action_posted(self, note=None, recipient_ids=None):
        """Note that letters of this mailing were posted or handed over, with one proof.

        :param str note: proof in one line, for example the number of the deposit slip of
            the post; without it, open the form that asks
        :param list recipient_ids: rows it is about; all that wait, by default
        :return: True, or the window action of the form
        :raise UserError: none waits for this, no proof
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self.check_access("read")
        self._lock()
        if refusal := self._post_refusal():
            raise refusal
        if note is None:
            return self._open_wizard(
                "desk.mailing.posted.wizard", self.env._("Posted or handed over")
            )
        rows = self.recipient_ids.filtered(lambda row: row.state == "manual")
        if recipient_ids:
            rows = rows.filtered(lambda row: row.id in given.record_ids(recipient_ids))
        note = text.clean_line(note, 500)
        if not rows or not note:
            raise UserError(
                self.env._(
                    "Choose letters that wait for the post or a messenger, and note the "
                    "proof in one line: number of the deposit slip, who took them…"
                )
            )
        if len(rows) > AT_ONCE:
            # A long list is the batch's work: nobody waits before the screen.
            rows._write_gated(
                {"state": "waiting", "proof": note, "proof_by_id": self.env.uid}
            )
            self._trigger()
            return True
        for row in rows:
            row._leave_by(row._wanted_channel(), note)
        self._check_done()
        return True

    def action_give_up(self):
        """Give up this mailing before it begins: the letter goes to one recipient again.

        :return: True
        :raise UserError: the letter was submitted
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self._check_list_open()
        letter = self.outgoing_id
        # The list goes with the mailing; the gate was passed.
        self.sudo()._desk_gated().unlink()
        return letter._open()

    def action_open_rows(self):
        """Open the recipients of this mailing as a list.

        :return: window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "mail_desk.desk_mailing_recipient_action"
        )
        return {**action, "domain": [("mailing_id", "=", self.id)]}

    def _open_wizard(self, model, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_mailing_id": self.id},
        }

    def _let_wait(self, state, **vals):
        """Hand the rows that are in ``state`` to the batch, in one query however many."""
        rows = self.recipient_ids.filtered(lambda row: row.state == state)
        rows._write_gated({"state": "waiting", **vals})

    def _trigger(self):
        self.env.ref("mail_desk.ir_cron_desk_process_mailings")._trigger()

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }
