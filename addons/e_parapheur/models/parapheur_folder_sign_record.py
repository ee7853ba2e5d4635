from odoo import models


class ParapheurFolder(models.Model):
    """What is kept of a signature: who, in whose place, on what, how he proved it. In the row and in the journal."""

    _inherit = "parapheur.folder"

    def _record_signature(self, piece, act, *, base, version, field_name, found):
        """Keep who signed what, in which version, and tell it in the journal. Called as superuser.

        :param act: :class:`~odoo.addons.e_parapheur.lib.sign_act.SignAct`
        :param base: ``gov.document.version`` the signature lies upon
        :param version: ``gov.document.version`` that holds it
        :param found: what the strict check says of this signature
        """
        user = self.env.user
        seen = act.seen.get(piece.id, base)
        self.env["parapheur.signature"].create(
            {
                "folder_id": self.id,
                "company_id": self.company_id.id,
                "piece_id": piece.id,
                "step_id": act.step.id,
                "signer_id": user.id,
                "signer_name": user.name,
                "quality": self._signer_quality(act.delegation),
                "field_name": field_name,
                "base_id": base.id,
                "seen_sha256": seen.sha256,
                "version_id": version.id,
                "sha256": version.sha256,
                "certificate_sha256": found.certificate_sha256,
                "certificate_name": found.name,
                "made": found.made_by,
                "trust": found.trust,
                "level": found.level,
                "consent_id": act.consents["own"]["id"],
                "consent_sha256": act.consents["own"]["sha256"],
                "proof": act.proof.kind,
                "signed_at": act.now,
                **self._delegation_values(act),
            }
        )
        facts = {
            "step": act.step.id,
            "document": piece.document_id.id,
            "seen": seen.sha256,
            "signed": version.sha256,
            "certificate": found.certificate_sha256,
            "made": found.made_by,
            "trust": found.trust,
            "level": found.level,
            "consent": self._consent_facts(act.consents["own"]),
            **self._delegation_facts(act),
            **self.env["parapheur.signing"]._evidence_of(act.proof),
        }
        if base != seen:
            # Others of the same step signed meanwhile: it lies upon their signatures.
            facts["upon"] = base.sha256
        self._event("folder.signed", facts)

    def _consent_facts(self, consent):
        return {"id": consent["id"], "sha256": consent["sha256"]}

    def _delegation_values(self, act):
        """Both identities, the act and its file, for who signs in the place of another person."""
        if not act.delegation:
            return {}
        # The act was checked for who signs; it is cited to every reader of the signature.
        delegation_sudo = act.delegation.sudo()
        return {
            "delegation_id": delegation_sudo.id,
            "for_id": delegation_sudo.grantor_id.id,
            "for_name": delegation_sudo.grantor_id.name,
            "for_quality": self._in_folder_language(delegation_sudo).grantor_quality,
            "formula": self._formula_printed(act.delegation),
            "act_reference": delegation_sudo.reference,
            "act_sha256": delegation_sudo._act_file().sha256,
            "delegation_consent_id": act.consents["delegation"]["id"],
            "delegation_consent_sha256": act.consents["delegation"]["sha256"],
        }

    def _delegation_facts(self, act):
        if not act.delegation:
            return {}
        # The act was checked for who signs; numbers and digests of it only go in the journal.
        delegation_sudo = act.delegation.sudo()
        return {
            "for": delegation_sudo.grantor_id.id,
            "delegation": {
                **delegation_sudo._act_facts(),
                "consent": self._consent_facts(act.consents["delegation"]),
            },
        }
