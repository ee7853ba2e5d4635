from odoo import http
from odoo.http import request

from ..lib.http import secure_headers


class TrustController(http.Controller):
    @http.route(
        "/trust/ca.pem",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        save_session=False,
    )
    def ca_pem(self):
        """Serve the root certificates of this platform, newest first (PEM)."""
        roots = request.env["gov.certificate"]._roots()
        if not roots:
            text = request.env._(
                "No certificate yet: it is made with the first seal. Come back then."
            )
            return secure_headers(
                request.make_response(
                    text, [("Content-Type", "text/plain; charset=utf-8")], status=404
                )
            )
        response = request.make_response(
            "".join(roots),
            [
                ("Content-Type", "application/x-pem-file"),
                ("Content-Disposition", 'attachment; filename="ca.pem"'),
            ],
        )
        response.headers["Cache-Control"] = "public, max-age=3600"
        return secure_headers(response, store=True)
