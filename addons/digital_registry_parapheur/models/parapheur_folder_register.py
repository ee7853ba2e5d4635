from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.gov_base.lib import given, text

from .parapheur_nature import NUMBERING

SUPERVISOR = "e_parapheur.group_e_parapheur_supervisor"


class ParapheurFolder(models.Model):
    """A finished act that was not numbered is registered afterwards."""

    _inherit = "parapheur.folder"

    can_register = fields.Boolean(compute="_compute_can_register")

    def _compute_can_register(self):
        for folder in self:
            folder.can_register = not folder._register_refusal()

    def _register_refusal(self):
        """Return why this folder cannot be registered now by this user, or None."""
        self.ensure_one()
        if self.register_id and self.state != "done":
            return UserError(
                self.env._(
                    "The folder %(folder)s takes its number after its last signature: there "
                    "is nothing to register by hand.",
                    folder=self.display_name,
                )
            )
        if self.state != "done":
            return UserError(
                self.env._(
                    "The folder %(folder)s is not finished: an act is registered once it is "
                    "signed and sealed.",
                    folder=self.display_name,
                )
            )
        # Whether it is registered is no secret of the register.
        folder_sudo = self.sudo()
        if folder_sudo.registry_letter_id:
            return UserError(
                self.env._(
                    "The folder %(folder)s is registered already: %(number)s.",
                    folder=self.display_name,
                    number=self.number or "…",
                )
            )
        if self.initiator_id != self.env.user and not self._supervises():
            return AccessError(
                self.env._(
                    "Only %(name)s, who started the folder %(folder)s, or a supervisor of the "
                    "signature book registers its act.",
                    name=self.initiator_id.name,
                    folder=self.display_name,
                )
            )
        return None

    def _supervises(self):
        return (
            self.env.user.has_group(SUPERVISOR)
            and self.company_id in self.env.user.company_ids
        )

    def action_register(self, register_id, recipient_name=None):
        """Register the sealed documents of this finished folder; nothing is drawn on them.

        The line holds the digests of the sealed files. The number is in the register and on
        the folder: a closed document takes no more ink.

        :param int register_id: an outgoing or internal register of the administration
        :param str recipient_name: to whom the act goes; that of the folder by default
        :return: True; the number is there on the next read
        :raise UserError: not finished, registered already, no recipient, no such register
        :raise AccessError: neither the sender nor a supervisor
        """
        self.ensure_one()
        self.check_access("read")
        self._lock_or_tell(
            self.env._(
                "Somebody else is working on the folder %(folder)s right now: try again in a "
                "moment.",
                folder=self.display_name,
            )
        )
        if refusal := self._register_refusal():
            raise refusal
        register = self._given_register(register_id)
        name = self.recipient_name
        if isinstance(recipient_name, str):
            name = text.clean_line(recipient_name) or name
        if not name:
            raise UserError(
                self.env._(
                    "The recipient is missing: the act is numbered in a register, which "
                    "says to whom it goes."
                )
            )
        # The gate was passed above; the register writes its lines for the platform.
        folder_sudo = self.sudo()
        folder_sudo._register_finished(register.sudo(), name[:240])
        return True

    def _given_register(self, register_id):
        # Whoever ends an act may have no role in the register; it is looked at only.
        registers_sudo = self.env["registry.register"].sudo()
        register_sudo = registers_sudo.browse(given.record_id(register_id)).exists()
        if (
            len(register_sudo) != 1
            or register_sudo.company_id != self.company_id
            or register_sudo.direction not in NUMBERING
        ):
            raise UserError(
                self.env._(
                    "Choose an outgoing or an internal register of %(company)s.",
                    company=self.company_id.name,
                )
            )
        return register_sudo.with_env(self.env)

    def action_open_register(self):
        """Ask in which register, and to whom, the act of this folder is registered.

        :return: window action of a dialog
        :raise UserError, AccessError: see :meth:`action_register`
        """
        self.ensure_one()
        self.check_access("read")
        if refusal := self._register_refusal():
            raise refusal
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Register this act"),
            "res_model": "parapheur.register",
            "view_mode": "form",
            "target": "new",
            "context": {"default_folder_id": self.id},
        }

    def _register_finished(self, register, recipient_name):
        """Write the lines. Called on a superuser's record, under its lock."""
        self = self._gated()
        self.write(
            {
                "register_id": register.id,
                "register_mode": self.nature_id.register_mode,
                "recipient_name": recipient_name,
            }
        )
        items = self._final_inputs()
        numbered = items[:1] if self.register_mode == "act" else items
        for item in numbered:
            others = [one for one in items if one not in numbered]
            item["piece"].registry_letter_id = self.env[
                "registry.letter"
            ]._register_finished_act(
                {
                    **self._registration_vals(item["piece"]),
                    "document_ids": [
                        *self._copies([item["piece"].final_id], "main"),
                        *self._going_along(item["piece"], others),
                    ],
                }
            )
        letters = self.piece_ids.registry_letter_id
        self.registry_letter_id = letters[:1]
        self._event("folder.registered", {"letters": letters.ids})
