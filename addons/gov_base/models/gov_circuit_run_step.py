from odoo import api, fields, models

from .gov_circuit_step import MODES

STATES = [
    ("waiting", "To come"),
    ("current", "Now"),
    ("done", "Done"),
    ("refused", "Refused"),
    ("skipped", "Without decision"),
    ("bypassed", "Passed over"),
    ("left_out", "Left out"),
    ("returned", "Taken again later"),
]


class GovCircuitRunStep(models.Model):
    """A step of a run. Same rank: same time. A return leaves the old rows as history and makes new ones."""

    _name = "gov.circuit.run.step"
    _description = "Step of a document's circuit"
    _inherit = ["gov.circuit.part"]
    _order = "rank, id"
    _check_company_auto = True

    run_id = fields.Many2one(
        "gov.circuit.run", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    origin_id = fields.Many2one(
        "gov.circuit.step",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        string="Step of the circuit",
    )
    rank = fields.Integer("Order", required=True, readonly=True)
    acts_before = fields.Integer(
        readonly=True, help="Acts that were there already when it came straight back."
    )
    name = fields.Char("Step", required=True, readonly=True, translate=True)
    kind = fields.Selection(
        selection=lambda self: (
            self.env["gov.circuit.step"]
            ._fields["kind"]
            ._description_selection(self.env)
        ),
        required=True,
        readonly=True,
    )
    mode = fields.Selection(MODES, required=True, readonly=True)
    rule = fields.Char(readonly=True)
    after_rank = fields.Integer(
        readonly=True, help="Order of the steps that were passed just before it opened."
    )
    state = fields.Selection(STATES, required=True, readonly=True, default="waiting")
    days = fields.Integer(readonly=True)
    opened_at = fields.Datetime("Opened on", readonly=True)
    closed_at = fields.Datetime("Closed on", readonly=True)
    deadline = fields.Date(readonly=True)
    is_late = fields.Boolean("Late", compute="_compute_is_late")
    question = fields.Text(readonly=True)
    reason = fields.Text("Left out because", readonly=True)
    added_by_id = fields.Many2one(
        "res.users", string="Added by", readonly=True, ondelete="restrict"
    )
    actor_ids = fields.One2many(
        "gov.circuit.run.actor", "step_id", string="Persons", readonly=True
    )

    @api.depends("state", "deadline")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for step in self:
            step.is_late = bool(
                step.state == "current" and step.deadline and step.deadline < today
            )

    def _current_actors(self):
        return self.actor_ids.filtered(lambda actor: actor.state == "current")

    def _acts(self):
        """The rows of who did something at this step."""
        rows = self.run_id._actors_of(self)
        return rows.filtered(lambda actor: actor.state not in ("waiting", "current"))

    def _with_part(self):
        """The rows of who acts, acted or withdrew: one person has one place at a step."""
        return self.actor_ids.filtered(
            lambda actor: actor.state in ("waiting", "current", "done", "recused")
        )

    def _add_actors(self, actors, state="waiting", chair=None):
        """Write who acts at this step: ``(user, reason code, facts of the reason)`` each; called as superuser.

        :param chair: ``res.users`` whose vote prevails when votes are equal
        """
        return self.env["gov.circuit.run.actor"].create(
            [
                {
                    "run_id": self.run_id.id,
                    "step_id": self.id,
                    "company_id": self.company_id.id,
                    "user_id": user.id,
                    "name": user.name,
                    "reason_code": code,
                    "reason_args": args,
                    "state": state,
                    "is_chair": bool(chair) and user.id == chair.id,
                }
                for user, code, args in actors
            ]
        )

    def _take_place(self, actor, user, code, args):
        """A row for `user`, who takes the place of `actor` (its presidency too); called as superuser."""
        state = "current" if self.state == "current" else "waiting"
        # The name of who acts is copied: it is read later by people who may not read this account.
        new = self._add_actors(
            [(user.sudo(), code, args)], state, user if actor.is_chair else None
        )
        if state == "current":
            new._schedule()
        return new

    def _again(self):
        """A row to come like this one, without its persons and its dates. Called as superuser."""
        names = {
            name: self[name]
            for name in ("rank", "name", "kind", "mode", "rule", "days", "question")
        }
        row = self.create(
            {
                **names,
                **self._again_values(),
                "run_id": self.run_id.id,
                "company_id": self.company_id.id,
                "origin_id": self.origin_id.id,
                "added_by_id": self.added_by_id.id,
            }
        )
        row._copy_words(self)
        return row

    def _close(self, state):
        """End these steps; those who did not act have nothing to do any more. Called as superuser."""
        if not self:
            return
        self.actor_ids.filtered(
            lambda actor: actor.state in ("waiting", "current")
        )._skip()
        self.write({"state": state, "closed_at": fields.Datetime.now()})

    def _follow_previous(self):
        """“N+1 of who acts before”: known for sure only now. Called as superuser, before the step opens."""
        if self.rule != "previous_manager":
            return
        acted = self.run_id._live_steps().actor_ids.filtered(
            lambda actor: actor.state == "done" and actor.step_id.rank < self.rank
        )
        # Steps that the application did, or that were passed over, have nobody.
        rank = max(acted.step_id.mapped("rank"), default=0)
        acted = acted.filtered(lambda actor: actor.step_id.rank == rank)
        found = self.env["gov.circuit.step"]._managers(acted.user_id, self.company_id)
        expected = self.actor_ids.filtered(lambda actor: actor.state == "waiting")
        wanted = {user.id: (user, code, args) for user, code, args in found}
        if not wanted or set(wanted) == set(expected.user_id.ids):
            return
        expected.filtered(lambda actor: actor.user_id.id not in wanted)._skip()
        self._add_actors(
            why
            for user_id, why in wanted.items()
            if user_id not in expected.user_id.ids
        )

    def _facts(self):
        """What the journal says of these steps: ids and rules, no word of a person."""
        return [
            {
                "id": step.id,
                "rank": step.rank,
                "kind": step.kind,
                "mode": step.mode,
                "rule": step.rule or None,
                "quorum": step.quorum if step.mode == "quorum" else None,
                "left_out": step.left_out_code or None,
                "actors": [
                    {
                        "user": actor.user_id.id,
                        "why": actor.reason_code,
                        "chair": actor.is_chair,
                    }
                    for actor in step.actor_ids
                    if actor.state in ("waiting", "current")
                ],
            }
            for step in self
        ]
