"""What every page of the public desk shares: headers, rate limits, error pages."""

import functools

from odoo import http
from odoo.http import request

from odoo.addons.gov_trust.lib.http import client_key, secure_headers

from ..lib.tokens import is_token, new_token

BROWSER_COOKIE = "gov_desk"
BROWSER_LIFE = 24 * 3600
SMALL_BODY = 1024 * 1024
#: the files of one deposit together, and the form around them
MAX_BODY = 64 * 1024 * 1024

service_route = functools.partial(
    http.route,
    type="http",
    auth="public",
    website=True,
    sitemap=False,
    gov_service=True,
)


class TooMany(Exception):
    """The visitor has to wait ``seconds``."""

    def __init__(self, seconds):
        super().__init__(seconds)
        self.seconds = seconds


class ServicePages:
    """What the public controllers share: parse, call one method, render.

    Not a controller itself: Odoo merges the controllers that inherit from one another.
    """

    # ------------------------------------------------------------------
    # Requests
    # ------------------------------------------------------------------

    def _browser(self):
        """Return the secret of this browser, made on the first visit and kept in use."""
        secret = request.cookies.get(BROWSER_COOKIE) or ""
        if not is_token(secret):
            secret = new_token()
        request.future_response.set_cookie(
            BROWSER_COOKIE,
            secret,
            max_age=BROWSER_LIFE,
            httponly=True,
            secure=request.httprequest.scheme == "https",
            samesite="Lax",
        )
        return secret

    def _form(self):
        """Return the posted text fields, last value of each name."""
        form = request.httprequest.form
        return {name: form.getlist(name)[-1] for name in form}

    def _uploads(self):
        """Return the chosen files as ``(name, content)``; rewound, a retry reads again."""
        uploads = []
        for storage in request.httprequest.files.getlist("files"):
            storage.stream.seek(0)
            content = storage.stream.read()
            if storage.filename:
                uploads.append((storage.filename, content))
        return uploads

    def _wants_json(self):
        accept = request.httprequest.accept_mimetypes
        return (
            accept.best_match(["text/html", "application/json"]) == "application/json"
        )

    def _limit(self, bucket, key=None, *, limit, period=600):
        """Count one use of ``bucket``.

        :raise TooMany: when the operator's limit (parameter ``gov_portal.rate_…``,
            0 for none) is passed
        """
        # sudo: visitors read no parameter; only this number is used.
        parameters_sudo = request.env["ir.config_parameter"].sudo()
        allowed = parameters_sudo.get_param(f"gov_portal.rate_{bucket}")
        limit = int(allowed) if (allowed or "").isdigit() else limit
        if not limit:
            return
        source = key or client_key(request)
        # sudo: the counters belong to nobody; the service stores hashed keys only.
        rate_sudo = request.env["gov.rate"].sudo()
        seconds = rate_sudo._hit(f"gov_portal.{bucket}", source, limit, period)
        if seconds:
            raise TooMany(seconds)

    # ------------------------------------------------------------------
    # Answers
    # ------------------------------------------------------------------

    def _page(self, template, values, *, status=200, private=True):
        """Render one of our pages with its headers."""
        errors = values.setdefault("errors", [])
        values.setdefault("section", template.partition("_")[0])
        values["error_of"] = {}
        for error in errors:
            values["error_of"].setdefault(error["field"], []).append(error["sentence"])
        response = request.render(f"gov_portal.{template}", values, status=status)
        return self._secured(response, private=private)

    def _secured(self, response, *, private=True):
        secure_headers(response, store=not private)
        if private:
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
        else:
            response.headers["Cache-Control"] = "private, max-age=60"
        return response

    def _go(self, path):
        """Answer 303 to one of our own pages, in the visitor's language."""
        return self._secured(request.redirect(path, code=303))

    def _not_found(self):
        """The one page for what does not exist and for what is not yours."""
        return self._page("service_not_found", {}, status=404)

    def _wait(self, seconds):
        minutes = max(1, -(-seconds // 60))
        response = self._page("service_wait", {"minutes": minutes}, status=429)
        response.headers["Retry-After"] = str(seconds)
        return response

    def _service_error(self, code, _args, sentence=""):
        """Return our page for an error that Odoo met before or in the controller."""
        if code in (404, 405):
            return self._not_found()
        values = {"code": code, "sentence": sentence}
        return self._page("service_problem", values, status=code)


def limited(method):
    """Answer 429 in our own page when the method met a limit."""

    @functools.wraps(method)
    def wrapper(self, *args, **kwargs):
        try:
            return method(self, *args, **kwargs)
        except TooMany as wait:
            return self._wait(wait.seconds)

    return wrapper
