import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

import { HygieneReport } from "../hygiene/hygiene_report";

/** Above the document: what its check found, where its blocks stand, its versions side by side. */
export class DeskCheck extends Component {
    static template = "e_parapheur.DeskCheck";
    static components = { HygieneReport };
    static props = {
        report: { type: [Object, { value: null }] },
        canPlace: Boolean,
        place: Function,
        compare: Function,
    };

    setup() {
        this.state = useState({ isOpen: false });
    }

    get isAlert() {
        return ["warning", "refused"].includes(this.props.report.level);
    }

    get summary() {
        const { report } = this.props;
        if (this.isAlert) {
            const alerts = report.rows.filter(({ level }) =>
                ["warning", "refused"].includes(level)
            );
            return _t("To look at before you decide: %s", alerts.length);
        }
        return report.level === "changed"
            ? _t("Check of the document: it was made clean")
            : _t("Check of the document: nothing hides in it");
    }
}
