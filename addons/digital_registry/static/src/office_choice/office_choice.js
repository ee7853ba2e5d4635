import { Component } from "@odoo/owl";
import { AutoComplete } from "@web/core/autocomplete/autocomplete";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * `<field name="office_name" widget="registry_office_choice"/>`: finds an office of another
 * administration by its name. The record itself is hidden: the server gives plain values, and the
 * choice is kept as a name here and a number in `office_ref`.
 */
export class RegistryOfficeChoice extends Component {
    static template = "digital_registry.OfficeChoice";
    static components = { AutoComplete };
    static props = { ...standardFieldProps, placeholder: { type: String, optional: true } };

    setup() {
        this.orm = useService("orm");
    }

    get value() {
        return this.props.record.data[this.props.name] || "";
    }

    get sources() {
        return [{ placeholder: _t("Searching…"), options: (typed) => this.find(typed) }];
    }

    async find(typed) {
        const found = await this.orm.silent.call("registry.exchange", "find_offices", [], {
            name: typed,
            limit: 10,
        });
        if (!found.length) {
            return [
                {
                    label: _t("No office is called that: type less of its name."),
                    cssClass: "text-muted",
                },
            ];
        }
        return found.map((office) => ({
            label: this.label(office),
            onSelect: () => this.choose(office.id, this.label(office)),
        }));
    }

    label(office) {
        return `${office.administration} – ${office.name} (${office.code})`;
    }

    choose(id, label) {
        return this.props.record.update({ [this.props.name]: label, office_ref: id });
    }

    onChange({ inputValue }) {
        // What was typed over is no choice any more.
        if (inputValue !== this.value) {
            this.choose(0, false);
        }
    }
}

export const registryOfficeChoice = {
    component: RegistryOfficeChoice,
    displayName: _t("Office of another administration"),
    supportedTypes: ["char"],
    fieldDependencies: [{ name: "office_ref", type: "integer" }],
    extractProps: ({ attrs }) => ({ placeholder: attrs.placeholder }),
};

registry.category("fields").add("registry_office_choice", registryOfficeChoice);
