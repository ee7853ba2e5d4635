import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.gov_base.lib import text

from .parapheur_source_path import LISTS

MAX_FIELDS = 60
_KEY = re.compile(r"[a-z][a-z0-9_]{0,48}")
#: names that templates have already
RESERVED = frozenset(
    {
        "date",
        "administration",
        "unit",
        "author",
        "row",
        "loop",
        "not",
        "and",
        "or",
        "if",
        "in",
        "is",
    }
)


class ParapheurSourceField(models.Model):
    """One value that is taken from the record: for the text, for the form of the folder, or both."""

    _name = "parapheur.source.field"
    _description = "Value taken from a record"
    _inherit = ["parapheur.source.row"]
    _order = "source_id, sequence, id"
    _rec_name = "label"

    path = fields.Char("Value", required=True)
    label = fields.Char(
        compute="_compute_label",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="How it is called in the list of differences and in messages.",
    )
    key = fields.Char(
        "Name in the text",
        compute="_compute_key",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="Written {{ name }} in the template and in the title.",
    )
    form_key = fields.Char(
        "Goes into the form as", help="A field of the form of the nature."
    )
    is_locked = fields.Boolean(
        "Locked",
        default=True,
        help="While in signature, this cannot be changed on the record.",
    )
    list_name = fields.Char(
        "Row of",
        compute="_compute_list_name",
        help="Set when the value stands once in each row of a list: write it {{ row.name }} between {% for row in … %} "
        "and {% endfor %}.",
    )
    sample = fields.Char("Write", compute="_compute_sample")

    _key_uniq = models.UniqueIndex(
        "(source_id, key)", "Two values cannot have the same name in the text."
    )

    @api.depends("path", "source_id.model")
    def _compute_label(self):
        for row in self:
            if row.path:
                label = row.source_id._path_label(row.source_id.model, row.path)
                row.label = label[:120]

    @api.depends("path")
    def _compute_key(self):
        for row in self:
            if row.path:
                row.key = row._free_key(row.source_id.field_ids - row)

    def _free_key(self, others):
        """A name from the path: ``department_id.manager_id.name`` gives ``department_manager_name``."""
        steps = [
            step.removesuffix("_id").removesuffix("_ids")
            for step in self.path.split(".")
        ]
        base = re.sub(r"[^a-z0-9_]", "_", "_".join(steps).lower()).strip("_")[:40]
        if not base or not base[0].isalpha() or base in RESERVED:
            base = f"value_{base}"[:40].strip("_")
        taken, key, number = set(others.mapped("key")), base, 1
        while key in taken:
            number += 1
            key = f"{base}_{number}"
        return key

    @api.depends("path", "source_id.model")
    def _compute_list_name(self):
        for row in self:
            first, _dot, rest = (row.path or "").partition(".")
            field = (
                row.env[row.source_id.model]._fields.get(first)
                if (row.source_id.model in row.env)
                else None
            )
            is_row = bool(rest and field is not None and field.type in LISTS)
            row.list_name = first if is_row else False

    @api.depends("key", "list_name")
    def _compute_sample(self):
        for row in self:
            name = f"row.{row.key}" if row.list_name else row.key
            row.sample = f"{{{{ {name} }}}}" if row.key else False

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    def _check_open(self):
        """A version in use does not change, and what was picked must be there."""
        done = super()._check_open()
        self.source_id._check_picked()
        for source in self.source_id:
            if len(source.field_ids) > MAX_FIELDS:
                raise ValidationError(
                    self.env._(
                        "At most %(limit)s values are taken from a record.",
                        limit=MAX_FIELDS,
                    )
                )
        return done

    @api.model
    def _clean_vals(self, vals):
        cleaned = super()._clean_vals(vals)
        if vals.get("label"):
            cleaned["label"] = text.clean_line(vals["label"], 120) or False
        key = vals.get("key")
        if key and not (
            isinstance(key, str) and _KEY.fullmatch(key) and key not in RESERVED
        ):
            raise ValidationError(
                self.env._(
                    "“%(key)s” cannot be a name in the text: small letters without accents, "
                    "digits and _, a letter first, and none of: %(reserved)s.",
                    key=text.clean_line(str(key), 60),
                    reserved=", ".join(sorted(RESERVED)),
                )
            )
        return cleaned

    # ------------------------------------------------------------------
    # Persons
    # ------------------------------------------------------------------
    def _is_person(self):
        """Whether this value names somebody who may act in a circuit."""
        self.ensure_one()
        source = self.source_id
        try:
            last = source._path_fields(source.model, self.path)[-1]
        except ValidationError:
            return False
        return (
            not self.list_name
            and last.type == "many2one"
            and last.comodel_name in ("res.users", "hr.employee")
        )

    def _person_key(self):
        return f"source:{self.source_id.model}:{self.path}"
