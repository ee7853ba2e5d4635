from odoo import http
from odoo.http import request

from .common import ServicePages, limited, service_route


class DesksController(ServicePages, http.Controller):
    """The directory: which desks exist, what they accept, when they are open."""

    @service_route("/desks", methods=["GET"], readonly=True)
    @limited
    def desks(self, q="", **_unused):
        query = (q if isinstance(q, str) else "")[:100]
        if query:
            self._limit("search", limit=1200)
        # sudo: visitors have no right on offices; the method returns the published
        # ones as plain dicts.
        offices_sudo = request.env["registry.office"].sudo()
        cards, total = offices_sudo._portal_directory(query)
        return self._page(
            "desks_page",
            {"cards": cards, "total": total, "query": query},
            private=False,
        )

    @service_route("/desks/<string:slug>", methods=["GET"], readonly=True)
    def desk(self, slug, **_unused):
        # sudo: as above; an unpublished desk is answered like an unknown one.
        office_sudo = request.env["registry.office"].sudo()._portal_find(slug)
        if not office_sudo:
            return self._not_found()
        return self._page(
            "desk_page", {"desk": office_sudo._portal_page()}, private=False
        )
