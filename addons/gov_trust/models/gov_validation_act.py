import hashlib

from odoo import api, models

from ..lib.validation import verdict, versions
from .gov_proof_verify import VERDICTS


class GovValidationAct(models.AbstractModel):
    """Files of acts that have no proof (yet): under way, refused, withdrawn.

    Every signature in such a file may hold, and the file be worth nothing all the same:
    signatures are missing, or somebody refused after them.
    """

    _inherit = "gov.validation"

    @api.model
    def _compare_act(self, stream, told):
        """Say what this file is of an act that is not issued; nothing for other files."""
        if not told["sha256"]:
            return
        sizes = {one["size"] for one in (*told["revisions"], *told["signatures"])}
        stream.seek(0)
        earlier = versions.prefixes(stream, [size for size in sizes if size])
        whole = told["sha256"]
        shas = [whole, *(one for one in reversed(earlier) if one != whole)]
        found = self.env["gov.proof"]._act_by_file([whole])
        state = found and found[1]
        if not found:
            found = self.env["gov.proof"]._act_by_file(shas)
            if not found or told["verdict"] == verdict.VALID:
                return
            # A version of the act is inside, with something appended to it.
            state = "changed"
        act = found[0]
        code = "issued_changed" if state == "changed" else f"act_{state}"
        self._worsen_act(told, state, code, act)
        proofs = self.env["gov.proof"]
        told["document"] = proofs._act_document(act)
        told["expected"] = act["needed"] or None

    @api.model
    def _worsen_act(self, told, state, code, act):
        if told["verdict"] == verdict.INVALID and state != "changed":
            return
        told["reasons"].insert(0, verdict.reason(code, number=act["number"]))
        told["verdict"] = verdict.worst(told["verdict"], VERDICTS[state])
        told["indication"] = verdict.INDICATION[told["verdict"]]
        told["state"] = state

    @api.model
    def _issuer(self, stream):
        """The administration of an act under way too: its anchors judge."""
        company = super()._issuer(stream)
        if company:
            return company
        stream.seek(0)
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        stream.seek(0)
        found = self.env["gov.proof"]._act_by_file([sha256])
        return found[0]["company"] if found else company
