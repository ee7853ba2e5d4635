import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

import { ALONE, RuleParts } from "./rule_parts";

/** "If": what is looked at, how it is compared, with what. All of them must hold. */
export class RuleConditions extends RuleParts {
    static template = "gov_base.RuleConditions";

    get fields() {
        return this.state.editor.fields || [];
    }

    /** What must hold, in words, where nothing above says it. */
    get sentence() {
        return this.props.record.data.condition_text;
    }

    definition(part) {
        return this.fields.find(({ key }) => key === part.field);
    }

    needsValue(part) {
        return !ALONE.includes(part.operator);
    }

    listed(part) {
        return Array.isArray(part.value) ? part.value : [];
    }

    addCondition() {
        const first = this.fields[0];
        return first && this.add(this.fresh(first));
    }

    fresh(definition) {
        return { field: definition.key, operator: definition.operators[0].value, value: null };
    }

    onField(part, ev) {
        const definition = this.fields.find(({ key }) => key === ev.target.value);
        return this.replace(part, this.fresh(definition));
    }

    onOperator(part, ev) {
        const operator = ev.target.value;
        const value = ALONE.includes(operator) ? null : part.value;
        return this.replace(part, { operator, value });
    }

    onValue(part, value) {
        return this.replace(part, { value });
    }

    onNumber(part, ev) {
        const number = ev.target.valueAsNumber;
        return this.onValue(part, Number.isFinite(number) ? number : null);
    }

    onChoice(part, option, ev) {
        const chosen = this.listed(part).filter((value) => value !== option);
        return this.onValue(part, ev.target.checked ? [...chosen, option] : chosen);
    }
}

registry.category("fields").add("gov_rule_conditions", {
    component: RuleConditions,
    displayName: _t("Conditions that are picked"),
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "editor", type: "json" }],
    isEmpty: () => false,
});
