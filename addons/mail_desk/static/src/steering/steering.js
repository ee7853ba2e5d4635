import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

import { FiguresPage } from "@gov_base/figures/figures_page";

/** Steering: the questions of a head, answered; each figure opens the list it counts. */
export class DeskSteering extends FiguresPage {
    get page() {
        return {
            title: _t("Steering"),
            list: _t("Unit"),
            all: _t("All my units"),
            css: "o_desk_steering",
        };
    }

    async fetchFigures(period, unit_id) {
        const { totals, blocks, units } = await this.orm.call("desk.steering", "figures", [], {
            period,
            unit_id,
        });
        return { totals, blocks, among: units };
    }

    listAction({ model }) {
        return {
            "registry.letter": "mail_desk.registry_letter_action_desk",
            "desk.passage": "mail_desk.desk_passage_action",
            "desk.waiting": "mail_desk.desk_waiting_action",
            "desk.assignment": "mail_desk.desk_assignment_action",
        }[model];
    }
}

registry.category("actions").add("mail_desk.steering", DeskSteering);
