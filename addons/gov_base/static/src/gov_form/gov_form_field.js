import { deserializeDate, serializeDate } from "@web/core/l10n/dates";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useBus, useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component, status, useState } from "@odoo/owl";

import { answersOf, parseAnswer, shownAnswer, typedAnswer, WrongAnswer } from "./answers";

/**
 * The answers to the form of the record (`form_id`), asked or shown in the user's language.
 *
 * Option `preview`: the record is a form itself; what is typed is not kept.
 * Option `only`: name of a field of the record with the keys to ask; the others are left out.
 */
export class GovFormField extends Component {
    static template = "gov_base.GovFormField";
    static components = { DateTimeInput };
    static props = {
        ...standardFieldProps,
        preview: { type: Boolean, optional: true },
        only: { type: String, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({
            formId: false,
            definition: null,
            values: {},
            // text that is being typed, and what is wrong with it, by key
            typed: {},
            wrong: {},
            unreadable: "",
        });
        this.updating = 0;
        const { bus } = this.props.record.model;
        useBus(bus, "WILL_SAVE_URGENTLY", () => this.commitAll());
        useBus(bus, "NEED_LOCAL_CHANGES", ({ detail }) => detail.proms.push(this.commitAll()));
        useRecordObserver(async (record) => {
            const values = { ...(record.data[this.props.name] || {}) };
            if (!this.updating && !this.props.preview) {
                this.state.values = values;
            }
            const formId = this.props.preview ? record.resId : record.data.form_id?.id;
            if ((formId || false) !== this.state.formId) {
                await this.load(formId || false);
            }
        });
    }

    async load(formId) {
        Object.assign(this.state, { formId, typed: {}, wrong: {}, unreadable: "" });
        this.tellValidity();
        if (!formId) {
            this.state.definition = null;
            return;
        }
        try {
            const call = this.orm.silent.call("gov.form", "get_definition", [[formId]]);
            const definition = await this.keepLast.add(call);
            if (status(this) !== "destroyed") {
                this.state.definition = definition;
            }
        } catch (error) {
            this.state.definition = null;
            this.state.unreadable =
                error.data?.message || _t("The questions of this form cannot be read. Try again.");
        }
    }

    get questions() {
        const asked = this.state.definition?.fields || [];
        const only = this.props.only && this.props.record.data[this.props.only];
        return only ? asked.filter(({ key }) => only.includes(key)) : asked;
    }

    get isEmpty() {
        return !this.questions.some(({ key }) => this.state.values[key] !== undefined);
    }

    id(question) {
        return `${this.props.id || this.props.name}_${question.key}`;
    }

    describedBy(question) {
        const parts = [];
        if (this.state.wrong[question.key]) {
            parts.push(`${this.id(question)}_wrong`);
        }
        if (question.help) {
            parts.push(`${this.id(question)}_help`);
        }
        return parts.join(" ") || undefined;
    }

    /** Whether its label names one control, or a group of boxes. */
    /** Written from left to right, and beside its label whichever way the page is read. */
    isNumber(question) {
        return ["integer", "amount"].includes(question.type);
    }

    isGroup(question) {
        return question.type === "choices";
    }

    typed(question) {
        return (
            this.state.typed[question.key] ??
            typedAnswer(question.type, this.state.values[question.key])
        );
    }

    shown(question) {
        return shownAnswer(question, this.state.values[question.key]);
    }

    dateOf(question) {
        const value = this.state.values[question.key];
        return value ? deserializeDate(value) : false;
    }

    onInput(question, ev) {
        this.state.typed[question.key] = ev.target.value;
        if (!this.props.preview) {
            this.props.record.model.bus.trigger("FIELD_IS_DIRTY", true);
        }
    }

    onTextChange(question) {
        return this.commit([question.key]);
    }

    onDate(question, date) {
        return this.set({ [question.key]: date ? serializeDate(date) : null });
    }

    onBox(question, ev) {
        return this.set({ [question.key]: ev.target.checked });
    }

    onChoice(question, ev) {
        return this.set({ [question.key]: ev.target.value || null });
    }

    onChoices(question, value, ev) {
        const chosen = new Set(this.state.values[question.key] || []);
        chosen[ev.target.checked ? "add" : "delete"](value);
        const ordered = question.options
            .map((option) => option.value)
            .filter((item) => chosen.has(item));
        return this.set({ [question.key]: ordered.length ? ordered : null });
    }

    isChosen(question, value) {
        return (this.state.values[question.key] || []).includes(value);
    }

    commitAll() {
        return this.commit(Object.keys(this.state.typed));
    }

    /** Keep what was typed for these keys; what cannot be an answer stays as typed, with its message. */
    commit(keys) {
        const changes = {};
        for (const question of this.questions.filter(({ key }) => keys.includes(key))) {
            const text = this.state.typed[question.key];
            if (text === undefined) {
                continue;
            }
            try {
                changes[question.key] = parseAnswer(question.type, text);
                delete this.state.typed[question.key];
                delete this.state.wrong[question.key];
            } catch (error) {
                if (!(error instanceof WrongAnswer)) {
                    throw error;
                }
                this.state.wrong[question.key] = error.message;
            }
        }
        this.tellValidity();
        return this.set(changes);
    }

    tellValidity() {
        const { record, name, preview } = this.props;
        if (preview) {
            return;
        }
        if (Object.keys(this.state.wrong).length) {
            record.setInvalidField(name);
        } else if (record.isFieldInvalid(name)) {
            record.resetFieldValidity(name);
        }
    }

    async set(changes) {
        if (!Object.keys(changes).length) {
            return;
        }
        const values = answersOf(this.state.definition, { ...this.state.values, ...changes });
        this.state.values = values;
        if (this.props.preview) {
            return;
        }
        this.updating++;
        try {
            await this.props.record.update({ [this.props.name]: values });
        } finally {
            this.updating--;
        }
        this.props.record.model.bus.trigger("FIELD_IS_DIRTY", false);
    }
}

export const govFormField = {
    component: GovFormField,
    displayName: _t("Form of the administration"),
    supportedTypes: ["json"],
    supportedOptions: [
        { label: _t("Preview of a form"), name: "preview", type: "boolean" },
        { label: _t("Field with the keys to ask"), name: "only", type: "string" },
    ],
    fieldDependencies: ({ options }) => [
        ...(options.preview ? [] : [{ name: "form_id", type: "many2one", relation: "gov.form" }]),
        ...(options.only ? [{ name: options.only, type: "json" }] : []),
    ],
    isEmpty: () => false,
    extractProps: ({ options }) => ({
        preview: Boolean(options.preview),
        only: options.only,
    }),
};

registry.category("fields").add("gov_form", govFormField);
