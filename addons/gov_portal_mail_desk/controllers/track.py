from odoo import http
from odoo.http import request

from odoo.addons.gov_portal.controllers.common import (
    MAX_BODY,
    SMALL_BODY,
    limited,
    service_route,
)
from odoo.addons.gov_portal.controllers.track import TrackController


class ReplyController(TrackController):
    """The reply to a followed letter: opening it is a decision, so it is a POST."""

    @service_route(
        "/track/<string:public_id>/reply/<string:order>",
        methods=["POST"],
        max_content_length=lambda _self: SMALL_BODY,
    )
    @limited
    def open_reply(self, public_id, order, **_unused):
        self._limit("reply", limit=60)
        deposit_sudo = self._followed_sudo(public_id)
        if not deposit_sudo:
            return self._go("/track?ended=1")
        if not deposit_sudo._open_reply(self._order(order)):
            return self._not_found()
        return self._go(f"/track/{public_id}")

    @service_route(
        "/track/<string:public_id>/reply/<string:order>.pdf",
        methods=["GET"],
        multilang=False,
    )
    def reply_pdf(self, public_id, order, **_unused):
        deposit_sudo = self._followed_sudo(public_id)
        if not deposit_sudo:
            return self._go("/track?ended=1")
        made = deposit_sudo._reply_pdf(self._order(order))
        if not made:
            return self._not_found()
        filename, pdf = made
        return self._file(filename, pdf, "application/pdf")

    @service_route(
        "/track/<string:public_id>/reply/<string:order>/annex/<string:rank>",
        methods=["GET"],
        multilang=False,
    )
    def reply_annex(self, public_id, order, rank, **_unused):
        deposit_sudo = self._followed_sudo(public_id)
        if not deposit_sudo:
            return self._go("/track?ended=1")
        version = deposit_sudo._reply_annex(self._order(order), self._order(rank))
        if not version:
            return self._not_found()
        return self._file(version.filename, version._read_content(), version.mime)

    def _file(self, filename, content, mime):
        """Answer with a file to keep, never to show in the page."""
        response = request.make_response(
            content,
            headers=[
                ("Content-Type", mime),
                ("Content-Length", len(content)),
                ("Content-Disposition", http.content_disposition(filename)),
            ],
        )
        return self._secured(response)

    @service_route(
        "/track/<string:public_id>/completion/<string:order>",
        methods=["POST"],
        max_content_length=lambda _self: MAX_BODY,
    )
    @limited
    def answer_completion(self, public_id, order, **_unused):
        self._limit("completion", limit=60)
        deposit_sudo = self._followed_sudo(public_id)
        if not deposit_sudo:
            return self._go("/track?ended=1")
        answer = self._form().get("answer") or ""
        found = deposit_sudo._answer_completion(
            self._order(order), answer, self._uploads()
        )
        if found == "unknown":
            return self._not_found()
        if found == "answered":
            return self._go(f"/track/{public_id}")
        return self._answer_again(deposit_sudo, found, answer)

    def _answer_again(self, deposit_sudo, errors, answer="", status=422):
        """Show the page with the mistakes; what was written is kept."""
        page = {**deposit_sudo._track_page(), "errors": errors, "answer_typed": answer}
        return self._page("track_page", page, status=status)

    def _service_error(self, code, args, sentence=""):
        """Files that are too large lose the page to nobody."""
        if code == 413 and args.get("public_id"):
            deposit_sudo = self._followed_sudo(args["public_id"])
            if deposit_sudo:
                errors = [{"field": "files", "sentence": deposit_sudo._too_large()}]
                return self._answer_again(deposit_sudo, errors, status=413)
        return super()._service_error(code, args, sentence)

    @staticmethod
    def _order(text):
        """The place of a reply; 0, where there is none, for what is no small number.

        No ``<int:…>`` in the address: Python refuses to read thousands of digits, and the
        router answers that with an error of the server.
        """
        return int(text) if text.isdecimal() and len(text) < 6 else 0
