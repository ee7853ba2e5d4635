import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

const LOOKS = {
    info: "text-bg-light",
    changed: "text-bg-info",
    warning: "text-bg-warning",
    refused: "text-bg-danger",
};

/** What the check of the documents found in the one on the page: a line, and the list on demand. */
export class DeskCheck extends Component {
    static template = "e_parapheur.DeskCheck";
    static props = { report: Object, showPage: Function };

    setup() {
        this.state = useState({ isOpen: false });
    }

    get summary() {
        const { rows } = this.props.report;
        const warnings = rows.filter(({ level }) => ["warning", "refused"].includes(level)).length;
        return warnings
            ? _t("To look at before you decide: %s", warnings)
            : _t("Check of the document: %s remarks", rows.length);
    }

    look(level) {
        return LOOKS[level] || LOOKS.info;
    }
}
