from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.gov_trust.lib.http import client_key, secure_headers

#: pages a source may ask for in a minute
LIMIT, PERIOD = 30, 60
MAX_BODY = 4096
PAGE = {
    "type": "http",
    "auth": "public",
    "website": True,
    "sitemap": False,
    "save_session": False,
}
#: The link is the key: it comes in the address, from a message, without a session.
FETCH = {**PAGE, "methods": ["POST"], "csrf": False, "max_content_length": MAX_BODY}


class ParapheurDispatchController(http.Controller):
    @http.route("/book/files/<string:token>", methods=["GET"], **PAGE)
    def book_files(self, token, **_others):
        """Show what the link of a message leads to; nothing is fetched by following it."""
        return self._page(token)

    @http.route("/book/files/<string:token>/code", **FETCH)
    def book_files_code(self, token, code="", **_others):
        """Take the code that was typed; the files are listed when it is right."""
        return self._page(token, code)

    @http.route("/book/files/<string:token>/<int:number>", **FETCH)
    def book_file(self, token, number, code="", **_others):
        """Give one file. Unknown, ended or cancelled links, wrong codes: the same 404."""
        if refused := self._too_many():
            return refused
        version_sudo = request.env["parapheur.dispatch"]._fetch_file(
            token, number, str(code or "")[:40] or None
        )
        if not version_sudo:
            raise NotFound()
        return request.make_response(
            version_sudo._read_content(),
            [
                ("Content-Type", version_sudo.mime),
                (
                    "Content-Disposition",
                    content_disposition(version_sudo.filename, "attachment"),
                ),
                ("X-Content-Type-Options", "nosniff"),
                ("Content-Security-Policy", "sandbox; default-src 'none'"),
                ("Cache-Control", "no-store"),
                ("Referrer-Policy", "no-referrer"),
            ],
        )

    def _page(self, token, code=None):
        if refused := self._too_many():
            return refused
        code = str(code or "")[:40] or None
        told = request.env["parapheur.dispatch"]._fetch_page(token, code)
        return self._shown(told, 200 if told else 404, token=token, code=code)

    def _too_many(self):
        """Return the answer to a source that asks too much, or None."""
        wait = request.env["gov.rate"]._hit(
            "book-files", client_key(request), LIMIT, PERIOD
        )
        if not wait:
            return None
        response = self._shown(None, 429, minutes=max(1, wait // 60))
        response.headers["Retry-After"] = str(wait)
        return response

    @staticmethod
    def _shown(told, status, **values):
        return secure_headers(
            request.render(
                "e_parapheur.dispatch_page", {"told": told, **values}, status=status
            )
        )
