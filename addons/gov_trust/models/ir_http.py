import re

from odoo import api, models
from odoo.http import request

#: "English (US)" → "English": the switch names languages, not countries.
_COUNTRY = re.compile(r"\s*\([^)]*\)$")
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
                "label": _COUNTRY.sub("", lang["name"].split("/")[-1].strip()),
                "url": self._url_lang(path, lang["code"]),
                "lang": lang["code"].replace("_", "-").partition("@")[0],
                "dir": lang["direction"],
                "current": lang["code"] == self.env.lang,
            }
            for lang in sorted(languages, key=self._gov_language_rank)
        ]

    @api.model
    def _gov_assets(self, bundles):
        """Addresses of the style sheets and scripts of service pages.

        ``t-call-assets`` would put an inline handler on the script, which our
        content security policy refuses, and mirror a sheet that is written with
        logical properties.

        :return: dict with lists ``css`` and ``js``
        """
        qweb = self.env["ir.qweb"]
        options = {"assets_params": self.env["ir.asset"]._get_asset_params()}
        make = qweb._generate_asset_links_cache
        if request and "assets" in (request.session.debug or ""):
            make = qweb._generate_asset_links
            options["debug_assets"] = True
        links = [link for bundle in bundles for link in make(bundle, **options)]
        return {
            kind: [link for link in links if link.endswith(f".{kind}")]
            for kind in ("css", "js")
        }

    @api.model
    def _gov_language_rank(self, lang):
        short = lang["code"].split("_")[0]
        return (FIRST.index(short) if short in FIRST else len(FIRST), lang["code"])
