import datetime

from markupsafe import escape

from odoo import api, fields, models
from odoo.tools import SQL

from ..lib.tsp_ask import MAX_DRIFT
from .gov_tsa_state import MAX_FAILURES

DRIFT = "gov_trust.tsa_max_drift"
DEFAULT_DRIFT = 30.0


class GovTsa(models.Model):
    """How an authority does, for people; and the alarm of clocks."""

    _inherit = "gov.tsa"

    health = fields.Selection(
        [
            ("unknown", "Not asked yet"),
            ("good", "Answers"),
            ("failing", "Failed last time"),
            ("paused", "Left alone"),
        ],
        compute="_compute_health",
    )
    last_ok_at = fields.Datetime(string="Last timestamp", compute="_compute_health")
    last_error = fields.Char(string="Last failure", compute="_compute_health")
    last_error_at = fields.Datetime(string="Failed on", compute="_compute_health")
    paused_until = fields.Datetime(string="Asked again from", compute="_compute_health")
    failures = fields.Integer(string="Failures in a row", compute="_compute_health")
    drift = fields.Float(
        string="Clock ahead (s)",
        compute="_compute_health",
        help="How far the authority's clock was ahead of this server's, last time.",
    )
    is_drifting = fields.Boolean(string="Clocks differ", compute="_compute_health")

    def _compute_health(self):
        rows = self.env.execute_query(
            SQL(
                """SELECT tsa_id, failures, until, last_ok_at, last_error,
                          last_error_at, drift, drifting
                     FROM gov_tsa_state WHERE tsa_id IN %s""",
                tuple(self.ids) or (0,),
            )
        )
        found = {row[0]: row[1:] for row in rows}
        for authority in self:
            failures, until, good_at, error, error_at, drift, drifting = found.get(
                authority.id, (0, None, None, None, None, 0, False)
            )
            authority.failures = failures
            authority.paused_until = failures >= MAX_FAILURES and _naive(until)
            authority.last_ok_at = _naive(good_at)
            authority.last_error = error or False
            authority.last_error_at = _naive(error_at)
            authority.drift = drift or 0
            authority.is_drifting = drifting
            if failures >= MAX_FAILURES:
                authority.health = "paused"
            elif failures:
                authority.health = "failing"
            else:
                authority.health = "good" if good_at else "unknown"

    @api.model
    def _most_drift(self):
        """Seconds that clocks may differ before people are told."""
        # A parameter of the platform; whoever signs may not read parameters.
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        try:
            bound = float(parameters_sudo.get_param(DRIFT) or DEFAULT_DRIFT)
        except ValueError:
            return DEFAULT_DRIFT
        # A parameter written by hand (inf, nan…) silences no alarm.
        return bound if 0 <= bound <= MAX_DRIFT else DEFAULT_DRIFT

    def _tell_drift(self, drift, drifting):
        """Tell the operators that clocks differ, once; or that they agree again.

        :param float drift: seconds the authority's clock is ahead
        :param bool drifting: whether that is too much
        """
        self.ensure_one()
        # Written by the platform, for operators; whoever asked may not see authorities.
        quiet_sudo = self.sudo().with_context(mail_activity_quick_update=True)
        if not drifting:
            quiet_sudo.activity_unlink(["gov_trust.mail_activity_clock"])
            return
        quiet_sudo._tell(
            "drift",
            ahead_milliseconds=round(drift * 1000),
            bound_milliseconds=round(self._most_drift() * 1000),
        )
        operators = quiet_sudo.env.ref(
            "gov_trust.group_gov_trust_operator"
        ).all_user_ids
        for operator in operators.filtered(lambda user: user.active and not user.share):
            quiet_sudo.activity_schedule(
                "gov_trust.mail_activity_clock",
                user_id=operator.id,
                # The note is HTML, the name is what somebody typed.
                note=self.env._(
                    "The clock of %(name)s is %(drift)s seconds ahead of this server's. "
                    "Check the clock of this server (NTP) first; if it is right, tell "
                    "the authority.",
                    name=escape(quiet_sudo.name),
                    drift=f"{drift:+.0f}",
                ),
            )


def _naive(moment):
    return moment and moment.astimezone(datetime.UTC).replace(
        tzinfo=None, microsecond=0
    )
