from odoo import api, fields, models
from odoo.tools import format_date

from .gov_circuit_step import MODES

STATES = [
    ("waiting", "To come"),
    ("current", "Now"),
    ("done", "Done"),
    ("refused", "Refused"),
    ("skipped", "Without decision"),
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

    def _add_actors(self, actors, state="waiting"):
        """Write who acts at this step: ``(user, reason code, facts of the reason)`` each; called as superuser."""
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
                }
                for user, code, args in actors
            ]
        )

    def _again(self):
        """A row to come like this one, without its persons and its dates. Called as superuser."""
        names = {
            name: self[name]
            for name in ("rank", "name", "kind", "mode", "rule", "days", "question")
        }
        row = self.create(
            {
                **names,
                "run_id": self.run_id.id,
                "company_id": self.company_id.id,
                "origin_id": self.origin_id.id,
                "added_by_id": self.added_by_id.id,
            }
        )
        translations = self._fields["name"]._get_stored_translations(self)
        row._update_field_translations("name", translations or {})
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
        earlier = self.run_id._live_steps().filtered(lambda s: s.rank < self.rank)
        rank = max(earlier.mapped("rank"), default=0)
        acted = earlier.filtered(lambda step: step.rank == rank).actor_ids.filtered(
            lambda actor: actor.state == "done"
        )
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
                "actors": [
                    {"user": actor.user_id.id, "why": actor.reason_code}
                    for actor in step.actor_ids
                    if actor.state in ("waiting", "current")
                ],
            }
            for step in self
        ]

    # ------------------------------------------------------------------
    # Picture
    # ------------------------------------------------------------------
    def _box(self):
        """One box of the picture."""
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("kind", "mode", "state")
        }
        people = [actor._line() for actor in self.run_id._actors_of(self).sorted("id")]
        return {
            "id": str(self.id),
            "name": self.name,
            "kind": labels["kind"].get(self.kind, self.kind),
            "mode": labels["mode"][self.mode] if len(people) > 1 else "",
            "state": self.state,
            "state_label": self.env._("Late")
            if self.is_late
            else labels["state"][self.state],
            "who": "",
            "people": people,
            "note": self.env._("by %(date)s", date=format_date(self.env, self.deadline))
            if self.deadline and self.state == "current"
            else "",
            "late": self.is_late,
            "question": self.reason or self.question or "",
            "problem": "",
        }
