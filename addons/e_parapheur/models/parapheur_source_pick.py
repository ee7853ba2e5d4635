from collections import Counter

from odoo import api, models
from odoo.exceptions import AccessError

from odoo.addons.gov_base.lib import given

from .parapheur_source_back import SPECIAL
from .parapheur_source_path import LISTS, MAX_HOPS

MAX_OPTIONS = 200
ADMIN = "e_parapheur.group_e_parapheur_admin"


class ParapheurSource(models.Model):
    """The lists from which an administrator picks, in his language."""

    _inherit = "parapheur.source"

    @api.model
    @api.readonly
    def get_choices(self, kind, model=None, path=None, nature_id=None):
        """What may be picked.

        :param str kind: ``path`` (what stands in a record), ``unit`` (a path to a unit), ``answer`` (a field of the form
            of the nature), ``report``, ``back`` (a field that is written back), ``value`` (what is written in it)
        :param str model: technical name of the model of the records
        :param str path: for ``path``: the path picked so far; for ``value``: name of the field
        :param int nature_id: for ``answer``: a ``parapheur.nature``
        :return: list of ``{"value", "label", "more"}``; ``more`` tells that a path may go on from there
        :rtype: list[dict]
        :raise AccessError: not an administrator of the signature book
        """
        if not self.env.user.has_group(ADMIN):
            raise AccessError(
                self.env._("Only administrators of the signature book set this up.")
            )
        if kind == "answer":
            return self._answer_choices(nature_id)
        if not isinstance(model, str) or not self._is_business(model):
            return []
        if not self.env[model].has_access("read"):
            return []
        if kind == "path":
            return self._path_choices(model, path)
        if kind == "unit":
            return self._unit_choices(model)
        if kind == "report":
            return self._report_choices(model)
        if kind == "back":
            return self._back_choices(model)
        return self._value_choices(model, path) if kind == "value" else []

    @api.model
    def _path_choices(self, model, path):
        """The fields behind a path."""
        before = path if isinstance(path, str) and path else ""
        here, hops = model, 0
        if before:
            fields = self._path_fields(model, before)
            hops = len(fields)
            here = fields[-1].comodel_name
            if hops > MAX_HOPS or not self._leads_on(fields[-1], hops - 1):
                return []
        offered = [
            {
                "value": f"{before}.{field.name}" if before else field.name,
                "label": self._field_label(field),
                "more": hops < MAX_HOPS and bool(self._leads_on(field, hops)),
            }
            for field in self.env[here]._fields.values()
            if self._is_offered(field) and not (hops and field.type in LISTS)
        ]
        return self._sorted(offered)

    @api.model
    def _sorted(self, choices):
        """By label; where two have the same, with what tells them apart."""
        labels = Counter(one["label"] for one in choices)
        for one in choices:
            if labels[one["label"]] > 1:
                one["label"] = f"{one['label']} ({one['value'].rpartition('.')[2]})"
        return sorted(choices, key=lambda one: one["label"].casefold())

    @api.model
    def _unit_choices(self, model):
        offered = []
        for field in self.env[model]._fields.values():
            if not self._is_offered(field) or field.type != "many2one":
                continue
            label = self._field_label(field)
            if field.comodel_name == "hr.department":
                offered.append({"value": field.name, "label": label, "more": False})
            elif self._leads_on(field, 0):
                offered += [
                    {
                        "value": f"{field.name}.{inner.name}",
                        "label": f"{label} ▸ {self._field_label(inner)}",
                        "more": False,
                    }
                    for inner in self.env[field.comodel_name]._fields.values()
                    if inner.type == "many2one"
                    and inner.comodel_name == "hr.department"
                    and self._is_offered(inner)
                ]
        return self._sorted(offered)

    @api.model
    def _answer_choices(self, nature_id):
        nature = self.env["parapheur.nature"].search(
            [("id", "=", given.record_id(nature_id))]
        )
        form = nature.form_id._current() if nature else None
        if not form:
            return []
        return [
            {"value": field["key"], "label": field["label"], "more": False}
            for field in form._definition()["fields"]
        ]

    @api.model
    def _report_choices(self, model):
        return [
            {"value": report.report_name, "label": report.name, "more": False}
            for report in self._reports(model)
        ]

    @api.model
    def _reports(self, model):
        """The reports of a model that the user may print."""
        # Who may print a report is decided by its groups; the list itself is of no right.
        reports_sudo = self.env["ir.actions.report"].sudo()
        found = reports_sudo.search(
            [("model", "=", model), ("report_type", "=", "qweb-pdf")], order="name, id"
        )
        return found.filtered(
            lambda report: (
                not report.group_ids or report.group_ids & self.env.user.all_group_ids
            )
        )

    @api.model
    def _back_choices(self, model):
        return self._sorted(
            [
                {"value": field.name, "label": self._field_label(field), "more": False}
                for field in self.env[model]._fields.values()
                if self._is_written(field)
            ]
        )

    @api.model
    def _value_choices(self, model, name):
        field = self.env[model]._fields.get(name) if isinstance(name, str) else None
        if field is None or not self._is_written(field):
            return []
        labels = self.env["parapheur.source.back"]._special_labels()
        special = [
            {"value": code, "label": labels[code], "more": False}
            for code in SPECIAL.get(field.type, ())
        ]
        if field.type == "selection":
            options = field._description_selection(self.env)
        elif field.type == "boolean":
            options = [("1", self.env._("Yes")), ("", self.env._("No"))]
        elif field.type == "many2one":
            options = self._record_options(field)
        else:
            options = []
        return special + [
            {"value": str(value) or "0", "label": label, "more": False}
            for value, label in options
        ]

    @api.model
    def _record_options(self, field):
        records = self.env[field.comodel_name]
        if not records.has_access("read"):
            return []
        return records.name_search("", limit=MAX_OPTIONS)
