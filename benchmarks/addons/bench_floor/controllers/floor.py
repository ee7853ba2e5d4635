from odoo import http
from odoo.http import request


class BenchFloorController(http.Controller):
    @http.route(
        "/bench/floor", type="http", auth="public", methods=["POST"], csrf=False
    )
    def store(self, **_fields):
        """Store the posted file and one record, and answer as a form does."""
        upload = request.httprequest.files["files"]
        # The floor of the measure: no check, no right, no journal.
        attachment_sudo = request.env["ir.attachment"].sudo()
        attachment = attachment_sudo.create(
            {
                "name": upload.filename,
                "raw": upload.read(),
                "mimetype": "application/pdf",
            }
        )
        floor_sudo = request.env["bench.floor"].sudo()
        record = floor_sudo.create(
            {"name": upload.filename, "attachment_id": attachment.id}
        )
        return request.redirect(f"/bench/floor/{record.id}", code=303)
