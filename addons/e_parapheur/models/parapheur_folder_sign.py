from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import placement, placement_late, sign_block
from odoo.addons.gov_trust.lib import acts

from ..lib.sign_act import SignAct
from .parapheur_folder_submit import PERSON_BOX, SEAL_FIELD, SIGN_FIELD


class ParapheurFolder(models.Model):
    """Signing: with one's own key and PIN, on the version one has seen (S9, S11, S13)."""

    _inherit = "parapheur.folder"

    def action_sign(
        self, pin, base=None, consent=None, reauth=None, delegation_consent=None
    ):
        """Sign every main document of this folder with one's personal key.

        :param str pin: PIN of the key, 6 to 12 digits; never stored, never logged
        :param str base: digest of what was seen (:meth:`get_desk_folder`), refused when older
        :param str consent: id of the text that was accepted (:meth:`get_consent`)
        :param dict reauth: where the nature asks for more than the PIN: ``{"totp": digits}``,
            or ``{"request": id, "passkey": assertion}`` over :meth:`get_sign_request`
        :param str delegation_consent: id of the text of who signs by delegation
        :return: True
        :raise PinRefused: wrong PIN, or key locked for a while
        :raise UserError: no consent, no key, out of turn, twice, ended, older version, no
            proof, a certificate that does not do
        :raise AccessError: not an actor of this folder, or a delegation that does not cover it
        """
        self.ensure_one()
        self._check_may_come()
        self._check_in_circuit()
        self._check_consent(consent)
        step = self._check_signable(base)
        self._check_delegation_consent(self._power(step), delegation_consent)
        loaded = self._unlocked(pin)
        proof = self._proved("sign", [(self, step, base)], reauth)
        self._sign(loaded, base, consent, proof, delegation_consent)
        return True

    @api.model
    def _unlocked(self, pin):
        """Open the user's personal key for this request only."""
        key = self.env["gov.key"]._personal(self.env.user)
        if not key:
            raise UserError(self._no_key())
        return key._unlock(pin if isinstance(pin, str) else "")

    @api.model
    def _no_key(self):
        return self.env._(
            "You have no personal key yet: make one in “My signature”, then sign."
        )

    # ------------------------------------------------------------------
    # The act
    # ------------------------------------------------------------------
    def _sign(self, loaded, base, consent, proof, delegation_consent=None):
        """Sign under the lock of the run: what was seen, or nothing."""
        # Two at once follow each other here; the second reads what the first did.
        run_sudo = self.run_id.sudo()
        run_sudo._lock()
        act = self._sign_act(base, consent, proof, delegation_consent)
        self._check_level(act.step, loaded)
        # Documents and signatures are the platform's; turn, version and key were checked.
        folder_sudo = self.sudo()
        for piece in folder_sudo.piece_ids:
            folder_sudo._sign_piece(piece, act, loaded)
        self._after_signature(act)

    def _sign_act(self, base, consent, proof, delegation_consent=None):
        """Check everything once more, under the lock, and gather it.

        :return: :class:`~odoo.addons.e_parapheur.lib.sign_act.SignAct`
        """
        step = self._check_signable(base)
        delegation = self._power(step)
        if delegation:
            delegation._hold()
        self._check_consent(consent)
        self._check_delegation_consent(delegation, delegation_consent)
        self._check_proof(proof, "sign", step, base)
        consents = {"own": self._consent_of(consent)}
        if delegation:
            consents["delegation"] = self._consent_of(delegation_consent)
        # Versions are compared; who signs reads the folder.
        seen = self.sudo()._seen_versions(base, step)
        return SignAct(step, seen, delegation, consents, proof, fields.Datetime.now())

    def _after_signature(self, act):
        """The step of who signed is done: the circuit goes on."""
        # Signatures were written by the platform.
        folder_sudo = self.sudo()
        folder_sudo.invalidate_recordset(["signature_ids"])
        if act.delegation:
            # Once the step is done the power is used: he reads what he signed by that.
            folder_sudo._gated().actor_ids |= self.env.user
        self.run_id._act(
            self.env.user, "approve", None, self._circuit_base(), step=act.step
        )

    def _sign_piece(self, piece, act, loaded):
        seen = piece._current()
        content, field_name = self._with_box(piece, seen._read_content(), act.step)
        signed = self.env["gov.sign"]._sign(
            self.company_id,
            content,
            field_name,
            loaded,
            **self._drawn(piece, act),
        )
        checked = self.env["gov.sign"]._check(signed, self.company_id)
        found = next(one for one in checked.signatures if one.field == field_name)
        self._check_timestamp(found.level)
        self._record_signature(
            piece,
            act,
            base=seen,
            version=self._store_version(piece, signed),
            field_name=field_name,
            found=found,
        )

    def _drawn(self, piece, act):
        """What is drawn in the box and written in the signature."""
        user = self.env.user
        return {
            "appearance": self._person_block(
                piece,
                user,
                self._signer_quality(act.delegation),
                act.now,
                self._formula_printed(act.delegation),
            ),
            "reason": self.reference,
            "name": user.name,
            "location": self.company_id.city or None,
        }

    def _with_box(self, piece, content, step):
        """The file with an empty box to sign in, and the name of that box."""
        valid = self.signature_ids.filtered(
            lambda one: one.piece_id == piece and one.state == "valid"
        )
        used = set(valid.mapped("field_name"))
        names = [name for name, _page, _rect in piece.boxes if name != SEAL_FIELD]
        free = self._free_boxes(piece, step, set(names) - used)
        if free:
            return content, free[0]
        # Somebody was inserted on the way: one more box, while there is no seal (S12).
        name = f"{SIGN_FIELD}{len(names) + len(used - set(names)) + 1}"
        place = placement_late.find(
            content,
            placement.Wanted(name, acts.SIGNATURE, *PERSON_BOX),
            [(page, rect) for _name, page, rect in piece.boxes],
        )
        if not place:
            raise UserError(
                self.env._(
                    "There is no room left on %(file)s for one more signature: refuse the "
                    "folder, and let it be submitted again with that person in its circuit.",
                    file=piece.document_id.name,
                )
            )
        field = acts.Field(name, acts.SIGNATURE, acts.Box(*place))
        return self.env["gov.sign"]._add_field(content, field), name

    # ------------------------------------------------------------------
    # What is drawn
    # ------------------------------------------------------------------
    def _quality(self, user):
        """In which capacity a person signs: his job, else his unit."""
        # Staff files are closed to most people; only the title of the signer is read.
        employee_sudo = (
            self.env["hr.employee"]
            .sudo()
            .search(
                [("user_id", "=", user.id), ("company_id", "=", self.company_id.id)],
                limit=1,
            )
        )
        return employee_sudo.job_title or employee_sudo.department_id.name or ""

    def _person_block(self, piece, user, quality, now, formula=""):
        return sign_block.person_block(
            *PERSON_BOX,
            name=user.name,
            quality=quality,
            formula=formula,
            date_text=self._local_text(now),
            **self._block_words(piece),
            lang=self.language,
        )

    def _local_text(self, instant, with_zone=True):
        """An instant as it is printed: date, time and zone of the administration."""
        zone = self.env["gov.seal"]._issuer(self.company_id)["tz"]
        local = fields.Datetime.context_timestamp(self.with_context(tz=zone), instant)
        return f"{local:%d/%m/%Y %H:%M}" + (f" ({zone})" if with_zone else "")
