import logging

from odoo import api, models

_logger = logging.getLogger(__name__)

# Port 9 ("discard") of this machine: refused at once, and the log says why.
_CLOSED = "http://127.0.0.1:9/outbound-calls-are-off"

# Addresses of services abroad that addons of Odoo take from a parameter. Their addons come by
# themselves with hr, mail or website; a parameter that somebody set is left alone.
_ENDPOINTS = (
    "enrich.endpoint",
    "html_editor.media_library_endpoint",
    "html_editor.olg_api_endpoint",
    "iap.endpoint",
    "iap.partner_autocomplete.endpoint",
    "mail.server.gmail.iap.endpoint",
    "mail.server.outlook.iap.endpoint",
    "reveal.endpoint",
    "sms.endpoint",
    "snailmail.endpoint",
    "website.olg_api_endpoint",
    "website.website_api_endpoint",
)
_PARAMETERS = {
    **dict.fromkeys(_ENDPOINTS, _CLOSED),
    # Below zero: the server does not even fetch a page to preview a link somebody wrote.
    "mail.link_preview_throttle": "-1",
}
_CRONS = (
    "mail.ir_cron_module_update_notification",
    "mail.ir_cron_web_push_notification",
    "digest.ir_cron_digest_scheduler_action",
)


class GovOutbound(models.AbstractModel):
    _name = "gov.outbound"
    _description = "No call to services outside"

    @api.model
    def _switch_off(self):
        """Close every door by which stock Odoo calls its publisher's services by itself.

        Run at each install and upgrade. Addons are not uninstalled: another application of the
        same database may need them. What is closed can be opened again by a system administrator
        who sets the parameter to a real address.
        """
        # installing and upgrading run as superuser; an operator may call it again from a shell
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        for key, value in _PARAMETERS.items():
            if not parameters_sudo.get_param(key):
                parameters_sudo.set_param(key, value)
        crons_sudo = self.env["ir.cron"].sudo()
        for xmlid in _CRONS:
            cron = self.env.ref(xmlid, raise_if_not_found=False)
            cron_sudo = crons_sudo.browse(cron.id if cron else ())
            if cron_sudo.active:
                cron_sudo.active = False
                _logger.info("switched off, because it calls outside: %s", xmlid)
