from odoo import api, models
from odoo.exceptions import UserError

from ..lib.text import clean_line
from .gov_clock import TERMS

#: set in the context by our own methods only: a plain object cannot come by RPC
GATE = object()
#: only actions change them
PROTECTED = frozenset(
    (
        "confirmed",
        "reference",
        "confirmed_by_id",
        "confirmed_at",
        "version",
        "origin_id",
    )
)


class GovClock(models.Model):
    """What only actions change, and what a change of the terms means."""

    _inherit = "gov.clock"

    @api.model
    def _gated_names(self):
        return PROTECTED

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_untouched(vals)
        return super().create([self._clean_vals(vals) for vals in vals_list])

    def write(self, vals):
        self._check_untouched(vals)
        vals = self._clean_vals(vals)
        changed = self.filtered(lambda clock: clock._terms_change(vals))
        moved = "company_id" in vals
        result = super().write(vals)
        if moved:
            # Rules are checked before a change: nobody hands a rule to an administration
            # he may not change.
            self.check_access("write")
        for clock in changed:
            clock._terms_changed()
        return result

    def _terms_changed(self):
        """Another version, which nobody confirmed yet."""
        self._set_protected(
            version=self.version + 1,
            confirmed=False,
            reference=False,
            confirmed_by_id=False,
            confirmed_at=False,
        )

    def _update_field_translations(
        self, field_name, translations, digest=None, source_lang=""
    ):
        """Words of the law are terms in every language: other words are confirmed again."""
        before = self._words_of(field_name)
        result = super()._update_field_translations(
            field_name, translations, digest=digest, source_lang=source_lang
        )
        if field_name in TERMS and self._words_of(field_name) != before:
            self._terms_changed()
        return result

    def _words_of(self, field_name):
        """Return what this term says in each active language."""
        codes = [code for code, _name in self.env["res.lang"].get_installed()]
        return [self.with_context(lang=code)[field_name] for code in codes]

    def _terms_change(self, vals):
        self.ensure_one()
        return any(
            self._fields[name].convert_to_cache(vals[name], self)
            != self._fields[name].convert_to_cache(self[name], self)
            for name in TERMS
            if name in vals
        )

    @api.model
    def _check_untouched(self, vals):
        if self.env.context.get("clock_gate") is not GATE and (
            touched := PROTECTED & vals.keys()
        ):
            raise UserError(
                self.env._(
                    "%(fields)s of a legal length change only with its buttons: Confirm, "
                    "Withdraw, Adapt.",
                    fields=", ".join(sorted(touched)),
                )
            )

    @api.model
    def _clean_vals(self, vals):
        cleaned = {
            name: clean_line(vals[name], 300) or False
            for name in ("name", "code", "legal_basis")
            if name in vals
        }
        return {**vals, **cleaned}

    def _set_protected(self, **vals):
        self.with_context(clock_gate=GATE).write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # Used is used, whoever may read the letters.
        runs_sudo = self.env["gov.clock.run"].sudo()
        for clock in self:
            if runs_sudo.search_count([("clock_id", "=", clock.id)], limit=1):
                raise UserError(
                    self.env._(
                        "“%(name)s” was used: archive it instead. Clocks that run keep "
                        "their terms.",
                        name=clock.name,
                    )
                )
