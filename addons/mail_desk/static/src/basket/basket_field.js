import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Under a basket: the same one of each absent person in whose place the user works. */
export class DeskBasketField extends Component {
    static template = "mail_desk.BasketField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get lines() {
        return this.props.record.data[this.props.name] || [];
    }

    async open(line) {
        const { resId, resModel } = this.props.record;
        const action = await this.orm.call(resModel, "action_open_for", [[resId], line.id]);
        this.action.doAction(action);
    }
}

export const deskBasketField = {
    component: DeskBasketField,
    displayName: _t("Baskets of absent persons"),
    supportedTypes: ["json", "jsonb"],
    isEmpty: () => false,
};

registry.category("fields").add("desk_basket_for", deskBasketField);
