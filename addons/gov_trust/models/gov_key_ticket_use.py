import base64
import hashlib
import hmac

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..exceptions import SealUnavailable, TicketRefused
from ..lib import ca, keys, master

MAX_CHUNK, MAX_FAILURES = 20, 5


class GovKeyTicket(models.Model):
    """Signing with a ticket: what is asked for each time, and how it is refused."""

    _inherit = "gov.key.ticket"

    # ------------------------------------------------------------------
    # Using
    # ------------------------------------------------------------------
    @api.model
    def _use(self, ticket_id, secret, digest):
        """Open the key for one document of the list; see :meth:`_use_many`."""
        return self._use_many(ticket_id, secret, [digest])

    @api.model
    def _use_many(self, ticket_id, secret, digests):
        """Open the key for some documents of the list, each of them once.

        All of them or none. What the transaction of the caller rolls back as a whole is
        given back; after a savepoint that is rolled back the digest stays used.

        :param int ticket_id: as given by :meth:`_open`
        :param str secret: the browser's half
        :param digests: SHA-256 of each document, hexadecimal, 20 at most
        :return: :class:`~odoo.addons.gov_trust.lib.keys.LoadedKey`; the caller drops it
        :raise TicketRefused: with why; nothing was used
        :raise SealUnavailable: the master key cannot be used
        """
        wanted = self._check_list(digests)
        if len(wanted) > MAX_CHUNK:
            raise UserError(
                self.env._(
                    "At most %(most)s documents are signed in one go.", most=MAX_CHUNK
                )
            )
        half = str(secret or "").encode(errors="replace")
        opened = self.env["gov.key"]._master()
        row, refused = self._apart(
            lambda env: env[self._name]._take(ticket_id, half, wanted)
        )
        if refused:
            raise TicketRefused(self._sentence(refused), refused)
        mark = row["mark"]
        if not self._testing():
            self.env.cr.postrollback.add(lambda: self._give_back(mark, wanted))
        try:
            return self._loaded(opened, row, half)
        except (keys.WrongFactor, master.MasterKeyError) as error:
            self._give_back(mark, wanted)
            if isinstance(error, master.MasterKeyError):
                explained = self.env["gov.key"]._explain(error)
                raise SealUnavailable(explained) from error
            # The half is right, so the row was changed.
            raise TicketRefused(self._sentence("unknown"), "unknown") from error

    @api.model
    def _take(self, ticket_id, half, wanted):
        """Mark digests as used; return (row, None) or (None, code of the refusal)."""
        row = self._held(ticket_id)
        if not row or row["user_id"] != self.env.uid:
            return None, "unknown"
        if row["failures"] >= MAX_FAILURES:
            return None, "unknown"
        if row["until"] <= fields.Datetime.now():
            return None, "expired"
        given = hashlib.sha256(half).hexdigest()
        if not hmac.compare_digest(given, row["half_sha256"]):
            self._count_wrong(row)
            return None, "wrong"
        if not row["usable"]:
            return None, "key"
        places = {text: at for at, text in enumerate(row["digests"].split("\n"))}
        if set(wanted) - places.keys():
            return None, "digest"
        used = list(row["used"])
        if any(used[places[text]] == "1" for text in wanted):
            return None, "used"
        for text in wanted:
            used[places[text]] = "1"
        self._write_used(row["id"], used)
        return row, None

    @api.model
    def _held(self, ticket_id):
        """The row of a ticket, held until the end of this cursor's transaction."""
        if type(ticket_id) is not int or not 0 < ticket_id < 2**31:
            return None
        self.env.cr.execute(
            SQL("SELECT id FROM gov_key_ticket WHERE id = %s FOR UPDATE", ticket_id)
        )
        self.env.cr.execute(
            SQL(
                """SELECT t.*,
                          EXISTS (SELECT 1 FROM gov_key k
                                    JOIN res_users u ON u.id = k.user_id
                                   WHERE k.id = t.key_id AND k.state = 'active'
                                     AND u.id = t.user_id AND u.active) AS usable
                     FROM gov_key_ticket t WHERE t.id = %s""",
                ticket_id,
            )
        )
        return next(iter(self.env.cr.dictfetchall()), None)

    @api.model
    def _count_wrong(self, row):
        failures = row["failures"] + 1
        self.env.cr.execute(
            SQL(
                "UPDATE gov_key_ticket SET failures = %s WHERE id = %s",
                failures,
                row["id"],
            )
        )
        if failures == MAX_FAILURES:
            key = self.env["gov.key"].browse(row["key_id"])
            key._tell("key.ticket_ended", ticket=row["mark"])
            self.env.flush_all()

    @api.model
    def _write_used(self, row_id, used):
        self.env.cr.execute(
            SQL(
                "UPDATE gov_key_ticket SET used = %s WHERE id = %s",
                "".join(used),
                row_id,
            )
        )

    @api.model
    def _return_unused(self, ticket_id, digests):
        """Make digests usable again that their caller did not use after all.

        For what a savepoint rolled back: the caller knows that nothing was signed with
        them, and that the transaction goes on.

        :param int ticket_id: a ticket of the person who asks
        :param digests: SHA-256, as given to :meth:`_use_many`
        """
        row = self._apart(lambda env: env[self._name]._held(ticket_id))
        if row and row["user_id"] == self.env.uid:
            self._give_back(row["mark"], digests)

    @api.model
    def _give_back(self, mark, digests):
        """Make digests usable again: nothing was signed with them after all."""

        def give(env):
            rows = env.execute_query(
                SQL(
                    "SELECT id, digests, used FROM gov_key_ticket WHERE mark = %s"
                    " FOR UPDATE",
                    mark,
                )
            )
            for row_id, listed, used in rows:
                places, marks = listed.split("\n"), list(used)
                for text in digests:
                    marks[places.index(text)] = "0"
                env[self._name]._write_used(row_id, marks)

        self._apart(give)

    @api.model
    def _loaded(self, opened, row, half):
        key = self.env["gov.key"].browse(row["key_id"])
        with self.pool.cursor() as cr:
            told = key._stored(cr)
        told = told or key._stored(self.env.cr)
        wrapped = keys.Wrapped(
            base64.b64decode(row["ciphertext"]),
            bytes.fromhex(row["nonce"]),
            row["master_fingerprint"],
        )
        private = keys.unwrap(
            opened, wrapped, told["fingerprint"], self._bound(row), half
        )
        (certificate,) = ca.der(told["certificate"])
        chain = tuple(ca.der(told["chain"])) if told["chain"] else ()
        return keys.LoadedKey(private, certificate, chain, told["fingerprint"])

    @api.model
    def _sentence(self, code):
        return {
            "unknown": self.env._(
                "This authorisation is over. Nothing was signed. Give your PIN again."
            ),
            "wrong": self.env._(
                "This page cannot prove that you gave your PIN. Nothing was signed. "
                "Give your PIN again."
            ),
            "expired": self.env._(
                "Ten minutes have passed since you gave your PIN. What was signed stays "
                "signed; give your PIN again for the rest."
            ),
            "key": self.env._(
                "Your key was retired or revoked meanwhile: it signs nothing any more. "
                "What was signed before stays signed."
            ),
            "digest": self.env._(
                "This is not one of the documents you gave your PIN for, or it has "
                "changed since. Nothing was signed. Look at it again, then give your "
                "PIN."
            ),
            "used": self.env._(
                "This document was signed with this PIN already. Reload the page."
            ),
        }[code]
