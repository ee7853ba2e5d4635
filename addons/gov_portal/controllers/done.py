from odoo import http
from odoo.http import request

from .common import ServicePages, service_route


class DoneController(ServicePages, http.Controller):
    """After the deposit: the number, the receipt, what happens next."""

    @service_route("/deposit/done/<string:public_id>", methods=["GET"])
    def done(self, public_id, **_unused):
        deposit_sudo = self._sent_sudo(public_id)
        if not deposit_sudo:
            return self._not_found()
        page = deposit_sudo._done_page(self._browser())
        response = self._page("deposit_done", page)
        if not page["number"]:
            response.headers["Refresh"] = "3"
        return response

    @service_route(
        "/deposit/receipt/<string:public_id>", methods=["GET"], multilang=False
    )
    def receipt(self, public_id, **_unused):
        # sudo: as in ``_sent_sudo``; only receipts of online deposits are found.
        deposits_sudo = request.env["gov.deposit"].sudo()
        receipt_sudo = deposits_sudo._find_receipt(public_id)
        if not receipt_sudo:
            return self._not_found()
        made = deposits_sudo._receipt_pdf(receipt_sudo)
        if not made:
            page = {"public_id": public_id}
            response = self._page("receipt_pending", page, status=503)
            response.headers["Retry-After"] = "60"
            return response
        filename, pdf = made
        response = request.make_response(
            pdf,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(pdf)),
                ("Content-Disposition", http.content_disposition(filename)),
            ],
        )
        return self._secured(response)

    def _sent_sudo(self, public_id):
        # sudo: visitors have no right on deposits. The public reference has more than
        # 128 random bits; the methods return plain values.
        deposits_sudo = request.env["gov.deposit"].sudo()
        return deposits_sudo._find_sent(public_id)
