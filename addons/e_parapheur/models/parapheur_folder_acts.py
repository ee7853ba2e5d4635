from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import text

from .gov_circuit_step import SIGNATURE
from .parapheur_folder_gate import GATE


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
        step = self._my_step(skip=(SIGNATURE,))
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

    def action_return(self, step_id, reason):
        """Send the folder back to an earlier step; everything from there on is done again.

        Signatures given from that step on are withdrawn: the documents go back to what they
        were before, as new versions, and the signed files stay as history.

        :param int step_id: id of a ``gov.circuit.run.step`` that was passed
        :param str reason: why, shown to those who act again
        :return: True
        :raise UserError: no reason, out of turn, ended, no such step
        :raise AccessError: not an actor of this folder
        """
        self.ensure_one()
        self._check_in_circuit()
        reason = self._needed_reason(reason)
        self.run_id.action_return(step_id, reason)
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

    def action_recall(self, reason=None):
        """Take back: the sender his folder while nobody acted, a person the act just done.

        A signature that is taken back is withdrawn: the documents go back to the version
        before it. Nothing is taken back once somebody has acted after.

        :param str reason: why
        :return: True
        :raise UserError: somebody acted since, ended, nothing to take back
        :raise AccessError: neither the sender nor somebody who acted
        """
        self.ensure_one()
        self.check_access("read")
        refusal = self._recall_refusal()
        if refusal:
            raise refusal
        if self._sender_may_recall():
            self._recall_to_draft(reason)
        else:
            self.run_id.action_recall(self._needed_reason(reason))
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

    # ------------------------------------------------------------------
    # Taking back
    # ------------------------------------------------------------------
    def _recall_refusal(self):
        """Return why the user cannot take this folder or his act back now, or None."""
        self.ensure_one()
        if self.state != "running":
            return self._impossible_sentence("draft")
        if self._sender_may_recall() or self.run_id.can_recall:
            return None
        return UserError(
            self.env._(
                "The folder %(folder)s cannot be taken back: its sender can while nobody has "
                "acted, and whoever acted last can until somebody acts after.",
                folder=self.display_name,
            )
        )

    def _sender_may_recall(self):
        acted = self.run_id.actor_ids.filtered("acted_at")
        return (
            self.state == "running" and self.initiator_id == self.env.user and not acted
        )

    def _recall_to_draft(self, reason):
        """Nobody acted: the folder is a draft again, its documents what they were."""
        # The sender passed the gate; the run, the documents and the state are the platform's.
        folder_sudo = self.sudo()
        run_sudo = folder_sudo.run_id
        folder_sudo._become("draft", submitted_at=False)
        run_sudo._cancel(text.clean_block(reason or "") or None)
        for piece in folder_sudo.piece_ids:
            folder_sudo._store_version(piece, piece.original_id._read_content())
        folder_sudo.piece_ids.unlink()
        folder_sudo._event("folder.recalled", {"run": run_sudo.id})
        folder_sudo.message_post(
            body=self.env._(
                "%(folder)s: taken back by its sender.", folder=self.reference
            )
        )

    # ------------------------------------------------------------------
    # Withdrawing signatures
    # ------------------------------------------------------------------
    def _withdraw_signatures(self, signatures):
        """Let the documents be again what they were before these signatures.

        Called on a superuser's record. What was signed stays as an earlier version.

        :return: the signatures that were withdrawn
        """
        self.ensure_one()
        withdrawn = self.env["parapheur.signature"]
        valid = self.signature_ids.filtered(lambda one: one.state == "valid")
        for piece, of_piece in valid.grouped("piece_id").items():
            first = (of_piece & signatures).sorted("id")[:1]
            if not first:
                continue
            # A later signature covers the earlier one: it cannot stay without it.
            gone = of_piece.filtered(lambda one, first=first: one.id >= first.id)
            version = self._store_version(piece, first.base_id._read_content())
            gone.with_context(parapheur_gate=GATE).write(
                {
                    "state": "withdrawn",
                    "withdrawn_at": fields.Datetime.now(),
                    "withdrawn_by": self.env.user.name,
                }
            )
            self._event(
                "folder.withdrawn",
                {
                    "document": piece.document_id.id,
                    "signatures": gone.mapped("sha256"),
                    "restored": version.sha256,
                },
            )
            withdrawn |= gone
        return withdrawn
