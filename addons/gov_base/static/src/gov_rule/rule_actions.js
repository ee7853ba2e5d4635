import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

import { RuleParts } from "./rule_parts";

/** "Then": what is done, with its parameters. */
export class RuleActions extends RuleParts {
    static template = "gov_base.RuleActions";

    get actions() {
        return this.state.editor.actions || [];
    }

    definition(part) {
        return this.actions.find(({ key }) => key === part.action);
    }

    value(part, param) {
        return (part.params || {})[param.key];
    }

    listed(part, param) {
        return this.value(part, param) || [];
    }

    addAction() {
        const first = this.actions[0];
        return first && this.add({ action: first.key, params: {} });
    }

    onAction(part, ev) {
        return this.replace(part, { action: ev.target.value, params: {} });
    }

    onParam(part, param, value) {
        return this.replace(part, { params: { ...part.params, [param.key]: value } });
    }

    onNumber(part, param, ev) {
        const number = ev.target.valueAsNumber;
        return this.onParam(part, param, Number.isFinite(number) ? number : null);
    }
}

registry.category("fields").add("gov_rule_actions", {
    component: RuleActions,
    displayName: _t("Actions that are picked"),
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "editor", type: "json" }],
    isEmpty: () => false,
});
