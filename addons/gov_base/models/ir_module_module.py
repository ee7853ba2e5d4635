from pathlib import Path

from odoo import api, models
from odoo.tools.translate import TranslationImporter, get_po_paths

AUTHOR = "Maktab"
#: Odoo's own folder for terms of other addons: what "base" keeps of ours is there.
FOLDER = "i18n_extra"


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @api.model
    def update_list(self):
        result = super().update_list()
        self._gov_translate_cards()
        return result

    @api.model
    def _gov_translate_cards(self):
        """Names and summaries of our apps that are not installed, in each language.

        Odoo loads the terms of an addon with it; the list of apps speaks before.
        """
        waiting = self.search([("author", "=", AUTHOR), ("state", "=", "uninstalled")])
        importer = TranslationImporter(self.env.cr, verbose=False)
        for code, _name in self.env["res.lang"].get_installed():
            for module in waiting:
                for path in get_po_paths(module.name, code):
                    if Path(path).parent.name == FOLDER:
                        importer.load_file(path, code)
        importer.save(force_overwrite=True)
        self.invalidate_model(["shortdesc", "summary"])
