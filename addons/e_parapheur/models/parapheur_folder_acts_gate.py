from odoo import api, fields, models
from odoo.exceptions import AccessError

from .gov_circuit_step import OWN_KINDS, PAPER, SEAL, SENT_KINDS, SIGNATURE

#: what the screens offer → the method that says why not
ACTS = {
    "sign": "_sign_act_refusal",
    "approve": "_approve_refusal",
    "opinion": "_opinion_refusal",
    "paper": "_paper_refusal",
    "seal": "_seal_refusal",
    "dispatch": "_dispatch_refusal",
    "refuse": "_refuse_refusal",
    "return": "_return_act_refusal",
    "transfer": "_transfer_refusal",
    "recuse": "_recuse_refusal",
    "second_opinion": "_second_opinion_refusal",
    "second_opinion_withdraw": "_withdraw_refusal",
    "add_signer": "_add_signer_refusal",
    "recall": "_recall_refusal",
    "cancel": "_cancel_refusal",
    "bypass_ask": "_bypass_ask_refusal",
    "bypass_confirm": "_bypass_confirm_refusal",
    "replace": "_replace_refusal",
    "attach": "_attach_refusal",
    "fill": "_fill_refusal",
    "replace_document": "_replace_document_refusal",
    "keep": "_keep_refusal",
    "plan_dispatch": "_plan_dispatch_refusal",
    "recycle": "_recycle_refusal",
    "chain": "_chain_refusal",
}
#: of these, those that the form shows as buttons of their own: ``can_<name>``
BUTTONS = (
    "paper",
    "seal",
    "dispatch",
    "refuse",
    "return",
    "transfer",
    "recuse",
    "second_opinion",
    "second_opinion_withdraw",
    "add_signer",
    "bypass_ask",
    "bypass_confirm",
    "replace",
    "attach",
    "fill",
    "replace_document",
    "recycle",
    "chain",
    "plan_dispatch",
)


class ParapheurFolder(models.Model):
    """What the user may do with a folder now: one answer for every button, screen or call."""

    _inherit = "parapheur.folder"

    can_paper = fields.Boolean(compute="_compute_can_acts")
    can_seal = fields.Boolean(compute="_compute_can_acts")
    can_dispatch = fields.Boolean(compute="_compute_can_acts")
    can_refuse = fields.Boolean(compute="_compute_can_acts")
    can_return = fields.Boolean(compute="_compute_can_acts")
    can_transfer = fields.Boolean(compute="_compute_can_acts")
    can_recuse = fields.Boolean(compute="_compute_can_acts")
    can_second_opinion = fields.Boolean(compute="_compute_can_acts")
    can_second_opinion_withdraw = fields.Boolean(compute="_compute_can_acts")
    can_add_signer = fields.Boolean(compute="_compute_can_acts")
    can_bypass_ask = fields.Boolean(compute="_compute_can_acts")
    can_bypass_confirm = fields.Boolean(compute="_compute_can_acts")
    can_replace = fields.Boolean(compute="_compute_can_acts")
    can_attach = fields.Boolean(compute="_compute_can_acts")
    can_fill = fields.Boolean(compute="_compute_can_acts")
    can_replace_document = fields.Boolean(compute="_compute_can_acts")
    can_recycle = fields.Boolean(compute="_compute_can_acts")
    can_chain = fields.Boolean(compute="_compute_can_acts")
    can_plan_dispatch = fields.Boolean(compute="_compute_can_acts")

    @api.depends(
        "state",
        "initiator_id",
        "sealed_at",
        "archived_at",
        "form_values",
        "run_id.revision",
        "run_id.actor_ids.state",
    )
    @api.depends_context("uid")
    def _compute_can_acts(self):
        for folder in self:
            for name in BUTTONS:
                folder[f"can_{name}"] = not folder._act_refusal(name)

    def get_acts(self):
        """Say what the user may do with this folder now.

        :return: {name of the act: bool}; the names are those of ``action_open_act``
        :raise AccessError: the user may not read this folder
        """
        self.ensure_one()
        self.check_access("read")
        return {name: not self._act_refusal(name) for name in ACTS}

    def _act_refusal(self, name):
        """Return why the user cannot do this act now, or None."""
        self.ensure_one()
        return getattr(self, ACTS[name])()

    # ------------------------------------------------------------------
    # One by one
    # ------------------------------------------------------------------
    def _kind_act_refusal(self, *kinds):
        """Return why the user cannot decide at a step of these kinds now, or None."""
        if self.state not in ("running", "closing"):
            return self._impossible_sentence("signed")
        step = self._my_step(only=kinds)
        if not step:
            return self._no_turn()
        return self.run_id._refusal("act", self.env.user, step=step)

    def _no_turn(self):
        return AccessError(
            self.env._(
                "The folder %(folder)s does not ask this of you now.",
                folder=self.display_name,
            )
        )

    def _sign_act_refusal(self):
        return self._kind_act_refusal(SIGNATURE)

    def _paper_refusal(self):
        return self._kind_act_refusal(PAPER)

    def _seal_refusal(self):
        return self._kind_act_refusal(SEAL)

    def _opinion_refusal(self):
        return self._kind_act_refusal("opinion")

    def _approve_refusal(self):
        kinds = self._fields_kinds() - {*OWN_KINDS, "opinion"}
        return self._kind_act_refusal(*kinds)

    def _fields_kinds(self):
        kinds = self.env["gov.circuit.step"]._fields["kind"]
        return {name for name, _label in kinds._description_selection(self.env)}

    def _refuse_refusal(self):
        refusal = self._kind_act_refusal(
            *self._fields_kinds() - {*SENT_KINDS, "opinion"}
        )
        if refusal:
            return refusal
        run, user = self.run_id, self.env.user
        step = run._actor_of(user).step_id
        return run._refusal("act", user, step=step, decision="refuse")

    def _return_act_refusal(self):
        if self.state != "running":
            return self._impossible_sentence("signed")
        if not self._my_step():
            return self._no_turn()
        return self.run_id._return_refusal(self.env.user)

    def _run_refusal(self, operation, *states):
        if self.state not in (states or ("running",)):
            return self._impossible_sentence("signed")
        return self.run_id._refusal(operation, self.env.user)

    def _transfer_refusal(self):
        # Whether the receiver may do it is asked once he is known.
        if self.state not in ("running", "closing"):
            return self._impossible_sentence("signed")
        step = self._my_step()
        if not step:
            return self._no_turn()
        if not self._accepts(step, "transfer"):
            return self._not_open(step)
        return None

    def _recuse_refusal(self):
        refusal = self._run_refusal("recuse", "running", "closing")
        return refusal or self.run_id._recuse_refusal(self.env.user)

    def _withdraw_refusal(self):
        if self.state == "running" and self._awaited_opinions(self.env.user):
            return None
        return self._no_turn()

    def _add_signer_refusal(self):
        return self._run_refusal("add_step")

    def _cancel_refusal(self):
        if self.state == "running":
            return self.run_id._refusal("cancel", self.env.user)
        return self._transition_refusal("cancelled")

    def _bypass_ask_refusal(self):
        refusal = self._run_refusal("bypass_ask", "running", "closing")
        if refusal or self._passable_steps():
            return refusal
        return self._no_turn()

    def _bypass_confirm_refusal(self):
        refusal = self._run_refusal("bypass_confirm", "running", "closing")
        if refusal or self._steps_to_pass():
            return refusal
        return self._no_turn()

    def _replace_refusal(self):
        refusal = self._run_refusal("replace", "running", "closing")
        if refusal or self._replaceable_actors():
            return refusal
        return self._no_turn()

    def _attach_refusal(self):
        if self.state != "running":
            return self._impossible_sentence("signed")
        step = self._my_step()
        return None if step and step.kind not in SENT_KINDS else self._no_turn()

    def _fill_refusal(self):
        refusal = self._attach_refusal()
        if refusal:
            return refusal
        step = self._my_step()
        asked = self._asked_keys(step)
        if asked and self._circuit_missing(asked):
            return None
        return self._no_turn()

    def _plan_dispatch_refusal(self):
        if self.state != "draft":
            return self._impossible_sentence("running")
        return self._transition_refusal("running")

    # ------------------------------------------------------------------
    # What there is to choose from
    # ------------------------------------------------------------------
    def _passable_steps(self):
        """Steps that wait now and may be passed over by two persons."""
        run, user = self.run_id, self.env.user
        return run._current_steps().filtered(
            lambda step: not run._bypass_refusal("bypass_ask", step, user)
        )

    def _steps_to_pass(self):
        """Steps that somebody else asked to pass over."""
        run, user = self.run_id, self.env.user
        return run._current_steps().filtered(
            lambda step: not run._bypass_refusal("bypass_confirm", step, user)
        )

    def _replaceable_actors(self):
        """Places that nobody can fill any more, for which the user may name somebody."""
        return self.run_id._replaceable(self.env.user)
