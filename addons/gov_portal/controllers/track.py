import time

from odoo import http
from odoo.http import request

from odoo.addons.gov_base.lib.folding import number_key

from .common import SMALL_BODY, ServicePages, limited, service_route

SESSION_KEY = "gov_portal_follow"
SESSION_LIFE = 30 * 60
FIELDS = ("number", "code", "control")


class TrackController(ServicePages, http.Controller):
    """Following a deposit: three fields open it for half an hour in this browser."""

    @service_route("/track", methods=["GET"])
    def track(self, ended="", **_unused):
        return self._page("track_form", {"ended": bool(ended)})

    @service_route(
        "/track", methods=["POST"], max_content_length=lambda _self: SMALL_BODY
    )
    @limited
    def track_post(self, **_unused):
        form = {field: (self._form().get(field) or "")[:300] for field in FIELDS}
        # sudo: visitors have no right on deposits; the methods return plain values.
        deposits_sudo = request.env["gov.deposit"].sudo()
        errors = deposits_sudo._track_missing(form)
        if errors:
            return self._page("track_form", {"errors": errors}, status=422)
        self._limit("track", limit=300)
        self._limit("track_number", number_key(form["number"]), limit=20, period=900)
        public_id = deposits_sudo._follow(*(form[field] for field in FIELDS))
        if not public_id:
            return self._page("track_unknown", {}, status=404)
        self._remember(public_id)
        return self._go(f"/track/{public_id}")

    @service_route("/track/<string:public_id>", methods=["GET"])
    def follow(self, public_id, **_unused):
        deposit_sudo = self._followed_sudo(public_id)
        if not deposit_sudo:
            return self._go("/track?ended=1")
        return self._page("track_page", deposit_sudo._track_page())

    @service_route(
        "/track/leave", methods=["POST"], max_content_length=lambda _self: SMALL_BODY
    )
    def leave(self, **_unused):
        request.session.pop(SESSION_KEY, None)
        request.future_response.set_cookie("gov_desk", "", max_age=0)
        response = self._go("/track")
        response.headers["Clear-Site-Data"] = '"cache"'
        return response

    # ------------------------------------------------------------------

    def _remember(self, public_id):
        now = int(time.time())
        opened = {
            key: until
            for key, until in request.session.get(SESSION_KEY, {}).items()
            if until > now
        }
        request.session[SESSION_KEY] = {**opened, public_id: now + SESSION_LIFE}

    def _followed_sudo(self, public_id):
        until = request.session.get(SESSION_KEY, {}).get(public_id, 0)
        # sudo: the session holds the references that were opened with their code.
        deposits_sudo = request.env["gov.deposit"].sudo()
        if until <= time.time():
            return deposits_sudo.browse()
        return deposits_sudo._find_sent(public_id)
