import hashlib
import secrets
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import LockError
from odoo.modules import module as odoo_module

ATTEMPTS = 6
#: what is larger goes by link: mail servers refuse it
MAX_ATTACHED = 10_000_000
LINK_DAYS = 30
CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


class ParapheurDispatch(models.Model):
    """Sending by e-mail: a batch hands each message to the mail server."""

    _inherit = "parapheur.dispatch"

    @api.model
    def _process_dispatches(self, limit=50):
        """Cron: send the final files, one address a transaction.

        :param int limit: at most so many in one run
        """
        domain = [
            ("state", "=", "pending"),
            "|",
            ("next_attempt_at", "=", False),
            ("next_attempt_at", "<=", fields.Datetime.now()),
        ]
        waiting = self.search(domain, limit=limit, order="id")
        remaining = self.search_count(domain)
        for dispatch in waiting:
            dispatch._gated()._send_one()
            remaining -= 1
            if odoo_module.current_test:
                continue
            if not self.env["ir.cron"]._commit_progress(1, remaining=remaining):
                return

    def _send_one(self):
        """Hand one message to the mail server; a failure is written, not raised."""
        self.ensure_one()
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError:
            return
        self.invalidate_recordset()
        if self.state != "pending":
            return
        self._choose_way()
        error, final, uid = self._mailed()
        attempts = self.attempts + 1
        if not error:
            self.write(
                {
                    "state": "sent",
                    "sent_at": fields.Datetime.now(),
                    "message_uid": uid,
                    "attempts": attempts,
                    "error": False,
                    "next_attempt_at": False,
                }
            )
            self._log("folder.dispatched", self._sent_facts())
        elif final or attempts >= ATTEMPTS:
            self.write({"state": "failed", "attempts": attempts, "error": error})
            self._log("folder.not_dispatched", {"attempts": attempts})
            self._tell_failure()
        else:
            wait = timedelta(minutes=min(2**attempts, 240))
            self.write(
                {
                    "attempts": attempts,
                    "error": error,
                    "next_attempt_at": fields.Datetime.now() + wait,
                }
            )
        self.folder_id._dispatch_changed()

    def _sent_facts(self):
        return {
            "way": self.way,
            "message": self.message_uid,
            "documents": [one.sha256 for _name, one in self._files()],
        }

    def _tell_failure(self):
        self.folder_id._tell(
            self.folder_id.initiator_id,
            self.env._(
                "%(folder)s: the files could not be sent to one of the recipients. See "
                "“Dispatch” in the folder.",
                folder=self.folder_id.reference,
            ),
        )

    # ------------------------------------------------------------------
    # The message
    # ------------------------------------------------------------------
    def _choose_way(self):
        """Attach the files, unless the folder is restricted or they are too large."""
        size = sum(version.size for _name, version in self._files())
        restricted = self.folder_id.is_restricted
        vals = {
            "way": "link" if restricted or size > MAX_ATTACHED else "attachment",
            "expires_at": fields.Datetime.now() + timedelta(days=LINK_DAYS),
        }
        if restricted and not self.code:
            vals["code"] = "".join(secrets.choice(CODE_SIGNS) for _sign in range(8))
        self.write(vals)

    def _files(self):
        """[(name, version)] of what is sent: the closed documents, in order."""
        return [
            (piece.final_id.filename, piece.final_id)
            for piece in self.folder_id.piece_ids
            if piece.final_id
        ]

    def _mailed(self):
        """Send it; return (what went wrong in one line or None, for good, message id)."""
        mail = self.env["mail.mail"].create(self._mail_vals())
        uid = mail.message_id
        return *mail._gov_hand_over(f"Dispatch {self.id}"), uid

    def _mail_vals(self):
        folder = self.folder_id
        company = folder.company_id
        language = {"ar": "ar_MA", "en": "en_US"}.get(folder.language, "fr_FR")
        if not self.env["res.lang"]._get_data(code=language):
            language = self.env.lang
        told = self.with_context(lang=language)
        issuer = company.with_context(lang=language).gov_name or company.name
        host = (company.bounce_email or "").rpartition("@")[2] or "maktab.invalid"
        # The token is nobody's to read; the message carries it to its recipient alone.
        self_sudo = self.sudo()
        token = self_sudo.token
        # The same number at each attempt: a message sent twice is known as one.
        number = hashlib.sha256(token.encode()).hexdigest()[:16]
        vals = {
            "subject": told.env._("%(issuer)s: a document for you", issuer=issuer),
            "body_html": told._mail_body(issuer, token),
            "email_to": self.email,
            "email_from": company.gov_email
            or company.email_formatted
            or self.env.user.email_formatted,
            "auto_delete": False,
            "message_id": f"<{self.id}.{number}.book-dispatch@{host}>",
        }
        if self.way == "attachment":
            vals["attachment_ids"] = [
                fields.Command.create(
                    {
                        "name": name,
                        "raw": version._read_content(),
                        "mimetype": version.mime,
                        # Deleted with the message once it is sent.
                        "res_model": "mail.message",
                    }
                )
                for name, version in self._files()
            ]
        return vals

    def _mail_body(self, issuer, token):
        """What the message says; of a restricted folder, neither title nor names."""
        env, folder = self.env, self.folder_id
        first = (
            env._("A document of %(issuer)s is ready for you.", issuer=issuer)
            if folder.is_restricted
            else env._(
                "You receive “%(title)s” of %(issuer)s, reference %(reference)s.",
                title=folder.title,
                issuer=issuer,
                reference=folder.reference,
            )
        )
        body = Markup("<p>%s</p>") % first
        if self.way == "link":
            url = f"{folder.company_id.get_base_url()}/book/files/{token}"
            body += Markup('<p><a href="%s">%s</a></p><p>%s</p>') % (
                url,
                env._("Get the files"),
                env._(
                    "The link works until %(date)s.",
                    date=fields.Date.to_string(self.expires_at),
                ),
            )
            if self.code:
                body += Markup("<p>%s</p>") % env._(
                    "A code is asked there: the administration tells it to you by another way."
                )
        else:
            body += Markup("<p>%s</p>") % env._(
                "Keep the attached file as it is: its signatures prove what it says."
            )
        return body + Markup("<p>%s</p>") % issuer
