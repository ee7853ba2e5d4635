from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import clean_context

STATES = [
    ("running", "In progress"),
    ("done", "Finished"),
    ("refused", "Refused"),
    ("cancelled", "Cancelled"),
]


class GovCircuitRun(models.Model):
    """One document on its way: the frozen copy of a circuit, with each person and the reason why it is that person.

    Rows are written by the operations of the run alone; the journal of the subject keeps every act. Who may read the subject,
    or acts or acted in the run, reads it.
    """

    _name = "gov.circuit.run"
    _description = "Circuit of a document"
    _inherit = ["gov.document.access"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(required=True, readonly=True)
    circuit_id = fields.Many2one(
        "gov.circuit",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    version = fields.Integer(readonly=True)
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    res_model = fields.Char("Model of the document", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Document", model_field="res_model", required=True, readonly=True
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="running", index=True
    )
    initiator_id = fields.Many2one(
        "res.users",
        string="Started by",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    started_at = fields.Datetime("Started on", readonly=True)
    ended_at = fields.Datetime("Ended on", readonly=True)
    reason = fields.Text("Reason of the end", readonly=True)
    step_ids = fields.One2many(
        "gov.circuit.run.step", "run_id", string="Steps", readonly=True
    )
    actor_ids = fields.One2many(
        "gov.circuit.run.actor", "run_id", string="Persons", readonly=True
    )
    current_user_ids = fields.Many2many(
        "res.users",
        "gov_circuit_run_current_rel",
        "run_id",
        "user_id",
        string="Waits for",
        readonly=True,
    )
    # Each operation adds one: two at once collide on this row and the second is played again.
    revision = fields.Integer(readonly=True, default=0)

    _subject_idx = models.Index("(res_model, res_id)")

    @api.model_create_multi
    def create(self, vals_list):
        # Defaults may come by RPC: a run starts as its subject says.
        # pylint: disable-next=context-overridden
        runs = self.with_context(clean_context(self.env.context))
        return super(GovCircuitRun, runs).create(vals_list).with_env(self.env)

    # ------------------------------------------------------------------
    # Access: readers of the subject, and whoever acts or acted
    # ------------------------------------------------------------------
    @api.model
    def _gov_visible_domain(self):
        # A person finds his own acts whatever else he may read; only run ids are taken.
        actors_sudo = self.env["gov.circuit.run.actor"].sudo()
        mine = actors_sudo._search(self._my_actors_domain())
        return self._gov_owner_domain() | Domain("id", "in", mine.subselect("run_id"))

    def _gov_forbidden(self):
        forbidden = super()._gov_forbidden()
        if not forbidden:
            return forbidden
        # A person reads the runs he acts in whatever else he may read.
        actors_sudo = self.env["gov.circuit.run.actor"].sudo()
        mine = actors_sudo.search(
            Domain("run_id", "in", forbidden.ids) & self._my_actors_domain()
        )
        return forbidden - self.browse(mine.run_id.ids)

    def _gov_access_error(self):
        return self._unreadable()

    # ------------------------------------------------------------------
    # Parts
    # ------------------------------------------------------------------
    def _subject(self):
        """The record this run is about, with the rights of the caller."""
        self.ensure_one()
        models = self._fields["res_model"]._get_cache(self.env)
        ids = self._fields["res_id"]._get_cache(self.env)
        model = self.res_model
        # Read together with the subjects of the runs that were read with this one.
        together = [
            ids[run_id]
            for run_id in self._prefetch_ids
            if models.get(run_id) == model and ids.get(run_id)
        ]
        return self.env[model].browse(self.res_id).with_prefetch(together)

    def _own_kinds(self):
        """Kinds of steps that the subject does with a button of its own."""
        model = self.env.get(self.res_model)
        return (
            model._circuit_own_kinds() if hasattr(model, "_circuit_own_kinds") else ()
        )

    def _live_steps(self):
        """The steps that count: those a return replaced are history, those left out never were."""
        return self.step_ids.filtered(
            lambda step: step.state not in ("returned", "left_out")
        )

    def _current_steps(self):
        return self.step_ids.filtered(lambda step: step.state == "current")

    def _actors_of(self, steps):
        """The persons of these steps, by way of the run: read at once for all runs that are read together."""
        return self.actor_ids.filtered(lambda actor: actor.step_id in steps)

    def _current_rank(self):
        return self._current_steps()[:1].rank

    def _lock(self):
        """Make operations on these runs follow each other: the second sees what the first did, or is played again.

        A subject that changes what is acted on (a new version of its document) calls it too.
        """
        if not self.ids:
            return
        self.env.execute_query(
            SQL(
                "UPDATE gov_circuit_run SET revision = revision + 1 WHERE id IN %s RETURNING id",
                tuple(sorted(self.ids)),
            )
        )
        self.invalidate_recordset(["revision"], flush=False)

    def _log(self, kind, facts):
        """One event of the journal that the subject names."""
        subject = self._subject()
        body = {"run": self.id, **facts, **subject._circuit_facts()}
        return subject._circuit_journal()._append(
            f"circuit.{kind}", body, subject=subject
        )
