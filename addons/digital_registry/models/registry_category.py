from odoo import api, fields, models
from odoo.exceptions import ValidationError


class RegistryCategory(models.Model):
    """What a letter is about, in two levels; it proposes the rest of the classification."""

    _name = "registry.category"
    _description = "Category of letters"
    _inherit = ["registry.classification.mixin"]
    _rec_names_search = ["name", "code", "parent_id.name"]
    _check_company_auto = True
    _letter_field = "category_id"

    code = fields.Char(help="Short code used in statistics and exchanges.")
    company_id = fields.Many2one(
        "res.company",
        string="Administration",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    parent_id = fields.Many2one(
        "registry.category",
        string="Within",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('parent_id', '=', False)]",
        help="A category is a heading, or stands under one: two levels, no more.",
    )
    child_ids = fields.One2many(
        "registry.category", "parent_id", string="Categories within"
    )
    nature_id = fields.Many2one(
        "registry.nature",
        string="Usual nature",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Proposed on a letter when this category is chosen.",
    )
    priority_id = fields.Many2one(
        "registry.priority",
        string="Usual priority",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Proposed on a letter when this category is chosen.",
    )
    unit_id = fields.Many2one(
        "hr.department",
        string="Usually handled by",
        check_company=True,
        index="btree_not_null",
        help="Unit proposed on a letter when the sender named none.",
    )
    form_id = fields.Many2one(
        "gov.form",
        string="Own fields",
        check_company=True,
        domain="[('state', '=', 'published')]",
        index="btree_not_null",
        ondelete="restrict",
        help="Form that letters of this category carry. When a new version of it is "
        "published, letters that come take that one.",
    )

    _code_uniq = models.Constraint(
        "UNIQUE(company_id, code)",
        "Another category of this administration has the same code.",
    )

    @api.depends("name", "parent_id.name")
    def _compute_display_name(self):
        for category in self:
            names = [category.parent_id.name, category.name]
            category.display_name = " / ".join(filter(None, names))

    @api.constrains("parent_id")
    def _check_two_levels(self):
        for category in self:
            if category.parent_id and (
                category.parent_id.parent_id
                or category.parent_id == category
                or category.child_ids
            ):
                raise ValidationError(
                    self.env._(
                        "Categories have two levels: “%(name)s” cannot stand under "
                        "“%(parent)s”. Choose a heading, and move what is under it "
                        "first.",
                        name=category.name,
                        parent=category.parent_id.name,
                    )
                )

    def _current_form(self):
        """Return the version in use of the form of this category, or an empty set."""
        form = self.form_id
        # The version that is pointed to is mostly the one in use: no query then.
        return form if form.state == "published" else form._current()
