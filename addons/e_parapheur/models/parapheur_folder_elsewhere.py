import datetime

from odoo import models
from odoo.exceptions import UserError


class ParapheurFolder(models.Model):
    """Signing with a tool of one's own: take the file along, sign it there, hand it in (S22).

    The certificate is the signatory's, from an authority the administration trusts; what
    comes back must be the file that was handed out and one signature, nothing else.
    """

    _inherit = "parapheur.folder"

    def action_take_along(self, base=None):
        """Hand out the files to sign, and open the window to hand them in.

        :param str base: digest of what was seen (:meth:`get_desk_folder`)
        :return: action of the window
        :raise UserError: not asked for a signature, changed since, no authority trusted
        """
        self.ensure_one()
        self._check_in_circuit()
        self._check_elsewhere()
        step = self._check_signable(base)
        # Documents are the platform's; turn and version were checked above.
        folder_sudo = self.sudo()
        handed = [folder_sudo._hand_out(piece, step) for piece in folder_sudo.piece_ids]
        wizard = self.env["parapheur.elsewhere.wizard"]._of(self, handed)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sign with my own tool"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [[False, "form"]],
            "target": "new",
        }

    def _take_in(self, files, consent=None, reauth=None, delegation_consent=None):
        """Take back files that were signed elsewhere, all of them or none.

        :param dict files: {id of ``parapheur.elsewhere``: bytes of the signed PDF}
        :param str consent: id of the text that was accepted (:meth:`get_consent`)
        :param dict reauth: as for :meth:`action_sign`
        :param str delegation_consent: id of the text of who signs by delegation
        :raise UserError: no consent, out of turn, a file that is missing, changed or signed
            by somebody else, too late
        """
        self.ensure_one()
        self._check_in_circuit()
        self._check_consent(consent)
        # Two at once follow each other here; the second reads what the first did.
        run_sudo = self.run_id.sudo()
        run_sudo._lock()
        step = self._check_signable(None)
        proof = self._proved("sign", [(self, step, None)], reauth)
        act = self._sign_act(None, consent, proof, delegation_consent)
        # What was handed out is read as the platform; it is compared with who asks.
        folder_sudo = self.sudo()
        for piece in folder_sudo.piece_ids:
            handed = folder_sudo._handed(piece, step, act.now)
            signed = files.get(handed.id)
            if not signed:
                raise UserError(
                    self.env._(
                        "%(file)s is missing: choose the signed file of each document. "
                        "Nothing was handed in.",
                        file=piece.document_id.name,
                    )
                )
            folder_sudo._hand_in(handed, signed, act)
        self._after_signature(act)

    # ------------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------------
    def _accepts_elsewhere(self):
        """Whether the administration trusts an authority for signatures of persons."""
        now = datetime.datetime.now(datetime.UTC)
        return any(
            not anchor.internal
            and "signature" in anchor.uses
            and (not anchor.until or anchor.until > now)
            for anchor in self.env["gov.anchor"]._store(self.company_id).anchors
        )

    def _check_elsewhere(self):
        if not self._accepts_elsewhere():
            raise UserError(
                self.env._(
                    "No authority is trusted for signatures yet, so a signature made with "
                    "your own tool would not be accepted. Ask the trust officer to add it "
                    "(Trust ▸ Certificates ▸ Trust anchors), or sign here with your "
                    "personal key."
                )
            )

    def _hand_out(self, piece, step):
        elsewhere = self.env["parapheur.elsewhere"]
        if known := elsewhere._still_out(piece, step, self.env.user):
            # Whoever comes back to hand in signed the file that was given first.
            return known
        seen = piece._current()
        content = seen._read_content()
        prepared, field_name = self._with_box(piece, content, step)
        if prepared != content:
            seen = self.env["gov.document"]._store_generated(
                prepared,
                seen.filename,
                "application/pdf",
                company=self.company_id,
                owner=self,
                pages=seen.pages,
            )
        return elsewhere._hand_out(piece, step, self.env.user, seen, field_name)

    def _handed(self, piece, step, now):
        """What this person took along of a document, when it may still be handed in."""
        handed = self.env["parapheur.elsewhere"]._of(piece, self.env.user)
        if not handed or handed.expires_at < now:
            raise UserError(
                self.env._(
                    "%(file)s was not handed out to you, or too long ago: download it "
                    "again and sign that file.",
                    file=piece.document_id.name,
                )
            )
        if handed.base_id != piece._current() or handed.step_id != step:
            raise self._changed_since()
        return handed

    def _hand_in(self, handed, signed, act):
        piece, user = handed.piece_id, self.env.user
        pdf, checked = self.env["gov.sign"]._accept_elsewhere(
            self.company_id,
            user,
            handed.handed_id._read_content(),
            signed,
            handed.field_name,
            since=handed.handed_at,
        )
        found = next(
            one for one in checked.signatures if one.field == handed.field_name
        )
        self._check_worth(act.step, found.trust)
        self._check_timestamp(found.level)
        self._record_signature(
            piece,
            act,
            base=handed.base_id,
            version=self._store_version(piece, pdf),
            field_name=handed.field_name,
            found=found,
        )
        handed.unlink()
