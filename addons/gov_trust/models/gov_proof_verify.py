import re

from odoo import api, fields, models
from odoo.tools import format_date

from ..lib import ca, codes, qr
from .gov_proof import CODE_CHARS

_SHA256 = re.compile(r"[0-9a-f]{64}")
VERDICTS = {
    "authentic": "valid",
    "superseded": "valid",
    "cancelled": "invalid",
    "changed": "invalid",
    "unknown": "indeterminate",
    "unknown_file": "indeterminate",
    "unreadable": "indeterminate",
    # Of files (gov.validation); "earlier" of digests too.
    "earlier": "invalid",
    "signed": "valid",
    "broken": "invalid",
    "unestablished": "indeterminate",
    "not_signed": "indeterminate",
    "limit": "indeterminate",
    "busy": "indeterminate",
    # Of acts that have no proof (yet): :mod:`.gov_proof_act`.
    "under_way": "indeterminate",
    "refused": "invalid",
    "given_up": "invalid",
    "withdrawn": "invalid",
}


class GovProof(models.Model):
    """What anybody may ask, answered in plain values: never records, never names."""

    _inherit = "gov.proof"

    @api.model
    def _verify_code(self, text):
        """Answer for a verification code.

        :param str text: as typed
        :return: dict with ``verdict`` (``valid``, ``invalid``, ``indeterminate``),
            ``state`` (key of :data:`VERDICTS`) and, when known, ``document``
        """
        proof_sudo = self._by_code(text)
        state = self._public_state(proof_sudo) if proof_sudo else "unknown"
        return self._answer(state, proof_sudo)

    @api.model
    def _verify_digest(self, text, code=None):
        """Answer for the SHA-256 of a file.

        Without a code only sealed documents are recognised: whoever merely holds,
        or guesses, a letter learns nothing about its being deposited.

        :param str text: 64 hexadecimal characters
        :param str code: verification code whose pieces are compared too
        """
        sha256 = self._clean_digest(text)
        if not _SHA256.fullmatch(sha256):
            return self._answer("unreadable", self.browse())
        if not code:
            proof_sudo, final = self._by_digest(sha256)
            state = self._public_state(proof_sudo) if proof_sudo else "unknown_file"
            if proof_sudo and not final:
                state = "earlier"
            return self._answer(state, proof_sudo, match="document", sha256=sha256)
        proof_sudo = self._by_code(code)
        if not proof_sudo:
            return self._answer("unknown", proof_sudo)
        state, match, order = self._public_state(proof_sudo), None, None
        found, final = self._by_digest(sha256, proof_sudo)
        pieces = proof_sudo.digest_ids.mapped("sha256")
        if found and final:
            match = "document"
        elif sha256 in pieces:
            # What persons signed may be a piece of the act, and its earlier version too.
            match, order = "piece", pieces.index(sha256) + 1
        elif found:
            match, state = "document", "earlier"
        else:
            state = "changed"
        return self._answer(state, proof_sudo, match=match, order=order, sha256=sha256)

    @api.model
    def _clean_digest(self, text):
        return re.sub(r"[\s:\-]", "", text or "").lower()

    @api.model
    def _verify_qr(self, code, data):
        """Compare the signed data of a QR code with what was issued under ``code``.

        :return: dict with ``match`` (True, False, or None when it cannot be said)
            and the ``data`` that the QR code carries, when it can be read
        """
        proof_sudo = self._by_code(code)
        try:
            told = qr.parse(data or "")[0]
        except qr.QrError:
            return {"match": None, "data": None}
        shown = {"issuer": told.issuer, "number": told.number, "instant": told.instant}
        if not proof_sudo:
            return {"match": None, "data": shown}
        match = data == proof_sudo.qr_data and self._signed_by_us(data, told.key)
        return {"match": match, "data": shown}

    @api.model
    def _signed_by_us(self, data, key_mark):
        # Certificates are public; the visitor has no right on the table.
        certificates_sudo = self.env["gov.certificate"].sudo()
        certificate_sudo = certificates_sudo.search(
            [
                ("key_id.fingerprint", "=like", f"{key_mark}%"),
                ("key_id.purpose", "in", ("seal", "journal")),
            ],
            limit=1,
        )
        if not certificate_sudo:
            return False
        (certificate,) = ca.der(certificate_sudo.pem)
        return qr.verify(data, ca.public_key(certificate)) is not None

    @api.model
    def _by_code(self, text):
        code = codes.normalise(text or "")
        if not codes.is_code(code, CODE_CHARS):
            return self.browse()
        # Public question: proofs are found without rights, answered as values.
        proofs_sudo = self.sudo()
        return proofs_sudo.search([("code_digest", "=", codes.digest(code))])

    @api.model
    def _by_digest(self, sha256, proof=None):
        """(issued document with this digest, whether that version of it is complete).

        :param proof: look at this one only
        """
        # Public question: proofs are found without rights, answered as values.
        proofs_sudo = self.sudo()
        only = [("id", "in", proof.ids)] if proof else []
        proof_sudo = proofs_sudo.search(
            [("document_sha256", "=", sha256), *only], limit=1
        )
        if proof_sudo:
            return proof_sudo, True
        versions_sudo = proofs_sudo.env["gov.proof.version"]
        only = [("proof_id", "in", proof.ids)] if proof else []
        version_sudo = versions_sudo.search(
            [("sha256", "=", sha256), *only], order="final desc, id desc", limit=1
        )
        return version_sudo.proof_id, version_sudo.final

    @api.model
    def _public_state(self, proof):
        return "authentic" if proof.state == "valid" else proof.state

    @api.model
    def _answer(self, state, proof, **more):
        told = {"verdict": VERDICTS[state], "state": state, "document": None, **more}
        if proof:
            told["document"] = proof._public_document()
        return told

    def _public_document(self):
        """Plain values a visitor may read: no person, no subject, no file name."""
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return {
            "issuer": self.issuer_name,
            "issuer_code": self.issuer_code,
            "kind": kinds[self.kind],
            "number": self.number,
            "issued_at": self._local(self.issued_at),
            "state_at": self._local(self.state_at) if self.state_at else None,
            "sha256": self.document_sha256 or None,
            "pieces": [
                {"order": place, "sha256": piece.sha256, "size": piece.size}
                for place, piece in enumerate(self.digest_ids, 1)
            ],
        }

    def _local(self, moment):
        """Date and time in words, in the zone of the administration, which it names."""
        local = fields.Datetime.context_timestamp(self.with_context(tz=self.tz), moment)
        return self.env._(
            "%(date)s at %(time)s (%(zone)s)",
            date=format_date(self.env, local.date(), date_format="long"),
            time=f"{local:%H:%M:%S}",
            zone=self.tz,
        )
