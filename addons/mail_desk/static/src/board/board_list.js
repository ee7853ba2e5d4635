import { Component } from "@odoo/owl";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

/** The left column: what waits, the most urgent first, to open and to tick. */
export class BoardList extends Component {
    static template = "mail_desk.BoardList";
    static props = {
        rows: Array,
        found: Number,
        openId: { type: [Number, Boolean] },
        checked: Array,
        search: String,
        onSearch: Function,
        open: Function,
        check: Function,
        checkAll: Function,
    };

    get isAll() {
        const { checked, rows } = this.props;
        return Boolean(rows.length) && checked.length === rows.length;
    }

    days(row) {
        if (row.days === null || row.days === false) {
            return "";
        }
        if (row.days < 0) {
            return _t("%s d late", -row.days);
        }
        return row.days ? _t("%s d", row.days) : _t("today");
    }

    tone(row) {
        if (row.days < 0) {
            return "text-bg-danger";
        }
        return row.days <= 2 ? "text-bg-warning" : "text-bg-light";
    }

    received(row) {
        return deserializeDateTime(row.received).toLocaleString({
            day: "numeric",
            month: "short",
        });
    }
}
