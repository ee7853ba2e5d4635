from odoo import models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.gov_base.lib import blocks, merge


class ParapheurSource(models.Model):
    """What is missing or wrong before a sending is put in use."""

    _inherit = "parapheur.source"

    def _check_picked(self):
        """Raise when what was picked does not exist, or is not for this user.

        :raise ValidationError: the sentence names it
        """
        for source in self:
            if not source._is_business(source.model) or not (
                self.env.su or self.env[source.model].has_access("read")
            ):
                raise ValidationError(
                    self.env._(
                        "These records cannot be sent to the signature book: choose a kind of "
                        "record in the list."
                    )
                )
            paths = source.field_ids.mapped("path")
            for path in [*paths, *filter(None, [source.unit_path])]:
                source._path_fields(source.model, path)

    def _problems(self):
        """Sentences that say why this could not work; empty when it can be put in use."""
        self.ensure_one()
        try:
            self._check_picked()
            self.field_ids._check_open()
            self.back_ids._check_open()
        except (ValidationError, AccessError) as error:
            return [error.args[0]]
        return [
            *self._rights_problems(),
            *self._title_problems(),
            *self._form_problems(),
            *self._document_problems(),
        ]

    def _rights_problems(self):
        """Whoever sets up what is written back may write it himself."""
        records = self.env[self.model]
        if self.back_ids and not records.has_access("write"):
            return [
                self.env._(
                    "You may not change %(records)s yourself, so you cannot have them written "
                    "back: remove these rows, or ask somebody who may.",
                    records=self.env["ir.model"]._get(self.model).display_name,
                )
            ]
        twice = [
            row
            for row in self.back_ids
            if len(
                self.back_ids.filtered(
                    lambda one, row=row: (
                        (one.moment, one.field_name) == (row.moment, row.field_name)
                    )
                )
            )
            > 1
        ]
        if twice:
            return [
                self.env._(
                    "“%(field)s” is written back twice at the same moment (%(moment)s): keep "
                    "one row.",
                    field=twice[0].field_label,
                    moment=dict(
                        self.back_ids._fields["moment"]._description_selection(self.env)
                    )[twice[0].moment],
                )
            ]
        return []

    def _title_problems(self):
        keys, _loops = self._merge_labels()
        unknown = [key for key in merge.keys_of(self.title) if key not in keys]
        broken = merge.broken_fields(self.title)
        if not unknown and not broken:
            return []
        return [
            self.env._(
                "In the title, “%(key)s” is no value of this sending. You may use: %(allowed)s.",
                key=(unknown or broken)[0],
                allowed=self.env["gov.template"]._merge_list(keys),
            )
        ]

    def _form_problems(self):
        form = self.nature_id.form_id._current()
        questions = form._definition()["fields"] if form else []
        labels = {field["key"]: field["label"] for field in questions}
        problems, used = [], set()
        for row in self.field_ids.filtered("form_key"):
            if row.form_key not in labels:
                problems.append(
                    self.env._(
                        "“%(label)s” goes into a field that the form of “%(nature)s” does not "
                        "have (any more): pick another one.",
                        label=row.label,
                        nature=self.nature_id.name,
                    )
                )
            elif row.list_name:
                problems.append(
                    self.env._(
                        "“%(label)s” has a value in each row of a list: it cannot go into the "
                        "form.",
                        label=row.label,
                    )
                )
            elif row.form_key in used:
                problems.append(
                    self.env._(
                        "Two values go into “%(field)s” of the form: keep one.",
                        field=labels[row.form_key],
                    )
                )
            used.add(row.form_key)
        return problems

    def _document_problems(self):
        if self.document_kind == "docx":
            try:
                return self._docx_problems(self._docx_content())
            except UserError as error:
                return [error.args[0]]
        if self.document_kind == "report":
            if self.report_name in self._reports(self.model).mapped("report_name"):
                return []
            return [self.env._("Choose the report from which the document is made.")]
        return self._template_problems()

    def _template_problems(self):
        template = self.template_id
        if not template:
            return [self.env._("Choose the template from which the document is made.")]
        refusal = template._merge_refusal()
        if refusal:
            return [refusal]
        keys, loops = self._merge_labels()
        used = {
            *merge.keys_of(template.subject),
            *blocks.keys_of(template.blocks or []),
        }
        over = {
            block["over"]
            for block, _inside in blocks.walk(template.blocks or [])
            if block["kind"] == "loop"
        }
        inside = {key for loop in loops.values() for key in loop["keys"]}
        unknown = sorted((used - keys.keys() - inside) | (over - loops.keys()))
        if not unknown:
            return []
        return [
            self.env._(
                "The template “%(template)s” uses “%(key)s”, which is no value of this sending: "
                "add it to the list, or change the template.",
                template=template.display_name,
                key=unknown[0],
            )
        ]

    def action_try(self):
        """Try this on a real record: the document, the title and the values, nothing is sent.

        :return: action that shows it
        :raise AccessError: not an administrator of the signature book
        """
        self.ensure_one()
        self.check_access("write")
        return self.env["parapheur.source.try"]._open(self)
