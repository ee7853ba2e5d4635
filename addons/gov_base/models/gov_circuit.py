from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: (from, to) → what the administrator does
TRANSITIONS = {
    ("draft", "published"): "publish",
    ("published", "retired"): "retire",
}
#: set in the context by our own methods only: a plain object cannot come by RPC
GATE = object()
PROTECTED = {"state", "version", "origin_id", "published_at"}


class GovCircuit(models.Model):
    """A way that documents take: ordered groups of steps, each with a rule that says who acts.

    A published version never changes: runs refer to it for ever. A change makes a new version.
    """

    _name = "gov.circuit"
    _description = "Circuit"
    _inherit = ["gov.versioned"]
    _order = "name, version desc, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    description = fields.Text(translate=True)
    version = fields.Integer(default=1, required=True, readonly=True, copy=False)
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("retired", "Retired")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    origin_id = fields.Many2one(
        "gov.circuit",
        string="First version",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    published_at = fields.Datetime("Published on", readonly=True, copy=False)
    step_ids = fields.One2many(
        "gov.circuit.step", "circuit_id", string="Steps", copy=True
    )
    next_rank = fields.Integer(compute="_compute_next_rank")
    can_publish = fields.Boolean(compute="_compute_can")
    can_retire = fields.Boolean(compute="_compute_can")

    _one_published = models.UniqueIndex(
        "(COALESCE(origin_id, id)) WHERE state = 'published'",
        "Another version of this circuit is published: only one can be.",
    )
    _one_draft = models.UniqueIndex(
        "(COALESCE(origin_id, id)) WHERE state = 'draft'",
        "This circuit already has a version in preparation: open that one.",
    )

    @api.depends("step_ids.rank")
    def _compute_next_rank(self):
        for circuit in self:
            circuit.next_rank = max(circuit.step_ids.mapped("rank"), default=0) + 1

    @api.depends("state")
    def _compute_can(self):
        for circuit in self:
            circuit.can_publish = not circuit._transition_refusal("published")
            circuit.can_retire = not circuit._transition_refusal("retired")

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self.browse()._check_protected(vals)
        # Defaults may come by RPC: a circuit begins as a draft, whatever they say.
        first = {
            "state": "draft",
            "version": 1,
            "origin_id": False,
            "published_at": False,
        }
        return super().create([{**first, **vals} for vals in vals_list])

    def write(self, vals):
        self._check_protected(vals)
        result = super().write(vals)
        if "company_id" in vals:
            # rules are checked before a change: nobody hands a circuit to a company he may not change
            self.check_access("write")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        if self.filtered(lambda circuit: circuit.state != "draft"):
            raise UserError(
                self.env._(
                    "A circuit that was published is never deleted: what went through it "
                    "refers to it. Use “Retire”."
                )
            )

    # ------------------------------------------------------------------
    # Gate
    # ------------------------------------------------------------------
    def _transition_refusal(self, new):
        """Return why this circuit cannot become ``new`` now, or None; feeds the gate and the buttons."""
        self.ensure_one()
        if (self.state, new) not in TRANSITIONS:
            return UserError(
                self.env._(
                    "The circuit %(name)s cannot take this step: a draft is published, a "
                    "published one is retired. To change a published one, make a new version.",
                    name=self.display_name,
                )
            )
        return None

    @api.model
    def _gate_is_open(self):
        return self.env.context.get("circuit_gate") is GATE

    def _gated(self):
        return self.with_context(circuit_gate=GATE)

    def _check_protected(self, vals):
        if self._gate_is_open():
            return
        if PROTECTED & vals.keys() and not (
            not self and vals.get("state", "draft") == "draft"
        ):
            raise AccessError(
                self.env._(
                    "State and version of a circuit change only with its buttons: Publish, "
                    "New version, Retire."
                )
            )
        self._check_draft()

    def _check_draft(self):
        """Raise unless these circuits may still be changed."""
        frozen = self.filtered(lambda circuit: circuit.state != "draft")
        if frozen:
            raise UserError(
                self.env._(
                    "Version %(version)s of %(name)s is published: it does not change any "
                    "more. Use “New version”, change that one and publish it.",
                    version=frozen[0].version,
                    name=frozen[0].name,
                )
            )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def action_publish(self):
        """Publish these drafts; the version published before, if any, is retired.

        :raise UserError: not a draft, or steps that cannot work (one sentence each)
        """
        self.check_access("write")
        self._check_transition("published")
        for circuit in self:
            problems = circuit._problems()
            if problems:
                raise UserError("\n".join(problems))
            previous = circuit._family("published")
            previous._gated().write({"state": "retired"})
            previous.flush_recordset(["state"])
            circuit._gated().write(
                {"state": "published", "published_at": fields.Datetime.now()}
            )

    def action_retire(self):
        """Retire published circuits: nothing new starts with them, what runs goes on.

        :raise UserError: not published
        """
        self.check_access("write")
        self._check_transition("retired")
        self._gated().write({"state": "retired"})

    def _published(self):
        """The version to start with: configuration may name any version of the circuit.

        :raise UserError: no version is published
        """
        self.ensure_one()
        published = self if self.state == "published" else self._family("published")
        if not published:
            raise UserError(
                self.env._(
                    "No version of the circuit %(name)s is published. A functional "
                    "administrator publishes one, then start again.",
                    name=self.name,
                )
            )
        return published

    def _problems(self):
        """Sentences that say why this circuit could not work."""
        self.ensure_one()
        if not self.step_ids:
            return [self.env._("Add at least one step to the circuit.")]
        return [problem for step in self.step_ids for problem in step._problems()]
