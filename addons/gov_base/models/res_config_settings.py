from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_datetime

from ..lib import clamd_client

# The antivirus test string, in two halves so that no scanner takes this file for it.
TEST_STRING = (
    b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-" + b"TEST-FILE!$H+H*"
)


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    gov_clamd_address = fields.Char(
        "Address of clamd",
        config_parameter="gov_base.clamd_address",
        help="unix:/run/clamav/clamd.ctl or tcp:host:3310. Empty: files are not analysed, and every reader is told so.",
    )
    gov_clamd_timeout = fields.Integer(
        "Seconds to wait for a verdict",
        config_parameter="gov_base.clamd_timeout",
        default=60,
    )
    gov_clamd_max_mb = fields.Integer(
        "Largest file the antivirus takes (MB)",
        config_parameter="gov_base.clamd_max_mb",
        default=25,
        help="Not above StreamMaxLength and MaxFileSize of clamd.conf, where AlertExceedsMax must be on: otherwise clamd says"
        " OK about what it did not read.",
    )
    gov_intake_max_files = fields.Integer(
        "Files in one deposit", config_parameter="gov_base.intake_max_files", default=10
    )
    gov_intake_max_file_mb = fields.Integer(
        "Size of one file (MB)",
        config_parameter="gov_base.intake_max_file_mb",
        default=25,
    )
    gov_intake_max_total_mb = fields.Integer(
        "Size of one deposit (MB)",
        config_parameter="gov_base.intake_max_total_mb",
        default=60,
    )
    gov_intake_max_pages = fields.Integer(
        "Pages of one file", config_parameter="gov_base.intake_max_pages", default=5000
    )
    gov_intake_waiting = fields.Char(
        "Files waiting", compute="_compute_gov_intake_waiting"
    )

    @api.depends_context("uid")
    def _compute_gov_intake_waiting(self):
        # The operator sees how many files wait, never which.
        intake_sudo = self.env["gov.intake"].sudo()
        waiting = intake_sudo._waiting()
        for settings in self:
            if not waiting["count"]:
                settings.gov_intake_waiting = self.env._("No file is waiting.")
            else:
                settings.gov_intake_waiting = self.env._(
                    "Files waiting: %(count)s, since %(since)s. Last problem: %(problem)s",
                    count=waiting["count"],
                    since=format_datetime(self.env, waiting["oldest"]),
                    problem=waiting["last_error"] or "-",
                )

    @api.constrains(
        "gov_clamd_timeout",
        "gov_clamd_max_mb",
        "gov_intake_max_files",
        "gov_intake_max_file_mb",
        "gov_intake_max_total_mb",
        "gov_intake_max_pages",
    )
    def _check_gov_limits(self):
        for settings in self:
            if (
                min(
                    settings.gov_clamd_timeout,
                    settings.gov_clamd_max_mb,
                    settings.gov_intake_max_files,
                    settings.gov_intake_max_file_mb,
                    settings.gov_intake_max_total_mb,
                    settings.gov_intake_max_pages,
                )
                < 1
            ):
                raise UserError(
                    self.env._("The limits of the intake must be 1 or more.")
                )

    @api.constrains("gov_clamd_address")
    def _check_gov_clamd_address(self):
        for settings in self:
            if settings.gov_clamd_address:
                settings._gov_clamd()

    def set_values(self):
        """Save; when an antivirus is configured for the first time, ask it about the files that it has never seen."""
        before = self.env["gov.intake"]._parameter("clamd_address")
        result = super().set_values()
        if self.gov_clamd_address and not before:
            versions = self.env["gov.document.version"]
            versions.flush_model(["av_state"])
            self.env.execute_query(
                SQL(
                    "UPDATE gov_document_version SET av_state = 'pending' WHERE av_state = 'not_configured' RETURNING id"
                )
            )
            versions.invalidate_model(["av_state"])
            self.env["gov.intake"]._schedule_scan()
        return result

    def _gov_clamd(self):
        try:
            return clamd_client.Client(
                (self.gov_clamd_address or "").strip(), timeout=15
            )
        except ValueError as error:
            raise UserError(
                self.env._(
                    "The address of clamd must be written unix:/path/to/clamd.sock or tcp:host:port."
                )
            ) from error

    def action_gov_clamd_test(self):
        """Ask the antivirus for its version and show it the test file that every antivirus must find."""
        self.ensure_one()
        client = self._gov_clamd()
        try:
            version = client.version()
            verdict = client.scan(TEST_STRING)
        except clamd_client.ClamdError as error:
            kind, message = (
                "danger",
                self.env._(
                    "No antivirus answers at %(address)s: %(error)s. Files will wait until it does.",
                    address=self.gov_clamd_address,
                    error=str(error),
                ),
            )
        else:
            if verdict.kind == clamd_client.INFECTED:
                kind = "success"
                message = self.env._(
                    "%(version)s answers and finds the test file (%(name)s).",
                    version=version,
                    name=verdict.signature,
                )
            else:
                kind = "warning"
                message = self.env._(
                    "%(version)s answers but does not find the test file: its signatures are missing.",
                    version=version,
                )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Antivirus"),
                "message": message,
                "type": kind,
                "sticky": kind != "success",
            },
        }
