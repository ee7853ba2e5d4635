from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.gov_base.lib import text

MOMENTS = [
    ("done", "Finished"),
    ("refused", "Refused"),
    ("cancelled", "Stopped"),
]
#: values that are made at that moment, by type of the field
TEXT = "@text"
SPECIAL = {
    "char": ("@reference", "@title", "@day", TEXT),
    "text": ("@reference", "@title", "@reason", "@day", TEXT),
    "date": ("@day",),
    "datetime": ("@moment",),
    "many2one": ("@empty",),
    "selection": ("@empty",),
}
MAX_TEXT = 500


class ParapheurSourceBack(models.Model):
    """One value that is written in the record when the folder ends."""

    _name = "parapheur.source.back"
    _description = "Value written back"
    _inherit = ["parapheur.source.row"]
    _order = "source_id, moment, sequence, id"
    _rec_name = "field_label"

    moment = fields.Selection(MOMENTS, "When", required=True, default="done")
    field_name = fields.Char("Field", required=True)
    field_label = fields.Char(compute="_compute_labels")
    value = fields.Char()
    value_label = fields.Char(compute="_compute_labels")
    words = fields.Char("Text", help="Written as it is.")

    @api.model
    def _special_labels(self):
        return {
            "@reference": self.env._("Reference of the folder"),
            "@title": self.env._("Title of the folder"),
            "@reason": self.env._("Reason of the refusal"),
            "@day": self.env._("Day of the end"),
            "@moment": self.env._("Day and hour of the end"),
            "@empty": self.env._("Nothing: empty the field"),
            TEXT: self.env._("A text of your own…"),
        }

    @api.depends("field_name", "value", "source_id.model")
    def _compute_labels(self):
        for row in self:
            model = row.source_id.model
            field = (
                self.env[model]._fields.get(row.field_name or "")
                if model in self.env
                else None
            )
            row.field_label = (
                row.source_id._field_label(field)
                if field is not None
                else row.field_name
            )
            row.value_label = row._value_text(field) if field is not None else row.value

    def _value_text(self, field):
        special = self._special_labels()
        if self.value in special:
            return special[self.value]
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(
                self.value, self.value
            )
        if field.type == "boolean":
            return self.env._("Yes") if self.value == "1" else self.env._("No")
        if field.type == "many2one" and (self.value or "").isdecimal():
            record = self.env[field.comodel_name].browse(int(self.value)).exists()
            return record.display_name if record.has_access("read") else self.value
        return self.value

    def _check_open(self):
        done = super()._check_open()
        for row in self:
            row._check_value(
                row.source_id._back_field(row.source_id.model, row.field_name)
            )
        return done

    @api.model
    def _clean_vals(self, vals):
        cleaned = super()._clean_vals(vals)
        if vals.get("words"):
            cleaned["words"] = text.clean_line(vals["words"], MAX_TEXT) or False
        return cleaned

    def _check_value(self, field):
        """Raise unless this value may stand in this field.

        :raise ValidationError: it may not; the sentence names the field
        """
        value = self.value or ""
        if value in SPECIAL.get(field.type, ()):
            fits = value != TEXT or bool(self.words)
        elif field.type == "selection":
            fits = value in dict(field._description_selection(self.env))
        elif field.type == "boolean":
            fits = value in ("1", "0")
        elif field.type == "many2one":
            known = value.isascii() and value.isdigit() and len(value) < 10
            fits = known and bool(
                self.env[field.comodel_name].browse(int(value)).exists()
            )
        else:
            fits = False
        if not fits:
            raise ValidationError(
                self.env._(
                    "“%(field)s”: say what is written in it, by picking it in the list.",
                    field=self.source_id._field_label(field),
                )
            )

    def _value_for(self, field, folder):
        """The value to write now, for a folder that ended."""
        value = self.value or ""
        made = {
            "@reference": folder.reference,
            "@title": folder.title or "",
            "@reason": folder.end_reason or "",
            "@empty": False,
            TEXT: self.words or "",
        }
        moment = folder.ended_at or fields.Datetime.now()
        if value in ("@day", "@moment"):
            if field.type == "datetime":
                return moment
            day = fields.Date.context_today(
                folder.with_context(tz=folder.company_id.gov_tz or "UTC"), moment
            )
            return day if field.type == "date" else day.isoformat()
        if value in made:
            return made[value]
        if field.type == "boolean":
            return value == "1"
        return int(value) if field.type == "many2one" else value
