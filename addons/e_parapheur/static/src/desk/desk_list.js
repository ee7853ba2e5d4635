import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/** The left column: folders of a basket, to open and, where they are to be signed, to tick. */
export class DeskList extends Component {
    static template = "e_parapheur.DeskList";
    static props = {
        basket: String,
        rows: Array,
        openId: { type: [Number, Boolean] },
        checked: Array,
        open: Function,
        check: Function,
        checkAll: Function,
        signChecked: Function,
    };

    get canCheck() {
        return this.props.basket === "sign";
    }

    get empty() {
        return {
            sign: _t("Nothing to sign. Enjoy the silence: you are told when something comes."),
            visa: _t("Nothing to approve."),
            opinion: _t("Nobody asks for your opinion now."),
            late: _t("Nothing is late."),
            done: _t("What you have signed or approved is listed here."),
        }[this.props.basket];
    }

    days(row) {
        if (row.days === null || row.days === false || row.days === undefined) {
            return "";
        }
        if (row.days < 0) {
            return _t("%s d late", -row.days);
        }
        return row.days ? _t("%s d left", row.days) : _t("today");
    }
}
