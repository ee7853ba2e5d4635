import base64
import math

import odoo
from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..exceptions import PinRefused, SealUnavailable
from ..lib import ca, keys, master, pin as pins, redact

redact.install()


class GovKey(models.Model):
    """What opens the key of a person: the PIN, and nothing the platform keeps."""

    _inherit = "gov.key"

    @api.model
    def _check_new_pin(self, pin):
        """Return the PIN as it is used, when it is good enough.

        :raise PinRefused: with what to choose instead
        """
        chosen = pins.normal(pin)
        if not pins.is_pin(chosen):
            raise PinRefused(
                self.env._(
                    "A PIN has 6 to 12 digits and nothing else. Choose another one."
                )
            )
        if pins.is_weak(chosen):
            raise PinRefused(
                self.env._(
                    "This PIN is among the first that somebody would try (repeated "
                    "digits, a sequence, a mirror). Choose another one."
                )
            )
        return chosen

    def _wrapped(self, private, pin):
        """Values of the secret of this key under a PIN."""
        stretch = pins.Stretch.new()
        values = self._wrap_values(private, stretch(pin))
        return {**values, "stretch": str(stretch)}

    def _wrap_values(self, private, factor):
        wrapped = keys.wrap(self._master(), private, ca.PERSON, factor)
        return {
            "ciphertext": base64.b64encode(wrapped.ciphertext).decode(),
            "nonce": wrapped.nonce.hex(),
            "master_fingerprint": wrapped.master_fingerprint,
        }

    # ------------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------------
    def _unlock(self, pin):
        """Open the key of the person who asks. It is not kept: the caller drops it.

        :param str pin: as typed
        :return: :class:`~odoo.addons.gov_trust.lib.keys.LoadedKey`
        :raise AccessError: somebody else's key, whoever asks
        :raise PinRefused: no key, wrong PIN (``left`` attempts), locked, or ended
        :raise SealUnavailable: the master key cannot be used
        """
        if not self:
            raise PinRefused(
                self.env._(
                    "You have no signature key yet: make one first (your name at the "
                    "top of the screen ▸ My signature)."
                )
            )
        self.ensure_one()
        row = self._stored(self.env.cr)
        self._check_holder(row)
        attempts = self.env["gov.key.attempt"]
        left, wait = attempts._begin(self.id)
        if wait:
            attempts._failed(self.id, self._tell_locked)
            raise PinRefused(self._locked_sentence(wait))
        opened = self._master()
        try:
            factor = pins.Stretch.parse(row["stretch"])(pins.normal(pin))
            loaded = self._open(opened, row, factor)
        except keys.WrongFactor as error:
            attempts._failed(self.id, self._tell_locked)
            raise PinRefused(self._wrong_sentence(left), left) from error
        except master.MasterKeyError as error:
            attempts._forget(self.id)
            raise SealUnavailable(self._explain(error)) from error
        attempts._forget(self.id)
        if row["master_fingerprint"] != opened.fingerprint:
            self._renew_wrap(row, self._wrap_values(loaded.private_key, factor))
        return loaded

    def _renew_wrap(self, row, values):
        """Put the key under the master key in use, after a change of master key.

        On its own cursor: whatever the caller does, it opens with the same PIN. Another
        unlock that did the same at the same instant wins, and that is as well.
        """
        query = SQL(
            "UPDATE gov_key_secret SET ciphertext = %s, nonce = %s,"
            " master_fingerprint = %s WHERE key_id = %s AND ciphertext = %s",
            values["ciphertext"],
            values["nonce"],
            values["master_fingerprint"],
            self.id,
            row["ciphertext"],
        )
        if odoo.modules.module.current_test and not self.env.cr.readonly:
            self.env.cr.execute(query)
            return
        with self.pool.cursor() as cr:
            cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            cr.execute("SET LOCAL lock_timeout = '5s'")
            cr.execute(query)

    def _check_holder(self, row):
        """Only the holder opens a key, and only while it is in use."""
        # The key is compared with who asks; nothing of it is shown.
        key_sudo = self.sudo()
        if (
            not row
            or row["purpose"] != ca.PERSON
            or key_sudo.user_id.id != self.env.uid
        ):
            raise AccessError(
                self.env._("Nobody signs with the key of another person.")
            )
        state = self.env["gov.key.attempt"]._state_of(self.id) or key_sudo.state
        if key_sudo.state != "active" or state != "active":
            raise PinRefused(
                self.env._(
                    "This key was retired or revoked: it signs nothing any more. Make "
                    "a new one (your name at the top of the screen ▸ My signature)."
                )
            )

    def _wrong_sentence(self, left):
        if not left:
            return self._locked_sentence(15 * 60)
        return self.env._(
            "This is not your PIN. Nothing was signed. Attempts left: %(left)s.",
            left=left,
        )

    def _locked_sentence(self, wait):
        return self.env._(
            "Your key is locked after too many wrong PINs. Nothing was signed. Try "
            "again in %(minutes)s minutes.",
            minutes=math.ceil(wait / 60),
        )

    def _tell_locked(self, env):
        """Event of a lock, on the cursor that survives the refusal."""
        key = self.with_env(env)
        if key.exists():
            key._tell("key.locked")

    def _change_pin(self, old, new):
        """Give the key of the person who asks another PIN.

        :raise PinRefused: the old one is wrong, or the new one does not do
        """
        chosen = self._check_new_pin(new)
        if chosen == pins.normal(old):
            raise PinRefused(
                self.env._("The new PIN is the old one. Choose another one.")
            )
        private = self._unlock(old).private_key
        # Nobody may write secrets: the holder proved to know the PIN just now.
        secrets_sudo = self.env["gov.key.secret"].sudo()
        secret_sudo = secrets_sudo.search([("key_id", "=", self.id)])
        secret_sudo.write(self._wrapped(private, chosen))
        # What opens a key is read by plain SQL.
        secret_sudo.flush_recordset()
        self._tell("key.pin_changed")
