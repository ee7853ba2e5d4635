from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class RegistryLetter(models.Model):
    """The words by which a letter is looked for: number, reference, subject, correspondent.

    Each of them has its own index; joined by “or” none would be used and the database
    would read every letter. So the answer is put together from one search of each.
    """

    _inherit = "registry.letter"

    words = fields.Char(
        string="Number, subject or correspondent",
        compute="_compute_words",
        search="_search_words",
    )

    @api.depends("number", "reference", "subject", "sender_name")
    def _compute_words(self):
        for letter in self:
            parts = (letter.display_name, letter.subject, letter.sender_name)
            letter.words = " – ".join(part for part in parts if part)

    @api.model
    def _search_words(self, operator, value):
        if operator not in ("ilike", "like", "=ilike", "=like"):
            return NotImplemented
        # The rules of who reads which letters apply to the search this is a part of.
        letters_sudo = self.sudo().with_context(active_test=False)
        # A number is shown to whoever reads its letter.
        entries_sudo = self.env["registry.entry"].sudo()
        numbered = entries_sudo._search([("number", operator, value)])
        domains = [
            [("entry_id", "any", numbered)],
            [("reference", operator, value)],
            [("subject", operator, value)],
            [("sender_name", operator, value)],
        ]
        if self._words_one_by_one():
            return Domain.OR(Domain(domain) for domain in domains)
        found = SQL(" UNION ALL ").join(
            letters_sudo._search(domain).select() for domain in domains
        )
        return Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                "%s IN (%s)", SQL.identifier(alias, "id"), found
            )
        )

    @api.model
    def _words_one_by_one(self):
        """Tell whether rules leave so few letters that reading them is quicker."""
        return False

    @api.model
    def _search_display_name(self, operator, value):
        if operator in ("ilike", "like"):
            return [("words", operator, value)]
        return super()._search_display_name(operator, value)
