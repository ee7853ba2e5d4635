import base64
import datetime
import hashlib
import re
import secrets

import odoo
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..exceptions import SealUnavailable
from ..lib import keys, redact
from ..lib.canonical import canonical

MINUTES = 10
MAX_DIGESTS = 1000
HALF_BYTES = 32
_DIGEST = re.compile(r"[0-9a-f]{64}")


class GovKeyTicket(models.Model):
    """What one PIN allows: to sign these documents and no other, for ten minutes.

    The private key is encrypted under the master key and a half that stays in the memory
    of the person's browser; the platform alone opens nothing. The list of documents, the
    person, the key and the end are bound to the encryption: a row that was changed does
    not open.

    Rows are read and written on a cursor of their own, committed at once and held one at
    a time: two processes cannot use one digest twice, and a request that fails is not a
    way to try more. What the caller rolls back is given back to the ticket.
    """

    _name = "gov.key.ticket"
    _description = "Documents that one PIN allows to sign"
    _log_access = False
    _rec_name = "until"

    user_id = fields.Integer(string="Person", required=True, readonly=True)
    key_id = fields.Integer(string="Key (number)", required=True, readonly=True)
    mark = fields.Char(required=True, readonly=True)
    until = fields.Datetime(required=True, readonly=True, index=True)
    digests = fields.Text(required=True, readonly=True, help="SHA-256, one a line.")
    used = fields.Text(required=True, readonly=True, help="0 or 1 for each digest.")
    half_sha256 = fields.Char(required=True, readonly=True)
    ciphertext = fields.Text(required=True, readonly=True)
    nonce = fields.Char(required=True, readonly=True)
    master_fingerprint = fields.Char(required=True, readonly=True)
    failures = fields.Integer(required=True, readonly=True, default=0)

    # ------------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------------
    @api.model
    def _open(self, pin, digests):
        """Give the person who asks a ticket for these documents.

        :param str pin: as typed
        :param digests: SHA-256 of each document, hexadecimal; 1 to 1000, no two alike
        :return: (id of the ticket, the half for the browser's memory; it is kept
            nowhere here)
        :rtype: tuple[int, str]
        :raise UserError: the list does not do
        :raise PinRefused: as for ``gov.key._unlock``
        :raise SealUnavailable: the master key cannot be used, or the key is in a token
        """
        wanted = self._check_list(digests)
        user = self.env.user
        key = self.env["gov.key"]._personal(user).with_env(self.env)
        loaded = key._unlock(pin)
        if not hasattr(loaded.private_key, "private_bytes"):
            raise SealUnavailable(
                self.env._(
                    "This key lies in a token and cannot be lent to several documents "
                    "at once. Sign them one by one."
                )
            )
        half = redact.TICKET + secrets.token_urlsafe(HALF_BYTES)
        until = fields.Datetime.now() + datetime.timedelta(minutes=MINUTES)
        values = {
            "user_id": user.id,
            "key_id": key.id,
            "mark": secrets.token_hex(16),
            "until": until,
            "digests": "\n".join(wanted),
        }
        wrapped = keys.wrap(
            key._master(), loaded.private_key, self._bound(values), half.encode()
        )
        values |= {
            "used": "0" * len(wanted),
            "half_sha256": hashlib.sha256(half.encode()).hexdigest(),
            "ciphertext": base64.b64encode(wrapped.ciphertext).decode(),
            "nonce": wrapped.nonce.hex(),
            "master_fingerprint": wrapped.master_fingerprint,
            "failures": 0,
        }
        return self._apart(lambda env: env[self._name]._store(key.id, values)), half

    @api.model
    def _check_list(self, digests):
        listed = digests if isinstance(digests, list | tuple) else ()
        wanted = [str(digest).lower() for digest in listed]
        if not 0 < len(wanted) <= MAX_DIGESTS:
            raise UserError(
                self.env._(
                    "Between 1 and %(most)s documents are signed with one PIN.",
                    most=MAX_DIGESTS,
                )
            )
        if len(set(wanted)) < len(wanted) or not all(map(_DIGEST.fullmatch, wanted)):
            raise UserError(
                self.env._(
                    "The list of documents to sign is not in order. Reload the page and "
                    "choose them again."
                )
            )
        return wanted

    @api.model
    def _store(self, key_id, values):
        ((ticket_id,),) = self.env.execute_query(
            SQL(
                "INSERT INTO gov_key_ticket (%s) VALUES %s RETURNING id",
                SQL(", ").join(map(SQL.identifier, values)),
                tuple(values.values()),
            )
        )
        digests = values["digests"]
        self.env["gov.key"].browse(key_id)._tell(
            "key.ticket_opened",
            documents=digests.count("\n") + 1,
            list_sha256=hashlib.sha256(digests.encode()).hexdigest(),
            ticket=values["mark"],
            until=f"{values['until']:%Y-%m-%dT%H:%M:%SZ}",
        )
        self.env.flush_all()
        return ticket_id

    @api.model
    def _bound(self, row):
        """What the encryption of a ticket holds together: change it, nothing opens."""
        told = {
            "digests": hashlib.sha256(row["digests"].encode()).hexdigest(),
            "key": row["key_id"],
            "mark": row["mark"],
            "until": f"{row['until']:%Y-%m-%dT%H:%M:%SZ}",
            "user": row["user_id"],
        }
        return f"ticket {canonical(told).decode()}"

    # ------------------------------------------------------------------
    # Own cursor, end
    # ------------------------------------------------------------------
    @api.model
    def _apart(self, work):
        """Do ``work(env)`` on a cursor of its own, committed at once."""
        if self._testing():
            # A test sees all of its own transaction, and nothing of it is committed.
            return work(self.env)
        with self.pool.cursor() as cr:
            cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            cr.execute("SET LOCAL lock_timeout = '20s'")
            return work(self.env(cr=cr))

    @api.model
    def _testing(self):
        return bool(odoo.modules.module.current_test) and not self.env.cr.readonly

    @api.model
    def _sweep(self):
        """Scheduled task: remove tickets that are over."""
        now = fields.Datetime.now()
        self.env.cr.execute(SQL("DELETE FROM gov_key_ticket WHERE until <= %s", now))
