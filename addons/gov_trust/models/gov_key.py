import base64

import odoo
from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ..exceptions import SealUnavailable
from ..lib import ca, keys, master, tsa

LOCK_SPACE = 0x676F766B  # "govk": first key of the advisory lock
LOCK_TIMEOUT = "20s"
PURPOSES = [
    ("ca", "Internal authority"),
    ("seal", "Seal of documents"),
    ("journal", "Heads of journals"),
    ("person", "Signature of a person"),
    ("tsa", "Own timestamps (NON PROBANT)"),
]
#: Mark on a cursor: keys were made and committed apart since it began.
MADE_APART = "gov_trust.keys_made_apart"
#: Keys open in this process, by database, record, fingerprint and master key.
_loaded = {}


class GovKey(models.Model):
    """A key of an administration or of the platform; the secret lies elsewhere."""

    _name = "gov.key"
    _description = "Key"
    _order = "company_id, purpose, id desc"
    _rec_name = "fingerprint"

    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: a key of the platform.",
    )
    purpose = fields.Selection(PURPOSES, required=True, readonly=True)
    kind = fields.Selection(
        [("software", "Software key, encrypted at rest")],
        required=True,
        readonly=True,
        default="software",
    )
    fingerprint = fields.Char(
        required=True, readonly=True, help="SHA-256 of the public key."
    )
    state = fields.Selection(
        [("active", "In use"), ("retired", "Retired"), ("revoked", "Revoked")],
        required=True,
        readonly=True,
        default="active",
    )
    certificate_ids = fields.One2many("gov.certificate", "key_id", readonly=True)

    _fingerprint_uniq = models.UniqueIndex("(fingerprint)")
    _active_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), purpose) WHERE state = 'active' AND user_id IS NULL"
    )

    @api.depends("purpose", "company_id", "fingerprint")
    def _compute_display_name(self):
        labels = dict(self._fields["purpose"]._description_selection(self.env))
        for key in self:
            owner = key.company_id.display_name or self.env._("Platform")
            mark = (key.fingerprint or "")[:8]
            key.display_name = f"{owner} – {labels.get(key.purpose)} ({mark})"

    # ------------------------------------------------------------------
    # Finding and making
    # ------------------------------------------------------------------
    @api.model
    def _get(self, company, purpose):
        """Return the key in use (as superuser), made now when there is none.

        Two workers that ask at once get the same key: the second waits for the
        first. A key made here is committed at once, so a transaction that began
        earlier may not read its fields; ``id`` and ``_load()`` always work.

        :param company: ``res.company`` record, empty for the platform
        :param str purpose: ``seal``, ``journal`` or ``ca``
        :raise SealUnavailable: the master key cannot be used
        """
        if key := self._find(company, purpose):
            return key
        self._master()
        if odoo.modules.module.current_test or not self.pool.ready:
            return self._make(company, purpose)
        with self.pool.cursor() as cr:
            cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            cr.execute("SELECT set_config('lock_timeout', %s, true)", (LOCK_TIMEOUT,))
            env = api.Environment(cr, SUPERUSER_ID, {})
            there = env["res.company"].browse(company.ids).exists()
            if len(there) == len(company):
                cr.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK_SPACE,))
                keys_there = env["gov.key"]
                key = keys_there._find(there, purpose) or keys_there._make(
                    there, purpose
                )
                env.flush_all()
                # The caller may hold the lock of the stream that has to note this
                # key: the event goes out with the cron, not with this commit.
                cr.postcommit.clear()
                env.ref("gov_trust.ir_cron_drain")._trigger()
                # This transaction cannot see a root that was made with it.
                self.env.cr.cache[MADE_APART] = True
                keys_sudo = self.sudo()
                return keys_sudo.browse(key.id)
        # The administration itself is not committed yet: its key goes with it.
        return self._make(company, purpose)

    @api.model
    def _find(self, company, purpose):
        """Return the key in use, or an empty recordset; never makes one."""
        # Keys are looked up on behalf of people who may not read them.
        keys_sudo = self.sudo()
        return keys_sudo.search(
            [
                ("company_id", "=", company.id),
                ("purpose", "=", purpose),
                ("state", "=", "active"),
            ],
            limit=1,
        )

    @api.model
    def _make(self, company, purpose):
        """Make a key with its certificate, in this transaction."""
        opened = self._master()
        private = keys.generate()
        mark = keys.fingerprint(private.public_key())
        certificate = self._certify(company, purpose, private)
        # No group may create a key or read its secret: the platform does, here only.
        keys_sudo = self.sudo()
        key_sudo = keys_sudo.create(
            {"company_id": company.id, "purpose": purpose, "fingerprint": mark}
        )
        wrapped = keys.wrap(opened, private, purpose)
        keys_sudo.env["gov.key.secret"].create(
            {
                "key_id": key_sudo.id,
                "ciphertext": base64.b64encode(wrapped.ciphertext).decode(),
                "nonce": wrapped.nonce.hex(),
                "master_fingerprint": wrapped.master_fingerprint,
            }
        )
        keys_sudo.env["gov.certificate"]._record(key_sudo, certificate)
        self.env["gov.journal"]._trust_stream()._append(
            "key.created",
            {
                "administration": company.id or None,
                "certificate": ca.describe(certificate)["sha256"],
                "fingerprint": mark,
                "kind": key_sudo.kind,
                "purpose": purpose,
            },
            subject=key_sudo,
        )
        self.env.flush_all()
        if purpose == ca.CA:
            # Readers ask an authority for its list from the first seal on.
            self.env["gov.crl"]._try_make(key_sudo.certificate_ids[:1])
        return key_sudo

    @api.model
    def _certify(self, company, purpose, private):
        holder = self._holder(company, purpose)
        if purpose == ca.CA:
            return ca.make_root(private, holder)
        return self._issue(private.public_key(), holder, purpose)

    @api.model
    def _issue(self, public_key, holder, use):
        """Have the authority in use issue a certificate.

        :param public_key: of the new key
        :param holder: ``lib.names.Holder``
        :param str use: as for ``lib.ca.issue``
        :return: DER
        """
        authority = self._get_here(self.env["res.company"], ca.CA)._load()
        # The address of the platform is printed on every page it serves.
        settings_sudo = self.env["ir.config_parameter"].sudo()
        base = settings_sudo.get_param("web.base.url") or ""
        return ca.issue(
            authority.certificate,
            authority.private_key,
            public_key,
            holder,
            use,
            places=ca.Places.of(base, authority.certificate) if base else None,
        )

    @api.model
    def _get_here(self, company, purpose):
        return self._find(company, purpose) or self._make(company, purpose)

    @api.model
    def _holder(self, company, purpose):
        titles = {
            "ca": self.env._("Internal authority"),
            "seal": self.env._("Seal"),
            "journal": self.env._("Journal"),
        }
        issuer = self.env["gov.seal"]._issuer(company)
        if purpose == ca.TSA:
            return tsa.holder(issuer["name"], issuer["code"], issuer["country"])
        title = titles[purpose]
        if purpose == ca.CA and (before := len(self.env["gov.crl"]._authorities())):
            # Two authorities with one name would be taken for each other.
            title = f"{title} {before + 1}"
        return ca.Holder(issuer["name"], issuer["code"], issuer["country"], title)

    # ------------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------------
    def _load(self):
        """Open the key for signing; kept in this process.

        :return: :class:`~odoo.addons.gov_trust.lib.keys.LoadedKey`
        :raise SealUnavailable: wrong or missing master key, altered secret
        """
        self.ensure_one()
        opened = self._master()
        row = self._stored(self.env.cr)
        if not row:
            with self.pool.cursor() as cr:
                row = self._stored(cr)
        if not row:
            raise SealUnavailable(self.env._("The key has no secret in this database."))
        if row["purpose"] == ca.PERSON:
            raise SealUnavailable(
                self.env._("The key of a person opens with that person's PIN only.")
            )
        # Another certificate or token PIN is another entry.
        what = (row["fingerprint"], row["certificate_id"], row["nonce"])
        place = (self.env.cr.dbname, self.id, *what, opened.fingerprint)
        if place not in _loaded:
            try:
                _loaded[place] = self._open(opened, row)
            except master.MasterKeyError as error:
                raise SealUnavailable(self._explain(error)) from error
        return _loaded[place]

    def _stored(self, cr):
        cr.execute(
            SQL(
                """SELECT k.fingerprint, k.purpose, k.kind, c.id AS certificate_id,
                          k.token_library, k.token_label, k.token_key_label,
                          k.token_key_ident, s.ciphertext, s.nonce,
                          s.master_fingerprint, s.stretch, c.pem AS certificate,
                          COALESCE(c.chain_pem, r.pem) AS chain
                     FROM gov_key k
                     JOIN gov_key_secret s ON s.key_id = k.id
                     JOIN gov_certificate c ON c.key_id = k.id
                LEFT JOIN gov_certificate r ON r.id = c.issuer_id
                    WHERE k.id = %s ORDER BY c.id DESC LIMIT 1""",
                self.id,
            )
        )
        return next(iter(cr.dictfetchall()), None)

    @api.model
    def _open(self, opened, row, factor=b""):
        private = keys.unwrap(
            opened,
            keys.Wrapped(
                base64.b64decode(row["ciphertext"]),
                bytes.fromhex(row["nonce"]),
                row["master_fingerprint"],
            ),
            row["fingerprint"],
            row["purpose"],
            factor,
        )
        (certificate,) = ca.der(row["certificate"])
        chain = tuple(ca.der(row["chain"])) if row["chain"] else ()
        return keys.LoadedKey(private, certificate, chain, row["fingerprint"])
