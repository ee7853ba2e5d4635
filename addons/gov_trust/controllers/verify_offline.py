from odoo import http
from odoo.http import request

from ..lib.http import client_key, secure_headers

#: Files a source may ask in a minute.
LIMIT, PERIOD = 120, 60
FILE = {
    "type": "http",
    "auth": "public",
    "methods": ["GET"],
    "readonly": True,
    "sitemap": False,
    "save_session": False,
}


class VerifyOfflineController(http.Controller):
    """The check without network: the same files for everybody, in no language."""

    @http.route("/verify/offline", **FILE)
    def page(self, **_others):
        """Serve the page; it holds its words in every language."""
        return self._serve("page")

    @http.route("/verify/offline/<string:name>", **FILE)
    def file(self, name, **_others):
        """Serve a file of the page, the keys, or all of it in one file (``save``)."""
        return self._serve(name)

    def _serve(self, name):
        wait = request.env["gov.rate"]._hit(
            "verify.offline", client_key(request), LIMIT, PERIOD
        )
        if wait:
            return self._refused(429, [("Retry-After", str(wait))])
        found = request.env["gov.verify.offline"]._file(name)
        if found is None:
            return self._refused(404)
        text, kind = found
        response = secure_headers(
            request.make_response(text, [("Content-Type", kind)]), store=True
        )
        response.headers["Cache-Control"] = "no-cache"
        if name == "worker.js":
            # It lies below the addresses it answers for.
            response.headers["Service-Worker-Allowed"] = "/verify"
        if name == "save":
            response.headers["Content-Disposition"] = (
                'attachment; filename="verify-offline.html"'
            )
        return response

    def _refused(self, status, headers=()):
        texts = {
            404: request.env._("There is no such file here."),
            429: request.env._("Too many files were asked from here. Wait a minute."),
        }
        kind = ("Content-Type", "text/plain; charset=utf-8")
        return secure_headers(
            request.make_response(texts[status], [kind, *headers], status=status)
        )
