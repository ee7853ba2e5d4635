from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import text

from .gov_circuit_step import OWN_KINDS, SIGNATURE


class ParapheurFolder(models.Model):
    """What people do with a folder in circuit, signature apart."""

    _inherit = "parapheur.folder"

    def action_approve(self, comment=None, base=None, reauth=None):
        """Give one's visa, validation or opinion.

        :param str comment: the opinion; free words beside a visa or a validation
        :param str base: digest of what was seen (:meth:`get_desk_folder`), refused when older
        :param dict reauth: where the nature asks for it: ``{"totp": digits}``, or
            ``{"request": id, "passkey": assertion}`` over :meth:`get_visa_request`
        :return: True
        :raise UserError: out of turn, twice, ended, older version, an opinion without words, no
            proof of who one is where the nature asks for it
        :raise AccessError: not an actor of this folder
        """
        self.ensure_one()
        self._check_in_circuit()
        step = self._my_step(skip=OWN_KINDS)
        decision = "opinion" if step.kind == "opinion" else "approve"
        folder = self
        self.run_id._check("act", self.env.user, step=step, decision=decision)
        if decision == "approve":
            folder = self._with_proof(decision, [(self, step, base)], reauth)
        folder.run_id.action_act(decision, comment, base=base, step_id=step.id)
        return True

    def action_refuse(self, reason, base=None):
        """Refuse the folder: it ends here, and those who acted before are told.

        :param str reason: why, kept in the folder
        :param str base: digest of what was seen, refused when older
        :return: True
        :raise UserError: no reason, out of turn, ended, older version
        :raise AccessError: not an actor of this folder
        """
        self.ensure_one()
        self._check_in_circuit()
        reason = self._needed_reason(reason)
        self.run_id._act(self.env.user, "refuse", reason, base)
        return True

    def action_return(self, step_id, reason, resume="all"):
        """Send the folder back to an earlier step, to be done again.

        Signatures given at the steps that are done again are withdrawn: the documents go back
        to what they were before, as new versions, and the signed files stay as history.

        :param int step_id: id of a ``gov.circuit.run.step`` that was passed
        :param str reason: why, shown to those who act again
        :param str resume: ``all``: everything from that step on is done again; ``here``: once
            that step is done again the folder comes straight back to who returned it
        :return: True
        :raise UserError: no reason, out of turn, ended, no such step; ``here`` where a
            signature that stays lies over one that is withdrawn
        :raise AccessError: not an actor of this folder
        """
        self.ensure_one()
        self._check_in_circuit()
        reason = self._needed_reason(reason)
        self.run_id.action_return(step_id, reason, resume=resume)
        return True

    def action_add_signer(self, user_ids, after=None, question=None):
        """Insert a signature that the circuit did not have.

        :param list user_ids: persons of this administration, each of whom signs
        :param int after: id of the step after which it comes; without it, it opens now
        :param str question: why they are asked
        :return: id of the new ``gov.circuit.run.step``
        :raise UserError: ended, a step that is past, persons who cannot act, acts that are
            not signed electronically
        :raise AccessError: neither the sender nor somebody who acts now
        """
        self.ensure_one()
        self._check_in_circuit()
        step = self.run_id._add_step(
            SIGNATURE,
            self.run_id._persons(user_ids),
            after=self.run_id._step(after) if after else None,
            question=question,
        )
        return step.id

    def action_cancel(self, reason=None):
        """Give up a draft, or stop the circuit of a folder for good.

        :param str reason: why; needed once it is in circuit
        :return: True
        :raise UserError: no reason, or ended
        :raise AccessError: not the sender
        """
        self.ensure_one()
        if self.state == "running":
            self.check_access("read")
            self.run_id.action_cancel(self._needed_reason(reason))
            return True
        self.check_access("write")
        self._check_transition("cancelled")
        # The state is written by the gate alone; its guard was passed above.
        folder_sudo = self.sudo()
        folder_sudo._become("cancelled", ended_at=fields.Datetime.now())
        return True

    # ------------------------------------------------------------------
    # Whose turn
    # ------------------------------------------------------------------
    def _check_in_circuit(self):
        self.check_access("read")
        if self.state != "running":
            raise UserError(
                self.env._(
                    "The folder %(folder)s is not in circuit: there is nothing to decide.",
                    folder=self.display_name,
                )
            )

    def _my_step(self, only=(), skip=()):
        """The step at which the user has to act now, preferably of these kinds; may be empty.

        Who acts at two steps at once acts on the first of them.
        """
        self.ensure_one()
        mine = self.run_id._current_steps().filtered(
            lambda step: any(
                actor._is_for(self.env.user) for actor in step._current_actors()
            )
        )
        if only:
            return mine.filtered(lambda step: step.kind in only)[:1]
        return (mine.filtered(lambda step: step.kind not in skip) or mine)[:1]

    def _needed_reason(self, reason):
        reason = text.clean_block(reason or "")
        if not reason:
            raise UserError(
                self.env._("Say why in a few words: nothing was done. Others read it.")
            )
        return reason
