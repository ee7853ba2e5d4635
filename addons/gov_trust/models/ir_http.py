from odoo import api, models
from odoo.http import request

#: Order of the language switch; other languages follow by code.
FIRST = ("ar", "fr", "zgh", "en")


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @api.model
    def _gov_languages(self):
        """Languages of the switch of a service page, each with the current address.

        :return: list of dicts ``code``, ``label`` (in its own language), ``url``,
            ``lang`` (BCP 47), ``dir`` and ``current``
        """
        path = request.httprequest.full_path.rstrip("?")
        languages = self.env["res.lang"]._get_frontend().values()
        return [
            {
                "code": lang["code"],
                "label": lang["name"].split("/")[-1].strip(),
                "url": self._url_lang(path, lang["code"]),
                "lang": lang["code"].replace("_", "-").partition("@")[0],
                "dir": lang["direction"],
                "current": lang["code"] == self.env.lang,
            }
            for lang in sorted(languages, key=self._gov_language_rank)
        ]

    @api.model
    def _gov_language_rank(self, lang):
        short = lang["code"].split("_")[0]
        return (FIRST.index(short) if short in FIRST else len(FIRST), lang["code"])
