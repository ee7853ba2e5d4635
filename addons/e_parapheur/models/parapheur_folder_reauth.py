from odoo import api, models
from odoo.exceptions import UserError

from ..lib.sign_act import Proof
from .gov_circuit_step import OWN_KINDS, SEAL

#: what a nature asks to sign → what that is besides the PIN
SIGN_PROOFS = {"pin": "none", "pin+totp": "totp", "pin+passkey": "passkey"}
#: kinds whose own button asks what they need; a seal asks what an agreement asks
SIGNED_KINDS = tuple(kind for kind in OWN_KINDS if kind != SEAL)


class ParapheurFolder(models.Model):
    """Proving again who one is, at the moment of deciding: as the nature says, by every door (A3)."""

    _inherit = "parapheur.folder"

    def _proof_wanted(self, decision):
        """What the nature of this folder asks of who decides.

        :param str decision: ``sign`` or ``approve``
        :return: ``none``, ``totp`` or ``passkey``
        """
        version = self._nature_version()
        if decision == "sign":
            return SIGN_PROOFS[version.reauth or "pin"]
        return version.reauth_visa or "none"

    @api.model
    def _proved(self, decision, items, reauth):
        """Check, once for all these items, that the person who decides is that person.

        :param str decision: ``sign`` or ``approve``
        :param items: list of (folder, step, digest of what was seen or None)
        :param reauth: as given by RPC: dict with ``totp``, or ``request`` and ``passkey``
        :return: :class:`~odoo.addons.e_parapheur.lib.sign_act.Proof`
        :raise UserError: what is asked was not given, or is wrong
        """
        signings = self.env["parapheur.signing"]
        wanted = signings._strongest(
            folder._proof_wanted(decision) for folder, _step, _base in items
        )
        listed = [
            folder._proof_item(step, base, decision) for folder, step, base in items
        ]
        known = {folder: (step, base) for folder, step, base, _act in listed}
        if wanted == "none":
            return Proof("none", self.env.uid, decision, known)
        reauth = reauth if isinstance(reauth, dict) else {}
        if reauth.get("request"):
            signing = signings._own(reauth["request"], decision)
            signing._check_listed(listed)
        else:
            signing = signings._ask(decision, listed)
        return signing._prove(wanted, reauth)

    def _check_provable(self):
        """Raise when the user has nothing to prove who he is with as this nature asks, to sign: the others of a list go on."""
        signings, user = self.env["parapheur.signing"], self.env.user
        kind = signings._offered(user, self._proof_wanted("sign"))
        if not signings._has(user, kind):
            raise UserError(signings._how_to_get(kind))

    def _proof_item(self, step, base, decision):
        """What is proved of this folder: its number, the step, the version seen, by which act."""
        delegation = self._power(step) if decision == "sign" else False
        return [
            self.id,
            step.id,
            base or self._circuit_base(),
            delegation.id if delegation else None,
        ]

    def _check_proof(self, proof, decision, step, base):
        """Raise unless ``proof`` is one that the nature of this folder takes, for this act."""
        wanted = self._proof_wanted(decision)
        if isinstance(proof, Proof) and proof.covers(
            self.id, step.id, base, self.env.uid, decision, wanted
        ):
            return
        if wanted == "none":
            return
        signings = self.env["parapheur.signing"]
        raise signings._missing(self.env.user, signings._offered(self.env.user, wanted))

    # ------------------------------------------------------------------
    # Agreements without signature
    # ------------------------------------------------------------------
    @api.model
    def _with_proof(self, decision, items, reauth):
        """These folders with the proof that the person gave for these items.

        :param items: list of (folder, step, digest of what was seen or None)
        """
        given = self.env.context.get("parapheur_proof")
        if isinstance(given, Proof) and all(
            given.covers(
                folder.id,
                step.id,
                base,
                self.env.uid,
                decision,
                folder._proof_wanted(decision),
            )
            for folder, step, base in items
        ):
            # Given once for several, of which these are some.
            return self
        proof = self._proved(decision, items, reauth)
        return self.with_context(parapheur_proof=proof)

    def _circuit_acted(self, run, step, actor):
        """By every door: an agreement without the proof that the nature asks undoes itself."""
        done = super()._circuit_acted(run, step, actor)
        if actor.decision == "approve" and step.kind not in SIGNED_KINDS:
            self._check_proof(
                self.env.context.get("parapheur_proof"),
                "approve",
                step,
                actor.base or "",
            )
        return done

    def get_visa_request(self):
        """Return what the person is asked before he agrees to these folders: nothing more, a code or a passkey.

        Folders that he cannot approve now are left out: the approval itself says why.

        :return: ``{"request", "reauth"}`` as in :meth:`get_sign_request`
        :raise UserError: none given, or more than 20
        :raise AccessError: a folder that is not among his
        """
        if not 0 < len(self) <= 20:
            raise UserError(
                self.env._("Between 1 and 20 folders are approved in one go.")
            )
        self.check_access("read")
        items = []
        for folder in self:
            step = folder._my_step(skip=(*OWN_KINDS, "opinion"))
            if step and not folder.run_id._refusal("act", self.env.user, step=step):
                items.append((folder, step, None))
        return self._reauth_request("approve", items)

    @api.model
    def _reauth_request(self, decision, items):
        """What is asked for these items, and the list it is asked about.

        :return: ``{"request": id, "reauth": {"kind", "ready", "how", "options"}}``; without any item, no
            list: ``request`` is False
        """
        if not items:
            reauth = {"kind": "none", "ready": True, "how": "", "options": False}
            return {"request": False, "reauth": reauth}
        signings, user = self.env["parapheur.signing"], self.env.user
        wanted = signings._strongest(
            folder._proof_wanted(decision) for folder, _step, _base in items
        )
        kind = signings._offered(user, wanted)
        listed = [
            folder._proof_item(step, base, decision) for folder, step, base in items
        ]
        signing = signings._ask(decision, listed)
        ready = signings._has(user, kind)
        return {
            "request": signing.id,
            "reauth": {
                "kind": kind,
                "ready": ready,
                "how": "" if ready else signings._how_to_get(kind),
                "options": signing._passkey_options(user)
                if kind == "passkey" and ready
                else False,
            },
        }
