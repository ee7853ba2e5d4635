import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

import { FiguresPage } from "@gov_base/figures/figures_page";

/** Supervision of the signature book: what is late, what is stuck and why; each figure opens its list. */
export class BookSupervision extends FiguresPage {
    get firstPeriod() {
        return 90;
    }

    get page() {
        return {
            title: _t("Supervision"),
            list: _t("Nature"),
            all: _t("Every nature"),
            css: "o_parapheur_supervision",
        };
    }

    async fetchFigures(period, nature_id) {
        const found = await this.orm.call("parapheur.supervision", "get_figures", [], {
            period,
            nature_id,
        });
        return { totals: found.totals, blocks: found.blocks, among: found.natures };
    }

    listAction() {
        return "e_parapheur.parapheur_folder_action_supervised";
    }
}

registry.category("actions").add("e_parapheur.supervision", BookSupervision);
