import re
import unicodedata

from odoo import api, models
from odoo.exceptions import ValidationError

from ..lib.text import clean_block, clean_line

MAX_LABEL = 200
MAX_HELP = 1_000
_NOT_KEY = re.compile(r"[^a-z0-9]+")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,49}")


class GovFormPart(models.AbstractModel):
    """What a form is made of (its fields, their options): frozen with the form, with a technical key made from the label.

    The functional administrator types labels. The key is what values are stored under, the same in every version of the
    form.
    """

    _name = "gov.form.part"
    _description = "Part of a form"
    _inherit = ["gov.remembered"]

    # Field that holds the technical key, field it is unique within, and what stands for a label in another script.
    _part_key = "key"
    _part_parent = "form_id"
    _part_prefix = "field"
    #: translated fields: a missing translation may be added once the form is in use
    _part_texts = ("label",)

    def _part_forms(self):
        """The forms these belong to."""
        raise NotImplementedError

    @api.model_create_multi
    def create(self, vals_list):
        # A default of the context is checked as what is given.
        defaults = self.default_get([self._part_parent, *self._part_texts])
        parts = super().create(
            self._with_keys([{**defaults, **vals} for vals in vals_list])
        )
        parts._part_forms()._frozen_unless_gated()._refuse_frozen()
        return parts

    def write(self, vals):
        self.check_access("write")
        vals = self._part_clean_vals(vals)
        self._check_part_write(vals)
        if self._part_key in vals:
            self._check_key(vals[self._part_key])
        result = super().write(vals)
        if self._part_parent in vals:
            self._part_forms()._frozen_unless_gated()._refuse_frozen()
        return result

    def unlink(self):
        self.check_access("unlink")
        # Also when the form goes: a form that was in use is never deleted.
        self._part_forms()._frozen_unless_gated()._refuse_frozen()
        return super().unlink()

    def _update_field_translations(
        self, field_name, translations, digest=None, source_lang=""
    ):
        self.check_access("write")
        if field_name in self._part_texts:
            translations = {
                lang: text and self._part_clean_text(field_name, text)
                for lang, text in translations.items()
            }
        self._part_forms()._check_translations(self, field_name, translations)
        result = super()._update_field_translations(
            field_name, translations, digest=digest, source_lang=source_lang
        )
        self.env.registry.clear_cache()
        return result

    def _check_part_write(self, vals):
        forms = self._part_forms()._frozen_unless_gated()
        if not forms or not vals:
            return
        if set(vals) - set(self._part_texts):
            forms._refuse_frozen()
        lang = self.env.lang or "en_US"
        frozen = self.filtered(lambda part: part._part_forms() & forms)
        for name, text in vals.items():
            forms._check_translations(frozen, name, {lang: text})

    @api.model
    def _part_clean_vals(self, vals):
        cleaned = {
            name: self._part_clean_text(name, vals[name])
            for name in self._part_texts
            if name in vals
        }
        if not cleaned.get("label", True):
            raise ValidationError(
                self.env._("A field or an option has no label: write one.")
            )
        return {**vals, **cleaned}

    @api.model
    def _part_clean_text(self, name, text):
        """A text as it is stored; labels are one line, the rest a few."""
        if name == "label":
            return clean_line(text, MAX_LABEL)
        return clean_block(text, MAX_HELP) or False

    @api.model
    def _with_keys(self, vals_list):
        """Values with a technical key each, unique among those of the same parent."""
        parents = {vals.get(self._part_parent) for vals in vals_list} - {None, False}
        taken = {
            parent.id: set(parts.mapped(self._part_key))
            for parent, parts in self.search([(self._part_parent, "in", list(parents))])
            .grouped(self._part_parent)
            .items()
        }
        result = []
        for vals in map(self._part_clean_vals, vals_list):
            keys = taken.setdefault(vals.get(self._part_parent), set())
            given = vals.get(self._part_key)
            if given:
                self._check_key(given)
            if not given or given in keys:
                given = self._free_key(vals.get("label") or "", keys)
            keys.add(given)
            result.append({**vals, self._part_key: given})
        return result

    @api.model
    def _check_key(self, key):
        if not (isinstance(key, str) and _KEY.fullmatch(key)):
            raise ValidationError(
                self.env._(
                    "“%(key)s” cannot be a technical key: small letters without accents, digits and _, a letter first, "
                    "50 at most.",
                    key=clean_line(key, 60),
                )
            )

    @api.model
    def _free_key(self, label, taken):
        """A key from a label: ``Date de début`` gives ``date_de_debut``, a label in Arabic ``field``, ``field_2``…"""
        plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
        base = _NOT_KEY.sub("_", plain.lower()).strip("_")[:40].rstrip("_")
        if not base or not base[0].isalpha():
            base = f"{self._part_prefix}_{base}".rstrip("_")[:40]
        key, number = base, 1
        while key in taken:
            number += 1
            key = f"{base}_{number}"
        return key
