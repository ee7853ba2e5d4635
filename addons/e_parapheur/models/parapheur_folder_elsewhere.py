import datetime

from odoo import fields, models
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

    def _take_in(self, files, consent=None):
        """Take back files that were signed elsewhere, all of them or none.

        :param dict files: {id of ``parapheur.elsewhere``: bytes of the signed PDF}
        :param str consent: id of the text that was accepted (:meth:`get_consent`)
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
        now = fields.Datetime.now()
        # What was handed out is read as the platform; it is compared with who asks.
        folder_sudo = self.sudo()
        for piece in folder_sudo.piece_ids:
            handed = folder_sudo._handed(piece, step, now)
            signed = files.get(handed.id)
            if not signed:
                raise UserError(
                    self.env._(
                        "%(file)s is missing: choose the signed file of each document. "
                        "Nothing was handed in.",
                        file=piece.document_id.name,
                    )
                )
            accepted = self.env["parapheur.consent"]._of(consent)
            folder_sudo._hand_in(handed, signed, accepted, now)
        folder_sudo.invalidate_recordset(["signature_ids"])
        self.run_id._act(
            self.env.user, "approve", None, self._circuit_base(), step=step
        )

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
        prepared, field_name = self._with_box(piece, content)
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

    def _hand_in(self, handed, signed, consent, now):
        piece, user = handed.piece_id, self.env.user
        pdf, act = self.env["gov.sign"]._accept_elsewhere(
            self.company_id,
            user,
            handed.handed_id._read_content(),
            signed,
            handed.field_name,
            since=handed.handed_at,
        )
        found = next(one for one in act.signatures if one.field == handed.field_name)
        version = self._store_version(piece, pdf)
        self._record_signature(
            piece,
            handed.step_id,
            seen=handed.base_id,
            version=version,
            field_name=handed.field_name,
            found=found,
            consent=consent,
            now=now,
        )
        handed.unlink()
