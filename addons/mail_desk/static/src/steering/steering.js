import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Figures, openFigure } from "@gov_base/figures/figures";

/** Steering: the questions of a head, answered; each figure opens the list it counts. */
export class DeskSteering extends Component {
    static template = "mail_desk.Steering";
    static components = { Figures };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ period: 30, unit: false, units: [], totals: [], blocks: [] });
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
        const found = await this.orm.call("desk.steering", "figures", [], {
            period: this.state.period,
            unit_id: this.state.unit || false,
        });
        Object.assign(this.state, found);
    }

    setPeriod(days) {
        this.state.period = days;
        return this.load();
    }

    setUnit(event) {
        this.state.unit = Number(event.target.value) || false;
        return this.load();
    }

    openRow(row) {
        const names = {
            "registry.letter": "mail_desk.registry_letter_action_desk",
            "desk.passage": "mail_desk.desk_passage_action",
            "desk.waiting": "mail_desk.desk_waiting_action",
            "desk.assignment": "mail_desk.desk_assignment_action",
        };
        return openFigure(this.action, names[row.open.model], row.open);
    }
}

registry.category("actions").add("mail_desk.steering", DeskSteering);
