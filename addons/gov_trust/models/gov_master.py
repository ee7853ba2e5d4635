import base64
from collections import Counter

from odoo import api, models
from odoo.tools import SQL

from ..lib import keys, master

#: Secrets that move when their holder gives the PIN next.
WITH_PIN = SQL("s.stretch IS NOT NULL AND k.state NOT IN ('retired', 'revoked')")
#: Rows read at once while codes are counted.
BATCH = 10_000


class GovMaster(models.AbstractModel):
    """What hangs on the master key, and how it moves to a new one.

    Addons that derive or encrypt something of their own with the master key extend
    :meth:`_rewrap_some` or :meth:`_hanging_some`.
    """

    _name = "gov.master"
    _description = "Master key"

    @api.model
    def _rewrap(self, opened):
        """Put every secret that needs no PIN under the key in use, in one transaction.

        Keys that open with a PIN follow when their holder opens them next. Asked again,
        it does what is left to do.

        :param opened: ``lib.master.MasterKey`` in use, with its ring
        :return: dict(rewrapped=…, waiting_for_pin=…), numbers of secrets
        :raise MasterKeyError: a secret opens with no key of the ring; nothing changed
        """
        done = self._rewrap_some(opened)
        waiting = self._older(opened, WITH_PIN)
        told = {"rewrapped": done, "waiting_for_pin": len(waiting)}
        self.env["gov.journal"]._trust_stream()._append(
            "master.rotated",
            {
                **told,
                "retired": [member.fingerprint for member in opened.retired],
                "to": opened.fingerprint,
            },
        )
        return told

    @api.model
    def _rewrap_some(self, opened):
        """Put secrets under the key in use; return how many. Addons add theirs."""
        older = self._older(opened, SQL("s.stretch IS NULL"))
        for row in older:
            wrapped = keys.Wrapped(
                base64.b64decode(row["ciphertext"]),
                bytes.fromhex(row["nonce"]),
                row["master_fingerprint"],
            )
            about = (row["fingerprint"], row["purpose"])
            plain = keys.unwrap_secret(opened, wrapped, *about)
            again = keys.wrap_secret(opened, plain, *about)
            # Read back before the old form is gone.
            if keys.unwrap_secret(opened, again, *about) != plain:
                raise master.MasterKeyWrong("A secret could not be encrypted again.")
            self.env.execute_query(
                SQL(
                    "UPDATE gov_key_secret SET ciphertext = %s, nonce = %s,"
                    " master_fingerprint = %s WHERE id = %s RETURNING id",
                    base64.b64encode(again.ciphertext).decode(),
                    again.nonce.hex(),
                    again.master_fingerprint,
                    row["id"],
                )
            )
        self.env["gov.key.secret"].invalidate_model()
        return len(older)

    @api.model
    def _older(self, opened, which):
        """Rows of secrets under another key than the one in use; they are held."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """SELECT s.id, s.ciphertext, s.nonce, s.master_fingerprint,
                          k.fingerprint, k.purpose
                     FROM gov_key_secret s JOIN gov_key k ON k.id = s.key_id
                    WHERE s.master_fingerprint <> %s AND %s
                      FOR UPDATE OF s""",
                opened.fingerprint,
                which,
            )
        )
        return self.env.cr.dictfetchall()

    # ------------------------------------------------------------------
    # What hangs on which key
    # ------------------------------------------------------------------
    @api.model
    def _hanging(self, opened):
        """Return what hangs on each key: {fingerprint: {what: number}}.

        :param opened: ``lib.master.MasterKey`` with its ring; what hangs on a key
            that is not in the ring is told under that key's fingerprint, or under
            ``unknown``
        """
        told = {member.fingerprint: {} for member in opened.ring}
        for what, numbers in self._hanging_some(opened).items():
            for fingerprint, number in numbers.items():
                if number:
                    told.setdefault(fingerprint, {})[what] = number
        return told

    @api.model
    def _hanging_some(self, opened):
        """Return {what: {fingerprint: number}}. Addons add what they derive."""
        return self._hanging_secrets()

    @api.model
    def _hanging_secrets(self):
        """As :meth:`_hanging_some`, of keys alone.

        Keys of persons that ended are left out: nothing opens them any more.
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT s.master_fingerprint, s.stretch IS NOT NULL, count(*)"
                "  FROM gov_key_secret s JOIN gov_key k ON k.id = s.key_id"
                " WHERE s.stretch IS NULL OR k.state NOT IN ('retired', 'revoked')"
                " GROUP BY 1, 2"
            )
        )
        secrets = {"keys": Counter(), "keys_with_pin": Counter()}
        for fingerprint, with_pin, number in rows:
            secrets["keys_with_pin" if with_pin else "keys"][fingerprint] += number
        rows = self.env.execute_query(
            SQL("SELECT master_fingerprint, count(*) FROM gov_key_ticket GROUP BY 1")
        )
        return {**secrets, "tickets": Counter(dict(rows))}

    @api.model
    def _who_made(self, opened, table, reference, digest, code_of):
        """Count the codes of a table by the key they were derived from.

        A code is kept as its digest alone: each key is tried, the one in use first.

        :param str reference: column the code is derived from
        :param str digest: column of the digest of the code
        :param code_of: callable(reference, key) -> digest
        :return: Counter by fingerprint; ``unknown`` for what no key of the ring made
        """
        made, last = Counter(), 0
        while rows := self.env.execute_query(
            SQL(
                "SELECT id, %(reference)s, %(digest)s FROM %(table)s"
                " WHERE id > %(last)s AND %(digest)s IS NOT NULL"
                " ORDER BY id LIMIT %(most)s",
                reference=SQL.identifier(reference),
                digest=SQL.identifier(digest),
                table=SQL.identifier(table),
                last=last,
                most=BATCH,
            )
        ):
            last = rows[-1][0]
            for _id, text, known in rows:
                makers = (
                    member.fingerprint
                    for member in opened.ring
                    if code_of(text, member) == known
                )
                made[next(makers, "unknown")] += 1
        return made
