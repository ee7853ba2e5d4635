/** The steps of a circuit: their picture above the list; a click on a box opens its step. */

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

import { CircuitPicture } from "../circuit_picture/circuit_picture";

export class CircuitDesigner extends X2ManyField {
    static template = "gov_base.CircuitDesigner";
    static components = { ...X2ManyField.components, CircuitPicture };

    get picture() {
        return this.props.record.data.picture || false;
    }

    /** The row of a box: by its id, or by the id it has until it is saved. */
    rowOf(box) {
        return this.list.records.find(
            (record) => record.resId === box.key || record._virtualId === box.key
        );
    }

    openBox(box) {
        const row = this.rowOf(box);
        return row && this.openRecord(row);
    }
}

export const circuitDesigner = {
    ...x2ManyField,
    component: CircuitDesigner,
    displayName: _t("Steps of a circuit, with their picture"),
    supportedTypes: ["one2many"],
    fieldDependencies: [{ name: "picture", type: "json" }],
};

registry.category("fields").add("gov_circuit_designer", circuitDesigner);
