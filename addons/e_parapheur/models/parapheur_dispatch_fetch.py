import hmac

from odoo import api, fields, models

from odoo.addons.gov_base.lib import text

#: wrong codes for one link in a quarter of an hour
TRIES, PERIOD = 5, 900
MAX_TOKEN = 64


class ParapheurDispatch(models.Model):
    """What a recipient sees who follows the link of the message: plain values, no model."""

    _inherit = "parapheur.dispatch"

    @api.model
    def _of_token(self, token):
        """The row whose link this is, while it works; empty for every other one."""
        if not isinstance(token, str) or not 20 <= len(token) <= MAX_TOKEN:
            return self.browse()
        # A visitor reads no model; who has the link gets its files alone.
        found_sudo = self.sudo().search(
            [
                ("token", "=", token),
                ("state", "=", "sent"),
                ("way", "=", "link"),
                ("expires_at", ">", fields.Datetime.now()),
            ],
            limit=1,
        )
        # `search` compares as the database does: the very same signs are wanted.
        same = found_sudo and hmac.compare_digest(found_sudo.token, token)
        return found_sudo if same else self.browse()

    @api.model
    def _fetch_page(self, token, code=None):
        """Answer a visitor: what the page shows.

        :param str token: of the link
        :param str code: as typed, or None when nothing was typed yet
        :return: None for an unknown, ended or cancelled link; else ``{"issuer", "title",
            "reference", "until", "needs_code", "wait", "wrong", "files"}``: ``files`` is a
            list of ``{"number", "name", "size"}``, empty while a code is wanted, when
            nothing of the folder is told either
        """
        found_sudo = self._of_token(token)
        if not found_sudo:
            return None
        wait, right = found_sudo._code_verdict(code)
        folder_sudo = found_sudo.folder_id
        open_now = right and not wait
        return {
            "issuer": folder_sudo._administration_name(),
            "title": folder_sudo.title if open_now else "",
            "reference": folder_sudo.reference if open_now else "",
            "until": found_sudo.expires_at,
            "needs_code": not open_now,
            "wait": wait,
            "wrong": bool(code) and not right and not wait,
            "files": [
                {"number": number, "name": name, "size": version.size}
                for number, (name, version) in enumerate(found_sudo._files(), 1)
            ]
            if open_now
            else [],
        }

    @api.model
    def _fetch_file(self, token, number, code=None):
        """Give one file to a visitor and write that it was fetched.

        :param int number: from 1, as on the page
        :return: the ``gov.document.version`` as superuser, or None
        """
        found_sudo = self._of_token(token)
        if not found_sudo:
            return None
        wait, right = found_sudo._code_verdict(code)
        files = found_sudo._files()
        if wait or not right or not 0 < number <= len(files):
            return None
        version_sudo = files[number - 1][1]
        gated_sudo = found_sudo._gated()
        first = not found_sudo.fetched_at
        gated_sudo.write(
            {
                "fetched_at": found_sudo.fetched_at or fields.Datetime.now(),
                "fetched_count": found_sudo.fetched_count + 1,
            }
        )
        if first:
            gated_sudo._log("folder.fetched", {"document": version_sudo.sha256})
        return version_sudo

    def _code_verdict(self, code):
        """(seconds to wait, whether the code is right); called as superuser."""
        if not self.code:
            return 0, True
        if not code:
            return 0, False
        wait = self.env["gov.rate"]._hit("book-code", str(self.id), TRIES, PERIOD)
        if wait:
            return wait, False
        typed = text.clean_line(code, 20).replace(" ", "").replace("-", "").upper()
        return 0, hmac.compare_digest(typed.encode(), self.code.encode())
