from odoo import fields, models
from odoo.exceptions import UserError

ACTIVITY = "mail_desk.mail_activity_type_send_again"


class DeskOutgoing(models.Model):
    """After the sending: what it changes, what is written down, what came back."""

    _inherit = "desk.outgoing"

    def _sending_done(self, sending):
        """The letter left: it is sent, and the letter it answers is replied."""
        self.ensure_one()
        if self.state == "sealed":
            self._set_state("sent")
        # Who asked for it sent it, whichever batch did the work.
        event = (
            self.env["desk.event"]
            .with_user(sending.user_id or self.env.user)
            ._log(
                "sent",
                {"number": self.number, "kind": sending.channel, "note": sending.note},
                letter=sending.answers_id or None,
                outgoing=self,
            )
        )
        self._journal_sending(sending)
        self._close_send_again()
        sending.answers_id._desk_reply_sent(self)
        return event

    def _journal_sending(self, sending):
        """Facts of the register's journal: who it was sent to stays in the letter."""
        self._circuit_journal()._append(
            f"desk.{sending.state}",
            {
                "register": self._numbering_register().code,
                # The number of the entry alone: the sender of the letter reads no register.
                "entry": self.sudo().letter_id.entry_id.event_uid,
                "channel": sending.channel,
                "sending": sending.id,
            },
            subject=self,
        )

    def _sending_changed(self, sending):
        """A sending arrived, came back, failed or was cancelled: follow it."""
        self.ensure_one()
        if sending._is_live() or sending.state == "pending":
            return
        if sending.state != "cancelled":
            self._ask_to_send_again()
        if self.state == "sent" and not self._live_sendings():
            self._set_state("sealed")
        sending.answers_id._desk_reply_lost(self, sending)

    def _live_sendings(self):
        # A sending is a fact about the letter, whoever acts on it.
        return self.sudo().sending_ids.filtered(lambda sending: sending._is_live())

    def _ask_to_send_again(self):
        """Ask the author, or the head of his unit, to find another way."""
        person = self.user_id.filtered("active")
        if not person:
            person = self.env["gov.access"]._heads(self.unit_id)[:1]
        # The batch or the gateway asks; the person asked reads the letter already.
        outgoing_sudo = self.sudo()
        kind = self.env.ref(ACTIVITY)
        waiting = outgoing_sudo.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )
        if person and not waiting:
            # Nothing about the recipient: what is in a message outlives rights.
            outgoing_sudo.activity_schedule(
                ACTIVITY,
                user_id=person.id,
                summary=self.with_context(lang=person.sudo().lang).env._(
                    "Not delivered: send it another way"
                ),
                automated=True,
            )

    def _close_send_again(self):
        # The activity belongs to the person who was asked, whoever sent it again.
        outgoing_sudo = self.sudo()
        outgoing_sudo.activity_unlink([ACTIVITY])

    def _mail_vals(self, address):
        """Return the message that carries the sealed letter."""
        self.ensure_one()
        company = self.company_id
        issuer = company.gov_name or company.name
        outgoing = self.with_context(lang=self.lang)
        name = f"{(self.number or self.reference).replace('/', '-')}.pdf"
        own_subject, own_words = self._mail_words()
        return {
            "subject": own_subject
            or outgoing.env._(
                "%(issuer)s – letter %(number)s",
                issuer=issuer,
                number=self.number or self.reference,
            ),
            "email_to": address,
            "email_from": self.office_id.email or company.email_formatted,
            "reply_to": self.office_id.email or company.email_formatted,
            "auto_delete": False,
            "body_html": own_words
            or self.env["ir.qweb"]
            .with_context(lang=self.lang)
            ._render(
                "mail_desk.outgoing_mail",
                {"outgoing": self, "issuer": issuer},
                minimal_qcontext=True,
            ),
            "attachment_ids": [
                fields.Command.create(
                    {
                        "name": filename,
                        "raw": version._read_content(),
                        "mimetype": version.mime,
                        "res_model": "mail.mail",
                    }
                )
                for filename, version in self._sent_files(name)
            ],
        }

    def _sent_files(self, name):
        """Return [(name, version)] of what leaves: the sealed letter, then its annexes."""
        self.ensure_one()
        # The files of the registered letter, whoever has it sent.
        letter_sudo = self.sudo()
        return [
            (name, letter_sudo.final_version_id),
            *((version.filename, version) for version in letter_sudo._sent_annexes()),
        ]

    def _sent_annexes(self):
        """Return the versions of the annexes that leave with this letter, in order."""
        annexes = self.letter_id.document_ids.filtered(lambda one: one.role == "annex")
        return annexes.current_version_id.filtered(
            lambda version: version.state == "released"
        )

    def action_abandon(self):
        """Abandon this draft: it stays readable, nothing was numbered.

        :return: True
        :raise UserError: not a draft
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self._pass_gate("cancelled")
        for draft in self:
            draft._desk_write({"state": "cancelled"})
            draft._log("abandoned", {})
        return True

    def action_download_final(self):
        """Open the sealed letter as a download.

        :return: client action
        :raise UserError: not sealed yet
        """
        self.ensure_one()
        self.check_access("read")
        if not self.final_version_id:
            raise UserError(self.env._("The sealed letter is not there yet."))
        return self.final_version_id.action_download()

    def action_open_letter(self):
        """Open the registered letter this draft became.

        :return: window action
        """
        self.ensure_one()
        return self._open_other(self.letter_id)

    def action_open_answered(self):
        """Open the letter that is answered.

        :return: window action
        """
        self.ensure_one()
        return self._open_other(self.answers_id)

    def _open_other(self, letter):
        if not letter:
            raise UserError(
                self.env._(
                    "There is no such letter: %(letter)s answers none, or is not numbered "
                    "yet.",
                    letter=self.display_name,
                )
            )
        return letter.action_open_desk()

    def action_open(self):
        """Open this letter.

        :return: window action
        """
        return self._open()

    def _open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def _open_form(self, model, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_outgoing_id": self.id},
        }
