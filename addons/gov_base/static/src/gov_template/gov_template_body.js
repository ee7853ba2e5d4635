import { HtmlField, htmlField } from "@html_editor/fields/html_field";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useState } from "@odoo/owl";

/** The text of a template: written in the direction of its language, with the merge fields at hand. */
export class GovTemplateBody extends HtmlField {
    static template = "gov_base.GovTemplateBody";

    setup() {
        super.setup();
        this.merge = useState({ said: "" });
    }

    get mergeFields() {
        return this.props.record.data.merge_fields || [];
    }

    get direction() {
        return this.props.record.data.lang_direction || "ltr";
    }

    get wysiwygKey() {
        return `${super.wysiwygKey}_${this.direction}`;
    }

    getConfig() {
        return { ...super.getConfig(), direction: this.direction };
    }

    code({ key }) {
        return `{{ ${key} }}`;
    }

    /** Put the field where the cursor is. */
    insert(field) {
        const code = this.code(field);
        this.editor.shared.selection.focusEditable();
        this.editor.shared.dom.insert(code);
        this.editor.shared.history.addStep();
        this.merge.said = _t("%s was added to the text.", code);
    }
}

export const govTemplateBody = {
    ...htmlField,
    component: GovTemplateBody,
    fieldDependencies: [
        { name: "merge_fields", type: "json" },
        { name: "lang_direction", type: "char" },
    ],
};

registry.category("fields").add("gov_template_body", govTemplateBody);
