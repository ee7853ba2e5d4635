from odoo import api, fields, models
from odoo.exceptions import UserError

from .gov_circuit_step import ARCHIVE, CLOSED_KINDS, DISPATCH, PLATFORM, SEAL
from .parapheur_folder_closing import BATCH

#: what is still decided once the documents are sealed
AFTER_SEAL = (
    "approve",
    "transfer",
    "recuse",
    "replace",
    "bypass_ask",
    "bypass_confirm",
    "platform_retry",
)


class ParapheurFolder(models.Model):
    """Steps once everybody signed: the seal closes the documents, then they leave and are kept.

    The circuit still runs while the documents are closed: the batch goes on with it.
    """

    _inherit = "parapheur.folder"

    sealed_at = fields.Datetime("Documents closed on", readonly=True, copy=False)

    def action_seal(self, base=None, comment=None, reauth=None):
        """Have the documents closed by the seal of the administration, at the step that asks.

        :param str base: digest of what was seen, refused when older
        :param str comment: words beside the act
        :param dict reauth: as for :meth:`action_approve`, where the nature asks for it
        :return: True
        :raise UserError: out of turn, twice, ended, older version
        :raise AccessError: not an actor of this folder, or without the right on the seal
        """
        self.ensure_one()
        self._check_in_circuit()
        # Two at once follow each other here; the second reads what the first did.
        run_sudo = self.run_id.sudo()
        run_sudo._lock()
        step = self._check_my_kind(SEAL)
        self.env["gov.sign"]._check_may_seal()
        folder = self._with_proof("approve", [(self, step, base)], reauth)
        folder.run_id._act(self.env.user, "approve", comment, base, step=step)
        return True

    def _check_my_kind(self, kind):
        """The step of this kind at which the user has to act now, or a sentence."""
        user = self.env.user
        step = self._my_step(only=(kind,))
        refusal = self.run_id._refusal("act", user, step=step)
        if refusal:
            raise refusal
        if not step:
            kinds = dict(
                self.env["gov.circuit.step"]
                ._fields["kind"]
                ._description_selection(self.env)
            )
            raise UserError(
                self.env._(
                    "You are asked for “%(step)s”, not for this (%(kind)s): nothing was done.",
                    step=self._my_step().name,
                    kind=kinds[kind],
                )
            )
        return step

    # ------------------------------------------------------------------
    # What the circuit answers
    # ------------------------------------------------------------------
    def _in_closed_steps(self):
        """Whether the documents are sealed while steps of the circuit are left."""
        return self.state == "closing" and bool(
            self.run_id._current_steps().filtered(lambda one: one.kind in CLOSED_KINDS)
        )

    def _accepts(self, step, decision):
        """Whether a decision or operation is possible in the state of this folder."""
        if self.state == "running":
            return True
        return (
            self._in_closed_steps()
            and bool(self.sealed_at)
            and step.kind in CLOSED_KINDS
            and decision in AFTER_SEAL
        )

    def _not_open(self, step):
        """The sentence for who is too late, or a moment too early."""
        if not self._in_closed_steps():
            sentence = self.env._(
                "The folder %(folder)s is not in circuit any more: nothing was done.",
                folder=self.display_name,
            )
        elif step.kind in CLOSED_KINDS and not self.sealed_at:
            sentence = self.env._(
                "The documents of the folder %(folder)s are being sealed: try again in a "
                "moment. Nothing was done.",
                folder=self.display_name,
            )
        else:
            sentence = self.env._(
                "The documents of the folder %(folder)s are sealed: what is left is to send "
                "and to keep them. Nothing was done.",
                folder=self.display_name,
            )
        return UserError(sentence)

    def _circuit_opened(self, run, steps):
        result = super()._circuit_opened(run, steps)
        if steps.filtered(lambda one: one.kind in (DISPATCH, ARCHIVE)):
            self._begin_closing()
        return result

    def _circuit_platform_step(self, run, step):
        """A step that has no person: the documents are closed first, then the batch does it."""
        self._begin_closing()
        self.env.ref("e_parapheur.ir_cron_parapheur_process_steps")._trigger()

    def _begin_closing(self):
        """Close the documents, once: from here on nobody signs any more."""
        # The last act was done by somebody who may not write the state himself.
        folder_sudo = self.sudo()._gated()
        if folder_sudo.state == "running":
            folder_sudo._become("signed")
            folder_sudo._after_last_act()

    def _circuit_done(self, run):
        # The last step was passed, by a person or by the batch.
        folder_sudo = self.sudo()._gated()
        if folder_sudo.sealed_at and folder_sudo.state == "closing":
            folder_sudo._finish()
            return None
        if folder_sudo.state == "running":
            return super()._circuit_done(run)
        # Being closed: the batch that closes ends the folder.
        return None

    def _circuit_step_added(self, run, step):
        refusal = self._steps_refusal(run)
        if refusal:
            raise refusal
        return super()._circuit_step_added(run, step)

    def _check_run(self, run):
        """Raise unless the circuit that just started can be gone through to its end."""
        refusal = self._steps_refusal(run)
        if refusal:
            raise refusal
        self._check_actors(run.actor_ids.user_id)
        for actor in run.actor_ids:
            refusal = self._kind_refusal(actor.step_id.kind, actor.user_id)
            if refusal:
                raise UserError(refusal.args[0])
        # Addresses and steps are frozen by the platform; the sender passed the gate.
        folder_sudo, run_sudo = self.sudo(), run.sudo()
        folder_sudo._plan_steps(run_sudo)
        folder_sudo._check_printable(run)

    def _steps_refusal(self, run):
        """Return why the steps of this run cannot stand in this order, or None."""
        steps = [(one.rank, one.kind, one.name) for one in run._live_steps()]
        return self.env["gov.circuit"]._order_refusal(steps)

    # ------------------------------------------------------------------
    # The batch
    # ------------------------------------------------------------------
    @api.model
    def _process_steps(self, limit=BATCH):
        """Cron: do the steps that have no person, one folder a transaction.

        :param int limit: at most so many folders in one run
        """
        self._process_each(
            "steps",
            [
                ("state", "=", "closing"),
                ("sealed_at", "!=", False),
                ("run_id.state", "=", "running"),
            ],
            limit,
        )

    def _steps_now(self):
        """Do what waits for nobody, until a person or the dispatch is waited for."""
        self.ensure_one()
        run = self.run_id
        for _step in range(len(run.step_ids)):
            step = run._current_steps().filtered(lambda one: one.rule == PLATFORM)[:1]
            if not step or not getattr(self, f"_do_{step.kind}")(step):
                return

    def _do_seal(self, step):
        """The documents are closed already: :meth:`_set_final` comes first."""
        self.run_id._platform_done(
            step, {"documents": [piece.final_id.sha256 for piece in self.piece_ids]}
        )
        return True

    def _sealed_now(self):
        """The documents are closed: go on with the circuit, or end the folder."""
        if self.run_id.state != "running":
            self._finish()
            return
        self.sealed_at = fields.Datetime.now()
        self.env.ref("e_parapheur.ir_cron_parapheur_process_steps")._trigger()
        self._tell_actors_of_closed_steps()

    def _tell_actors_of_closed_steps(self):
        """Who has to send the documents is told that they are ready."""
        waiting = self.run_id._current_steps()._current_actors().user_id
        if waiting:
            self._tell(
                waiting,
                self.env._(
                    "%(folder)s: the documents are closed and can be sent.",
                    folder=self.reference,
                ),
            )
