import base64

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..lib.text import clean_block, clean_line
from ..lib.typeset import data_uri

_PICTURES = {b"\x89PNG\r\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_MAX_LINES = 400
#: language of the address bar -> field of the lines, of the footer
_LINES = {"fr": "lines_fr", "zgh": "lines_zgh", "ar": "lines_ar"}
_FOOTERS = {"fr": "footer_fr", "ar": "footer_ar"}


class GovLetterhead(models.Model):
    """The head and the foot of the paper of an administration, or of some of its units."""

    _name = "gov.letterhead"
    _description = "Letterhead"
    _order = "company_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    unit_ids = fields.Many2many(
        "hr.department",
        string="Units that write on it",
        check_company=True,
        domain="[('company_id', '=', company_id)]",
        help="With the units under them. Empty: every unit that has none of its own.",
    )
    logo = fields.Image(
        max_width=600,
        max_height=600,
        help="In the middle of the head (PNG or JPEG). Empty: the emblem of the administration.",
    )
    lines_fr = fields.Text("Lines on the left (French)")
    lines_zgh = fields.Text("Lines in the middle (Tamazight)")
    lines_ar = fields.Text("Lines on the right (Arabic)")
    print_name = fields.Boolean(
        "Name of the administration under the lines",
        default=True,
        help="In bold, in each language in which the administration has an official name.",
    )
    footer_fr = fields.Text("Foot of the page (French)")
    footer_ar = fields.Text("Foot of the page (Arabic)")

    @api.constrains("logo")
    def _check_logo(self):
        for letterhead in self:
            if letterhead.logo and not letterhead._logo_uri():
                raise ValidationError(
                    self.env._(
                        "The logo must be a PNG or a JPEG picture: convert it first."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_vals(vals) for vals in vals_list])

    def write(self, vals):
        result = super().write(self._clean_vals(vals))
        if "company_id" in vals:
            # rules are checked before a change: nobody hands a letterhead to a company he may not change
            self.check_access("write")
        return result

    @api.model
    def _clean_vals(self, vals):
        cleaned = dict(vals)
        if "name" in vals:
            cleaned["name"] = clean_line(vals["name"], 120)
            if not cleaned["name"]:
                raise ValidationError(
                    self.env._("The letterhead has no name: give it one.")
                )
        for name in (*_LINES.values(), *_FOOTERS.values()):
            if name in vals:
                cleaned[name] = clean_block(vals[name], _MAX_LINES) or False
        return cleaned

    def action_preview(self):
        """Show a page of this letterhead, typeset.

        :return: the action that shows it
        :raise AccessError: the user may not read this letterhead
        """
        self.ensure_one()
        self.check_access("read")
        return self.env["gov.template.preview"]._open({"letterhead_id": self.id})

    @api.model
    def _for(self, company, unit=None):
        """The letterhead a unit writes on: its own, else that of a unit above it, else that of the administration.

        :param company: the administration that writes
        :param unit: its `hr.department`, or None
        :return: a letterhead, or an empty record set
        """
        letterheads = self.search([("company_id", "=", company.id)])
        for unit_id in reversed(self._path(unit)):
            own = letterheads.filtered(
                lambda letterhead, unit_id=unit_id: unit_id in letterhead.unit_ids.ids
            )
            if own:
                return own[0]
        return letterheads.filtered(lambda letterhead: not letterhead.unit_ids)[:1]

    @api.model
    def _path(self, unit):
        """Ids of the units above a unit and of itself, from the top."""
        if not unit:
            return []
        above = (unit.parent_path or "").split("/")
        return [int(one) for one in above if one] or unit.ids

    def _issuer(self, company):
        """What the frame of a document says of who writes, with this letterhead; it may be empty.

        :param company: the administration that writes
        :return: values for ``gov_base.typeset_document``: ``issuer`` and ``emblem``
        :rtype: dict
        """
        issuer = company._gov_identity()
        if not self:
            return {"issuer": issuer, "emblem": company._gov_emblem_uri()}
        self.ensure_one()
        lines = {code: self[name] for code, name in _LINES.items() if self[name]}
        if "fr" not in issuer["name"]:
            # The name on the left is then the English one: the lines stand above it.
            lines["en"] = lines.get("fr", "")
        return {
            "issuer": {
                **issuer,
                "letterhead": lines,
                "print_name": self.print_name,
                "footer": {
                    code: self[name] for code, name in _FOOTERS.items() if self[name]
                },
            },
            "emblem": self._logo_uri() or company._gov_emblem_uri(),
        }

    def _logo_uri(self):
        self.ensure_one()
        picture = base64.b64decode(self.logo or b"")
        kind = next(
            (kind for magic, kind in _PICTURES.items() if picture.startswith(magic)),
            None,
        )
        return data_uri(picture, kind) if kind else ""
