import { serializeDate, deserializeDate } from "@web/core/l10n/dates";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { _t } from "@web/core/l10n/translation";
import { MultiRecordSelector } from "@web/core/record_selectors/multi_record_selector";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, toRaw, useState, xml } from "@odoo/owl";

import { WordInput } from "./word_input";

/** comparisons that need nothing beside them */
export const ALONE = ["set", "unset", "yes", "no"];

/** Parts of a rule that are picked one by one; what may be picked comes from the server (`editor`). */
export class RuleParts extends Component {
    // Each kind of part draws its own.
    static template = xml`<div />`;
    static components = { DateTimeInput, MultiRecordSelector, RecordSelector, WordInput };
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ parts: [], editor: {} });
        this.updating = 0;
        this.lastKey = 0;
        this.sent = "";
        useRecordObserver((record) => {
            this.state.editor = record.data.editor || {};
            const parts = record.data[this.props.name] || [];
            const told = JSON.stringify(parts);
            // What comes back as it was sent is on the screen already: somebody may type in it.
            if (!this.updating && told !== this.sent) {
                this.sent = told;
                this.state.parts = parts.map((part) => this.withKey(part));
            }
        });
    }

    withKey(part) {
        this.lastKey += 1;
        return { ...JSON.parse(JSON.stringify(part)), key: this.lastKey };
    }

    get parts() {
        return this.state.parts;
    }

    id(part, name) {
        return `${this.props.id || this.props.name}_${part.key}_${name}`;
    }

    options(definition) {
        return definition.options || [];
    }

    dateOf(value) {
        return value ? deserializeDate(value) : false;
    }

    serialize(date) {
        return date ? serializeDate(date) : null;
    }

    add(part) {
        return this.keep([...this.parts, this.withKey(part)]);
    }

    remove(part) {
        return this.keep(this.parts.filter((one) => one.key !== part.key));
    }

    replace(part, changes) {
        return this.keep(
            this.parts.map((one) => (one.key === part.key ? { ...one, ...changes } : one))
        );
    }

    async keep(parts) {
        this.state.parts = parts;
        this.updating++;
        try {
            const plain = parts.map(({ key, ...part }) => JSON.parse(JSON.stringify(part)));
            this.sent = JSON.stringify(plain);
            await this.props.record.update({ [this.props.name]: plain });
        } finally {
            this.updating--;
        }
    }

    /** Keep a number while it is typed: what is drawn again meanwhile takes nothing back. */
    noteNumber(part, ev) {
        const number = ev.target.valueAsNumber;
        toRaw(part).value = Number.isFinite(number) ? number : null;
    }

    get removeLabel() {
        return _t("Remove");
    }
}
