from odoo import models


class ParapheurFolder(models.Model):
    """What leaves a restricted folder by mail: that something was written, never what."""

    _inherit = "parapheur.folder"

    def _quiet_body(self):
        return self.env._(
            "Something was written in the folder %(folder)s. Open it to read: what is in a "
            "restricted folder is not sent by mail.",
            folder=self.reference,
        )

    def _notify_by_email_prepare_rendering_context(self, message, **kwargs):
        values = super()._notify_by_email_prepare_rendering_context(message, **kwargs)
        if self.is_restricted:
            # A copy in memory: the words stay in the folder, the mail does not carry them.
            quiet = message.new({"body": self._quiet_body()}, origin=message)
            values |= {"message": quiet, "tracking_values": [], "signature": ""}
        return values

    def _notify_by_email_get_base_mail_values(self, message, *args, **kwargs):
        values = super()._notify_by_email_get_base_mail_values(message, *args, **kwargs)
        if self.is_restricted:
            values |= {"subject": self.reference}
        return values

    def _notify_by_web_push_prepare_payload(self, message, **kwargs):
        payload = super()._notify_by_web_push_prepare_payload(message, **kwargs)
        if self.is_restricted:
            payload["options"]["body"] = self._quiet_body()
        return payload
