import hashlib
import io

from odoo import api, models

from ..lib.validation import limits, service, verdict, versions
from .gov_proof_verify import VERDICTS

#: State of a file the platform did not issue, by verdict.
_STATES = {
    verdict.VALID: "signed",
    verdict.INVALID: "broken",
    verdict.INDETERMINATE: "unestablished",
}
UNREADABLE = frozenset(
    ("unreadable", "not_pdf", "empty_file", "encrypted", "hybrid", "too_complex")
)
LIMITS = frozenset(
    (
        *("too_large", "too_many_pages", "too_many_objects", "too_many_signatures"),
        *("too_many_revisions", "timeout", "out_of_memory", "crashed", "worker_lost"),
    )
)


class GovValidation(models.AbstractModel):
    """Validation of a signed file anybody brings, with what the platform knows."""

    _name = "gov.validation"
    _description = "Validation of signed files"

    @api.model
    def _validate(self, fileobj, company=None):
        """Judge a file in a process with limits, then compare it with what was issued.

        :param fileobj: bytes, or a seekable file open for reading in binary mode
        :param company: administration whose trust anchors count; empty: those of the
            administration that issued this very file, else the platform's alone
        :return: the answer of :func:`lib.validation.engine.run`, and ``state`` (key of
            :data:`.gov_proof_verify.VERDICTS`) and ``document`` (plain values of the
            issued document it is, or was made of; None otherwise)
        """
        stream = io.BytesIO(fileobj) if isinstance(fileobj, bytes) else fileobj
        told = service.validate(stream, self._store(company or self._issuer(stream)))
        self._add_revoked(told)
        proof, kind = self._issued(stream, told)
        self._compare(told, proof, kind)
        told["document"] = proof._public_document() if proof else None
        if not proof:
            self._compare_act(stream, told)
        return told

    @api.model
    def _issuer(self, stream):
        """Administration that issued this file as it is, or nothing."""
        stream.seek(0)
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        proof_sudo, _final = self.env["gov.proof"]._by_digest(sha256)
        company = self.env["res.company"].browse(proof_sudo.company_id or ())
        return company.exists()

    @api.model
    def _store(self, company):
        # A list of ours that is missing or ran out is made now.
        self.env["gov.crl"]._all()
        return self.env["gov.anchor"]._store(company)

    # ------------------------------------------------------------------
    # What the platform knows
    # ------------------------------------------------------------------
    @api.model
    def _issued(self, stream, told):
        """(proof, how the file relates to it): final, earlier, changed, or none.

        The whole file is asked first, then each of its revisions: a document of ours
        with something appended is recognised too.
        """
        # Public question: proofs are found without rights, answered as values.
        proofs_sudo, versions_sudo = (
            self.env["gov.proof"].sudo(),
            self.env["gov.proof.version"].sudo(),
        )
        if not told["sha256"]:
            return proofs_sudo, None
        proof_sudo, final = proofs_sudo._by_digest(told["sha256"])
        if proof_sudo:
            return proof_sudo, "final" if final else "earlier"
        sizes = [one["size"] for one in told["revisions"]]
        sizes += [one["size"] for one in told["signatures"]]
        stream.seek(0)
        found = versions.prefixes(stream, [size for size in sizes if size])
        version_sudo = versions_sudo.search(
            [("sha256", "in", list(found))], order="size desc", limit=1
        )
        if version_sudo:
            return version_sudo.proof_id, "changed"
        proof_sudo = proofs_sudo.search(
            [("document_sha256", "in", list(found))], limit=1
        )
        return proof_sudo, "changed" if proof_sudo else None

    @api.model
    def _compare(self, told, proof, kind):
        codes = {one["code"] for one in told["reasons"]}
        if kind == "final":
            state = self.env["gov.proof"]._public_state(proof)
            if state != "authentic":
                self._worsen(told, VERDICTS[state], f"proof_{state}", proof)
            told["state"] = (
                state
                if told["verdict"] == verdict.VALID
                else (state if state == "cancelled" else _STATES[told["verdict"]])
            )
        elif kind == "earlier":
            self._worsen(told, verdict.INVALID, "earlier_version", proof)
            told["state"] = "earlier"
        elif kind == "changed" and told["verdict"] != verdict.VALID:
            self._worsen(told, verdict.INVALID, "issued_changed", proof)
            told["state"] = "changed"
        elif "busy" in codes:
            told["state"] = "busy"
        elif "not_signed" in codes:
            told["state"] = "not_signed"
        elif codes & UNREADABLE:
            told["state"] = "unreadable"
        elif codes & LIMITS:
            told["state"] = "limit"
        else:
            told["state"] = _STATES[told["verdict"]]

    @api.model
    def _worsen(self, told, least, code, proof):
        told["reasons"].insert(0, verdict.reason(code, number=proof.number))
        told["verdict"] = verdict.worst(told["verdict"], least)
        told["indication"] = verdict.INDICATION[told["verdict"]]

    @api.model
    def _add_revoked(self, told):
        """Count what was signed after its key was revoked here, before any list says so."""
        marks = [one["certificate_sha256"] for one in told["signatures"]]
        # Certificates are public; whoever asks may have no right on keys.
        certificates_sudo = self.env["gov.certificate"].sudo()
        revoked_sudo = certificates_sudo.search(
            [("sha256", "in", marks), ("key_id.state", "=", "revoked")]
        )
        ended = {one.sha256: one.key_id.ended_at for one in revoked_sudo}
        for one in told["signatures"]:
            moment = ended.get(one["certificate_sha256"])
            made = one["best_time"] or one["claimed_at"]
            if moment and (not made or made[:19] > moment.isoformat()[:19]):
                found = verdict.reason("certificate_revoked", name=one["name"])
                one["reasons"].append(found)
                one["indication"], one["sub_indication"] = verdict.FAILED, "REVOKED"
                told["reasons"].append(found)
                told["verdict"] = verdict.INVALID
                told["indication"], told["sub_indication"] = verdict.FAILED, "REVOKED"

    @api.model
    def _limits(self):
        """What one file may be, for the page that takes it (bytes, pages…)."""
        return {
            "size": limits.MAX_SIZE,
            "pages": limits.MAX_PAGES,
            "signatures": limits.MAX_SIGNATURES,
        }
