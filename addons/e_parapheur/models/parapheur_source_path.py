import re

from odoo import api, models
from odoo.exceptions import ValidationError

#: models that belong to the machinery: they are never sent, and paths do not go there
TECHNICAL = (
    "ir.",
    "base",
    "bus.",
    "mail.",
    "discuss.",
    "auth",
    "web",
    "iap",
    "fetchmail",
    "digest",
    "privacy",
    "sms.",
    "phone.",
    "snailmail",
    "report.",
    "res.groups",
    "res.config",
    "res.device",
    "hr.version",
    "gov.",
    "parapheur.",
    "desk.",
)
#: never sent; looked at only as somebody's name
NAMES_ONLY = {
    "res.users": ("name", "email"),
    "res.company": ("name", "email", "phone", "street", "city", "vat"),
}
#: fields that carry no content, or what nobody should read
HIDDEN_FIELDS = frozenset(
    {
        "id",
        "display_name",
        "__last_update",
        "password",
        "pin",
        "barcode",
        "sanitized_acc_number",
    }
)
HIDDEN_STARTS = (
    "message_",
    "activity_",
    "my_activity",
    "website_message",
    "signup_",
    "access_",
    "gov_access",
    "has_message",
    "rating_",
)
HIDDEN_ENDS = ("_token", "_hash", "_secret", "_key", "_password")
TYPES = frozenset(
    [
        "char",
        "text",
        "html",
        "integer",
        "float",
        "monetary",
        "boolean",
        "date",
        "datetime",
        "selection",
        "many2one",
        "one2many",
        "many2many",
    ]
)
#: flags that only show or hide buttons
_BUTTON = re.compile(r"(^|_)can_")
LISTS = ("one2many", "many2many")
#: what a field that is written back may be
BACK_TYPES = ("char", "text", "boolean", "date", "datetime", "selection", "many2one")
MAX_HOPS = 2


class ParapheurSource(models.Model):
    """What may be picked: models of the business, and what stands in their records, two steps away at most."""

    _inherit = "parapheur.source"

    # ------------------------------------------------------------------
    # Models
    # ------------------------------------------------------------------
    @api.model
    def _selection_model(self):
        """The models of the business that the user may read: [(name, label)]."""
        found = [
            (name, self.env["ir.model"]._get(name).display_name)
            for name in self.env.registry
            if self._is_business(name) and self.env[name].has_access("read")
        ]
        return sorted(found, key=lambda pair: pair[1] or "")

    @api.model
    def _is_business(self, name):
        """Whether records of this model can be sent: real ones that people follow, never the machinery."""
        model = self.env.get(name)
        return (
            model is not None
            and not model._abstract
            and not model._transient
            and model._auto
            and "message_ids" in model._fields
            and name not in NAMES_ONLY
            and not name.startswith(TECHNICAL)
        )

    @api.model
    def _is_reached(self, name):
        """Whether a path may go through records of this model."""
        model = self.env.get(name)
        return (
            model is not None
            and not model._abstract
            and not model._transient
            and model._auto
            and not name.startswith(TECHNICAL)
        )

    # ------------------------------------------------------------------
    # Fields
    # ------------------------------------------------------------------
    @api.model
    def _is_offered(self, field):
        """Whether what this field holds may stand in a document, for this user."""
        name = field.name
        return (
            field.type in TYPES
            and name not in HIDDEN_FIELDS
            and not name.startswith(HIDDEN_STARTS)
            and not name.endswith(HIDDEN_ENDS)
            and name in (NAMES_ONLY.get(field.model_name) or (name,))
            and not (field.type == "boolean" and _BUTTON.search(name))
            and (not field.relational or self._is_named(field.comodel_name))
            and self.env[field.model_name]._has_field_access(field, "read")
        )

    @api.model
    def _is_named(self, model):
        """Whether records of this model may be named in a document."""
        return self._is_reached(model) or model in NAMES_ONLY

    @api.model
    def _path_fields(self, model, path):
        """The fields of a path, in order.

        :param str model: name of a model of the business
        :param str path: names with dots between, such as ``department_id.manager_id.name``
        :return: list of fields
        :raise ValidationError: it leads nowhere, too far, or to what is not offered
        """
        names = path.split(".") if isinstance(path, str) else []
        if not self._is_reached(model) or not 0 < len(names) <= MAX_HOPS + 1:
            raise ValidationError(self._no_path(path))
        fields, here = [], model
        for number, name in enumerate(names):
            field = self.env[here]._fields.get(name)
            if field is None or not self._is_offered(field):
                raise ValidationError(self._no_path(path))
            last = number == len(names) - 1
            if not last and not self._leads_on(field, number):
                raise ValidationError(self._no_path(path))
            fields.append(field)
            here = field.comodel_name if field.relational else None
        return fields

    @api.model
    def _leads_on(self, field, number):
        """Whether a path goes on behind this field: lists only as the first step."""
        if field.type in LISTS and number:
            return False
        return field.relational and self._is_named(field.comodel_name)

    @api.model
    def _no_path(self, path):
        return self.env._(
            "“%(path)s” cannot be taken from these records any more, or may not be: pick it again "
            "in the list.",
            path=str(path)[:120],
        )

    @api.model
    def _path_label(self, model, path):
        """A path as people say it: “Department ▸ Manager ▸ Name”."""
        try:
            fields = self._path_fields(model, path)
        except ValidationError:
            return path
        return " ▸ ".join(self._field_label(field) for field in fields)

    @api.model
    def _field_label(self, field):
        return field._description_string(self.env) or field.name

    @api.model
    def _back_field(self, model, name):
        """A field that may be written back.

        :raise ValidationError: it is none of these records, or only computed
        """
        field = self.env[model]._fields.get(name) if model in self.env else None
        if field is None or not self._is_written(field):
            raise ValidationError(
                self.env._(
                    "“%(name)s” cannot be written back on these records: pick another field in the "
                    "list.",
                    name=str(name)[:80],
                )
            )
        return field

    @api.model
    def _platform_names(self, model):
        """Names of the fields of a model that only its own buttons change."""
        records = self.env[model]
        return records._gated_names() if hasattr(records, "_gated_names") else ()

    @api.model
    def _is_written(self, field):
        return (
            field.type in BACK_TYPES
            and self._is_offered(field)
            and (field.inherited or (field.store and not field.related))
            # It is written as the platform: never more than who sets it up might write.
            and not field.readonly
            and field.name not in self._platform_names(field.model_name)
            and self.env[field.model_name].has_access("write")
            and (not field.relational or self._is_reached(field.comodel_name))
            and field.name
            not in (
                "company_id",
                "create_uid",
                "create_date",
                "write_uid",
                "write_date",
                "user_id",
            )
            and self.env[field.model_name]._has_field_access(field, "write")
        )
