from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError

#: what a person may change of a comment that he wrote himself
OWN_WORDS = {"body", "attachment_ids", "write_date"}
#: what says who wrote what, where and when
KEPT = {
    "author_id",
    "author_guest_id",
    "email_from",
    "date",
    "body",
    "subject",
    "model",
    "res_id",
    "message_type",
    "subtype_id",
    "attachment_ids",
    "tracking_value_ids",
    "parent_id",
    "record_name",
}


class MailMessage(models.Model):
    """Words beside a document in circuit are of who wrote them, by every door: nobody writes, changes or deletes them for another person."""

    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        if self._gov_words_are_free():
            return messages
        own, now = self.env.user.partner_id, fields.Datetime.now()
        for message in messages._gov_beside_circuits():
            # Defaults may come by RPC: what was kept is looked at, not what was given.
            if message.author_id != own:
                raise AccessError(
                    self.env._(
                        "Nobody writes in the name of another person: nothing was written."
                    )
                )
            if message.date != now:
                super(MailMessage, message).write({"date": now})
        return messages

    def write(self, vals):
        kept = KEPT & vals.keys()
        if kept and not self._gov_words_are_free():
            beside = self._gov_beside_circuits()
            own = self.env.user.partner_id
            if beside and (
                kept - OWN_WORDS or any(one.author_id != own for one in beside)
            ):
                raise AccessError(self._gov_kept_sentence())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_own_words_only(self):
        if not self._gov_words_are_free():
            own = self.env.user.partner_id
            if any(
                one.author_id != own or one.message_type != "comment"
                for one in self._gov_beside_circuits()
            ):
                raise AccessError(self._gov_kept_sentence())

    @api.model
    def _gov_words_are_free(self):
        """Whether it is the platform that writes: mails that come in, what the app itself says."""
        return self.env.su or self.env.uid == SUPERUSER_ID

    def _gov_beside_circuits(self):
        """Those of these messages that lie beside a document of which people decide in circuit."""
        # Where a message lies is looked at, whatever its reader may read.
        rows_sudo = self.sudo()
        return rows_sudo.filtered(
            lambda one: hasattr(self.env.get(one.model or ""), "_circuit_act_refusal")
        )

    @api.model
    def _gov_kept_sentence(self):
        return self.env._(
            "What was written beside a document in circuit is of who wrote it: it is neither "
            "changed nor deleted for him. Nothing was changed."
        )
