from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import text

from .parapheur_folder_gate import GATE


class ParapheurFolder(models.Model):
    """Taking back: the sender his folder, a person the act just done; signatures withdrawn."""

    _inherit = "parapheur.folder"

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
    # Taking back
    # ------------------------------------------------------------------
    def _recall_refusal(self):
        """Return why the user cannot take this folder or his act back now, or None."""
        self.ensure_one()
        if self.state != "running":
            return self._impossible_sentence("draft")
        if self._sender_may_recall() or self.run_id.can_recall:
            return None
        opened = None
        if act := self.run_id._last_act(self.env.user):
            opened = self._opened_since_refusal(act.step_id.rank)
        elif self.initiator_id == self.env.user and not self._acted():
            opened = self._opened_since_refusal(0)
        return opened or UserError(
            self.env._(
                "The folder %(folder)s cannot be taken back: its sender can while nobody has "
                "acted, and whoever acted last can until somebody acts after.",
                folder=self.display_name,
            )
        )

    def _sender_may_recall(self):
        return (
            self.state == "running"
            and self.initiator_id == self.env.user
            and not self._acted()
            and not self._opened_since_refusal(0)
        )

    def _acted(self):
        """Whether anybody has acted in this circuit, even at a step that is done again."""
        return bool(self.run_id.actor_ids.filtered("acted_at"))

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

    def _circuit_act_refusal(self, step, user, decision):
        refusal = super()._circuit_act_refusal(step, user, decision)
        if refusal or decision != "recall":
            return refusal
        act = self.run_id._last_act(user)
        return self._opened_since_refusal(act.step_id.rank) or self._sheet_refusal(act)

    def _sheet_refusal(self, act):
        """A signature on paper over which somebody signed is not taken back."""
        # Whether others signed after is asked, not shown.
        folder_sudo = self.sudo()
        papers_sudo = folder_sudo.paper_ids.filtered(lambda one: one.state == "valid")
        mine_sudo = papers_sudo.filtered(
            lambda one: one.step_id == act.step_id and one.user_id == self.env.uid
        )
        later_sudo = papers_sudo.filtered(
            lambda one: one.id > min(mine_sudo.ids, default=one.id)
        )
        signed = folder_sudo.signature_ids.filtered(lambda one: one.state == "valid")
        if mine_sudo and (later_sudo - mine_sudo or signed):
            return UserError(
                self.env._(
                    "You cannot take your signature back any more: somebody has signed after "
                    "you. Ask those who have the folder now to return it."
                )
            )
        return None

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
