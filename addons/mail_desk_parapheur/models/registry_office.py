from odoo import api, fields, models


class RegistryOffice(models.Model):
    """How the letters of this office are signed."""

    _inherit = "registry.office"

    desk_nature_id = fields.Many2one(
        "parapheur.nature",
        string="Letters are signed as",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Nature of the signature book that replies and letters of this office follow: "
        "without its signatures no number is given, unless another way is allowed below.",
    )

    desk_note_nature_id = fields.Many2one(
        "parapheur.nature",
        string="Internal notes are signed as",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: internal notes are validated and numbered, nobody signs them.",
    )
    desk_sign_at_once = fields.Boolean(
        string="To the signature book at once",
        help="A letter goes to the signature book with its last approval, without its "
        "author doing it.",
    )
    desk_auto_send = fields.Boolean(
        string="Sent by itself once sealed",
        help="A signed letter leaves by e-mail or on the website as soon as it is sealed, "
        "unless its author says otherwise. Post and delivery by hand are always noted by "
        "somebody.",
    )

    @api.depends("desk_nature_id")
    def _compute_desk_allow_internal(self):
        """Who sets a nature of the signature book wants signatures; he may allow both."""
        done = super()._compute_desk_allow_internal()
        for office in self:
            if office.desk_nature_id:
                office.desk_allow_internal = False
        return done

    def _desk_signing_ways(self):
        ways = super()._desk_signing_ways()
        return ["book", *ways] if self.desk_nature_id else ways

    def _desk_can_sign(self, way):
        if way == "book":
            return bool(self.desk_nature_id)
        return super()._desk_can_sign(way)
