import hashlib

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..exceptions import SealUnavailable
from ..lib import ca, codes, guard, master, qr
from ..lib.canonical import canonical
from ..lib.validation import versions

CODE_LABEL = "verify"
CODE_CHARS = 16  # 80 bits
#: What may change after a proof is issued; the rest is refused by the database.
CHANGING = ("document_sha256", "state", "state_at", "superseded_by_id")


class GovProof(models.Model):
    """What the public verification page answers about one issued document.

    Nothing about the person or the subject is kept here. The code is never stored:
    it is derived again from the master key, and recognised by its SHA-256.
    """

    _name = "gov.proof"
    _description = "Proof of an issued document"
    _log_access = False
    _order = "issued_at desc, id desc"
    _rec_name = "number"
    _gov_sealed = "code_digest"

    kind = fields.Selection(
        [
            ("registration", "Registration receipt"),
            ("acknowledgment", "Acknowledgment of receipt"),
            ("rejection", "Notice of rejection"),
            ("document", "Document"),
        ],
        required=True,
        readonly=True,
    )
    company_id = fields.Integer(string="Administration number", readonly=True)
    issuer_name = fields.Char(string="Issued by", required=True, readonly=True)
    issuer_code = fields.Char(required=True, readonly=True)
    public_ref = fields.Char(string="Public reference", required=True, readonly=True)
    number = fields.Char(required=True, readonly=True)
    issued_at = fields.Datetime(string="Issued on", required=True, readonly=True)
    tz = fields.Char(string="Time zone", required=True, readonly=True)
    event_uid = fields.Char(string="Journal event", readonly=True)
    facts_digest = fields.Char(
        required=True, readonly=True, help="SHA-256 of number, instant and pieces."
    )
    code_digest = fields.Char(
        required=True, readonly=True, help="SHA-256 of the verification code."
    )
    qr_data = fields.Char(string="Signed key data", required=True, readonly=True)
    document_sha256 = fields.Char(
        string="Sealed document (SHA-256)", readonly=True, copy=False
    )
    version_ids = fields.One2many("gov.proof.version", "proof_id", readonly=True)
    digest_ids = fields.One2many("gov.proof.digest", "proof_id", readonly=True)
    state = fields.Selection(
        [
            ("valid", "Valid"),
            ("superseded", "Replaced"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="valid",
    )
    state_at = fields.Datetime(string="State since", readonly=True)
    superseded_by_id = fields.Integer(string="Replaced by (number)", readonly=True)
    subject_model = fields.Char(readonly=True)
    subject_id = fields.Integer(readonly=True)

    _public_ref_uniq = models.UniqueIndex("(public_ref)")
    _code_uniq = models.UniqueIndex("(code_digest)")
    _document_idx = models.Index("(document_sha256) WHERE document_sha256 IS NOT NULL")
    _subject_idx = models.Index("(subject_model, subject_id)")

    def init(self):
        guard.install(self.env.cr, self._table, free=CHANGING)

    def write(self, vals):
        if not self.env.context.get("gov_proof_gate") or set(vals) - set(CHANGING):
            raise AccessError(self.env._("A proof never changes."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("A proof is never deleted."))

    # ------------------------------------------------------------------
    # Issuing
    # ------------------------------------------------------------------
    @api.model
    def _issue(
        self,
        *,
        kind,
        company,
        public_ref,
        number,
        issued_at,
        journal_event,
        digests,
        subject,
    ):
        """Record what was issued, so that anybody can check it.

        Asked again with the same facts, the same proof comes back.

        :param str kind: value of :attr:`kind`
        :param company: administration that issues
        :param str public_ref: unguessable reference, unique, of the issued document
        :param str number: number as printed
        :param datetime issued_at: naive UTC
        :param journal_event: ``gov.journal.event`` that tells it, may be empty
        :param digests: list of ``{"order", "label", "sha256", "size"}``
        :param subject: record the proof is about
        :return: the proof (superuser)
        :raise SealUnavailable: no usable key or master key
        """
        issuer = self.env["gov.seal"]._issuer(company)
        instant = issued_at.replace(microsecond=0)
        facts = hashlib.sha256(
            canonical(
                {
                    "event": journal_event.uid if journal_event else None,
                    "instant": f"{instant:%Y-%m-%dT%H:%M:%SZ}",
                    "issuer": issuer["code"],
                    "kind": kind,
                    "number": number,
                    "pieces": [
                        [piece["order"], piece["sha256"], piece["size"]]
                        for piece in digests
                    ],
                    "v": 1,
                }
            )
        ).hexdigest()
        # Nobody has the right to write proofs: the platform does, here only.
        proofs_sudo = self.sudo()
        proof_sudo = proofs_sudo.search([("public_ref", "=", public_ref)])
        if proof_sudo:
            if proof_sudo.facts_digest != facts:
                raise ValidationError(
                    self.env._("This reference was already issued with other facts.")
                )
            return proof_sudo
        key = self._qr_key(company)
        return proofs_sudo.create(
            {
                "kind": kind,
                "company_id": company.id,
                "issuer_name": issuer["name"],
                "issuer_code": issuer["code"],
                "tz": issuer["tz"],
                "public_ref": public_ref,
                "number": number,
                "issued_at": instant,
                "event_uid": journal_event.uid if journal_event else False,
                "facts_digest": facts,
                "code_digest": codes.digest(self._derive(public_ref)),
                "qr_data": qr.make(
                    qr.KeyData(
                        issuer["code"],
                        number,
                        f"{instant:%Y-%m-%dT%H:%M:%SZ}",
                        facts[:32],
                        key.fingerprint[:16],
                    ),
                    key,
                ),
                "digest_ids": [Command.create(piece) for piece in digests],
                "subject_model": subject._name if subject else False,
                "subject_id": subject.id if subject else False,
            }
        )

    @api.model
    def _qr_key(self, company):
        """Key that signs the data of QR codes: that of the seal, on P-256.

        A seal from outside on another curve, or on RSA, makes no signature that a QR
        code has room for: the key of the administration's journals, which is always
        made here, signs the data then.
        """
        for purpose in ("seal", "journal"):
            key = self.env["gov.key"]._get(company, purpose)._load()
            if qr.fits(ca.public_key(key.certificate)):
                break
        return key

    @api.model
    def _derive(self, public_ref):
        try:
            return codes.derive(CODE_LABEL, public_ref, CODE_CHARS)
        except master.MasterKeyError as error:
            raise SealUnavailable(self.env["gov.key"]._explain(error)) from error

    def _code(self):
        """The verification code, 16 characters; print it with ``codes.grouped``."""
        self.ensure_one()
        try:
            return codes.again(
                CODE_LABEL, self.public_ref, CODE_CHARS, self.code_digest
            )
        except master.MasterKeyError as error:
            raise SealUnavailable(self.env["gov.key"]._explain(error)) from error

    def get_base_url(self):
        """Address of the administration's pages.

        The website app expects a record in ``company_id``; evidence has a plain number.
        """
        if not self:
            return super().get_base_url()
        self.ensure_one()
        return self.env["res.company"].browse(self.company_id).get_base_url()

    def _qr_url(self):
        """Address for the QR code: the page, and signed data a phone can check."""
        self.ensure_one()
        return f"{self.get_base_url()}/verify/{self._code()}#{self.qr_data}"

    # ------------------------------------------------------------------
    # What may change, once
    # ------------------------------------------------------------------
    def _set_document(self, sha256, pdf=None):
        """Note the digest of the sealed file; a second, different one is refused.

        :param str sha256: of the whole file, 64 hexadecimal characters
        :param bytes pdf: the file; its earlier signed revisions are recognised then
        :raise ValidationError: another file was noted, or ``pdf`` is another file
        """
        self.ensure_one()
        if pdf is not None and hashlib.sha256(pdf).hexdigest() != sha256:
            raise ValidationError(
                self.env._("The digest is of another file than the one given.")
            )
        if self.document_sha256 and self.document_sha256 != sha256:
            raise ValidationError(
                self.env._("The document of this proof is already sealed.")
            )
        if not self.document_sha256:
            self._change({"document_sha256": sha256})
        if pdf is not None:
            self._note_versions(pdf)

    def _extend_document(self, pdf):
        """Note a longer file of the same document: timestamps and proofs were added.

        The file noted before stays valid; both are recognised.

        :param bytes pdf: the whole file; it begins with the one noted before
        :raise ValidationError: no file was noted, or this one does not begin with it
        """
        self.ensure_one()
        found = {one["sha256"] for one in versions.of(pdf)}
        if self.document_sha256 not in found:
            raise ValidationError(
                self.env._(
                    "The longer file does not begin with the document that was issued: "
                    "it is not kept. Complete the issued file itself."
                )
            )
        self._note_versions(pdf)
        self._change({"document_sha256": hashlib.sha256(pdf).hexdigest()})

    def _note_versions(self, pdf):
        # Nobody has the right to write versions: the platform does, here only.
        versions_sudo = self.env["gov.proof.version"].sudo()
        versions_sudo._note(self, pdf)

    def _supersede(self, by):
        """Say that another proof replaces this one."""
        self._leave_valid({"state": "superseded", "superseded_by_id": by.id})

    def _cancel(self):
        """Say that what was issued does not hold any more."""
        self._leave_valid({"state": "cancelled"})

    def _leave_valid(self, vals):
        for proof in self:
            if proof.state == vals["state"]:
                continue
            if proof.state == "cancelled":
                raise ValidationError(
                    self.env._("This document was cancelled; nothing replaces that.")
                )
            proof._change({**vals, "state_at": fields.Datetime.now()})

    def _change(self, vals):
        # Nobody has the right to write proofs: the platform does, through this gate.
        proofs_sudo = self.sudo().with_context(gov_proof_gate=True)
        proofs_sudo.write(vals)
