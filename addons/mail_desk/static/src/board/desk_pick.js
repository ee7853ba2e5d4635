import { Component } from "@odoo/owl";
import { AutoComplete } from "@web/core/autocomplete/autocomplete";
import { useChildRef } from "@web/core/utils/hooks";

const MOST = 12;

/** Letters without their accents, whatever the script. */
function plain(words) {
    return words
        .normalize("NFD")
        .replace(/\p{Mn}/gu, "")
        .toLowerCase();
}

/** Of `list` (`{ name, within? }`) what holds every word that was typed; names that begin so come first. */
export function matching(list, request) {
    const words = plain(request).split(/\s+/).filter(Boolean);
    if (!words.length) {
        return list.slice(0, MOST);
    }
    const found = list.filter((one) => {
        const text = plain(`${one.name} ${one.within || ""}`);
        return words.every((word) => text.includes(word));
    });
    const begins = (one) => plain(one.name).startsWith(words[0]);
    return [...found.filter(begins), ...found.filter((one) => !begins(one))].slice(0, MOST);
}

/** A field to pick one of many by typing; Enter or Tab takes the first one. */
export class DeskPick extends Component {
    static template = "mail_desk.DeskPick";
    static components = { AutoComplete };
    static props = {
        id: String,
        value: String,
        options: Function,
        pick: Function,
        placeholder: { type: String, optional: true },
        isAdding: { type: Boolean, optional: true },
    };

    setup() {
        this.input = useChildRef();
    }

    get sources() {
        return [
            {
                options: (request) => this.found(this.props.options(request)),
                optionSlot: "option",
            },
        ];
    }

    found(options) {
        if (options instanceof Promise) {
            return options.then((list) => this.found(list));
        }
        return options.map((option) => ({
            label: option.label,
            data: option,
            cssClass: option.isMuted ? "o_desk_pick_muted" : "",
            onSelect: () => this.props.pick(option),
        }));
    }

    onChange({ inputValue }) {
        if (!inputValue.trim() && this.props.value) {
            this.props.pick(null);
        }
    }

    /** What was typed and not chosen is nothing: the field says what will be done. */
    onBlur({ inputValue }) {
        if (inputValue !== this.props.value && this.input.el) {
            this.input.el.value = inputValue.trim() ? this.props.value : "";
        }
    }
}
