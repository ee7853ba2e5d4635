from odoo import api, models


class ParapheurReauthAttempt(models.AbstractModel):
    """How often a person gave a wrong code or passkey: counted on a cursor of its own, like wrong PINs."""

    _name = "parapheur.reauth.attempt"
    _description = "Wrong codes of a person"
    _inherit = "gov.key.attempt"
    _attempt_table = "parapheur_reauth_attempt"

    @api.model
    def _locked_told(self, user_id):
        """What is written, on the same cursor, when a person is locked."""

        def tell(env):
            # Nobody has rights on the journal; the lock is the platform's.
            journal_sudo = env["gov.journal"].sudo()._trust_stream()
            journal_sudo._append("person.reauth_locked", {"person": user_id})

        return tell
