from odoo import http
from odoo.http import request

from odoo.addons.gov_portal.controllers.common import SMALL_BODY, limited, service_route
from odoo.addons.gov_portal.controllers.track import TrackController


class ReplyController(TrackController):
    """The reply to a followed letter: opening it is a decision, so it is a POST."""

    @service_route(
        "/track/<string:public_id>/reply/<int:order>",
        methods=["POST"],
        max_content_length=lambda _self: SMALL_BODY,
    )
    @limited
    def open_reply(self, public_id, order, **_unused):
        self._limit("reply", limit=60)
        deposit_sudo = self._followed_sudo(public_id)
        if not deposit_sudo:
            return self._go("/track?ended=1")
        if not deposit_sudo._open_reply(order):
            return self._not_found()
        return self._go(f"/track/{public_id}")

    @service_route(
        "/track/<string:public_id>/reply/<int:order>.pdf",
        methods=["GET"],
        multilang=False,
    )
    def reply_pdf(self, public_id, order, **_unused):
        deposit_sudo = self._followed_sudo(public_id)
        if not deposit_sudo:
            return self._go("/track?ended=1")
        made = deposit_sudo._reply_pdf(order)
        if not made:
            return self._not_found()
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
