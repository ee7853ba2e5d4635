import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** On the form of any record that is sent to the signature book: in signature, signed, or changed since. */
export class SourceNotice extends Component {
    static template = "e_parapheur.SourceNotice";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ notices: [] });
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps(({ record }) => this.load(record));
    }

    async load(record) {
        this.state.notices = record.resId
            ? await this.orm.silent.call("parapheur.folder", "get_source_notice", [
                  record.resModel,
                  record.resId,
              ])
            : [];
    }

    open(notice) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "parapheur.folder",
            res_id: notice.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("parapheur_source_notice", { component: SourceNotice });
