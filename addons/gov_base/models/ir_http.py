from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Tell the web client what is missing on this server, if anything is."""
        info = super().session_info()
        if info.get("is_internal_user"):
            notice = self.env["gov.server.check"]._notice()
            if notice:
                info["gov_server_notice"] = notice
        return info
