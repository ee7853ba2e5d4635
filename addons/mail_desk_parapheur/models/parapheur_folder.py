from odoo import fields, models


class ParapheurFolder(models.Model):
    """A folder that signs a letter of the mail desk."""

    _inherit = "parapheur.folder"

    desk_outgoing_id = fields.Many2one(
        "desk.outgoing",
        string="Letter of the mail desk",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _platform_fields(self):
        return super()._platform_fields() | {"desk_outgoing_id"}

    def _needs_nothing_more(self):
        """Whether the sender has nothing to choose or fill in before it circulates."""
        self.ensure_one()
        steps = self.nature_id.circuit_id._published().step_ids
        return not (self.form_id or any(step.actor_rule == "chosen" for step in steps))

    def _numbering_register(self):
        # The letter takes its number in the outgoing register of its own office.
        if self.desk_outgoing_id:
            outgoing_sudo = self.desk_outgoing_id.sudo()
            return outgoing_sudo._numbering_register()
        return super()._numbering_register()

    def _take_number(self, pdf, seal_field, filename):
        if not self.desk_outgoing_id:
            return super()._take_number(pdf, seal_field, filename)
        # The last signature was just made: its signer may have no right on the letter.
        outgoing_sudo = self.desk_outgoing_id.sudo()
        return outgoing_sudo._take_number(pdf, seal_field)

    def _become(self, new, **vals):
        result = super()._become(new, **vals)
        if new in ("refused", "cancelled"):
            for outgoing_sudo in self.desk_outgoing_id.sudo():
                if outgoing_sudo.state != "signing":
                    continue
                # Refused: it is written again. Given up: it may be sent to sign again.
                refused = new == "refused"
                outgoing_sudo._set_state("draft" if refused else "validated")
                outgoing_sudo._log(
                    "sign_refused" if refused else "sign_cancelled",
                    {"folder": self.reference},
                )
        return result
