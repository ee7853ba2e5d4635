from odoo import api, fields, models

# Languages that a mail office speaks, in the order in which they are offered. Formats are explicit:
# Odoo's defaults are American, and its own Arabic (ar_001) writes Arabic-Indic digits.
_LATIN_FORMATS = {
    "direction": "ltr",
    "date_format": "%d/%m/%Y",
    "time_format": "%H:%M:%S",
    "week_start": "1",
    "grouping": "[3,0]",
    "decimal_point": ",",
    "thousands_sep": "\N{NO-BREAK SPACE}",
}
_LANGUAGES = {
    "ar_MA": {
        **_LATIN_FORMATS,
        "name": "العربية",
        "iso_code": "ar",
        "url_code": "ar",
        "direction": "rtl",
    },
    "fr_FR": {
        **_LATIN_FORMATS,
        "name": "French / Français",
        "iso_code": "fr",
        "url_code": "fr",
    },
    "zgh": {**_LATIN_FORMATS, "name": "ⵜⴰⵎⴰⵣⵉⵖⵜ", "iso_code": "zgh", "url_code": "zgh"},
    "en_US": {"name": "English (US)", "iso_code": "en", "url_code": "en"},
}
# What must hold whatever an administrator changed in the settings of a language.
_STRUCTURE = ("iso_code", "url_code", "direction")


class ResLang(models.Model):
    _inherit = "res.lang"

    # Odoo binds the function itself to the field: named again so that the override below counts
    flag_image_url = fields.Char(compute="_compute_field_flag_image_url")

    @api.depends("code", "flag_image")
    def _compute_field_flag_image_url(self):
        """A language that is of no country has no flag, not a broken picture."""
        result = super()._compute_field_flag_image_url()
        for lang in self:
            if not lang.flag_image and "_" not in lang.code:
                lang.flag_image_url = ""
        return result

    @api.model
    def _gov_languages(self):
        """Languages of the product that are active, in the order in which they are offered.

        :return: records of ar_MA, fr_FR, zgh, en_US
        :rtype: odoo.models.Model
        """
        ids = [self._get_data(code=code).id for code in _LANGUAGES]
        return self.browse([lang_id for lang_id in ids if lang_id])

    @api.model
    def _gov_ensure_languages(self):
        """Create, correct and activate the languages of the product. Run at each install and
        upgrade; formats that an administrator chose for an active language are kept.

        :return: the languages
        :rtype: odoo.models.Model
        """
        everyone = self.with_context(active_test=False)
        fresh = []
        for code, values in _LANGUAGES.items():
            lang = everyone.search([("code", "=", code)])
            self._gov_free_url_code(values["url_code"], lang)
            if not lang:
                everyone.create(
                    {
                        **values,
                        **self._gov_free_name(values["name"]),
                        "code": code,
                        "active": True,
                    }
                )
                fresh.append(code)
                continue
            kept = values if not lang.active else _STRUCTURE
            changed = {
                name: values[name]
                for name in kept
                if name in values and name != "name" and lang[name] != values[name]
            }
            if not lang.active:
                changed["active"] = True
                fresh.append(code)
            if changed:
                lang.write(changed)
        if fresh:
            self._gov_load_translations(fresh)
        return self._gov_languages()

    @api.model
    def _gov_free_url_code(self, url_code, owner):
        """Take an address prefix from the language that has it: ``ar`` is that of Odoo's ar_001."""
        holder = self.with_context(active_test=False).search(
            [("url_code", "=", url_code), ("id", "not in", owner.ids)]
        )
        if holder:
            holder.url_code = holder.code
            holder.flush_recordset()

    @api.model
    def _gov_free_name(self, name):
        """The name, made unique when somebody already named another language so."""
        taken = self.with_context(active_test=False).search_count(
            [("name", "=", name)], limit=1
        )
        return {"name": f"{name} (2)" if taken else name}

    @api.model
    def _gov_load_translations(self, codes):
        """Load the terms of the modules that are there; those that come later load their own."""
        modules = self.env["ir.module.module"].search(
            [("state", "in", ("installed", "to upgrade"))]
        )
        modules._update_translations(codes)
