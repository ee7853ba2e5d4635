from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: what may still change once a letter is registered: event, both values kept
CLASSIFICATION = ("nature_id", "category_id", "priority_id", "keyword_ids")


class RegistryLetter(models.Model):
    """How a letter is sorted: nature, category, priority, keywords.

    Only the assignment and the classification of a registered letter may change, and
    each change leaves both values (reference/registry-and-desk.md §E2 S2): an event of
    the register's journal, with its words beside the line.
    """

    _inherit = "registry.letter"

    nature_id = fields.Many2one(
        "registry.nature",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    category_id = fields.Many2one(
        "registry.category",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    priority_id = fields.Many2one(
        "registry.priority",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    keyword_ids = fields.Many2many(
        "registry.keyword", string="Keywords", check_company=True, tracking=True
    )
    can_classify = fields.Boolean(compute="_compute_can_classify")

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_classify(self):
        for letter in self:
            letter.can_classify = not letter._classify_refusal()

    @api.onchange("subject_type_id")
    def _onchange_subject_type_id(self):
        if self.subject_type_id.category_id and not self.category_id:
            self.category_id = self.subject_type_id.category_id
            self._onchange_category_id()

    @api.onchange("category_id")
    def _onchange_category_id(self):
        if not self.category_id:
            return
        for name, value in self._proposal(self.category_id).items():
            if name != "unit_id":
                self[name] = value
            elif self.state == "draft" and not self.unit_id:
                self.unit_id = value

    @api.model
    def _proposal(self, category):
        """Return what a category proposes: {field of the letter: id}, filled ones only."""
        names = ("nature_id", "priority_id", "unit_id")
        proposed = {name: category[name].id for name in names}
        return {name: value for name, value in proposed.items() if value}

    @api.model
    def _propose_classification(self, vals):
        """Complete the values of a new letter from its subject and its category."""
        if vals.get("subject_type_id") and "category_id" not in vals:
            subject = self.env["registry.subject"].browse(vals["subject_type_id"])
            if subject.category_id:
                vals["category_id"] = subject.category_id.id
        if vals.get("category_id"):
            category = self.env["registry.category"].browse(vals["category_id"])
            for name, value in self._proposal(category).items():
                vals.setdefault(name, value)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._propose_classification(vals)
        return super().create(vals_list)

    def write(self, vals):
        names = self._classification_names() & vals.keys()
        if not names or self._gate_is_open():
            return super().write(vals)
        for letter in self:
            refusal = letter._classify_refusal()
            if refusal:
                raise refusal
        before = {
            letter: letter._classification(names) for letter in self if letter.entry_id
        }
        result = super().write(vals)
        for letter, old in before.items():
            letter._note_classification(old, letter._classification(names))
        return result

    @api.model
    def _classification_names(self):
        """Return the fields whose change on a registered letter is journalled."""
        return set(CLASSIFICATION)

    def _classify_refusal(self):
        """Return why this letter cannot be classified by this user now, or None."""
        self.ensure_one()
        if self.state == "cancelled":
            return UserError(
                self.env._(
                    "The letter %(letter)s is cancelled: it stays as it was.",
                    letter=self.display_name,
                )
            )
        if self.entry_id and not self._may("registrar"):
            return AccessError(
                self.env._(
                    "Only a registrar or the head of the office classifies a "
                    "registered letter."
                )
            )
        return None

    def _classification(self, names):
        """Return the present values of ``names`` as plain data."""
        self.ensure_one()
        return {name: self._classification_value(name) for name in sorted(names)}

    def _classification_value(self, name):
        # Words are written as the platform stores them, whoever reads them translated.
        records = self[name].with_context(lang=None)
        words = [
            {"id": record.id, "name": record.display_name}
            for record in records.sorted("id")
        ]
        if self._fields[name].type == "many2many":
            return words
        return words[0] if words else None

    def _note_classification(self, old, new):
        """Journal what changed, both values; nothing when nothing changed."""
        changed = {
            name.removesuffix("_id").removesuffix("_ids"): {
                "old": old[name],
                "new": new[name],
            }
            for name in old
            if old[name] != new[name]
        }
        if changed:
            self._append_change("classification", changed, {"fields": sorted(changed)})
