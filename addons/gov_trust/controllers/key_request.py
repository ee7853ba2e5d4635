from odoo import http
from odoo.http import request


class KeyRequestController(http.Controller):
    @http.route(
        "/trust/my-request.csr",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def my_request(self):
        """Serve the request of whoever asks for a certificate of his own (PKCS#10)."""
        keys = request.env["gov.key"]
        waiting_sudo = keys._waiting(request.env.company, request.env.user)
        if not waiting_sudo:
            raise request.not_found()
        return request.make_response(
            waiting_sudo.request_pem,
            [
                ("Content-Type", "application/pkcs10"),
                (
                    "Content-Disposition",
                    f'attachment; filename="{waiting_sudo.request_name}"',
                ),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
