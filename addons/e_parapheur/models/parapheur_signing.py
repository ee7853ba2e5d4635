import datetime
import hashlib
import json
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.auth_passkey._vendor.webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    options_to_json,
)
from odoo.addons.auth_passkey._vendor.webauthn.helpers.structs import (
    PublicKeyCredentialDescriptor,
    UserVerificationRequirement,
)
from odoo.addons.gov_base.lib import given
from odoo.addons.gov_trust.lib.canonical import canonical

MINUTES = 10
DECISIONS = [("sign", "Sign"), ("approve", "Agree")]


class ParapheurSigning(models.Model):
    """What a person is about to sign, or to agree to, in one go: folders, steps and versions, shown before he proves who he is.

    The challenge of a passkey is the digest of this very list. A row proves once, within
    ten minutes; nobody has a right on it but the platform.
    """

    _name = "parapheur.signing"
    _description = "List of folders that are signed in one go"
    _log_access = False
    _rec_name = "mark"

    user_id = fields.Integer("Person", required=True, readonly=True)
    decision = fields.Selection(DECISIONS, required=True, readonly=True)
    mark = fields.Char(required=True, readonly=True)
    items = fields.Json(
        required=True, readonly=True, help="Folder, step, version, delegation."
    )
    until = fields.Datetime(required=True, readonly=True, index=True)
    proved_at = fields.Datetime(readonly=True)
    proof_kind = fields.Char(readonly=True)
    evidence = fields.Json(readonly=True)
    ticket_id = fields.Integer(readonly=True)
    consent_id = fields.Char(readonly=True)
    delegation_consent_id = fields.Char(readonly=True)

    @api.model
    def _ask(self, decision, items):
        """Keep a list that was just shown to the person who asks.

        :param str decision: ``sign`` or ``approve``
        :param list items: ``[folder id, step id, digest of what is seen, delegation id or None]``
        :return: the row (superuser)
        """
        # Nobody has rights on these rows; each is for the person who asks.
        rows_sudo = self.sudo()
        return rows_sudo.create(
            {
                "user_id": self.env.uid,
                "decision": decision,
                "mark": secrets.token_hex(16),
                "items": items,
                "until": fields.Datetime.now() + datetime.timedelta(minutes=MINUTES),
            }
        )

    @api.model
    def _own(self, signing_id, decision, hold=True):
        """The row of the person who asks.

        :param signing_id: as given by RPC, whatever its type
        :param hold: keep it until the end of the transaction: whoever comes second waits
        :return: the row (superuser)
        :raise UserError: unknown, another person's, over
        """
        # Nobody has rights on these rows; whose it is is compared at once.
        row_sudo = self.sudo().browse(max(given.record_id(signing_id), 0)).exists()
        if (
            not row_sudo
            or row_sudo.user_id != self.env.uid
            or row_sudo.decision != decision
        ):
            raise UserError(
                self.env._(
                    "This list is not known any more: nothing was done. Reload the page and "
                    "choose the folders again."
                )
            )
        if hold:
            self.env.execute_query(
                SQL(
                    "SELECT id FROM parapheur_signing WHERE id = %s FOR UPDATE",
                    row_sudo.id,
                )
            )
            row_sudo.invalidate_recordset()
        if row_sudo.until <= fields.Datetime.now():
            raise UserError(
                self.env._(
                    "Ten minutes have passed since the list was shown. What was done stays "
                    "done; prove again who you are for the rest."
                )
            )
        return row_sudo

    # ------------------------------------------------------------------
    # Challenge
    # ------------------------------------------------------------------
    def _facts(self):
        """What is proved: who decides what, on which version of which folder, at which step."""
        return {
            "decision": self.decision,
            "items": self.items,
            "request": self.mark,
            "user": self.user_id,
        }

    def _challenge(self):
        """SHA-256 of the facts, in their canonical form (RFC 8785).

        :rtype: bytes
        """
        return hashlib.sha256(canonical(self._facts())).digest()

    def _passkey_options(self, user):
        """What the browser is given to ask for a passkey (WebAuthn level 2, §5.5).

        :param user: ``res.users``
        """
        options = generate_authentication_options(
            rp_id=self._relying_party()[0],
            challenge=self._challenge(),
            allow_credentials=[
                PublicKeyCredentialDescriptor(
                    id=base64url_to_bytes(key_sudo.credential_identifier)
                )
                for key_sudo in self._passkeys(user)
            ],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return json.loads(options_to_json(options))

    @api.model
    def _passkeys(self, user):
        # Passkeys are read to be compared with what their own holder gives.
        keys_sudo = self.env["auth.passkey.key"].sudo()
        return keys_sudo.search([("create_uid", "=", user.id)])

    # ------------------------------------------------------------------
    # End
    # ------------------------------------------------------------------
    @api.model
    def _sweep(self):
        """Scheduled task: forget lists that are over; the journal keeps what was proved."""
        over = fields.Datetime.now() - datetime.timedelta(days=1)
        self.search([("until", "<", over)], limit=5000).unlink()
