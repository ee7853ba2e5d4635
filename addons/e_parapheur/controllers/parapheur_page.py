from werkzeug.exceptions import NotFound, ServiceUnavailable

from odoo import http
from odoo.http import request

from odoo.addons.gov_base.controllers.gov_document import GovDocumentController
from odoo.addons.gov_base.lib import hygiene

MIN_WIDTH, MAX_WIDTH, WIDTH = 80, 1600, 900
MAX_PAGE = 100_000


class ParapheurPage(http.Controller):
    @http.route(
        "/parapheur/document/<int:version_id>/page/<int:page>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def parapheur_page(self, version_id, page, width=None, clean=None, **_query):
        """Give one page of a document of a folder as a picture. Unknown, forbidden: the same 404.

        :param int version_id: id of a ``gov.document.version``
        :param int page: from 0
        :param width: of the picture, in points of a screen
        :param clean: 1 to see the page as it will be after the check of the documents
        """
        version = GovDocumentController._gov_document_readable(version_id)
        # The right to read was checked on the line above.
        document_sudo = version.sudo().document_id
        if document_sudo.res_model != "parapheur.folder" or (
            version.mime != "application/pdf" or page > MAX_PAGE
        ):
            raise NotFound()
        try:
            picture = hygiene.picture(
                version._read_content(),
                page,
                self._parapheur_width(width),
                clean=clean == "1",
            )
        except ValueError as error:
            raise NotFound() from error
        except hygiene.Busy as error:
            raise ServiceUnavailable(retry_after=2) from error
        request.env["parapheur.folder"]._log_pages(version)
        return request.make_response(picture, self._parapheur_headers(version))

    @staticmethod
    def _parapheur_width(width):
        text = str(width or "")
        if not (text.isascii() and text.isdigit() and len(text) < 6):
            return WIDTH
        return min(max(int(text), MIN_WIDTH), MAX_WIDTH)

    @staticmethod
    def _parapheur_headers(version):
        kept = [
            header
            for header in GovDocumentController._gov_document_headers(version)
            if header[0] not in ("Content-Type", "Content-Disposition")
        ]
        return [*kept, ("Content-Type", "image/png"), ("Content-Disposition", "inline")]
