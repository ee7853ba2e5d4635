from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import content_disposition, request

# What a browser draws without running anything of it.
SHOWN = ("application/pdf", "image/jpeg", "image/png")
MAX_ID = 2**31 - 1  # of a PostgreSQL integer


class GovDocumentController(http.Controller):
    @http.route(
        "/gov/document/<int:version_id>", type="http", auth="user", methods=["GET"]
    )
    def gov_document(self, version_id, **_query):
        """Give a version as a download. Unknown, forbidden, not released: the same 404."""
        return self._gov_document_answer(self._gov_document_readable(version_id))

    @http.route(
        "/gov/document/<int:version_id>/view",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def gov_document_view(self, version_id, **_query):
        """Give a PDF or a picture to our reader. What is not given, and any other kind: the same 404."""
        version = self._gov_document_readable(version_id)
        if version.mime not in SHOWN:
            raise NotFound()
        return self._gov_document_answer(version, inline=True)

    @staticmethod
    def _gov_document_readable(version_id):
        version = request.env["gov.document.version"].browse(version_id)
        if not 0 < version_id <= MAX_ID or not version._is_readable():
            raise NotFound()
        return version

    def _gov_document_answer(self, version, inline=False):
        headers = self._gov_document_headers(version, inline=inline)
        if request.httprequest.method == "HEAD":
            response = request.make_response(b"", headers)
            response.headers["Content-Length"] = str(version.size)
            return response
        content = version._read_content()
        request.env["gov.consultation"]._log(version)
        return request.make_response(content, headers)

    @staticmethod
    def _gov_document_headers(version, inline=False):
        """Headers of a hostile file: saved, never shown, never kept, never sniffed."""
        return [
            ("Content-Type", version.mime),
            (
                "Content-Disposition",
                content_disposition(
                    version.filename, "inline" if inline else "attachment"
                ),
            ),
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Security-Policy", "sandbox; default-src 'none'"),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        ]
