from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.gov_base.lib import given, text

#: kinds of steps by which somebody agrees to a letter
AGREEING = {"visa", "validation"}


class DeskOutgoing(models.Model):
    """Validation: the N+1 and those above agree to one version of the letter."""

    _inherit = "desk.outgoing"

    pdf_version_id = fields.Many2one(
        "gov.document.version",
        string="Version submitted",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    base = fields.Char(related="pdf_version_id.sha256", string="Digest")
    can_decide = fields.Boolean(compute="_compute_can_decide")
    todo = fields.Char(string="What to do", compute="_compute_todo")

    @api.depends("run_id.revision", "state")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        for outgoing in self:
            run = outgoing.run_id
            outgoing.can_decide = outgoing.state == "validating" and run.can_act

    @api.depends("state", "run_id.revision")
    @api.depends_context("uid", "lang")
    def _compute_todo(self):
        for outgoing in self:
            outgoing.todo = outgoing._todo_sentence()

    def _todo_sentence(self):
        env = self.env
        if self.state == "validating":
            step = self.run_id._current_steps()[:1]
            if self.can_decide:
                return env._(
                    "Read the letter, then approve it, send it back or refuse it."
                )
            names = ", ".join(step._current_actors().mapped("name"))
            if step.deadline:
                return env._(
                    "Waits for %(names)s until %(date)s.",
                    names=names,
                    date=format_date(env, step.deadline),
                )
            return env._("Waits for %(names)s.", names=names)
        return {
            "draft": env._("Write the letter, then submit it."),
            "validated": self._validated_sentence(),
            "signing": env._("Waits for its signature."),
            "paper": self._paper_sentence(),
            "numbering": env._(
                "The number and the seal are on their way: reload in a moment."
            ),
            "sealed": env._("Numbered and sealed: send it and note the proof."),
            "sent": env._("Sent. Nothing is left to do."),
            "read": env._("Sent, and read by the recipient."),
            "cancelled": env._("Abandoned."),
        }[self.state]

    def action_submit(self, levels=None, circuit_id=None, days=0, until_unit_id=None):
        """Submit this draft to those who validate it.

        What they read is set now and does not change: each approval names its digest.

        :param int levels: how many superiors: 1 is the head of the unit, 2 the one above
            too…; those who do not exist are left out. Without it, open the form
        :param int circuit_id: a published ``gov.circuit`` instead
        :param int days: days each of them has, 0 for no date
        :param int until_unit_id: instead of ``levels``, the unit above up to whose head it
            is validated
        :return: True, or the window action of the form
        :raise UserError: not a draft, something is missing, nobody can validate
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self._pass_gate("validating")
        self._check_complete()
        if levels is None and circuit_id is None and until_unit_id is None:
            return self._open_form("desk.submit.wizard", self.env._("Submit"))
        circuit = self._validation_circuit(circuit_id)
        steps = None if circuit else self._validation_steps(levels, days, until_unit_id)
        self._set_pdf()
        if not circuit and not steps:
            # Nobody is above who writes: his submission is the validation.
            self._set_state("validated")
            self._log("validated", {})
            return True
        self._desk_write({"state": "validating"})
        run = self._circuit_start(
            circuit or None, steps, name=self.env._("Validation of the letter")
        )
        if circuit:
            self._ask_named(run)
        self._log("submitted", {"users": run.current_user_ids.ids})
        return True

    def _ask_named(self, run):
        """Add to a circuit those whom the dispatch named: no choice of circuit drops them."""
        asked = (
            self.answers_id._desk_reply_steps(run.actor_ids.user_id)
            if self.answers_id
            else []
        )
        for step in asked:
            last = run.step_ids.sorted("rank")[-1:]
            run._add_step(step["kind"], step["users"], after=last, name=step["name"])

    def _validation_steps(self, levels, days, until_unit_id=None):
        """Return the steps of a validation: head of the unit, then one level up each."""
        self.run_id._check_days(days)
        # Whatever is no number of superiors means the first one.
        levels = levels if type(levels) is int else 1
        validators = self._validators(levels, self._rank_unit(until_unit_id))
        asked = (
            self.answers_id._desk_reply_steps(self.env["res.users"].union(*validators))
            if self.answers_id
            else []
        )
        return [
            {
                "name": self.env._("Validation"),
                "kind": "validation",
                "users": heads,
                "mode": "any",
                "days": days or 0,
            }
            for heads in validators
        ] + [{**step, "days": days or 0} for step in asked]

    def _validation_circuit(self, circuit_id):
        """Return the circuit that was chosen, or none; it must make somebody agree."""
        circuit = self.env["gov.circuit"].browse(given.record_id(circuit_id))
        if not circuit:
            return circuit
        known = circuit.exists()._filtered_access("read")
        kinds = set((known and known._published()).step_ids.mapped("kind"))
        # An opinion agrees to nothing, and a signature is not given by a click.
        if not (kinds & AGREEING and kinds <= {*AGREEING, "opinion"}):
            raise UserError(
                self.env._(
                    "Choose a published circuit that validates: visas and validations, "
                    "with opinions beside them. Nothing was submitted."
                )
            )
        return circuit

    def _check_complete(self):
        """Raise UserError naming what the letter lacks."""
        lacking = []
        if not self.subject:
            lacking.append(self.env._("the subject"))
        if not self._has_text():
            lacking.append(self.env._("the text"))
        if self.kind == "note":
            if not self.recipient_unit_id:
                lacking.append(self.env._("the unit it is for"))
        elif not self.recipient_name:
            lacking.append(self.env._("the recipient"))
        if not self.office_id:
            lacking.append(self.env._("the mail office that numbers it"))
        if lacking:
            raise UserError(
                self.env._(
                    "Fill in first: %(what)s. Nothing was submitted.",
                    what=", ".join(lacking),
                )
            )

    def action_decide(self, decision=None, comment=None, base=None):
        """Approve, send back or refuse the version that was submitted.

        :param str decision: "approve", "return" or "refuse" ("opinion" where one is
            asked); without it, open the form
        :param str comment: required to send back or refuse
        :param str base: digest of what was read (``base``); an older one is refused
        :return: True, or the window action of the form
        :raise UserError: out of turn, twice, ended, older version, no reason
        :raise AccessError: not among those who validate
        """
        self.ensure_one()
        self.check_access("read")
        if self.state != "validating":
            raise UserError(
                self.env._(
                    "The letter %(letter)s waits for no decision now.",
                    letter=self.display_name,
                )
            )
        run = self.run_id
        if decision is None:
            return self._open_form("desk.decide.wizard", self.env._("Decide"))
        if decision == "return":
            self._send_back(comment, base)
        else:
            run.action_act(decision, comment=comment, base=base)
        return True

    def _send_back(self, comment, base):
        """Send the draft back to its author, with a reason."""
        run = self.run_id
        run._check_reader()
        run._lock()
        run._check("act", self.env.user, decision="approve")
        run._check_base(base)
        reason = text.clean_block(comment)
        if not reason:
            raise UserError(self.env._("Say what has to change: the author reads it."))
        run._end("cancelled", reason=reason)
        self._log("sent_back", {"reason": reason})

    def action_take_back(self):
        """Make this letter a draft again, to change it: approvals given are void.

        :return: True
        :raise UserError: numbered already, or nothing to take back
        :raise AccessError: neither author, head of the unit nor supervisor
        """
        self.ensure_one()
        self.check_access("read")
        self._lock()
        if refusal := self._take_back_refusal():
            raise refusal
        run = self.run_id
        if run.state == "running":
            run._lock()
            run._end("cancelled", reason=self.env._("Taken back by its author."))
        if self.state != "draft":
            self._set_state("draft")
        self._log("recalled", {})
        return True

    # Hooks of gov.circuit.subject

    def _circuit_remember(self, run):
        # Rights follow the persons of the run: what was read before it is forgotten.
        self.invalidate_recordset(["run_ids"])
        return super()._circuit_remember(run)

    def _circuit_journal(self):
        # An author has no right on the journal of the register; circuits append to it.
        return self._numbering_register().journal_id.sudo()

    def _circuit_facts(self):
        return {"register": self._numbering_register().code, "outgoing": self.id}

    def _circuit_base(self):
        # The digest of what was submitted, for whoever decides on it.
        outgoing_sudo = self.sudo()
        return outgoing_sudo.base or ""

    def _circuit_unit(self):
        return self.unit_id

    def _circuit_act_refusal(self, step, user, decision):
        run = step.run_id
        if decision == "transfer" and step.kind in AGREEING:
            # Asked of who hands on, then of who would receive: only that one is refused.
            acting = step._current_actors().user_id
            if user in (self.user_id | run.initiator_id) - acting:
                return UserError(
                    self.env._(
                        "Who wrote or submitted the letter %(letter)s does not validate "
                        "it: choose another person.",
                        letter=self.display_name,
                    )
                )
        return super()._circuit_act_refusal(step, user, decision)

    def _circuit_acted(self, run, step, actor):
        kind = {"approve": "approved", "refuse": "refused"}.get(actor.decision)
        if kind and step.kind != "opinion":
            self._log(kind, {"reason": actor.comment})
        elif step.kind == "opinion":
            self._log("opinion_given", {"text": actor.comment})

    def _circuit_done(self, run):
        if self.state == "validating":
            self._set_state("validated")
            self._log("validated", {})

    def _circuit_refused(self, run, actor):
        if self.state == "validating":
            self._set_state("draft")

    def _circuit_cancelled(self, run):
        if self.state == "validating":
            self._set_state("draft")
