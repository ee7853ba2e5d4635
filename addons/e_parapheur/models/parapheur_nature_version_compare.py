from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.gov_base.lib import given


class ParapheurNatureVersion(models.Model):
    """What a version says, and how two of them differ."""

    _inherit = "parapheur.nature.version"

    changes = fields.Html("Compared with the one before", compute="_compute_changes")

    @api.depends_context("lang")
    def _compute_changes(self):
        for version in self:
            before = version.nature_id.version_ids.filtered(
                lambda one, number=version.number: one.number < number
            ).sorted("number")[-1:]
            version.changes = (
                version._changes_table(before) if before and version.id else False
            )

    def _changes_table(self, before):
        rows = [
            Markup(
                "<tr><th scope='row'>{label}</th><td>{before}</td><td>{after}</td></tr>"
            ).format(**row)
            for row in self._differences(before)
        ]
        if not rows:
            return Markup("<p>{}</p>").format(
                self.env._(
                    "Nothing differs from version %(number)s.", number=before.number
                )
            )
        head = Markup(
            "<tr><td></td><th scope='col'>{before}</th><th scope='col'>{after}</th></tr>"
        ).format(
            before=self.env._("Version %(number)s", number=before.number),
            after=self.env._("Version %(number)s", number=self.number),
        )
        return Markup("<table class='table table-sm'>{head}{rows}</table>").format(
            head=head, rows=Markup("").join(rows)
        )

    @api.readonly
    def get_differences(self, other_id):
        """Compare this version with another one of the same nature.

        :param int other_id: id of the ``parapheur.nature.version`` that came before
        :return: list of ``{"label", "before", "after"}``, texts in the user's language; empty
            when both say the same
        :rtype: list[dict]
        :raise UserError: no such version of this nature
        :raise AccessError: the user may not read natures of this administration
        """
        self.ensure_one()
        self.check_access("read")
        other = self.nature_id.version_ids.filtered(
            lambda one: one.id == given.record_id(other_id)
        )
        if not other:
            raise UserError(
                self.env._("This is no version of the same nature: choose another one.")
            )
        return self._differences(other)

    def _differences(self, before):
        old, new = before._texts(), self._texts()
        return [
            {"label": label, "before": old[name][1] or "–", "after": text or "–"}
            for name, (label, text) in new.items()
            if old[name][1] != text
        ]

    def _texts(self):
        """{setting: (label, value as a person reads it)}."""
        self.ensure_one()
        labels = self.fields_get(attributes=["string"])
        return {
            name: (labels[name]["string"], self._text_of(name))
            for name in self._compared_names()
        }

    @api.model
    def _compared_names(self):
        return (
            *("circuit_id", "creation_circuit_id", "way_ids", "unit_ids"),
            *("deadline_days", "form_id", "amount_field_id", "level_min", "level_max"),
            *(
                "reauth",
                "reauth_visa",
                "timestamp_rule",
                "block_style",
                "policy_oid",
                "policy_uri",
            ),
            *("policy_sha256", "act_nature_id", "not_eligible", "not_eligible_reason"),
            *("sign_tags", "seal_tags"),
            *("confidentiality", "retention_years", "retention_class", "disposition"),
        )

    def _text_of(self, name):
        field, value = self._fields[name], self[name]
        if name == "way_ids":
            return " · ".join(
                " → ".join(
                    filter(
                        None,
                        (
                            way.sentence,
                            way.creation_circuit_id.display_name,
                            way.circuit_id.display_name,
                        ),
                    )
                )
                for way in value
            )
        if field.relational:
            return ", ".join(value.mapped("display_name"))
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        return str(value) if value else ""

    def _facts(self):
        """What this version says, in canonical types: ids, codes and digests, no words."""
        self.ensure_one()
        facts = {}
        for name in self._compared_names():
            field, value = self._fields[name], self[name]
            if name == "way_ids":
                facts[name] = [
                    [
                        way.conditions,
                        way.circuit_id.id,
                        way.creation_circuit_id.id or None,
                    ]
                    for way in value
                ]
            elif field.type == "many2one":
                facts[name] = value.id or None
            elif field.relational:
                facts[name] = sorted(value.ids)
            else:
                facts[name] = value or None
        return facts
