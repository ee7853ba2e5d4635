import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component } from "@odoo/owl";

/** What else the user may do with a folder now; each act opens its own window. */
export class ParapheurActsMenu extends Component {
    static template = "e_parapheur.ActsMenu";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    setup() {
        this.ui = useService("ui");
    }

    get acts() {
        return this.props.record.data.acts_menu || [];
    }

    async open(name) {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        // The menu of a small screen is gone by then, and this component with it.
        const { action: actions, orm } = this.env.services;
        const action = await orm.call(record.resModel, "action_open_act", [[record.resId], name]);
        await actions.doAction(action, { onClose: () => record.load() });
    }
}

registry.category("view_widgets").add("parapheur_acts", {
    component: ParapheurActsMenu,
    fieldDependencies: [{ name: "acts_menu", type: "json" }],
});
