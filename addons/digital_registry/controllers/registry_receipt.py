from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.gov_trust.lib.http import secure_headers


class RegistryReceiptController(http.Controller):
    """Receipts for agents; the portal serves depositors by itself."""

    @http.route(
        "/registry/receipt/<int:receipt_id>/pdf",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def receipt_pdf(self, receipt_id):
        """Serve a sealed receipt; unknown, forbidden and pending give one answer."""
        receipt = request.env["registry.receipt"].browse(receipt_id)
        try:
            receipt.check_access("read")
            name = receipt.pdf_filename
        except (AccessError, MissingError):
            raise request.not_found() from None
        # The vault serves nobody by itself: the right on the receipt was checked.
        receipt_sudo = receipt.sudo()
        pdf = receipt_sudo._ensure_pdf()
        if not pdf:
            raise request.not_found()
        response = request.make_response(
            pdf,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Length", str(len(pdf))),
                ("Content-Disposition", http.content_disposition(name)),
            ],
        )
        return secure_headers(response)
