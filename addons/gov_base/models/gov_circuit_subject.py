from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

#: set in the context by our own methods only: a plain object cannot come by RPC
GATE = object()


class GovCircuitSubject(models.AbstractModel):
    """What a record mixes in to go through circuits: it starts one and answers hooks; everything else is the run's."""

    _name = "gov.circuit.subject"
    _description = "Subject of circuits"
    _inherit = ["mail.thread", "mail.activity.mixin"]

    run_ids = fields.One2many(
        "gov.circuit.run",
        "res_id",
        string="Circuits",
        domain=lambda self: [("res_model", "=", self._name)],
        readonly=True,
        copy=False,
    )
    run_id = fields.Many2one(
        "gov.circuit.run",
        string="Circuit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        # who reads the record reads its run: baskets need not ask twice
        bypass_search_access=True,
    )
    run_picture = fields.Json(related="run_id.picture", string="Picture of the circuit")

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_run_untouched(vals)
        # A default may come by RPC: no record is born in a circuit.
        return super().create([{**vals, "run_id": False} for vals in vals_list])

    def write(self, vals):
        self._check_run_untouched(vals)
        return super().write(vals)

    @api.model
    def _check_run_untouched(self, vals):
        if {"run_id", "run_ids"} & vals.keys() and (
            self.env.context.get("circuit_run_gate") is not GATE
        ):
            raise AccessError(
                self.env._("The circuit of a document changes only with its buttons.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_gov_circuit_runs(self):
        # Nobody may delete runs by himself; deleting their subject was just allowed.
        runs_sudo = (
            self.env["gov.circuit.run"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        )
        runs_sudo.actor_ids._unschedule()
        runs_sudo.unlink()

    # ------------------------------------------------------------------
    # Start
    # ------------------------------------------------------------------
    def _circuit_start(
        self,
        circuit=None,
        steps=None,
        *,
        chosen=None,
        name=None,
        initiator=None,
        before=None,
    ):
        """Start a circuit on this record. The caller passed the gate of its own model.

        :param circuit: ``gov.circuit``, any version: the published one is used
        :param list steps: without a circuit, dicts of: ``name``, ``kind``, ``users`` (chosen by the sender) or ``rule`` with
            ``unit``, ``group``, ``job``, ``field`` or ``levels``; and ``rank`` (each its own by default), ``mode`` (with
            ``quorum`` and ``chair``), ``replacements`` (users in order), ``days`` (working days) or ``due`` (a day), ``question``
        :param dict chosen: {step of the circuit (record or id): res.users (or ids)} where the sender chooses
        :param str name: name of the run, the circuit's by default
        :param initiator: who starts it, the user by default
        :param before: ``gov.circuit`` whose steps go first, in the same run (preparation, then validation)
        :return: ``gov.circuit.run``
        :raise UserError: nobody can act at a step; the sentence names it
        """
        self.ensure_one()
        initiator = initiator or self.env.user
        template = circuit and circuit._published()
        first = before._published() if before else self.env["gov.circuit"]
        if template:
            planner = first.step_ids + template.step_ids
        else:
            planner = self._circuit_steps(steps)
        if not planner:
            raise UserError(self.env._("This circuit has no step: say who has to act."))
        for one in (first, template or first):
            one._check_fits(self)
            if one and one.company_id != self.company_id:
                raise UserError(
                    self.env._(
                        "The circuit %(name)s belongs to another administration. Choose one "
                        "of %(company)s.",
                        name=one.name,
                        company=self.company_id.name,
                    )
                )
        plan = planner._plan(
            self, initiator, self.company_id, self._circuit_chosen(planner, chosen)
        )
        problems = [planned.problem for planned in plan if planned.problem]
        problems += self.env["gov.circuit"]._self_approvals(plan, initiator)
        if problems:
            raise UserError("\n".join(dict.fromkeys(problems)))
        if all(planned.left_out for planned in plan):
            raise UserError(
                self.env._(
                    "No step of this circuit concerns this document: each is left out by its "
                    "condition. Choose another circuit."
                )
            )
        run = self.env["gov.circuit.run"]._launch(
            self,
            plan,
            circuit=template,
            initiator=initiator,
            name=name,
        )
        return run

    @api.model
    def _circuit_steps(self, specs):
        """In-memory steps for a run without a circuit; they answer rules like those of a circuit."""
        steps = self.env["gov.circuit.step"]
        for number, spec in enumerate(specs or (), 1):
            users = spec.get("users")
            steps += steps.new(
                {
                    "name": spec["name"],
                    "kind": spec["kind"],
                    "rank": spec.get("rank", number),
                    "sequence": number,
                    "mode": spec.get("mode", "all"),
                    "actor_rule": spec.get("rule", "chosen"),
                    "user_ids": users.ids if hasattr(users, "ids") else users or [],
                    "unit_id": spec["unit"].id if spec.get("unit") else False,
                    "group_id": spec["group"].id if spec.get("group") else False,
                    "levels": spec.get("levels", 1),
                    "job_id": spec["job"].id if spec.get("job") else False,
                    "subject_field": spec.get("field") or False,
                    "quorum": spec.get("quorum", 1),
                    "chair_id": spec["chair"].id if spec.get("chair") else False,
                    "replacement_ids": [
                        Command.create({"user_id": user.id})
                        for user in spec.get("replacements") or ()
                    ],
                    "question": spec.get("question") or False,
                    "deadline_days": spec.get("days") or 0,
                    "deadline_date": spec.get("due") or False,
                }
            )
        return steps

    @api.model
    def _circuit_chosen(self, steps, chosen):
        users = self.env["res.users"]
        found = {}
        for step, people in (chosen or {}).items():
            step_id = step if isinstance(step, int) else step.id
            for known in steps.filtered(lambda s, wanted=step_id: s.id == wanted):
                found[known] = (
                    people if hasattr(people, "ids") else users.browse(people)
                )
        return found

    def _circuit_remember(self, run):
        # The last circuit is shown to every reader; who started it passed the gate of this model.
        subject_sudo = self.sudo().with_context(circuit_run_gate=GATE)
        subject_sudo.run_id = run

    # ------------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------------
    def _circuit_journal(self):
        """The ``gov.journal`` (as superuser) that keeps the acts of this record."""
        raise NotImplementedError(f"{self._name} names no journal for its circuits")

    def _circuit_facts(self):
        """Plain facts about this record that each event repeats (canonical JSON, nothing personal in clear)."""
        return {}

    def _circuit_base(self):
        """Digest of what is acted on now; empty when there is nothing but the record itself."""
        return ""

    def _circuit_unit(self):
        """The unit of this record, for the rule “head of the unit of the document”."""
        return self.env["hr.department"]

    def _circuit_own_kinds(self):
        """Kinds of steps whose agreement is more than a click (a signature): the app calls ``run._act`` itself."""
        return ()

    def _circuit_act_refusal(self, step, user, decision):
        """Return an exception when ``user`` may not do this now, else None.

        :param str decision: approve, refuse, opinion; or an operation: return, transfer (``user`` is who would receive),
            recall, add_step, cancel, go_on
        """

    def _circuit_opened(self, run, steps):
        """These steps wait for their persons now."""

    def _circuit_acted(self, run, step, actor):
        """Somebody decided."""

    def _circuit_done(self, run):
        """The last step was passed."""

    def _circuit_refused(self, run, actor):
        """The run ended with a refusal."""

    def _circuit_returned(self, run, step):
        """The run goes back to ``step`` (its new row); what follows is done again. Called before it opens."""

    def _circuit_recalled(self, run, step):
        """Somebody took his act at ``step`` back."""

    def _circuit_transferred(self, run, step, actor):
        """``actor`` (the new row) received the step."""

    def _circuit_step_added(self, run, step):
        """A step was added by hand."""

    def _circuit_cancelled(self, run):
        """The run was stopped."""
