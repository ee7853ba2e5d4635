/** What a document would have, for a rehearsal: one line for each thing that the circuit looks at. */

import { Component, useState } from "@odoo/owl";
import { deserializeDate, serializeDate } from "@web/core/l10n/dates";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { _t } from "@web/core/l10n/translation";
import { MultiRecordSelector } from "@web/core/record_selectors/multi_record_selector";
import { registry } from "@web/core/registry";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

export class CircuitSample extends Component {
    static template = "gov_base.CircuitSample";
    static components = { DateTimeInput, MultiRecordSelector };
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ facts: {}, fields: [] });
        useRecordObserver((record) => {
            this.state.facts = { ...(record.data[this.props.name] || {}) };
            this.state.fields = (record.data.editor || {}).fields || [];
        });
    }

    get fields() {
        return this.state.fields;
    }

    id(known) {
        return `${this.props.id || this.props.name}_${known.key}`;
    }

    value(known) {
        return this.state.facts[known.key];
    }

    listed(known) {
        return this.value(known) || [];
    }

    dateOf(known) {
        return this.value(known) ? deserializeDate(this.value(known)) : false;
    }

    set(known, value) {
        const facts = { ...this.state.facts, [known.key]: value };
        return this.props.record.update({ [this.props.name]: facts });
    }

    onChoice(known, ev) {
        return this.set(known, ev.target.value ? [ev.target.value] : []);
    }

    onDate(known, date) {
        return this.set(known, date ? serializeDate(date) : null);
    }

    onNumber(known, ev) {
        const number = ev.target.valueAsNumber;
        return this.set(known, Number.isFinite(number) ? number : null);
    }
}

registry.category("fields").add("gov_circuit_sample", {
    component: CircuitSample,
    displayName: _t("What the document would have"),
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "editor", type: "json" }],
    isEmpty: () => false,
});
