from odoo import api, fields, models
from odoo.exceptions import UserError


class DeskOutgoing(models.Model):
    """By which way a validated letter is signed: the nature or the office decides what is allowed."""

    _inherit = "desk.outgoing"

    nature_id = fields.Many2one(
        "registry.nature",
        check_company=True,
        ondelete="restrict",
        domain="[('company_id', 'in', (company_id, False))]",
        help="Written in the register. It may say how the letter is signed.",
    )
    signing_way = fields.Selection(
        "_selection_signing_way", string="Signed", readonly=True, copy=False
    )

    @api.model
    def _selection_signing_way(self):
        return list(self._signing_labels().items())

    @api.model
    def _signing_labels(self):
        """Return {code: label} of the ways a letter is signed; a bridge adds its own."""
        return {
            "paper": self.env._("On paper, scanned back"),
            "internal": self.env._("Validated, not signed"),
        }

    def _signing_ways(self):
        """Return the codes of the ways this letter may be signed, the usual one first."""
        self.ensure_one()
        if self.kind == "note":
            return ["internal"]
        # How letters are signed is configuration; whoever works on one follows it.
        office_sudo, nature_sudo = self.office_id.sudo(), self.nature_id.sudo()
        ways = office_sudo._desk_signing_ways()
        wanted = nature_sudo.desk_signing
        if not wanted:
            return ways
        known = wanted in self._signing_labels() and office_sudo._desk_can_sign(wanted)
        return [wanted] if known else []

    def _signing_refusal(self, way):
        """Return why this letter is not signed by ``way``, or None."""
        ways = self._signing_ways()
        if way in ways:
            return None
        if not ways:
            return UserError(
                self.env._(
                    "No way to sign the letters of this office or of this nature is "
                    "allowed: the functional administrator chooses one on their form."
                )
            )
        labels = self._signing_labels()
        return UserError(
            self.env._(
                "The letter %(letter)s must be signed first (%(ways)s). Its number comes "
                "after the last signature.",
                letter=self.display_name,
                ways=", ".join(labels[one] for one in ways),
            )
        )

    def _number_refusal(self):
        return super()._number_refusal() or self._signing_refusal("internal")

    def _take_number(self, pdf, seal_field):
        # The state before the number says by which way it was signed.
        way = {"paper": "paper", "signing": "book"}.get(self.state, "internal")
        self._desk_write({"signing_way": way})
        return super()._take_number(pdf, seal_field)

    def _registration_vals(self):
        return {**super()._registration_vals(), "nature_id": self.nature_id.id}

    def _validated_sentence(self):
        """Return what is next for a letter that is validated."""
        ways = self._signing_ways()
        if not ways:
            return self.env._(
                "Validated: no way to sign it is allowed; ask the functional administrator."
            )
        return {
            "paper": self.env._("Validated: print it and have it signed on paper."),
            "internal": self.env._("Validated: ask for its number, then send it."),
        }.get(ways[0], "")

    def _paper_sentence(self):
        if not self.scan_version_id:
            return self.env._("Out to be signed on paper: scan it when it comes back.")
        if not self._scan_is_ready():
            return self.env._("The scan of the signed paper is still being checked.")
        return self.env._("The signed paper is here: ask for its number, then send it.")
