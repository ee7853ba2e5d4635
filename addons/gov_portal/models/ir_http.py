import logging

import werkzeug.exceptions

from odoo import models
from odoo.exceptions import UserError
from odoo.http import request

_logger = logging.getLogger(__name__)


class IrHttp(models.AbstractModel):
    """Routes of the public desk: bodies read early, mistakes answered by our pages.

    A route takes part by ``gov_service=True``; its controller then has the method
    ``_service_error(code, args, sentence)`` that returns a page.
    """

    _inherit = "ir.http"

    @classmethod
    def _authenticate(cls, endpoint):
        # The body comes from the visitor's line, perhaps for minutes. It is read before
        # the first query of the request, so that no transaction is open meanwhile.
        if endpoint.routing.get("gov_service") and request.httprequest.method == "POST":
            cls._gov_receive(endpoint)
        return super()._authenticate(endpoint)

    @classmethod
    def _pre_dispatch(cls, rule, args):
        result = super()._pre_dispatch(rule, args)
        if rule.endpoint.routing.get("gov_service"):
            request.gov_service = (rule.endpoint.func.__self__, dict(args))
            if getattr(request, "gov_too_large", False):
                response = cls._gov_service_response(413)
                werkzeug.exceptions.abort(response)
        return result

    @classmethod
    def _serve_fallback(cls):
        # Stock looks unknown addresses up among pages and files; the database refuses to be
        # asked for a NUL, which would be an error of ours (500) and a traceback in the log.
        if "\x00" in request.httprequest.path:
            return None
        return super()._serve_fallback()

    @classmethod
    def _handle_error(cls, exception):
        if getattr(request, "gov_service", None) and isinstance(exception, Exception):
            code = cls._gov_error_code(exception)
            if code:
                request.env.cr.rollback()
                sentence = exception.args[0] if code == 422 else ""
                response = cls._gov_service_response(code, sentence)
                cls._post_dispatch(response)
                return response
        return super()._handle_error(exception)

    @classmethod
    def _gov_error_code(cls, exception):
        """Return the status of our own page for ``exception``, or None."""
        if isinstance(exception, werkzeug.exceptions.HTTPException):
            code = exception.code
            return code if code in (400, 404, 405, 413, 429) else None
        # Exactly UserError: a refusal written for people. Its kinds (access, integrity)
        # speak of records.
        return 422 if type(exception) is UserError else 500

    @classmethod
    def _gov_service_response(cls, code, sentence=""):
        controller, args = request.gov_service
        response = controller._service_error(code, args, sentence)
        response.flatten()
        return response
