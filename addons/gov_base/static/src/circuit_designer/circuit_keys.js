/** Fields of the document, picked by their labels; what may be picked comes from the server (`editor`). */

import { Component, xml } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

class CircuitPick extends Component {
    // Each kind draws its own.
    static template = xml`<div />`;
    static props = { ...standardFieldProps, list: String };

    get options() {
        const editor = this.props.record.data.editor || {};
        return editor[this.props.list] || [];
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get empty() {
        return _t("Say first for which documents the circuit is: they have no such field yet.");
    }

    update(value) {
        return this.props.record.update({ [this.props.name]: value });
    }
}

/** Several of them. */
export class CircuitKeys extends CircuitPick {
    static template = "gov_base.CircuitKeys";

    get chosen() {
        return Array.isArray(this.value) ? this.value : [];
    }

    id(option) {
        return `${this.props.id || this.props.name}_${option.key}`;
    }

    onToggle(option, ev) {
        const others = this.chosen.filter((key) => key !== option.key);
        return this.update(ev.target.checked ? [...others, option.key] : others);
    }
}

/** One of them. */
export class CircuitKey extends CircuitPick {
    static template = "gov_base.CircuitKey";

    get label() {
        const found = this.options.find((option) => option.key === this.value);
        return found ? found.label : this.value || "";
    }

    onChoose(ev) {
        return this.update(ev.target.value || false);
    }
}

const extractProps = ({ options }) => ({ list: options.list });
const fieldDependencies = [{ name: "editor", type: "json" }];

registry.category("fields").add("gov_circuit_keys", {
    component: CircuitKeys,
    displayName: _t("Fields of the document"),
    supportedTypes: ["json"],
    fieldDependencies,
    extractProps,
    isEmpty: () => false,
});

registry.category("fields").add("gov_circuit_key", {
    component: CircuitKey,
    displayName: _t("Field of the document"),
    supportedTypes: ["char"],
    fieldDependencies,
    extractProps,
    isEmpty: () => false,
});
