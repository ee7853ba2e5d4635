import hashlib

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_trust.lib.canonical import canonical

from .gov_circuit_step import OWN_KINDS


class ParapheurFolder(models.Model):
    """What a folder answers to the circuit engine, and its lines in the journal."""

    _inherit = "parapheur.folder"

    # ------------------------------------------------------------------
    # Journal
    # ------------------------------------------------------------------
    def _circuit_journal(self):
        """The stream of the administration's signature book."""
        return self._book(self.company_id)

    @api.model
    def _book(self, company):
        return self.env["gov.journal"]._ensure(
            f"book-{company.id}",
            kind="book",
            company_id=company.id,
            # Names of administrations are public.
            name=self.env._("Signature book of %(name)s", name=company.sudo().name),
        )

    def _event(self, kind, facts):
        """One line of the signature book about this folder: ids and digests, no words."""
        return self._circuit_journal()._append(
            kind, {"folder": self.reference, **facts}, subject=self
        )

    def _circuit_facts(self):
        return {"folder": self.reference, "base": self._circuit_base() or None}

    # ------------------------------------------------------------------
    # What is acted on
    # ------------------------------------------------------------------
    def _circuit_base(self):
        """Digest of the current versions of all main documents, in order."""
        # Digests only: whoever may act may read them.
        pieces_sudo = self.sudo().piece_ids
        if not pieces_sudo:
            return ""
        return pieces_sudo.folder_id._base_of(
            {piece.id: piece._current() for piece in pieces_sudo}
        )

    def _base_of(self, versions):
        """Digest of these versions of the main documents, in order. Called as superuser.

        :param dict versions: {piece id: ``gov.document.version``}
        """
        facts = [
            [piece.document_id.id, versions[piece.id].sha256]
            for piece in self.piece_ids
        ]
        return hashlib.sha256(canonical(facts)).hexdigest()

    def _circuit_unit(self):
        return self.unit_id

    def _circuit_own_kinds(self):
        return OWN_KINDS

    def _circuit_act_refusal(self, step, user, decision):
        if not self._accepts(step, decision) and not self._gate_is_open():
            return self._not_open(step)
        return self._signature_recall_refusal() if decision == "recall" else None

    def _signature_recall_refusal(self):
        """A signature under which another one lies already is not taken back."""
        act = self.run_id._last_act(self.env.user)
        if act.delegation_id and act.acted_by_id != self.env.user:
            return UserError(
                self.env._(
                    "%(name)s signed this in your place, by the act %(reference)s: nobody "
                    "takes another person's signature back. Ask those who have the folder now "
                    "to return it.",
                    name=act.acted_by_name,
                    reference=act.delegation_reference,
                )
            )
        valid_sudo = self.sudo().signature_ids.filtered(
            lambda one: one.state == "valid"
        )
        mine = valid_sudo.filtered(
            lambda one: one.step_id == act.step_id and one.signer_id == self.env.uid
        )
        if mine and any(
            one.id > min(mine.ids) and one.signer_id != self.env.uid
            for one in valid_sudo
        ):
            return UserError(
                self.env._(
                    "You cannot take your signature back any more: somebody has signed after "
                    "you. Ask those who have the folder now to return it."
                )
            )
        return None

    # ------------------------------------------------------------------
    # What the engine tells
    # ------------------------------------------------------------------
    def _circuit_opened(self, run, steps):
        # Whose turn has come reads the folder from now on.
        folder_sudo, steps_sudo = self.sudo(), steps.sudo()
        users_sudo = steps_sudo.actor_ids.user_id
        folder_sudo._gated().write(
            {"actor_ids": [Command.link(user.id) for user in users_sudo]}
        )

    def _circuit_transferred(self, run, step, actor):
        self._circuit_opened(run, step)

    def _circuit_step_added(self, run, step):
        self._check_eligible(step)
        self._check_actors(step.actor_ids.user_id)
        if step.state == "current":
            self._circuit_opened(run, step)

    def _circuit_acted(self, run, step, actor):
        # Written by the platform: the engine checked that this person may act.
        folder_sudo = self.sudo()
        folder_sudo._gated().write({"acted_at": fields.Datetime.now()})

    def _circuit_done(self, run):
        # The last act was just done by somebody who may not write the state himself.
        folder_sudo = self.sudo()._gated()
        folder_sudo._become("signed")
        folder_sudo._after_last_act()

    def _circuit_refused(self, run, actor):
        # Written by the platform: the refusal was checked by the engine.
        folder_sudo, actor_sudo = self.sudo()._gated(), actor.sudo()
        folder_sudo._become(
            "refused", ended_at=fields.Datetime.now(), end_reason=actor_sudo.comment
        )
        folder_sudo._event("folder.refused", {"run": run.id})
        folder_sudo._tell_those_concerned(
            self.env._(
                "%(folder)s: refused by %(name)s. The reason is in the folder.",
                folder=self.reference,
                name=actor_sudo.name,
            )
        )

    def _circuit_returned(self, run, step):
        # Written by the platform: the return was checked by the engine.
        folder_sudo, step_sudo = self.sudo(), step.sudo()
        again = folder_sudo.signature_ids.filtered(
            lambda one: one.step_id.state == "returned"
        )
        papers_again = folder_sudo.paper_ids.filtered(
            lambda one: one.step_id.state == "returned"
        )
        folder_sudo._check_kept(again, papers_again)
        withdrawn = folder_sudo._withdraw_signatures(again)
        papers = folder_sudo._withdraw_papers(papers_again)
        body = self.env._(
            "%(folder)s: returned to the step “%(step)s”. Everything from there on is done "
            "again.",
            folder=self.reference,
            step=step_sudo.name,
        )
        if withdrawn or papers:
            body += " " + self.env._(
                "Withdrawn signatures: %(names)s. They sign again; the files they had "
                "signed are kept as history.",
                names=", ".join(
                    dict.fromkeys(
                        withdrawn.mapped("signer_name") + papers.mapped("signed_by")
                    )
                ),
            )
        folder_sudo._tell_those_concerned(body)

    def _circuit_recalled(self, run, step):
        # Written by the platform: that the act may be taken back was checked by the engine.
        folder_sudo = self.sudo()
        mine = folder_sudo.signature_ids.filtered(
            lambda one: one.step_id.id == step.id and one.signer_id == self.env.uid
        )
        folder_sudo._withdraw_signatures(mine)
        folder_sudo._withdraw_papers(
            folder_sudo.paper_ids.filtered(
                lambda one: one.step_id.id == step.id and one.user_id == self.env.uid
            )
        )

    def _circuit_cancelled(self, run):
        # Written by the platform: who stops a run was checked by the engine.
        folder_sudo = self.sudo()._gated()
        if folder_sudo.state == "running":
            folder_sudo._become("cancelled", ended_at=fields.Datetime.now())

    # ------------------------------------------------------------------
    # Words to people
    # ------------------------------------------------------------------
    def _tell_those_concerned(self, body):
        """Write in the folder, and tell the sender and everybody who has acted."""
        run = self.run_id
        users = self.initiator_id | run.actor_ids.filtered("acted_at").user_id
        self.message_post(
            body=body,
            partner_ids=(users - self.env.user).partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )
