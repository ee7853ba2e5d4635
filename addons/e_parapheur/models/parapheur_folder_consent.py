from odoo import api, models
from odoo.exceptions import UserError


class ParapheurFolder(models.Model):
    """What is accepted before signing, and besides by who signs in the place of another person (A2)."""

    _inherit = "parapheur.folder"

    @api.model
    def get_consent(self):
        """Return what is accepted before signing, in the reader's language.

        :return: ``{"id", "text", "sha256"}``; the id goes to :meth:`action_sign`
        """
        return self.env["parapheur.consent"]._shown(company=self._consent_company())

    @api.model
    def get_delegation_consent(self):
        """Return what is accepted besides by who signs by delegation, in the reader's language.

        :return: ``{"id", "text", "sha256"}``; the id goes to :meth:`action_sign`
        """
        return self.env["parapheur.consent"]._shown(
            company=self._consent_company(), purpose="delegation"
        )

    @api.model
    def _consent_company(self):
        """The administration whose text is accepted: of these folders, else the current one."""
        return self.company_id[:1] or self.env.company

    @api.model
    def _consent_of(self, consent_id):
        """The text of this id, with its digest."""
        return self.env["parapheur.consent"]._of(consent_id)

    def _check_consent(self, consent):
        """Raise unless this is the text that is accepted today, in the administration of this folder."""
        if not consent:
            raise UserError(
                self.env._(
                    "Nothing was signed: read the text and tick that you accept it."
                )
            )
        texts = self.env["parapheur.consent"]
        if not texts._is_current(consent, self.company_id):
            raise UserError(
                self.env._(
                    "Nothing was signed: the text to accept has changed. Reload and read it "
                    "again."
                )
            )

    def _check_delegation_consent(self, delegation, consent):
        """Raise unless who signs by this act has ticked so, apart from the other tick."""
        if not delegation:
            return
        if not consent:
            # The act is named to who signs by it.
            act_sudo = delegation.sudo()
            raise UserError(
                self.env._(
                    "You sign in the place of %(name)s (%(reference)s): tick that too. "
                    "Nothing was signed.",
                    name=act_sudo.grantor_id.name,
                    reference=act_sudo.reference,
                )
            )
        texts = self.env["parapheur.consent"]
        if not texts._is_current(consent, self.company_id, "delegation"):
            raise UserError(
                self.env._(
                    "Nothing was signed: the text of who signs by delegation has changed. "
                    "Reload and read it again."
                )
            )
