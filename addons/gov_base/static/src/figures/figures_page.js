import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Figures, openFigure } from "./figures";

/**
 * A page of figures over a period, narrowed to one of a list; each figure opens the list it counts.
 *
 * Who extends it says where the figures come from and which window action shows each list.
 */
export class FiguresPage extends Component {
    static template = "gov_base.FiguresPage";
    static components = { Figures };
    static props = { ...standardActionServiceProps };

    /** Days that are looked at first. */
    get firstPeriod() {
        return 30;
    }

    /** { title, list: what it is narrowed to, all: the row of every one, css: class of the page }. */
    get page() {
        throw new Error("A page of figures says its title and what it is narrowed to");
    }

    /** Promise of { totals, blocks, among: [{ id, name }] } over `period` days, of one row or of all. */
    async fetchFigures() {
        throw new Error("A page of figures says where they come from");
    }

    /** External id of the window action that shows the list of a figure. */
    listAction() {
        throw new Error("A page of figures says which list a figure opens");
    }

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({
            period: this.firstPeriod,
            only: false,
            among: [],
            totals: [],
            blocks: [],
        });
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
        Object.assign(this.state, await this.fetchFigures(this.state.period, this.state.only));
    }

    setPeriod(days) {
        this.state.period = days;
        return this.load();
    }

    setOnly(event) {
        this.state.only = Number(event.target.value) || false;
        return this.load();
    }

    openRow(row) {
        return openFigure(this.action, this.listAction(row.open), row.open);
    }
}
