from odoo import http
from odoo.http import request

from ..lib import tsa
from ..lib.http import client_key, secure_headers

#: Timestamps a source may ask for in a minute.
LIMIT, PERIOD = 60, 60


class TsaController(http.Controller):
    """The platform's own timestamp authority (RFC 3161 §3.4), when it is on."""

    @http.route(
        "/trust/tsa",
        type="http",
        auth="public",
        methods=["GET"],
        save_session=False,
        sitemap=False,
    )
    def tsa_told(self, **_others):
        """Say what this address is; nothing where the authority is off."""
        if not request.env["gov.tsa"]._own_is_on():
            raise request.not_found()
        return self._text(
            request.env._(
                "Timestamp authority of this platform, NON PROBANT: it rests on the clock "
                "of this server and proves nothing to others. POST a request of RFC 3161 "
                "(%(type)s) to this address.",
                type=tsa.QUERY_TYPE,
            )
        )

    @http.route(
        "/trust/tsa",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        sitemap=False,
        max_content_length=tsa.MAX_REQUEST,
    )
    def tsa_answer(self, **_others):
        """Answer a request of RFC 3161; a refusal is an answer too."""
        authorities = request.env["gov.tsa"]
        if not authorities._own_is_on():
            raise request.not_found()
        wait = request.env["gov.rate"]._hit("tsa", client_key(request), LIMIT, PERIOD)
        if wait:
            response = self._text(
                request.env._("Too many requests. Try again in a minute."), 429
            )
            response.headers["Retry-After"] = str(wait)
            return response
        asked = request.httprequest
        if asked.mimetype != tsa.QUERY_TYPE:
            return self._text(
                request.env._("POST a request of type %(type)s.", type=tsa.QUERY_TYPE),
                415,
            )
        answer = authorities._own_respond(asked.get_data())
        return secure_headers(
            request.make_response(answer, [("Content-Type", tsa.REPLY_TYPE)])
        )

    def _text(self, text, status=200):
        headers = [("Content-Type", "text/plain; charset=utf-8")]
        return secure_headers(request.make_response(text, headers, status=status))
