import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Figures, openFigure } from "@gov_base/figures/figures";

/** Supervision of the signature book: what is late, what is stuck and why; each figure opens its list. */
export class BookSupervision extends Component {
    static template = "e_parapheur.Supervision";
    static components = { Figures };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ period: 90, nature: false, natures: [], totals: [], blocks: [] });
        onWillStart(() => this.load());
    }

    get periods() {
        return [
            { days: 30, name: _t("30 days") },
            { days: 90, name: _t("90 days") },
            { days: 365, name: _t("12 months") },
        ];
    }

    async load() {
        const found = await this.orm.call("parapheur.supervision", "get_figures", [], {
            period: this.state.period,
            nature_id: this.state.nature || false,
        });
        Object.assign(this.state, found);
    }

    setPeriod(days) {
        this.state.period = days;
        return this.load();
    }

    setNature(event) {
        this.state.nature = Number(event.target.value) || false;
        return this.load();
    }

    openRow(row) {
        return openFigure(this.action, "e_parapheur.parapheur_folder_action_supervised", row.open);
    }
}

registry.category("actions").add("e_parapheur.supervision", BookSupervision);
