from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .gov_circuit_step import PAPER, SEAL, SIGNATURE
from .parapheur_folder_submit import AGENT

SEAL_HOLDER = "e_parapheur.group_e_parapheur_seal"


class ParapheurFolder(models.Model):
    """Who acts instead: handing on, recusal, a step passed over by two, a person replaced."""

    _inherit = "parapheur.folder"

    left_names = fields.Char(compute="_compute_left_names")
    bypass_note = fields.Text(related="run_id.bypass_note")

    @api.depends("run_id.revision", "run_id.actor_ids.state")
    def _compute_left_names(self):
        for folder in self:
            folder.left_names = ", ".join(folder._left_actors().mapped("name"))

    def action_transfer(self, user_id, reason):
        """Hand one's step on to another person, who acts in one's place from then on.

        :param int user_id: a person of this administration who may do this act
        :param str reason: why, read by everybody in the folder
        :return: True
        :raise UserError: no reason, not somebody who may act, ended
        :raise AccessError: not an actor of this folder
        """
        self.ensure_one()
        self._check_open()
        self.run_id.action_transfer(user_id, self._needed_reason(reason))
        return True

    def action_recuse(self, reason):
        """Stand aside at one's step, for a conflict of interest.

        The next person of the step's list of replacements acts instead; without one the place
        is said to be vacant.

        :param str reason: why, read by everybody in the folder
        :return: True
        :raise UserError: no reason, the step could not be decided any more, ended
        :raise AccessError: not an actor of this folder
        """
        self.ensure_one()
        self._check_open()
        self.run_id.action_recuse(self._needed_reason(reason))
        return True

    def action_bypass_ask(self, step_id, reason):
        """Ask for a step to be passed over; it is, once a second person confirms.

        :param int step_id: id of a ``gov.circuit.run.step`` that waits
        :param str reason: why, read by everybody in the folder
        :return: True
        :raise UserError: no reason, a signature or a seal, a step that does not wait, ended
        :raise AccessError: neither sender, supervisor nor functional administrator
        """
        self.ensure_one()
        self._check_open()
        self.run_id.action_bypass_ask(step_id, self._needed_reason(reason))
        return True

    def action_bypass_confirm(self, step_id):
        """Pass a step over, as somebody else asked.

        :param int step_id: id of the ``gov.circuit.run.step``
        :return: True
        :raise UserError: nobody asked, or oneself did; it does not wait any more
        :raise AccessError: not entitled, or an actor of the step
        """
        self.ensure_one()
        self._check_open()
        self.run_id.action_bypass_confirm(step_id)
        return True

    def action_replace(self, actor_id, user_id, reason):
        """Put somebody in the place of a person who left and is still waited for.

        :param int actor_id: id of the ``gov.circuit.run.actor`` who left
        :param int user_id: who acts instead
        :param str reason: why, read by everybody in the folder
        :return: True
        :raise UserError: no reason, somebody who did not leave, who may not act, ended
        :raise AccessError: not entitled
        """
        self.ensure_one()
        self._check_open()
        self.run_id.action_replace(actor_id, user_id, self._needed_reason(reason))
        return True

    # ------------------------------------------------------------------
    # Rules
    # ------------------------------------------------------------------
    def _check_open(self):
        """Raise unless something of this folder still waits for somebody."""
        self.check_access("read")
        if self.state != "running" and not self._in_closed_steps():
            raise self._impossible_sentence("signed")

    def _circuit_never_bypassed(self):
        """A signature or a seal is an act of somebody: without it there is no act."""
        return (SIGNATURE, PAPER, SEAL)

    def _left_actors(self):
        """Who is waited for, now or later, and cannot act: account closed, or withdrew."""
        # Whether an account is closed is asked; the name is shown in the circuit anyway.
        rows_sudo = self.run_id._live_steps().sudo().actor_ids
        gone_sudo = rows_sudo.filtered(
            lambda row: (
                row.vacant
                or (row.state in ("waiting", "current") and not row.user_id.active)
            )
        )
        return self.env["gov.circuit.run.actor"].browse(gone_sudo.ids)

    def _kind_refusal(self, kind, user):
        """Return why ``user`` may not do acts of this kind at all, or None."""
        if not user.has_group(AGENT):
            return UserError(
                self.env._(
                    "%(name)s has no role in the signature book: choose somebody who has.",
                    name=user.name,
                )
            )
        if kind == SEAL and not user.has_group(SEAL_HOLDER):
            return AccessError(
                self.env._(
                    "%(name)s does not hold the seal of the administration: the role “Holder "
                    "of the seal” is needed.",
                    name=user.name,
                )
            )
        return None

    def _circuit_act_refusal(self, step, user, decision):
        refusal = super()._circuit_act_refusal(step, user, decision)
        if refusal or decision not in ("approve", "transfer"):
            return refusal
        if decision == "approve" and step.kind != SEAL:
            return None
        return self._kind_refusal(step.kind, user)
