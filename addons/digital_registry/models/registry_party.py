from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import text


class RegistryParty(models.Model):
    """Who wrote, to whom, on whose behalf: copied as on the letter, linked to contacts.

    Person, organisation and held position are three things; a change in the directory
    never rewrites what a letter said.
    """

    _name = "registry.party"
    _description = "Party to a letter"
    _order = "letter_id, sequence, id"
    _check_company_auto = True

    letter_id = fields.Many2one(
        "registry.letter", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", related="letter_id.company_id", store=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    role = fields.Selection(
        [
            ("sender", "Sender"),
            ("recipient", "Recipient"),
            ("representative", "Representative"),
        ],
        default="sender",
        required=True,
    )
    kind = fields.Selection(
        [("person", "Person"), ("organisation", "Organisation")],
        default="person",
        required=True,
    )
    name = fields.Char(required=True)
    position = fields.Char(
        string="Held position", help="For example: president of the association."
    )
    organisation = fields.Char()
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
    )
    email = fields.Char()
    phone = fields.Char()
    address = fields.Text()
    identifier = fields.Char(
        string="Identifier (masked)",
        help="Only the last four signs are kept, for example of a CIN or an ICE.",
    )

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        partner = self.partner_id
        if partner:
            self.name = partner.name
            self.email = partner.email
            self.phone = partner.phone
            self.kind = "organisation" if partner.is_company else "person"
            self.address = partner._display_address(without_company=True).strip()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._clean_vals(vals)
        parties = super().create(vals_list)
        # Whatever the context says: it comes by RPC.
        parties._check_letters()
        if not self.env.context.get("registry_lean"):
            parties.letter_id._copy_main_name()
        return parties

    def write(self, vals):
        self._clean_vals(vals)
        self._check_letters()
        result = super().write(vals)
        if "letter_id" in vals:
            # Nor does it move to a letter that is registered.
            self._check_letters()
        if not self.env.context.get("registry_lean"):
            self.letter_id._copy_main_name()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registered(self):
        self._check_letters()

    def _check_letters(self):
        if self.letter_id._gate_is_open():
            return
        if self.letter_id.filtered("entry_id"):
            raise UserError(
                self.env._(
                    "The letter is registered: its parties are fixed. Use “Rectify”, "
                    "which keeps both values."
                )
            )

    @api.model
    def _clean_vals(self, vals):
        for name in ("name", "position", "organisation", "email", "phone"):
            if vals.get(name):
                vals[name] = text.clean_line(vals[name]) or False
        if vals.get("address"):
            vals["address"] = text.clean_block(vals["address"])
        if vals.get("identifier"):
            kept = text.clean_line(vals["identifier"]).replace("•", "")
            vals["identifier"] = "•••" + kept[-4:]

    def _as_copied(self) -> list[dict]:
        """Return these parties as plain data, the way the line keeps them."""
        return [
            {
                "role": party.role,
                "kind": party.kind,
                "name": party.name or "",
                "position": party.position or "",
                "organisation": party.organisation or "",
                "email": party.email or "",
                "phone": party.phone or "",
                "address": party.address or "",
                "identifier": party.identifier or "",
            }
            for party in self
        ]
