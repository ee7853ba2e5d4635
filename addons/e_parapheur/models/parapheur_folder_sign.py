from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.gov_base.lib import placement, placement_late, sign_block
from odoo.addons.gov_trust.lib import acts

from .gov_circuit_step import SIGNATURE
from .parapheur_folder_submit import PERSON_BOX, SEAL_FIELD, SIGN_FIELD

MAX_AT_ONCE = 20


class ParapheurFolder(models.Model):
    """Signing: with one's own key and PIN, on the version one has seen (S9, S11, S13)."""

    _inherit = "parapheur.folder"

    def action_sign(self, pin, base=None, consent=None):
        """Sign every main document of this folder with one's personal key.

        :param str pin: PIN of the key, 6 to 12 digits; never stored, never logged
        :param str base: digest of what was seen (:meth:`get_desk_folder`), refused when older
        :param str consent: id of the text that was accepted (:meth:`get_consent`)
        :return: True
        :raise PinRefused: wrong PIN, or key locked for a while
        :raise UserError: no consent, no key, out of turn, twice, ended, older version
        :raise AccessError: not an actor of this folder
        """
        self.ensure_one()
        self._check_in_circuit()
        self._check_consent(consent)
        self._check_signable(base)
        self._sign(self._unlocked(pin), base, consent)
        return True

    @api.model
    def action_sign_many(self, pin, items, consent=None):
        """Sign several folders with one PIN: one signature and one event a document.

        Each folder is signed or refused alone; the others are not touched by its refusal.

        :param str pin: PIN of one's personal key
        :param list items: at most 20 dicts ``{"id", "base"}``
        :param str consent: id of the text that was accepted
        :return: list of ``{"id", "ok", "error"}`` in the order of ``items``
        :raise PinRefused: wrong PIN, or key locked; nothing was signed
        :raise UserError: no consent, no key, more than 20
        """
        self._check_consent(consent)
        items = list(items) if isinstance(items, list | tuple) else []
        if not 0 < len(items) <= MAX_AT_ONCE:
            raise UserError(
                self.env._(
                    "From 1 to %(limit)s folders are signed in one go: %(count)s were given.",
                    limit=MAX_AT_ONCE,
                    count=len(items),
                )
            )
        loaded = self._unlocked(pin)
        return [self._sign_item(loaded, item, consent) for item in items]

    @api.model
    def get_consent(self):
        """Return what is accepted before signing, in the reader's language.

        :return: ``{"id", "text", "sha256"}``; the id goes to :meth:`action_sign`
        """
        return self.env["parapheur.consent"]._shown()

    # ------------------------------------------------------------------
    # Checks
    # ------------------------------------------------------------------
    @api.model
    def _check_consent(self, consent):
        if not consent:
            raise UserError(
                self.env._(
                    "Nothing was signed: read the text and tick that you accept it."
                )
            )
        if not self.env["parapheur.consent"]._is_current(consent):
            raise UserError(
                self.env._(
                    "Nothing was signed: the text to accept has changed. Reload and read it "
                    "again."
                )
            )

    @api.model
    def _unlocked(self, pin):
        """Open the user's personal key for this request only."""
        key = self.env["gov.key"]._personal(self.env.user)
        if not key:
            raise UserError(
                self.env._(
                    "You have no personal key yet: make one in “My signature”, then sign."
                )
            )
        return key._unlock(pin)

    def _check_signable(self, base):
        """Raise unless the user has to sign this folder now, as he saw it."""
        step, user = self._my_step(only=(SIGNATURE,)), self.env.user
        refusal = self.run_id._refusal("act", user, step=step)
        if refusal:
            raise refusal
        if not step:
            raise UserError(
                self.env._(
                    "You are asked for “%(step)s”, not for a signature: use Approve.",
                    step=self._my_step().name,
                )
            )
        if base and base != self._circuit_base():
            raise self._changed_since()
        return step

    def _changed_since(self):
        return UserError(
            self.env._(
                "The document changed since you opened it: reload %(folder)s and read it "
                "again. Nothing was signed.",
                folder=self.display_name,
            )
        )

    # ------------------------------------------------------------------
    # The act
    # ------------------------------------------------------------------
    @api.model
    def _sign_item(self, loaded, item, consent):
        """Sign one folder of several; a refusal is told, and undoes that folder alone."""
        folder_id = item.get("id") if isinstance(item, dict) else None
        folder = self.browse(folder_id if isinstance(folder_id, int) else 0)
        try:
            with self.env.cr.savepoint():
                if not folder.exists() or not folder.has_access("read"):
                    raise AccessError(
                        self.env._("This folder is not among yours. Reload the list.")
                    )
                folder._check_in_circuit()
                folder._sign(loaded, item.get("base"), consent)
        except UserError as refusal:
            return {"id": folder_id, "ok": False, "error": str(refusal.args[0])}
        return {"id": folder_id, "ok": True, "error": False}

    def _sign(self, loaded, base, consent):
        """Sign under the lock of the run: what was seen, or nothing."""
        # Two at once follow each other here; the second reads what the first did.
        run_sudo = self.run_id.sudo()
        run_sudo._lock()
        step = self._check_signable(base)
        now = fields.Datetime.now()
        # Documents and signatures are the platform's; turn, version and key were checked.
        folder_sudo = self.sudo()
        accepted = self.env["parapheur.consent"]._of(consent)
        for piece in folder_sudo.piece_ids:
            folder_sudo._sign_piece(piece, step, loaded, accepted, now)
        folder_sudo.invalidate_recordset(["signature_ids"])
        self.run_id._act(
            self.env.user, "approve", None, self._circuit_base(), step=step
        )

    def _sign_piece(self, piece, step, loaded, consent, now):
        user = self.env.user
        seen = piece._current()
        content, field_name = self._with_box(piece, seen._read_content())
        signed = self.env["gov.sign"]._sign(
            self.company_id,
            content,
            field_name,
            loaded,
            appearance=self._person_block(piece, user, self._quality(user), now),
            reason=self.reference,
            name=user.name,
            location=self.company_id.city or None,
        )
        act = self.env["gov.sign"]._check(signed, self.company_id)
        self._record_signature(
            piece,
            step,
            seen=seen,
            version=self._store_version(piece, signed),
            field_name=field_name,
            found=next(one for one in act.signatures if one.field == field_name),
            consent=consent,
            now=now,
        )

    def _record_signature(
        self, piece, step, *, seen, version, field_name, found, consent, now
    ):
        """Keep who signed what, in which version, and tell it in the journal.

        :param found: what the strict check says of this signature
        """
        user = self.env.user
        self.env["parapheur.signature"].create(
            {
                "folder_id": self.id,
                "company_id": self.company_id.id,
                "piece_id": piece.id,
                "step_id": step.id,
                "signer_id": user.id,
                "signer_name": user.name,
                "quality": self._quality(user),
                "field_name": field_name,
                "base_id": seen.id,
                "version_id": version.id,
                "sha256": version.sha256,
                "certificate_sha256": found.certificate_sha256,
                "certificate_name": found.name,
                "made": found.made_by,
                "trust": found.trust,
                "level": found.level,
                "consent_id": consent["id"],
                "consent_sha256": consent["sha256"],
                "signed_at": now,
            }
        )
        self._event(
            "folder.signed",
            {
                "step": step.id,
                "document": piece.document_id.id,
                "seen": seen.sha256,
                "signed": version.sha256,
                "certificate": found.certificate_sha256,
                "made": found.made_by,
                "trust": found.trust,
                "level": found.level,
                "consent": {"id": consent["id"], "sha256": consent["sha256"]},
            },
        )

    def _with_box(self, piece, content):
        """The file with an empty box to sign in, and the name of that box."""
        valid = self.signature_ids.filtered(
            lambda one: one.piece_id == piece and one.state == "valid"
        )
        used = set(valid.mapped("field_name"))
        names = [name for name, _page, _rect in piece.boxes if name != SEAL_FIELD]
        for name in names:
            if name not in used:
                return content, name
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

    def _person_block(self, piece, user, quality, now):
        return sign_block.person_block(
            *PERSON_BOX,
            name=user.name,
            quality=quality,
            date_text=self._local_text(now),
            reference=self.reference,
            qr_url=self._block_url(piece),
            lang=self.language,
        )

    def _local_text(self, instant, with_zone=True):
        """An instant as it is printed: date, time and zone of the administration."""
        zone = self.env["gov.seal"]._issuer(self.company_id)["tz"]
        local = fields.Datetime.context_timestamp(self.with_context(tz=zone), instant)
        return f"{local:%d/%m/%Y %H:%M}" + (f" ({zone})" if with_zone else "")
