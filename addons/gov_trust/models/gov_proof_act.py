from odoo import api, models

from ..exceptions import SealUnavailable
from ..lib import codes, master
from .gov_proof import CODE_CHARS, CODE_LABEL
from .gov_proof_verify import VERDICTS

#: State of an act that has its proof: what was issued answers for it.
ISSUED = "issued"


class GovProof(models.Model):
    """What is known of an act before, and beside, its proof.

    A person's block is drawn long before the closing seal, and carries the code all the
    same: a code follows from the reference alone, so it is known from the first day. The
    page then says how many signatures there must be and which are there (an earlier
    version is a valid file to every reader of PDF), or that the act was refused.

    Apps that have acts override the two hooks. An act is a plain dict: ``state`` (``issued``,
    ``under_way``, ``refused`` or ``given_up``), ``company`` (record), ``number``, ``since``
    and ``ended`` (naive UTC or None), ``proof`` (superuser, may be empty), ``needed``
    (how many signatures, None once it ended without them) and ``signatures``: dicts with ``state`` (``signed``, ``paper``, ``expected``), ``name``,
    ``quality``, ``formula`` and ``at`` (naive UTC or None).
    """

    _inherit = "gov.proof"

    # ------------------------------------------------------------------
    # Hooks of apps
    # ------------------------------------------------------------------
    @api.model
    def _act_by_code(self, digest):
        """Return the act whose code has this SHA-256, or None."""
        return None

    @api.model
    def _act_by_file(self, sha256s, digest=None):
        """Return (act, what this file of it is: key of ``VERDICTS``), or None.

        :param sha256s: of a whole file, then of its earlier revisions
        :param digest: SHA-256 of a code: of that act only
        """
        return None

    # ------------------------------------------------------------------
    # The code of the first day
    # ------------------------------------------------------------------
    @api.model
    def _promise(self, public_ref):
        """SHA-256 of the code that the proof of ``public_ref`` will have.

        :raise SealUnavailable: no usable master key
        """
        return codes.digest(self._derive(public_ref))

    @api.model
    def _promised_url(self, company, public_ref, digest):
        """Address of the page that says what is known of an act now.

        :param digest: what :meth:`_promise` returned
        :raise SealUnavailable: no usable master key
        """
        try:
            code = codes.again(CODE_LABEL, public_ref, CODE_CHARS, digest)
        except master.MasterKeyError as error:
            raise SealUnavailable(self.env["gov.key"]._explain(error)) from error
        return f"{company.get_base_url()}/verify/{code}"

    # ------------------------------------------------------------------
    # What the page says
    # ------------------------------------------------------------------
    @api.model
    def _public_act(self, act, named=True):
        """Plain values of an act.

        :param named: whoever asks holds its code, which is on its pages as the names are
        """
        words = self._in_zone_of(act["company"])
        there = [one for one in act["signatures"] if one["state"] != "expected"]
        return {
            "state": act["state"],
            "needed": act["needed"],
            "present": len(there),
            "signatures": [
                {**one, "order": order, "at": one["at"] and words._local(one["at"])}
                for order, one in enumerate(act["signatures"], 1)
            ]
            if named
            else [],
        }

    @api.model
    def _act_document(self, act):
        """As :meth:`_public_document`, of an act that has no proof (yet)."""
        issuer = self.env["gov.seal"]._issuer(act["company"])
        words = self._in_zone_of(act["company"])
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return {
            "issuer": issuer["name"],
            "issuer_code": issuer["code"],
            "kind": kinds["document"],
            "number": act["number"],
            "issued_at": None,
            "since": act["since"] and words._local(act["since"]),
            "state_at": act["ended"] and words._local(act["ended"]),
            "sha256": None,
            "pieces": [],
        }

    @api.model
    def _in_zone_of(self, company):
        return self.new({"tz": self.env["gov.seal"]._issuer(company)["tz"]})

    @api.model
    def _act_answer(self, act, state, named=True, **more):
        return {
            "verdict": VERDICTS[state],
            "state": state,
            "document": self._act_document(act),
            "act": self._public_act(act, named),
            **more,
        }

    # ------------------------------------------------------------------
    # Questions
    # ------------------------------------------------------------------
    @api.model
    def _verify_code(self, text):
        told = super()._verify_code(text)
        digest = self._code_digest(text)
        act = digest and self._act_by_code(digest)
        if not act:
            return told
        if told["document"]:
            return {**told, "act": self._public_act(act)}
        return told if act["state"] == ISSUED else self._act_answer(act, act["state"])

    @api.model
    def _verify_digest(self, text, code=None):
        told = super()._verify_digest(text, code)
        digest = self._code_digest(code)
        if told["state"] not in ("unknown", "unknown_file", "changed") or (
            code and not digest
        ):
            return told
        sha256 = self._clean_digest(text)
        found = self._act_by_file([sha256], digest)
        if found:
            return self._act_answer(
                *found, named=bool(digest), match="document", sha256=sha256
            )
        act = digest and told["state"] == "unknown" and self._act_by_code(digest)
        if act and act["state"] != ISSUED:
            # The code is known; this file is none of its versions.
            return self._act_answer(act, "changed", match=None, sha256=sha256)
        return told

    @api.model
    def _by_code(self, text):
        """The code of the first day leads to the proof, whatever code that one has."""
        proof_sudo = super()._by_code(text)
        digest = not proof_sudo and self._code_digest(text)
        act = digest and self._act_by_code(digest)
        return act["proof"] if act else proof_sudo

    @api.model
    def _code_digest(self, text):
        code = codes.normalise(text or "")
        return codes.digest(code) if codes.is_code(code, CODE_CHARS) else None
