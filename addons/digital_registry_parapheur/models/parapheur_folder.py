from odoo import api, fields, models
from odoo.exceptions import AccessError


class ParapheurFolder(models.Model):
    """The number of an act: asked for after the last signature, printed by the seal."""

    _inherit = "parapheur.folder"

    register_id = fields.Many2one(
        "registry.register",
        string="Numbered in",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="As the nature said when the folder was submitted.",
    )
    is_numbered = fields.Boolean(compute="_compute_is_numbered")
    recipient_name = fields.Char(
        string="Recipient",
        size=240,
        help="To whom the act is sent, as in the register.",
    )
    registry_letter_id = fields.Many2one(
        "registry.letter",
        string="Registered as",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    number = fields.Char(compute="_compute_number")

    _registry_letter_uniq = models.UniqueIndex(
        "(registry_letter_id) WHERE registry_letter_id IS NOT NULL"
    )

    @api.depends("nature_id", "register_id")
    def _compute_is_numbered(self):
        for folder in self:
            folder.is_numbered = bool(
                folder.register_id or folder._numbering_register()
            )

    @api.depends("registry_letter_id")
    def _compute_number(self):
        for folder in self:
            # Who reads a folder reads its number, whatever his role in the register is.
            folder_sudo = folder.sudo()
            folder.number = folder_sudo.registry_letter_id.number

    def _check_protected(self, vals):
        super()._check_protected(vals)
        if self._gate_is_open():
            return
        touched = self._platform_fields() & vals.keys()
        if any(self._changes(name, vals[name]) for name in touched):
            raise AccessError(
                self.env._(
                    "What a folder is registered as changes only with its buttons: Submit, "
                    "Sign, Refuse."
                )
            )

    @api.model
    def _gated_names(self):
        return super()._gated_names() | self._platform_fields()

    @api.model
    def _fixed_names(self):
        return super()._fixed_names() | {"recipient_name"}

    @api.model
    def _platform_fields(self):
        """Names of the fields that only the platform sets. Bridges add theirs."""
        return {"register_id", "registry_letter_id"}

    def _numbering_register(self):
        """The register that will number this folder, or an empty set. Hook of bridges."""
        self.ensure_one()
        return self.nature_id.register_id

    def _submit_problems(self):
        problems = super()._submit_problems()
        if not self._numbering_register():
            return problems
        if not self.recipient_name:
            problems.append(
                self.env._(
                    "The recipient is missing: the act is numbered in a register, which "
                    "says to whom it goes."
                )
            )
        if len(self.main_ids) > 1:
            problems.append(
                self.env._(
                    "A number is for one act: keep one main document, and make the others "
                    "annexes or folders of their own."
                )
            )
        return problems

    def _submit(self):
        result = super()._submit()
        # Frozen with the circuit: the folder was just submitted by who may.
        folder_sudo = self.sudo()._gated()
        folder_sudo.register_id = self._numbering_register()
        return result

    def _after_last_act(self):
        if not self.register_id:
            return super()._after_last_act()
        self._become("closing")
        # One main document: checked when the folder was submitted.
        (item,) = self._final_inputs()
        letter = self._take_number(item["pdf"], item["seal_field"], item["filename"])
        self.write({"registry_letter_id": letter.id})
        return None

    def _take_number(self, pdf, seal_field, filename):
        """Register the signed act; its number comes after the commit. Hook of bridges.

        :return: the ``registry.letter``
        """
        return self.env["registry.letter"]._register_born_digital(
            {
                "register_id": self.register_id.id,
                "subject": self.title,
                "language": self.language,
                "unit_id": self.unit_id.id,
                "parties": [{"role": "recipient", "name": self.recipient_name}],
            },
            pdf=pdf,
            seal_field=seal_field,
            filename=filename,
        )

    def _process_each(self, what, domain, limit):
        if what == "closing":
            # The register's batch closes what it numbers; here it is only taken over.
            domain = [
                *domain,
                "|",
                ("registry_letter_id", "=", False),
                ("registry_letter_id.closing_state", "=", "closed"),
            ]
        return super()._process_each(what, domain, limit)

    def _closing_now(self):
        if not self.registry_letter_id:
            return super()._closing_now()
        self.write({"closing_attempts": 0, "closing_next_at": False})
        return self._set_final(self.registry_letter_id.closing_version_id)

    def action_open_registered(self):
        """Open the registered letter of this folder.

        :return: window action
        """
        self.ensure_one()
        return self.registry_letter_id._get_records_action()
