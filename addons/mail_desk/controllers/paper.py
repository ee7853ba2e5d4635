from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.gov_base.lib.given import MAX_ID
from odoo.addons.gov_trust.lib.http import secure_headers

#: as many slips as one file carries
MOST = 200


class PaperController(http.Controller):
    """PDFs made for paper: slips and letters with their margin. Reading only."""

    @http.route(
        "/desk/fiches/<string:ids>.pdf", type="http", auth="user", methods=["GET"]
    )
    def fiches(self, ids):
        """Serve slips; unknown, forbidden and cancelled give one answer."""
        numbers = self._numbers(ids)
        fiches = request.env["desk.fiche"].browse(numbers)
        self._check(fiches)
        if not numbers or "cancelled" in fiches.mapped("state"):
            raise request.not_found()
        return self._pdf(fiches._render_pdf(), "slips.pdf")

    @http.route(
        "/desk/letter/<string:number>/margin.pdf",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def margin(self, number):
        """Serve a letter with its margin; unknown and forbidden give one answer."""
        numbers = self._numbers(number)
        letter = request.env["registry.letter"].browse(numbers[:1])
        self._check(letter)
        pdf = letter._desk_rendition() if letter else None
        if pdf is None:
            raise request.not_found()
        return self._pdf(pdf, f"{(letter.number or 'letter').replace('/', '-')}.pdf")

    @http.route(
        "/desk/completion/<string:number>/letter.pdf",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def completion(self, number):
        """Serve the letter that asks a sender for what is missing; unknown and forbidden give one answer."""
        numbers = self._numbers(number)
        completion = request.env["desk.completion"].browse(numbers[:1])
        self._check(completion)
        if not completion:
            raise request.not_found()
        return self._pdf(completion._letter_pdf(), "request.pdf")

    @staticmethod
    def _numbers(text):
        """The ids of an address; what is no small number is no id."""
        parts = text.split(",")[:MOST]
        if not all(part.isdecimal() and len(part) < 11 for part in parts):
            return []
        return [int(part) for part in parts if 0 < int(part) <= MAX_ID]

    @staticmethod
    def _check(records):
        try:
            records.check_access("read")
        except (AccessError, MissingError):
            raise request.not_found() from None
        if len(records.exists()) != len(records):
            raise request.not_found()

    @staticmethod
    def _pdf(content, name):
        response = request.make_response(
            content,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Length", str(len(content))),
                ("Content-Disposition", http.content_disposition(name, "inline")),
            ],
        )
        return secure_headers(response)
