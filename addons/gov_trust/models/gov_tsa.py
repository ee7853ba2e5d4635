import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..lib import tsp_http
from ..lib.tsp_ask import OWN, REMOTE

_OID = re.compile(r"[0-2](\.(0|[1-9][0-9]{0,39})){1,30}")
#: Only what this file itself hands over opens the gate: a caller cannot name it.
GATE = object()
#: What officers see in the events; the password never is.
_TOLD = (
    "name",
    "kind",
    "url",
    "login",
    "policies",
    "timeout",
    "per_minute",
    "sequence",
)
#: Changing one of these makes the authority another one to reach.
_REACH = {"kind", "url", "login", "password", "timeout", "per_minute", "policies"}


class GovTsa(models.Model):
    """A timestamp authority that signatures and seals ask, in order (RFC 3161)."""

    _name = "gov.tsa"
    _description = "Timestamp authority"
    _inherit = ["gov.gated", "gov.expiring"]
    _order = "sequence, company_id, id"

    name = fields.Char(required=True, size=200)
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: for every administration.",
    )
    sequence = fields.Integer(
        default=10, aggregator=None, help="The first one that answers well is used."
    )
    kind = fields.Selection(
        [
            (REMOTE, "On the network"),
            (OWN, "Own, NON PROBANT"),
        ],
        required=True,
        default=REMOTE,
    )
    url = fields.Char(
        string="Address",
        size=tsp_http.MAX_URL,
        help="http:// or https://; where RFC 3161 requests are posted.",
    )
    login = fields.Char(size=200, help="Only when the authority asks for one.")
    password = fields.Char(
        store=False, help="Encrypted under the master key; never shown again."
    )
    has_password = fields.Boolean(
        string="Password known", compute="_compute_has_password"
    )
    policies = fields.Text(
        string="Accepted policies",
        help="Object identifiers of the policies that count, one a line. Empty: any.",
    )
    timeout = fields.Float(
        string="Longest wait (s)",
        default=5,
        required=True,
        aggregator=None,
        help="For the whole answer; 10 seconds at most.",
    )
    per_minute = fields.Integer(
        string="Requests a minute",
        default=600,
        aggregator=None,
        help="More are not sent to this authority. 0: no bound.",
    )
    state = fields.Selection(
        [("disabled", "Not in use"), ("enabled", "In use")],
        required=True,
        readonly=True,
        default="disabled",
        copy=False,
        tracking=True,
    )

    _timeout_check = models.Constraint(
        "CHECK (timeout >= 0.05 AND timeout <= 10)",
        "An authority is waited for between 0.05 and 10 seconds.",
    )
    _per_minute_check = models.Constraint(
        "CHECK (per_minute >= 0)", "A number of requests cannot be negative."
    )
    _in_use_idx = models.Index("(sequence, id) WHERE state = 'enabled'")

    def _compute_has_password(self):
        # Whether there is one is no secret.
        secrets_sudo = self.env["gov.tsa.secret"].sudo()
        known = secrets_sudo.search([("tsa_id", "in", self.ids)]).tsa_id
        for authority in self:
            authority.has_password = authority in known

    @api.model
    def _gated_names(self):
        return super()._gated_names() | {"state"}

    @api.constrains("url", "kind")
    def _check_url(self):
        for authority in self.filtered(lambda one: one.kind == REMOTE):
            try:
                tsp_http.check_url(authority.url or "")
            except tsp_http.HttpFailed as error:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” cannot be asked: %(reason)s. Correct its address.",
                        name=authority.name,
                        reason=str(error),
                    )
                ) from error

    @api.constrains("login")
    def _check_login(self):
        for authority in self:
            login = authority.login or ""
            if ":" in login or not login.isprintable():
                raise ValidationError(
                    self.env._("A login has no colon and no control characters.")
                )

    @api.constrains("policies")
    def _check_policies(self):
        for authority in self:
            for policy in authority._policy_list():
                if not _OID.fullmatch(policy):
                    raise ValidationError(
                        self.env._(
                            "“%(policy)s” is no object identifier: write numbers with "
                            "dots between them, such as 1.3.6.1.4.1.2.",
                            policy=policy,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        """Add authorities; none is used before it is enabled."""
        passwords = []
        for vals in vals_list:
            self._check_gate(vals)
            passwords.append(vals.pop("password", None))
        authorities = super().create(vals_list)
        for authority, password in zip(authorities, passwords, strict=True):
            if password:
                authority._keep_password(password)
            authority._tell("added", **authority._facts())
        return authorities

    def write(self, vals):
        """Change authorities; what changed is an event of the trust stream."""
        self._check_gate(vals)
        vals = dict(vals)
        password = vals.pop("password", None)
        if "company_id" in vals and any(
            one.company_id.id != vals["company_id"] for one in self
        ):
            raise UserError(
                self.env._(
                    "An authority stays with its administration. Add another one."
                )
            )
        before = {one.id: one._facts() for one in self}
        done = super().write(vals) if vals else True
        for authority in self:
            facts = authority._facts()
            changed = {
                name: {"from": before[authority.id][name], "to": value}
                for name, value in facts.items()
                if before[authority.id][name] != value
            }
            if password is not None and password is not False:
                authority.check_access("write")
                authority._keep_password(password)
                changed["password"] = "replaced" if password else "removed"
            elif authority.has_password and tsp_http.is_elsewhere(
                before[authority.id]["url"], authority.url
            ):
                # Nobody has a password sent to a server it was not typed for.
                authority._keep_password("")
                changed["password"] = "removed"
            if changed:
                authority._tell("changed", **changed)
            if _REACH & vals.keys() or "password" in changed:
                self.env["gov.tsa.state"]._forget(authority.id)
        return done

    def unlink(self):
        """Refuse: what was asked once is evidence. Disable it instead."""
        raise UserError(  # pylint: disable=no-raise-unlink
            self.env._(
                "An authority is not deleted, its timestamps name it. Put it out of "
                "use instead."
            )
        )

    # ------------------------------------------------------------------
    # Gates and events
    # ------------------------------------------------------------------
    @api.model
    def _check_gate(self, vals):
        if "state" in vals and self.env.context.get("gov_tsa_gate") is not GATE:
            raise AccessError(
                self.env._("Authorities come into use by their buttons alone.")
            )

    def _keep_password(self, password):
        text = str(password)
        if not text.isprintable() or len(text) > 500:
            raise ValidationError(
                self.env._("A password has up to 500 characters, on one line.")
            )
        self.env["gov.tsa.secret"]._keep(self, text)

    def _policy_list(self):
        return (self.policies or "").replace(",", " ").split()

    def _facts(self):
        facts = {name: self[name] or None for name in _TOLD}
        facts["timeout"] = round(self.timeout * 1000)
        facts["administration"] = self.company_id.id or None
        return facts

    def _tell(self, what, **facts):
        """Write an event about this authority in the trust stream."""
        self.env["gov.journal"]._trust_stream()._append(
            f"tsa.{what}", facts, subject=self
        )
