from odoo import api, fields, models
from odoo.exceptions import UserError


class RegistryClassificationMixin(models.AbstractModel):
    """A word of a list by which letters are sorted; read at each deposit, rarely changed.

    A word without administration belongs to the platform's starting list: everybody
    reads it, nobody of an administration changes it (record rules).
    """

    _name = "registry.classification.mixin"
    _description = "Word that classifies letters"
    _inherit = ["gov.remembered"]
    _order = "sequence, name, id"

    #: field of ``registry.letter`` that points to these records
    _letter_field = ""

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    owner_name = fields.Char(string="List of", compute="_compute_owner_name")

    def _compute_owner_name(self):
        for record in self:
            record.owner_name = record.company_id.name or self.env._("The platform")

    def write(self, vals):
        result = super().write(vals)
        if "company_id" in vals:
            # Rules are checked before a change: nobody hands a word to an administration he may
            # not change.
            self.check_access("write")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # Letters are looked for whatever the functional administrator may read of them.
        letters_sudo = self.env["registry.letter"].sudo()
        letters_sudo = letters_sudo.with_context(active_test=False)
        for record in self:
            if letters_sudo.search_count(
                [(self._letter_field, "in", record.ids)], limit=1
            ):
                raise UserError(
                    self.env._(
                        "“%(name)s” is used by letters: archive it instead. It is not "
                        "proposed any more, and the letters keep it.",
                        name=record.display_name,
                    )
                )
