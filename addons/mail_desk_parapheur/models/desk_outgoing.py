from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class DeskOutgoing(models.Model):
    """A validated letter goes to the signature book and comes back signed and numbered."""

    _inherit = "desk.outgoing"

    folder_ids = fields.One2many(
        "parapheur.folder", "desk_outgoing_id", string="Folders", readonly=True
    )
    folder_id = fields.Many2one(
        "parapheur.folder",
        compute="_compute_folder_id",
        compute_sudo=True,
        help="Folder of the signature book in which the letter is, or was, signed.",
    )
    desk_nature_id = fields.Many2one(related="office_id.desk_nature_id")
    can_sign = fields.Boolean(compute="_compute_can_sign")

    def _compute_folder_id(self):
        # Computed for whoever reads the letter, also without a role in the signature book.
        for outgoing in self:
            outgoing.folder_id = outgoing.folder_ids.sorted("id")[-1:]

    def _compute_can_sign(self):
        for outgoing in self:
            outgoing.can_sign = not outgoing._to_sign_refusal()

    def _to_sign_refusal(self):
        """Return why this letter cannot go to the signature book now, or None."""
        self.ensure_one()
        if self._is_model():
            return UserError(
                self.env._(
                    "Each recipient gets a letter of his own, which is signed by itself: "
                    "start the mailing."
                )
            )
        if not self._signing_nature():
            return UserError(
                self.env._(
                    "No nature of the signature book is set for the letters of this "
                    "office: the functional administrator chooses one on its form."
                )
            )
        if refusal := self._signing_refusal("book"):
            return refusal
        if self.state == "signing":
            return UserError(
                self.env._(
                    "The letter %(letter)s is in the signature book already.",
                    letter=self.display_name,
                )
            )
        if self.state != "validated":
            return UserError(
                self.env._(
                    "The letter %(letter)s is not validated: it goes to the signature "
                    "book after the last approval.",
                    letter=self.display_name,
                )
            )
        if not self._is_ours():
            return AccessError(
                self.env._(
                    "Only the author of the letter %(letter)s, the head of its unit, a "
                    "deputy or a supervisor of the desk has it signed.",
                    letter=self.display_name,
                )
            )
        return None

    def _signing_nature(self):
        """The nature that letters, or internal notes, of this office follow; may be empty."""
        # The nature is configuration; whoever works on the letter follows it.
        office_sudo = self.office_id.sudo()
        if self.kind == "note":
            return office_sudo.desk_note_nature_id
        return office_sudo.desk_nature_id

    def _signing_ways(self):
        if self.kind == "note" and self._signing_nature():
            return ["book"]
        return super()._signing_ways()

    def _transition_refusal(self, new):
        if new == "numbering" and self.state == "signing" and not self.env.su:
            return UserError(self._impossible_sentence(new))
        return super()._transition_refusal(new)

    @api.model
    def _signing_labels(self):
        return {"book": self.env._("Signature book"), **super()._signing_labels()}

    def _give_up_signing(self, why):
        done = super()._give_up_signing(why)
        for folder in self.folder_id:
            if folder.state == "running":
                folder.run_id._cancel(why)
            elif folder.state == "draft":
                folder._become("cancelled", ended_at=fields.Datetime.now())
        return done

    def action_to_sign(self):
        """Send this validated letter to the signature book.

        The folder starts at once when its circuit needs no choice; otherwise it opens, for
        the sender to complete and submit.

        :return: window action of the folder
        :raise UserError: not validated, in the signature book already, no nature set
        :raise AccessError: neither author nor head, or no role in the signature book
        """
        self.ensure_one()
        self.check_access("read")
        self._lock()
        if refusal := self._to_sign_refusal():
            raise refusal
        nature = self._signing_nature().with_env(self.env)
        folder = self.env["parapheur.folder"].create(
            {
                "title": self.subject,
                "nature_id": nature.id,
                "company_id": self.company_id.id,
                "unit_id": self.unit_id.id,
                "language": self._folder_language(),
                "recipient_name": self.recipient_name or self.recipient_unit_id.name,
            }
        )
        # The link is the platform's: nobody ties a folder to a letter by hand.
        folder.sudo()._gated().desk_outgoing_id = self
        folder._add_generated(self._signable_pdf(), f"{self.reference}.pdf")
        self._check_power(folder)
        self._set_state("signing")
        self._log("to_sign", {"folder": folder.reference})
        if folder._needs_nothing_more():
            folder.action_submit()
        return folder._get_records_action()

    def _check_power(self, folder):
        """Refuse a letter whose signatory, by delegation, could not sign it in that folder."""
        # The act is compared with the folder; who sends may not read it.
        act_sudo, folder_sudo = self.delegation_id.sudo(), folder.sudo()
        if not act_sudo:
            return
        scope = folder_sudo._circuit_scope()
        on = scope.pop("on", None) or self.env["gov.absence"]._today(self.company_id)
        if act_sudo._covers(on, **scope):
            return
        raise UserError(
            self.env._(
                "%(name)s could not sign this letter in the signature book by the "
                "delegation %(reference)s, which does not cover: %(reasons)s. Choose who "
                "signs, or have the nature “%(nature)s” set.",
                name=act_sudo.grantee_id.name,
                reference=act_sudo.reference,
                reasons="; ".join(act_sudo._uncovered(on, **scope)),
                nature=folder_sudo.nature_id.name,
            )
        )

    def _number_or_sign(self):
        if self._signing_ways()[:1] != ["book"]:
            return super()._number_or_sign()
        # A folder is its sender's: the author's own roles count, not the batch's.
        return self.with_user(self.user_id).action_to_sign()

    def _validated_sentence(self):
        if self._signing_ways()[:1] == ["book"]:
            return self.env._("Validated: send it to the signature book.")
        return super()._validated_sentence()

    def _folder_language(self):
        code = (self.lang or "fr")[:2]
        return code if code in ("ar", "fr", "en") else "fr"

    def action_open_folder(self):
        """Open the folder of the signature book in which this letter is signed.

        :return: window action
        """
        self.ensure_one()
        return self.folder_id._get_records_action()
