from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.gov_base.lib import given

from .desk_outgoing_circuit import AGREEING

KINDS = {*AGREEING, "opinion"}


class RegistryLetter(models.Model):
    """Circuits on a letter: visas and opinions, from a template or asked by hand."""

    _inherit = "registry.letter"

    desk_can_start = fields.Boolean(compute="_compute_desk_circuit")
    desk_can_visa = fields.Boolean(compute="_compute_desk_circuit")
    desk_can_add_step = fields.Boolean(compute="_compute_desk_circuit")

    @api.depends("run_ids.revision", "run_ids.actor_ids.state", "desk_state")
    @api.depends_context("uid")
    def _compute_desk_circuit(self):
        for letter in self:
            letter.desk_can_start = letter.desk_can_ask
            letter.desk_can_visa = bool(letter._desk_visas())
            letter.desk_can_add_step = bool(letter._desk_open_run())

    def _desk_visas(self):
        """Return the rows by which the user owes a visa on this letter."""
        self.ensure_one()
        return self.run_ids.actor_ids.filtered(
            lambda actor: (
                actor.state == "current"
                and actor._is_for(self.env.user)
                and actor.step_id.kind in AGREEING
            )
        )

    def _desk_open_run(self):
        """Return the running circuit to which the user may add a step, or none."""
        self.ensure_one()
        return self.run_ids.filtered(
            lambda run: run.state == "running" and run.can_add_step
        ).sorted("id")[-1:]

    @api.model
    def _desk_check_circuit(self, circuit):
        """Raise UserError unless ``circuit`` may run on a letter of this administration."""
        known = circuit.exists()._filtered_access("read")
        kinds = set((known and known._published()).step_ids.mapped("kind"))
        if not kinds or not kinds <= KINDS or known.company_id != self.company_id:
            raise UserError(
                self.env._(
                    "Choose a published circuit of opinions, visas and validations of "
                    "the administration of the letter. Nothing was started."
                )
            )

    def action_start_circuit(self, circuit_id=None, chosen=None):
        """Start a circuit on this letter: opinions and visas in the order of its template.

        :param int circuit_id: a published ``gov.circuit``; without it, open the form
        :param dict chosen: {id of the step: ids of ``res.users``} where the template lets
            the sender choose; keys may be text, as JSON has them
        :return: True, or the window action of the form
        :raise UserError: letter closed, no such circuit, nobody can act at a step
        :raise AccessError: neither agent, head of the unit nor supervisor
        """
        self.ensure_one()
        self._desk_check(lambda letter: letter._desk_ask_refusal())
        if circuit_id is None:
            return self._desk_open_form(
                "desk.circuit.wizard", self.env._("Start a circuit")
            )
        circuit = self.env["gov.circuit"].browse(given.record_id(circuit_id))
        self._desk_check_circuit(circuit)
        self._desk_start_circuit(circuit, self._desk_chosen(chosen))
        return True

    @api.model
    def _desk_chosen(self, chosen):
        if not isinstance(chosen, dict):
            return {}
        return {
            int(step): self.env["res.users"].browse(given.record_ids(people)).exists()
            for step, people in chosen.items()
            if str(step).isdecimal()
        }

    def _desk_start_circuit(self, circuit, chosen=None):
        """Start ``circuit``. The caller passed a gate and checked the circuit."""
        self.ensure_one()
        run = self._circuit_start(circuit, chosen=chosen)
        self._desk_log(
            "circuit_started",
            {"name": run.name, "users": run.current_user_ids.ids},
            journal={"circuit": circuit.id},
        )
        return run

    def _desk_start_usual_circuits(self, unit):
        """Start what the administration starts by itself when ``unit`` gets this letter.

        A vacant place is written on the timeline: it never stops a dispatch.
        """
        self.ensure_one()
        choices = self.env["desk.circuit.choice"]._for_letter(self, "letter", unit)
        # What runs already is not started twice, whoever may read it.
        running = self.sudo().run_ids.circuit_id
        for circuit in choices.filtered("automatic").circuit_id:
            # Each circuit once for a letter, however often it comes back.
            if circuit.id in running.ids:
                continue
            try:
                with self.env.cr.savepoint():
                    self._desk_start_circuit(circuit)
            except UserError as error:
                self._desk_log(
                    "circuit_failed", {"name": circuit.name, "reason": str(error)}
                )

    def action_give_visa(self, decision=None, comment=None):
        """Give or refuse the visa that is asked of the user on this letter.

        :param str decision: "approve" or "refuse"; without it, open the form that asks
        :param str comment: required to refuse
        :return: True, or the window action of the form
        :raise UserError: no visa of the user is waited for, no reason
        """
        self.ensure_one()
        self.check_access("read")
        row = self._desk_visas()[:1]
        if not row:
            raise UserError(
                self.env._(
                    "No visa of yours is waited for on the letter %(letter)s.",
                    letter=self.display_name,
                )
            )
        if decision is None:
            return row.run_id.action_open_approve()
        row.run_id.action_act(decision, comment=comment, step_id=row.step_id.id)
        return True

    def action_refuse_visa(self):
        """Open the form that refuses the visa asked of the user.

        :return: window action
        :raise AccessError: no visa of the user is waited for
        """
        self.ensure_one()
        self.check_access("read")
        row = self._desk_visas()[:1]
        if not row:
            raise AccessError(
                self.env._(
                    "No visa of yours is waited for on the letter %(letter)s.",
                    letter=self.display_name,
                )
            )
        return row.run_id.action_open_refuse()

    def action_add_step(self, kind=None, user_ids=None, question=None, days=None):
        """Ask somebody more in the circuit that runs on this letter.

        :param str kind: "opinion", "visa" or "validation"; without it, open the form
        :param list user_ids: ``res.users`` of this administration
        :param str question: what they are asked
        :param int days: days to answer
        :return: True, or the window action of the form
        :raise UserError: no circuit runs, or the user has no part in it
        """
        self.ensure_one()
        self.check_access("read")
        run = self._desk_open_run()
        if not run:
            raise UserError(
                self.env._(
                    "No circuit that you started, or in which it is your turn, runs on "
                    "the letter %(letter)s: ask for an opinion, or start a circuit.",
                    letter=self.display_name,
                )
            )
        if kind is None:
            return run.action_open_add_step()
        run.action_add_step(kind, user_ids, question=question, days=days)
        return True

    # Hooks of gov.circuit.subject

    def _circuit_acted(self, run, step, actor):
        if step.kind == "opinion":
            self._desk_log("opinion_given", {"text": actor.comment})
        else:
            kind = "visa_refused" if actor.decision == "refuse" else "visa_given"
            self._desk_log(kind, {"reason": actor.comment})

    def _circuit_step_added(self, run, step):
        self._desk_log(
            "step_added",
            {"users": step.actor_ids.user_id.ids, "question": step.question},
        )

    def _circuit_done(self, run):
        if run.circuit_id:
            self._desk_log("circuit_ended", {"name": run.name})

    def _circuit_cancelled(self, run):
        self._desk_log("opinion_withdrawn", {})
