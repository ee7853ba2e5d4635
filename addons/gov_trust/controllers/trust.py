from odoo import http
from odoo.http import request

from ..lib.http import secure_headers

PUBLIC = {
    "type": "http",
    "auth": "public",
    "methods": ["GET"],
    "readonly": True,
    "save_session": False,
    "sitemap": False,
}


class TrustController(http.Controller):
    @http.route("/trust/ca.pem", **PUBLIC)
    def ca_pem(self):
        """Serve the root certificates of this platform, newest first (PEM)."""
        roots = request.env["gov.certificate"]._roots()
        if not roots:
            text = request.env._(
                "No certificate yet: it is made with the first seal. Come back then."
            )
            return self._not_found(text)
        return self._file("".join(roots), "application/x-pem-file", "ca.pem", 3600)

    @http.route("/trust/crl", **PUBLIC)
    def crl(self, ca="", number="", **_others):
        """Serve a revocation list (DER, RFC 2585): the newest of an authority.

        ``ca``: first digits of the SHA-256 of an authority's certificate; the one in
        use unless given. ``number``: an older list.
        """
        der = request.env["gov.crl"]._asked(ca, number)
        if der is None:
            return self._not_found(
                request.env._(
                    "No such revocation list. The first one is made with the first "
                    "certificate."
                )
            )
        return self._file(der, "application/pkix-crl", "ca.crl", 300)

    @http.route("/trust/ca.cer", **PUBLIC)
    def ca_cer(self, ca="", **_others):
        """Serve the certificate of one authority (DER, RFC 5280 §4.2.2.1)."""
        der = request.env["gov.certificate"]._root_der(ca)
        if der is None:
            return self._not_found(request.env._("No such certificate here."))
        return self._file(der, "application/pkix-cert", "ca.cer", 3600)

    def _file(self, content, mimetype, name, seconds):
        response = request.make_response(
            content,
            [
                ("Content-Type", mimetype),
                ("Content-Disposition", f'attachment; filename="{name}"'),
            ],
        )
        response.headers["Cache-Control"] = f"public, max-age={seconds}"
        return secure_headers(response, store=True)

    def _not_found(self, text):
        return secure_headers(
            request.make_response(
                text, [("Content-Type", "text/plain; charset=utf-8")], status=404
            )
        )
