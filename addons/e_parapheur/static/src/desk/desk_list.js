import { Component, useRef } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useSortable } from "@web/core/utils/sortable_owl";
import { useDebounced } from "@web/core/utils/timing";

/** The left column: folders of a basket, to open, to tick and, for a secretary, to put in order. */
export class DeskList extends Component {
    static template = "e_parapheur.DeskList";
    static props = {
        basket: String,
        rows: Array,
        total: Number,
        natures: Array,
        natureId: Number,
        words: String,
        openId: { type: [Number, Boolean] },
        checked: Array,
        together: { type: [String, Boolean] },
        open: Function,
        check: Function,
        checkAll: Function,
        checkEvery: Function,
        decideChecked: Function,
        filter: Function,
        more: Function,
        place: Function,
        setPriority: Function,
    };

    setup() {
        this.list = useRef("list");
        this.search = useDebounced((words) => this.props.filter({ words }), 300);
        useSortable({
            enable: () => this.isPrepared,
            ref: this.list,
            elements: ".o_parapheur_row",
            handle: ".o_parapheur_handle",
            onDrop: ({ element, previous }) =>
                this.props.place(
                    Number(element.dataset.id),
                    previous ? Number(previous.dataset.id) : false
                ),
        });
    }

    get isPrepared() {
        return this.props.basket === "prepare";
    }

    get isFiltered() {
        return Boolean(this.props.words || this.props.natureId);
    }

    get empty() {
        if (this.isFiltered) {
            return _t("No folder of this list is like that.");
        }
        return {
            sign: _t("Nothing to sign. Enjoy the silence: you are told when something comes."),
            visa: _t("Nothing to approve."),
            opinion: _t("Nobody asks for your opinion now."),
            late: _t("Nothing is late."),
            delegated: _t("Nothing to sign by delegation."),
            prepare: _t("Nothing waits on this desk, restricted folders apart."),
            done: _t("What you have signed or approved is listed here."),
        }[this.props.basket];
    }

    get priorities() {
        return [
            { id: "urgent", name: _t("Urgent") },
            { id: "sign", name: _t("To sign") },
            { id: "read", name: _t("To read") },
        ];
    }

    mark(row) {
        return row.priority && row.priority !== "sign" && this.props.basket !== "done"
            ? this.priorities.find(({ id }) => id === row.priority).name
            : "";
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

    for(row) {
        return row.delegated
            ? _t("by delegation of %s", row.for)
            : _t("in the place of %s", row.for);
    }

    /** One place up or down, by the keyboard or on a phone. */
    shift(row, step) {
        const ids = this.props.rows.map(({ id }) => id).filter((id) => id !== row.id);
        const place = this.props.rows.findIndex(({ id }) => id === row.id) + step;
        if (place >= 0 && place <= ids.length) {
            this.props.place(row.id, place ? ids[place - 1] : false);
        }
    }
}
