from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import given

from ..lib import likeness

#: how far back, and among how many letters, like ones are looked for
DAYS = 120
CANDIDATES = 2_000
MOST = 1_000
#: rows whose answer is still to come
TO_COME = ("draft", "waiting", "numbering", "manual", "sending")


class RegistryLetter(models.Model):
    """One answer to many like letters: found, put together, each closed with its own proof."""

    _inherit = "registry.letter"

    desk_group_row_ids = fields.One2many(
        "desk.mailing.recipient", "answers_id", string="Common answers", readonly=True
    )

    def _desk_similar(self):
        """Return the open letters that resemble this one, the nearest first.

        The sender of each gets the common answer; only what the user may read and treat is
        offered.
        """
        self.ensure_one()
        since = fields.Datetime.now() - timedelta(days=DAYS)
        candidates = self.search(
            [
                ("id", "!=", self.id),
                ("company_id", "=", self.company_id.id),
                ("desk_state", "in", ("to_dispatch", "assigned")),
                ("create_date", ">=", since),
            ],
            order="id desc",
            limit=CANDIDATES,
        )
        mine = likeness.trace(self.subject, self.body)
        found = []
        for letter in candidates:
            near = likeness.likeness(mine, likeness.trace(letter.subject, letter.body))
            if near >= likeness.NEAR and not letter._desk_together_refusal():
                found.append((-near, letter.id))
        return self.browse([letter_id for _near, letter_id in sorted(found)[:MOST]])

    def _desk_together_refusal(self):
        """Return why this letter does not get a common answer by this user, or None."""
        self.ensure_one()
        if refusal := self._desk_reply_refusal():
            return refusal
        if self._desk_group_rows(TO_COME):
            return UserError(
                self.env._(
                    "The letter %(letter)s is answered together with others already.",
                    letter=self.display_name,
                )
            )
        return self._desk_pending_refusal()

    def _desk_group_rows(self, states):
        """Return the rows of common answers to these letters that are in ``states``."""
        # An answer to come is a fact about the letter, whoever may read it.
        letters_sudo = self.sudo()
        return letters_sudo.desk_group_row_ids.filtered(
            lambda row: (
                row.state in states and row.mailing_id.outgoing_id.state != "cancelled"
            )
        )

    def action_answer_together(self, letter_ids=None):
        """Answer these letters, and others, by one letter to each of their senders.

        :param list letter_ids: ids of further letters; without them and with one letter
            only, open the form that proposes those that resemble it
        :return: window action: of the form, or of the common letter
        :raise UserError: fewer than two letters, one of them closed, answered already or
            being answered, of another administration
        :raise AccessError: a letter that the user does not treat
        """
        self.check_access("read")
        others = self.browse(given.record_ids(letter_ids)).exists()
        letters = self | others._filtered_access("read")
        if len(letters) == 1 and letter_ids is None:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Answer like letters together"),
                "res_model": "desk.group.wizard",
                "views": [(False, "form")],
                "target": "new",
                "context": {"default_letter_id": letters.id},
            }
        letters._desk_check_together()
        return letters._desk_begin_together()._open()

    def _desk_check_together(self):
        if not 2 <= len(self) <= MOST or len(self.company_id) != 1:
            raise UserError(
                self.env._(
                    "Choose from 2 to %(most)s letters of one administration.",
                    most=MOST,
                )
            )
        rows = self.assignment_ids
        if rows:
            rows._lock()
            self.invalidate_recordset()
        for letter in self:
            if refusal := letter._desk_together_refusal():
                raise refusal

    def _desk_begin_together(self):
        """Return the draft of the common answer to these letters. The gate was passed."""
        first = self.sorted("id")[:1]
        drafts = self.env["desk.outgoing"]
        vals = drafts._answer_vals(first)
        spoken = drafts.with_context(lang=vals["lang"])
        draft = drafts.create(
            {
                **vals,
                "kind": "letter",
                "recipient_name": spoken.env._(
                    "To the senders of the letters answered"
                ),
                "recipient_position": False,
                "recipient_email": False,
                "recipient_address": False,
            }
        )
        mailing = draft._begin_mailing(is_group=True)
        # The list was checked letter by letter just before.
        rows_sudo = self.env["desk.mailing.recipient"].sudo()._desk_gated()
        rows_sudo.create(
            [letter._desk_together_vals(mailing) for letter in self.sorted("id")]
        )
        for letter in self:
            letter._desk_log("together", {"number": str(len(self))}, journal={})
        return draft

    def _desk_together_vals(self, mailing):
        party = self._main_party()
        return {
            "mailing_id": mailing.id,
            "answers_id": self.id,
            "name": self.sender_name or party.name or self.display_name,
            "position": party.position,
            "email": party.email,
            "address": ", ".join((party.address or "").split("\n")) or False,
        }

    # What a common answer is for the letter

    def _desk_is_replied(self):
        return super()._desk_is_replied() or any(
            row._live() and not row.is_superseded
            for row in self._desk_group_rows(("sent", "sending"))
        )

    def _desk_blockers(self):
        found = super()._desk_blockers()
        rows = self._desk_group_rows(TO_COME)
        if rows and self.desk_state != "closed":
            found.append(
                self.env._(
                    "it is answered together with others (%(reply)s): wait for that "
                    "answer, or take the letter off its list.",
                    reply=rows[0].mailing_id.outgoing_id.display_name,
                )
            )
        return found

    def _desk_reply_sent(self, reply):
        """A common answer that reached a sender closes his letter, when nothing is open."""
        done = super()._desk_reply_sent(reply)
        # Who sends the common answer may not read each letter any more.
        for letter in self.sudo():
            if letter.desk_state != "replied" or letter._desk_blockers():
                continue
            mine = letter.desk_group_row_ids.filtered(
                lambda row: row.mailing_id.outgoing_id == reply
            )
            # Whether the unit that answered still has the letter is asked, nothing shown.
            unit_sudo = reply.sudo().unit_id
            if mine and letter.desk_unit_id in (unit_sudo, unit_sudo.parent_id):
                letter._desk_end("answered", False)
        return done

    def _desk_reopened(self):
        done = super()._desk_reopened()
        # What was sent before does not answer what is asked now.
        self._desk_group_rows(("sent",))._write_gated({"is_superseded": True})
        return done
