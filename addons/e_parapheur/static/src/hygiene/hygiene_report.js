import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

const ICONS = {
    refused: "fa-ban text-danger",
    warning: "fa-exclamation-triangle text-warning",
    changed: "fa-magic text-info",
    info: "fa-info-circle text-muted",
};
const FOLDED = 6;

/** What the check found in the main documents: `reports` is what `get_hygiene` of the folder returns. */
export class HygieneReport extends Component {
    static template = "e_parapheur.HygieneReport";
    static props = { reports: Array };

    icon(level) {
        return ICONS[level] || ICONS.info;
    }

    rows(report) {
        return report.rows.slice(0, FOLDED);
    }

    more(report) {
        return report.rows.slice(FOLDED);
    }

    verdict(report) {
        if (!report.checked) {
            return _t("Not checked yet.");
        }
        return {
            refused: _t("It cannot circulate as it is."),
            warning: _t("Read these remarks before you go on."),
            changed: _t("It was made clean: what is signed is what you see here."),
            info: _t("Nothing in it hides or changes by itself."),
        }[report.level];
    }
}
