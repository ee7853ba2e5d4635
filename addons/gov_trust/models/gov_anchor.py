import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..lib import ca, trust

OFFICER = "gov_trust.group_gov_trust_officer"
OPERATOR = "gov_trust.group_gov_trust_operator"
LEVELS = [
    ("simple", "Simple"),
    ("advanced", "Advanced"),
    ("qualified", "Qualified"),
]
STATES = [
    ("proposed", "Proposed"),
    ("enabled", "Enabled"),
    ("withdrawn", "Withdrawn"),
]


class GovAnchor(models.Model):
    """An authority outside the platform whose certificates are believed here.

    Nobody may write one: a trust officer proposes, another person enables, an officer
    withdraws. What was signed while it was trusted stays as it was.
    """

    _name = "gov.anchor"
    _description = "Trust anchor"
    _inherit = ["gov.remembered", "gov.expiring"]
    _order = "state, name, id"

    name = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: trusted by the whole platform.",
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="proposed")
    level = fields.Selection(
        LEVELS,
        required=True,
        readonly=True,
        help="Level of every certificate that leads to this authority.",
    )
    use_signature = fields.Boolean(string="Signatures of persons", readonly=True)
    use_seal = fields.Boolean(string="Seals of organisations", readonly=True)
    use_timestamp = fields.Boolean(string="Timestamps", readonly=True)
    purpose = fields.Text(
        string="Why it is trusted",
        required=True,
        readonly=True,
        help="The accreditation, the agreement or the decision it rests on.",
    )
    since = fields.Datetime(
        string="Trusted from", readonly=True, help="Empty: from its first day."
    )
    until = fields.Datetime(
        string="Trusted until", readonly=True, help="Empty: to its last day."
    )
    subject = fields.Char(required=True, readonly=True)
    issuer = fields.Char(string="Issued by", required=True, readonly=True)
    serial = fields.Char(string="Serial number", required=True, readonly=True)
    algorithm = fields.Char(string="Key", required=True, readonly=True)
    not_before = fields.Datetime(string="Valid from", required=True, readonly=True)
    not_after = fields.Datetime(string="Valid until", required=True, readonly=True)
    sha256 = fields.Char(string="Fingerprint (SHA-256)", required=True, readonly=True)
    pem = fields.Text(string="Certificate (PEM)", required=True, readonly=True)
    chain_pem = fields.Text(string="Authorities below it (PEM)", readonly=True)
    crl_fetch = fields.Boolean(
        string="Fetch revocation lists",
        readonly=True,
        help="The platform then calls the addresses below by itself.",
    )
    crl_urls = fields.Text(string="Addresses of its revocation lists", readonly=True)
    list_ids = fields.One2many("gov.anchor.list", "anchor_id", readonly=True)
    proposed_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    proposed_at = fields.Datetime(string="Proposed on", readonly=True)
    enabled_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    enabled_at = fields.Datetime(string="Enabled on", readonly=True)
    withdrawn_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    withdrawn_at = fields.Datetime(string="Withdrawn on", readonly=True)
    withdraw_reason = fields.Text(string="Why it was withdrawn", readonly=True)
    can_enable = fields.Boolean(compute="_compute_can")
    can_withdraw = fields.Boolean(compute="_compute_can")

    _sha256_uniq = models.UniqueIndex(
        "(sha256, COALESCE(company_id, 0)) WHERE state <> 'withdrawn'",
        "This authority is in the list already.",
    )
    _two_people = models.Constraint(
        "CHECK (enabled_by_id IS NULL OR enabled_by_id <> proposed_by_id)",
        "Two people put an authority in force: one proposes, another enables.",
    )

    @api.depends("state", "proposed_by_id")
    @api.depends_context("uid")
    def _compute_can(self):
        officer = self.env.user.has_group(OFFICER)
        operator = self.env.user.has_group(OPERATOR)
        for anchor in self:
            another = anchor.proposed_by_id != self.env.user
            anchor.can_enable = (
                anchor.state == "proposed"
                and another
                and (operator or officer and anchor.company_id)
            )
            anchor.can_withdraw = officer and anchor.state != "withdrawn"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_never(self):
        raise UserError(
            self.env._(
                "An authority is never deleted: what was signed under it must stay "
                "readable. Withdraw it instead."
            )
        )

    def copy(self, default=None):
        raise UserError(self.env._("An authority is not copied: propose it again."))

    # ------------------------------------------------------------------
    # The gate
    # ------------------------------------------------------------------
    def action_enable(self):
        """Put authorities in force; the one who proposed them does not.

        :return: True
        :raise AccessError: neither trust officer nor operator
        :raise UserError: the proposer himself, another state, expired meanwhile, an
            officer for the whole platform
        """
        self.check_access("read")
        user = self.env.user
        if not (user.has_group(OFFICER) or user.has_group(OPERATOR)):
            raise AccessError(
                self.env._("Only a trust officer or an operator enables an authority.")
            )
        for anchor in self:
            anchor._locked("proposed")
            if anchor.proposed_by_id == user:
                raise UserError(
                    self.env._(
                        "You proposed %(name)s yourself: another trust officer, or an "
                        "operator, has to enable it.",
                        name=anchor.name,
                    )
                )
            if not anchor.company_id and not user.has_group(OPERATOR):
                raise UserError(
                    self.env._(
                        "%(name)s would be trusted by every administration: an operator "
                        "of the platform has to enable it.",
                        name=anchor.name,
                    )
                )
            if anchor.not_after < fields.Datetime.now():
                raise UserError(
                    self.env._(
                        "The certificate of %(name)s has expired meanwhile. Withdraw "
                        "the proposal.",
                        name=anchor.name,
                    )
                )
            anchor._pass(
                "enabled",
                {"enabled_by_id": user.id, "enabled_at": fields.Datetime.now()},
            )
        return True

    def action_withdraw(self, reason, until=None):
        """Take trust back; what was signed before ``until`` stays as it was.

        :param str reason: why
        :param until: naive UTC datetime from which it is not trusted; now unless given
            (earlier when its key is known to have been stolen)
        :return: True
        :raise AccessError: not a trust officer
        :raise UserError: no reason, withdrawn already, a time to come
        """
        self.check_access("read")
        if not self.env.user.has_group(OFFICER):
            raise AccessError(
                self.env._("Only a trust officer withdraws an authority.")
            )
        reason = self._plain(reason)
        if not reason:
            raise UserError(
                self.env._("Say why the authority is withdrawn. Nothing was changed.")
            )
        now = fields.Datetime.now()
        moment = fields.Datetime.to_datetime(until) or now
        if moment > now:
            raise UserError(
                self.env._("Trust is taken back now or from a past day, not later.")
            )
        for anchor in self:
            anchor._locked("proposed", "enabled")
            anchor._pass(
                "withdrawn",
                {
                    "withdrawn_by_id": self.env.uid,
                    "withdrawn_at": now,
                    "withdraw_reason": reason,
                    "until": min(moment, anchor.until or moment),
                },
                reason=reason,
                until=moment.isoformat(),
            )
        return True

    def _locked(self, *states):
        """Wait for whoever decides at the same time, then look at the state."""
        self.ensure_one()
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if self.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(name)s is in the state “%(state)s” already. Reload the page.",
                    name=self.name,
                    state=labels[self.state],
                )
            )

    def _pass(self, state, values, **facts):
        # Nobody may write anchors; role, person and state were checked by the caller.
        anchor_sudo = self.sudo()
        anchor_sudo.write({"state": state, **values})
        anchor_sudo.flush_recordset()
        self._tell(f"anchor.{state}", **facts)

    def _tell(self, event, **facts):
        """Write an event about this anchor in the trust stream."""
        self.env["gov.journal"]._trust_stream()._append(
            event,
            {
                "administration": self.company_id.id or None,
                "level": self.level,
                "sha256": self.sha256,
                "uses": sorted(self._uses()),
                **facts,
            },
            subject=self,
        )

    # ------------------------------------------------------------------
    # Plain values
    # ------------------------------------------------------------------
    def _uses(self):
        self.ensure_one()
        return frozenset(use for use in trust.USES if self[f"use_{use}"])

    def _anchor(self):
        """This authority as :class:`~odoo.addons.gov_trust.lib.trust.Anchor`."""
        self.ensure_one()
        (certificate,) = ca.der(self.pem)
        since, until = (
            moment and moment.replace(tzinfo=datetime.UTC)
            for moment in (self.since, self.until)
        )
        return trust.Anchor(
            certificate,
            self.level,
            self._uses(),
            self.name,
            since or None,
            until or None,
        )

    def _list_urls(self):
        """Addresses of its revocation lists, when the platform calls them."""
        self.ensure_one()
        return (self.crl_urls or "").splitlines() if self.crl_fetch else []

    @api.model
    def _plain(self, text):
        """Text without what has no shape (control characters, halves of characters)."""
        return "".join(
            char for char in str(text or "") if char.isprintable() or char == "\n"
        ).strip()
