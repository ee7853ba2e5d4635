from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import content_disposition, request

MAX_ID = 2**31 - 1  # of a PostgreSQL integer


class GovDocumentController(http.Controller):
    @http.route(
        "/gov/document/<int:version_id>", type="http", auth="user", methods=["GET"]
    )
    def gov_document(self, version_id, **_query):
        """Give a version as a download. Unknown, forbidden, not released: the same 404."""
        version = request.env["gov.document.version"].browse(version_id)
        if not 0 < version_id <= MAX_ID or not version._is_readable():
            raise NotFound()
        headers = self._gov_document_headers(version)
        if request.httprequest.method == "HEAD":
            response = request.make_response(b"", headers)
            response.headers["Content-Length"] = str(version.size)
            return response
        content = version._read_content()
        request.env["gov.consultation"]._log(version)
        return request.make_response(content, headers)

    @staticmethod
    def _gov_document_headers(version):
        """Headers of a hostile file: saved, never shown, never kept, never sniffed."""
        return [
            ("Content-Type", version.mime),
            ("Content-Disposition", content_disposition(version.filename)),
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Security-Policy", "sandbox; default-src 'none'"),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        ]
