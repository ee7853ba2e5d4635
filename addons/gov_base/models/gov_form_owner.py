from odoo import api, fields, models
from odoo.exceptions import UserError

from ..exceptions import FormRefused


class GovFormOwner(models.AbstractModel):
    """A record that carries the answers to a form of its administration.

    `form_id` names the very version that was filled in. `form_values` holds canonical answers only: whatever is written,
    by whom and through which door, is checked against that version first.
    """

    _name = "gov.form.owner"
    _description = "Owner of answers to a form"

    form_id = fields.Many2one(
        "gov.form",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain=[("state", "=", "published")],
    )
    form_values = fields.Json("Answers")
    form_text = fields.Char(
        "Own fields",
        compute="_compute_form_text",
        search="_search_form_text",
        help="The answers in one line. Searching looks into every answer.",
    )

    @api.depends("form_id", "form_values")
    @api.depends_context("lang")
    def _compute_form_text(self):
        for record in self:
            record.form_text = " · ".join(
                f"{label}: {text}" for label, text in record._form_display()
            )

    @api.model
    def _search_form_text(self, operator, value):
        if operator not in ("=", "ilike", "like", "=ilike", "=like"):
            return NotImplemented
        return self._form_search_domain(None, operator, value)

    @api.model_create_multi
    def create(self, vals_list):
        # Answers are checked before they reach the database, against the form that the record really has.
        answers = [vals.get("form_values") for vals in vals_list]
        # False, not left out: a default of the context is answers nobody checked.
        records = super().create([{**vals, "form_values": False} for vals in vals_list])
        filled = self.browse()
        for record, values in zip(records, answers, strict=True):
            record._form_check_published()
            if values:
                clean = record._form_clean(values)
                super(GovFormOwner, record).write({"form_values": clean})
                filled |= record if clean else filled
        if filled:
            self.env["gov.form.value"]._rewrite(filled, fresh=True)
        return records

    def write(self, vals):
        forms = {record.id: record.form_id for record in self}
        given = "form_values" in vals
        rest = {name: vals[name] for name in vals if name != "form_values"}
        result = super().write(rest) if rest or not given else True
        changed = self.browse()
        for record in self:
            other = record.form_id != forms[record.id]
            if other:
                record._form_check_published()
            if not given and not (other and record.form_values):
                continue
            if given:
                clean = record._form_clean(vals["form_values"])
            else:
                # Another form was chosen: the answers to questions it asks too are kept.
                clean = (
                    record.form_id._keep(record.form_values) if record.form_id else {}
                )
            super(GovFormOwner, record).write({"form_values": clean or False})
            changed |= record
        if changed:
            self.env["gov.form.value"]._rewrite(changed)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_form_rows(self):
        # Nobody may delete rows by himself; deleting their record was just allowed.
        rows_sudo = self.env["gov.form.value"].sudo()
        rows_sudo.search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        ).unlink()

    def _form_company(self):
        """The administration of this record; the one of its form unless the model says otherwise."""
        return (
            self.company_id if "company_id" in self._fields else self.form_id.company_id
        )

    def _form_check_published(self):
        # The state alone is read, whatever the user may read of forms.
        form_sudo = self.form_id.sudo()
        if form_sudo.state == "draft":
            raise UserError(
                self.env._(
                    "The form %(form)s is still being prepared: publish it before it is filled in.",
                    form=form_sudo.display_name,
                )
            )

    def _form_clean(self, values, final=False):
        """Check answers to the form of this record.

        :param values: dict of key and answer, from anywhere; None or False for no answer
        :param bool final: whether what is required must be there
        :return: canonical answers; ``{}`` when there is none
        :rtype: dict
        :raise FormRefused: one sentence that lists each mistake by the label of its field
        """
        self.ensure_one()
        if not self.form_id:
            if not values:
                return {}
            raise FormRefused(
                self.env._(
                    "Nothing was saved: these answers belong to no form. Choose the form first."
                ),
                {},
            )
        return self.form_id._clean(values, final)

    def _form_check(self):
        """Refuse to go on while an answer is missing or wrong.

        :raise FormRefused: one sentence that lists what is missing or wrong by label
        """
        for record in self:
            record._form_clean(record.form_values, final=True)

    def _form_display(self):
        """The answers of this record as a person reads them.

        :return: list of (label, text) in the language of the environment, in the order of the form
        :rtype: list[tuple[str, str]]
        """
        self.ensure_one()
        return self.form_id._display(self.form_values) if self.form_id else []
