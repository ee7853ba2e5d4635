from odoo import http
from odoo.exceptions import UserError
from odoo.http import request


class TrustLog(http.Controller):
    """The journals' public face: heads and proofs, no content (RFC 9162 §5)."""

    def _answer(self, compute, stream):
        """JSON of ``compute(journal)``; one same 404 for what does not exist."""
        # Heads and proofs are hashes alone: public, whoever asks.
        journals_sudo = request.env["gov.journal"].sudo()
        # The database cannot be asked for a NUL.
        known = stream.isprintable()
        journal = known and journals_sudo.search([("code", "=", stream)], limit=1)
        try:
            answer = compute(journal) if journal else None
        except (UserError, ValueError):
            answer = None
        if answer is None:
            return request.make_json_response({"error": "not found"}, status=404)
        headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        return request.make_json_response(answer, headers=headers)

    @http.route(
        "/trust/log/<string:stream>/head",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        save_session=False,
        sitemap=False,
    )
    def head(self, stream):
        """Latest signed head: ``{"head", "signature", "certificates"}``."""
        return self._answer(lambda journal: journal._public_head(), stream)

    @http.route(
        "/trust/log/<string:stream>/proof/<int:seq>",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        save_session=False,
        sitemap=False,
    )
    def proof(self, stream, seq, size=None):
        """Inclusion proof of line ``seq`` (from 1) in the latest tree, or of ``size``."""
        return self._answer(
            lambda journal: journal._public_proof(seq, size and int(size)), stream
        )

    @http.route(
        "/trust/log/<string:stream>/consistency",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        save_session=False,
        sitemap=False,
    )
    def consistency(self, stream, **bounds):
        """Consistency proof between sizes ``from`` and ``to``."""
        return self._answer(
            lambda journal: journal._public_consistency(
                int(bounds.get("from", "0")), int(bounds.get("to") or journal.size)
            ),
            stream,
        )
