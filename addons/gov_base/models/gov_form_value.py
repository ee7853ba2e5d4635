from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..lib import form_values

#: column in which an answer of each type is searched
COLUMNS = {
    "text": "value_text",
    "long_text": "value_text",
    "integer": "value_number",
    "amount": "value_number",
    "boolean": "value_number",
    "date": "value_date",
    "choice": "value_code",
    "choices": "value_code",
}


class GovFormValue(models.Model):
    """One answer of a record, in columns: what a search by own fields reads.

    The answers themselves are the JSON of the record; these rows are rewritten with it, in the same transaction. Nobody
    writes them, and who reads the record reads them.
    """

    _name = "gov.form.value"
    _description = "Answer to a form"
    _inherit = ["gov.document.access"]
    _log_access = False
    _order = "id"

    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        ondelete="cascade",
    )
    form_id = fields.Many2one(
        "gov.form", required=True, index=True, ondelete="restrict"
    )
    key = fields.Char(required=True)
    value_text = fields.Text(index="trigram")
    value_code = fields.Char(help="Option that was chosen.")
    value_number = fields.Float(digits=(16, 2))
    value_date = fields.Date()

    _owner_idx = models.Index("(res_model, res_id)")
    _code_idx = models.Index(
        "(res_model, key, value_code) WHERE value_code IS NOT NULL"
    )
    _number_idx = models.Index(
        "(res_model, key, value_number) WHERE value_number IS NOT NULL"
    )
    _date_idx = models.Index(
        "(res_model, key, value_date) WHERE value_date IS NOT NULL"
    )

    def _gov_access_error(self):
        return AccessError(
            self.env._(
                "You may not do this with these answers: you may not read the record they belong to."
            )
        )

    @api.model
    def _rewrite(self, owners, fresh=False):
        """Let the rows of these records say what their JSON says; a constant number of queries.

        :param bool fresh: whether the records were made just now, so that there is nothing to drop
        """
        # Nobody may write these rows; writing the record itself was allowed just before.
        self_sudo = self.sudo()
        if not fresh:
            self_sudo.search(
                [("res_model", "=", owners._name), ("res_id", "in", owners.ids)]
            ).unlink()
        self_sudo.create([vals for owner in owners for vals in self._rows(owner)])

    @api.model
    def _rows(self, owner):
        values = owner.form_values or {}
        # Types are read whatever the user may read of the form itself.
        form_sudo = owner.form_id.sudo()
        for field in form_sudo._definition()["fields"] if values else ():
            if field["key"] not in values:
                continue
            value = values[field["key"]]
            base = {
                "res_model": owner._name,
                "res_id": owner.id,
                "company_id": owner._form_company().id,
                "form_id": form_sudo.id,
                "key": field["key"],
            }
            column = COLUMNS[field["type"]]
            for item in value if field["type"] == "choices" else [value]:
                if column == "value_number":
                    item = form_values.number_of(field["type"], item)
                yield {**base, column: item}

    @api.model
    def _owner_domain(self, model, domain):
        """Domain on `model`: the records that have a row such as `domain` says.

        The caller's rights on `model` limit what is found; rows of other administrations are left out.
        """
        # Rows are only compared: the outer search keeps to the records the user may read.
        rows_sudo = self.sudo()
        rows = Domain("res_model", "=", model)
        rows &= Domain("company_id", "in", self.env.companies.ids)
        query = rows_sudo._search(rows & domain)
        return Domain("id", "in", query.subselect("res_id"))
