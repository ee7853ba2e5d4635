import time

import werkzeug.exceptions

from odoo import models
from odoo.http import request

DRAIN_BYTES = 256 * 1024 * 1024
DRAIN_SECONDS = 30


class IrHttp(models.AbstractModel):
    """Bodies of uploads: read before the first query, thrown away when too large.

    A route takes part by ``gov_upload=True`` and ``max_content_length``; its controller
    then has the method ``_too_large()`` that returns a page.
    """

    _inherit = "ir.http"

    @classmethod
    def _authenticate(cls, endpoint):
        if endpoint.routing.get("gov_upload") and request.httprequest.method == "POST":
            cls._gov_receive(endpoint)
        return super()._authenticate(endpoint)

    @classmethod
    def _pre_dispatch(cls, rule, args):
        result = super()._pre_dispatch(rule, args)
        routing = rule.endpoint.routing
        if routing.get("gov_upload") and getattr(request, "gov_too_large", False):
            response = rule.endpoint.func.__self__._too_large()
            response.flatten()
            werkzeug.exceptions.abort(response)
        return result

    @classmethod
    def _gov_receive(cls, endpoint):
        """Read the whole body, or throw it away when it is larger than allowed.

        The body comes from the visitor's line, perhaps for minutes. It is read before
        the first query of the request, so that no transaction is open meanwhile; files
        go to a nameless temporary file beyond 500 kB.
        """
        limit = endpoint.routing.get("max_content_length")
        if callable(limit):
            limit = limit(endpoint.func.__self__)
        http = request.httprequest
        if limit and (http.content_length or 0) > limit:
            # Answering before the body is read makes browsers show "connection reset"
            # instead of our sentence.
            cls._gov_drain(http)
            request.gov_too_large = True
            return
        if limit:
            http.max_content_length = limit
        try:
            len(http.form)
        except werkzeug.exceptions.RequestEntityTooLarge:
            request.gov_too_large = True

    @classmethod
    def _gov_drain(cls, http):
        stream = (
            http.environ.get("wsgi.input") or http._HTTPRequest__environ["wsgi.input"]
        )
        left = min(http.content_length or 0, DRAIN_BYTES)
        until = time.monotonic() + DRAIN_SECONDS
        while left > 0 and time.monotonic() < until:
            chunk = stream.read(min(left, 65536))
            if not chunk:
                break
            left -= len(chunk)
