from odoo import api, fields, models
from odoo.exceptions import UserError


class RegistryLetter(models.Model):
    """Own fields of a letter: the answers to the form of its category.

    A letter keeps the version of the form that was filled in. Until something is filled
    in, or until it is registered, it follows the form in use of its category.
    """

    _inherit = "registry.letter"

    form_id = fields.Many2one(readonly=True, copy=False)
    form_values = fields.Json(copy=False)

    @api.onchange("category_id")
    def _onchange_category_id(self):
        result = super()._onchange_category_id()
        if self._follows_category():
            self.form_id = self.category_id._current_form()
        return result

    @api.model
    def _propose_classification(self, vals):
        result = super()._propose_classification(vals)
        if vals.get("category_id") and "form_id" not in vals:
            category = self.env["registry.category"].browse(vals["category_id"])
            form = category._current_form()
            if form:
                vals["form_id"] = form.id
        return result

    def write(self, vals):
        self._check_form_kept(vals)
        if "category_id" not in vals or "form_id" in vals:
            return super().write(vals)
        category = self.env["registry.category"].browse(vals["category_id"] or ())
        follow = self.filtered(lambda letter: letter._follows_category())
        result = True
        if follow:
            form_id = category._current_form().id
            result = super(RegistryLetter, follow).write({**vals, "form_id": form_id})
        if self - follow:
            result = super(RegistryLetter, self - follow).write(vals)
        return result

    def _follows_category(self):
        self.ensure_one()
        return self.state == "draft" or not self.form_values

    def _check_form_kept(self, vals):
        """Refuse another form where answers were given and registered."""
        if "form_id" not in vals or self._gate_is_open():
            return
        for letter in self:
            if letter.form_id.id != vals["form_id"] and not letter._follows_category():
                raise UserError(
                    self.env._(
                        "The letter %(letter)s keeps the form that was filled in when "
                        "it was registered.",
                        letter=letter.display_name,
                    )
                )

    @api.model
    def _classification_names(self):
        return super()._classification_names() | {"form_id", "form_values"}

    def _classification_value(self, name):
        if name == "form_values":
            return self.form_values or {}
        return super()._classification_value(name)

    def _note_classification(self, old, new):
        # Another form without answers to it is no change of the letter.
        if not (old.get("form_values") or new.get("form_values")):
            old = {name: old[name] for name in old if name != "form_id"}
        return super()._note_classification(old, new)

    def _register_one(self):
        self._form_check()
        return super()._register_one()
