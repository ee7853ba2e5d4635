import json
from urllib.parse import quote

from odoo import http
from odoo.http import request

from ..lib import codes
from ..lib.http import client_key, secure_headers

#: Questions a source may ask in a minute; 80-bit codes do the rest.
LIMIT, PERIOD = 30, 60
MAX_BODY = 8192
MAX_CODE = 64
PAGE = {
    "type": "http",
    "auth": "public",
    "website": True,
    "sitemap": False,
    "save_session": False,
}
#: Questions change nothing, so that they need neither a session nor its token.
QUESTION = {**PAGE, "methods": ["POST"], "csrf": False, "max_content_length": MAX_BODY}


class VerifyController(http.Controller):
    @http.route("/verify", methods=["GET"], readonly=True, **PAGE)
    def verify(self, code="", **_others):
        """Ask for a code or a file; a typed code leads to its own address."""
        if wanted := codes.normalise(code)[:MAX_CODE]:
            return secure_headers(request.redirect(f"/verify/{quote(wanted)}"))
        return self._page(None)

    @http.route("/verify/<string:code>", methods=["GET"], readonly=True, **PAGE)
    def verify_code(self, code, **_others):
        """Answer for a code; one same answer for every unknown one."""
        if response := self._too_many():
            return response
        told = request.env["gov.proof"]._verify_code(code[:MAX_CODE])
        return self._page(told, code=code if told["document"] else "")

    @http.route("/verify/digest", readonly=True, **QUESTION)
    def verify_digest(self, sha256="", code="", fragment="", **_others):
        """Answer for the SHA-256 of a file: JSON in, JSON out; form in, page out."""
        asked, wants_json = self._json_body()
        sha256, code = asked.get("sha256", sha256), asked.get("code", code)
        if response := self._too_many(wants_json):
            return response
        told = request.env["gov.proof"]._verify_digest(
            str(sha256)[:200], str(code or "")[:MAX_CODE]
        )
        if wants_json:
            return self._json(told)
        if fragment:
            panel = request.env["ir.qweb"]._render(
                "gov_trust.verify_result", {"told": told}
            )
            return secure_headers(request.make_response(panel))
        return self._page(told, code=code)

    @http.route("/verify/qr", readonly=True, **QUESTION)
    def verify_qr(self, **_others):
        """Compare the signed data of a QR code with what its code stands for."""
        asked, _wants_json = self._json_body()
        if response := self._too_many(True):
            return response
        return self._json(
            request.env["gov.proof"]._verify_qr(
                str(asked.get("code", ""))[:MAX_CODE], str(asked.get("data", ""))
            )
        )

    def _page(self, told, code=""):
        known = told is None or told["document"] or told["state"] != "unknown"
        return secure_headers(
            request.render(
                "gov_trust.verify_page",
                {"told": told, "code": codes.normalise(code or "")},
                status=200 if known else 404,
            )
        )

    def _too_many(self, wants_json=False):
        """Return the answer to a source that asks too much, or None."""
        wait = request.env["gov.rate"]._hit(
            "verify", client_key(request), LIMIT, PERIOD
        )
        if not wait:
            return None
        told = {"verdict": "indeterminate", "state": "too_many", "document": None}
        if wants_json:
            response = self._json({**told, "wait": wait}, status=429)
        else:
            response = request.render(
                "gov_trust.verify_page",
                {"told": {**told, "wait": wait}, "code": ""},
                status=429,
            )
            secure_headers(response)
        response.headers["Retry-After"] = str(wait)
        return response

    def _json_body(self):
        """Return (the JSON object that was posted or {}, whether JSON was posted)."""
        if request.httprequest.mimetype != "application/json":
            return {}, False
        try:
            asked = json.loads(request.httprequest.get_data())
        except (ValueError, RecursionError):
            asked = {}
        return (asked if isinstance(asked, dict) else {}), True

    def _json(self, told, status=200):
        return secure_headers(request.make_json_response(told, status=status))
