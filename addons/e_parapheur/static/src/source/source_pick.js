import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { SelectMenu } from "@web/core/select_menu/select_menu";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Something picked in a list that the server gives: a value of a record (step by step), a report, an answer… */
export class SourcePick extends Component {
    static template = "e_parapheur.SourcePick";
    static components = { SelectMenu };
    static props = {
        ...standardFieldProps,
        kind: { type: String },
        pathField: { type: String, optional: true },
        empty: { type: Boolean, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ levels: [] });
        useRecordObserver((record, props) => this.load(record, props));
    }

    get value() {
        return this.props.record.data[this.props.name] || "";
    }

    /** The record that holds what is chosen once: model and nature. */
    source(record) {
        return "nature_id" in record.data ? record : record._parentRecord || record;
    }

    async load(record, props) {
        const data = this.source(record).data;
        const nature = data.nature_id;
        this.model = data.model || false;
        this.nature = (nature && (nature.id ?? nature[0])) || false;
        const value = record.data[props.name] || "";
        if (props.kind !== "path") {
            const path = props.pathField ? record.data[props.pathField] : false;
            const choices = await this.choices(props.kind, path);
            this.state.levels = [{ choices, value }];
            return;
        }
        this.state.levels = await this.steps(value);
    }

    /** One list for each step of a path, and one more where it may go on. */
    async steps(value) {
        const names = value ? value.split(".") : [];
        const levels = [];
        for (let step = 0; step <= names.length; step++) {
            const before = names.slice(0, step).join(".");
            const last = levels.at(-1);
            if (last && !last.choices.find((one) => one.value === before)?.more) {
                break;
            }
            levels.push({
                before,
                choices: await this.choices("path", before),
                value: step < names.length ? names.slice(0, step + 1).join(".") : "",
            });
        }
        return levels;
    }

    async choices(kind, path) {
        const args = [kind, this.model, path || false, this.nature];
        const key = JSON.stringify(args);
        this.constructor.known ??= new Map();
        const known = this.constructor.known;
        if (!known.has(key)) {
            if (known.size > 200) {
                known.clear();
            }
            known.set(key, this.orm.call("parapheur.source", "get_choices", args));
        }
        try {
            return await known.get(key);
        } catch (error) {
            known.delete(key);
            throw error;
        }
    }

    get text() {
        const picked = this.state.levels.map(
            ({ choices, value }) => choices.find((one) => one.value === value)?.label
        );
        return picked.filter(Boolean).join(" ▸ ") || this.value;
    }

    placeholder(level) {
        return level.before ? _t("more… (else its name)") : _t("Choose…");
    }

    /** Choices as the menu wants them; an empty one where nothing need be chosen. */
    offered(level) {
        const choices = level.choices.map(({ value, label, more }) => ({
            value,
            label: more ? `${label} ▸` : label,
        }));
        const none = level.before ? _t("(its name)") : _t("(nothing)");
        return level.before || this.props.empty
            ? [{ value: level.before || "", label: none }, ...choices]
            : choices;
    }

    /** In a list, Enter would leave the row before the menu hears it: the menu listens to the whole page. */
    onKeydown(ev) {
        if (ev.key === "Enter" && document.querySelector(".o_select_menu_menu")) {
            ev.stopPropagation();
            ev.preventDefault();
            document.body.dispatchEvent(
                new KeyboardEvent("keydown", { key: "Enter", bubbles: true })
            );
        }
    }

    pick(value) {
        return this.props.record.update({ [this.props.name]: value || false });
    }
}

export const sourcePick = {
    component: SourcePick,
    displayName: _t("Picked in a list"),
    supportedTypes: ["char"],
    extractProps: ({ options }) => ({
        kind: options.kind,
        pathField: options.path_field,
        empty: Boolean(options.empty),
    }),
};

registry.category("fields").add("parapheur_pick", sourcePick);
