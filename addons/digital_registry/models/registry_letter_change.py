from odoo import models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import text

#: kind of words kept beside the line → event of the journal
EVENTS = {
    "cancellation": "letter.cancelled",
    "rectification": "letter.rectified",
    "classification": "letter.classified",
}
#: field of the letter → name in the sealed words of the line (None: plain in the event)
RECTIFIABLE = {
    "subject": "subject",
    "sender_name": "sender",
    "sender_reference": "sender_reference",
    "document_date": "document_date",
    "arrival_date": "arrival_date",
}


class RegistryLetter(models.Model):
    """What may happen to a registered letter: cancellation and rectification.

    The line never changes: each is an event of its own, with its words kept beside the
    first ones, so that both readings stay available (TUDA art. 54; DPCM 31.10.2000
    art. 8, as adopted in reference/registry-and-desk.md §E2 S3).
    """

    _inherit = "registry.letter"

    def action_cancel(self, reason=None, authority=None, authority_date=None):
        """Cancel these registrations; without arguments, open the form that asks why.

        :param str reason: why, in words
        :param str authority: reference of the decision that allows it
        :param authority_date: date of that decision (ISO date or date)
        :return: True, or the window action of the form
        :raise UserError: not registered, number pending, reason or authority missing
        :raise AccessError: the user is not the head of the office
        """
        self._check_transition("cancelled")
        if reason is None and authority is None:
            return self._open_wizard("registry.cancel.wizard", self.env._("Cancel"))
        reason, authority = text.clean_block(reason), text.clean_line(authority)
        if not reason or not authority:
            raise UserError(
                self.env._(
                    "A cancellation needs a reason and the reference of the decision "
                    "that allows it. Nothing was cancelled."
                )
            )
        day = self._given_day(authority_date)
        for letter in self:
            letter._cancel_one(reason, authority, day)
        self.activity_update()
        return True

    def _cancel_one(self, reason, authority, day):
        event = self._append_change(
            "cancellation",
            {"reason": reason},
            {"authority": authority, "authority_date": day and day.isoformat()},
        )
        self.env["registry.entry.status"]._project(
            self.entry_id,
            state="cancelled",
            event_uid=event.uid,
            reason=reason,
            authority=authority,
            authority_date=day,
        )
        self._gated().write({"state": "cancelled"})
        self.receipt_id._mark_cancelled()
        self.message_post(
            body=self.env._(
                "Cancelled under %(authority)s. The line and its number stay readable.",
                authority=authority,
            )
        )

    def action_rectify(self, field_name=None, value=None, reason=None):
        """Rectify one fact of a registered letter, keeping both values.

        Without arguments, open the form that shows the old value and asks the new one.

        :param str field_name: subject, sender_name, sender_reference, document_date or
            arrival_date
        :param value: the right value (str, or ISO date)
        :param str reason: why, in words
        :return: True, or the window action of the form
        :raise UserError: not registered, unknown field, nothing changes, no reason
        :raise AccessError: the user is not the head of the office
        """
        for letter in self:
            refusal = letter._rectify_refusal()
            if refusal:
                raise refusal
        if field_name is None:
            return self._open_wizard("registry.rectify.wizard", self.env._("Rectify"))
        self.ensure_one()
        if field_name not in RECTIFIABLE:
            raise UserError(
                self.env._(
                    "Only the subject, the correspondent, their reference, the date of "
                    "the letter and the day of arrival can be rectified. For the rest, "
                    "cancel the line and register again."
                )
            )
        reason = text.clean_block(reason)
        old, new = self._both_values(field_name, value)
        if not reason:
            raise UserError(
                self.env._("Say why this is rectified. Nothing was changed.")
            )
        if old == new:
            raise UserError(
                self.env._(
                    "The new value is the one already there: nothing to rectify."
                )
            )
        if not new and field_name in ("subject", "sender_name"):
            raise UserError(
                self.env._("The subject and the correspondent cannot be emptied.")
            )
        self._rectify_one(field_name, old, new, reason)
        return True

    def _both_values(self, field_name, value):
        field = self._fields[field_name]
        if field.type == "date":
            day = self._given_day(value)
            current = self[field_name]
            return (
                current.isoformat() if current else "",
                day.isoformat() if day else "",
            )
        new = text.clean_line(value)
        if field_name == "subject" and len(new) > field.size:
            raise UserError(
                self.env._(
                    "The subject is too long: %(limit)s signs at most.",
                    limit=field.size,
                )
            )
        return self[field_name] or "", new

    def _rectify_one(self, field_name, old, new, reason):
        key = RECTIFIABLE[field_name]
        event = self._append_change(
            "rectification",
            {"field": key, "old": old, "new": new, "reason": reason, key: new},
            {"field": key},
        )
        self.env["registry.entry.status"]._project(
            self.entry_id,
            state="rectified",
            event_uid=event.uid,
            reason=reason,
            authority=False,
            authority_date=False,
        )
        gated = self._gated()
        gated.write({field_name: new or False})
        if self.receipt_id:
            self.receipt_id._supersede_by(
                self._create_receipt(self.entry_id, self, kind=self.receipt_id.kind)
            )
        label = self._fields[field_name].get_description(self.env)["string"]
        self.message_post(
            body=self.env._(
                "Rectified: %(field)s. Both values are kept in the register.",
                field=label,
            )
        )

    def _append_change(self, kind, values, plain):
        """Append the event of a change and keep its words beside the line."""
        self.ensure_one()
        details_sudo = self.env["registry.entry.detail"].sudo()
        columns, digests = details_sudo._prepare(values)
        event = self.register_id._append_event(
            EVENTS[kind],
            {
                **plain,
                "entry": self._registration_uid(),
                "number": self.entry_id.number or None,
                "salted": digests,
            },
            subject=self.entry_id,
        )
        details_sudo.create(
            {
                "entry_id": self.entry_id.id,
                "company_id": self.company_id.id,
                "kind": kind,
                "event_uid": event.uid,
                "subject": values.get("subject") or False,
                "sender_name": values.get("sender") or False,
                **columns,
            }
        )
        return event

    def _registration_uid(self):
        """Return the event of the registration, known before its number is given."""
        entry = self.entry_id
        if entry.event_uid:
            return entry.event_uid
        # Read for the journal, whoever classifies: the words of lines have few readers.
        details_sudo = entry.detail_ids.sudo()
        return details_sudo.sorted("id")[:1].event_uid

    def _open_wizard(self, model, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_letter_id": self[:1].id},
        }
