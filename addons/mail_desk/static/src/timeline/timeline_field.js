import { Component, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** One thread from deposit to answer; or the same letter as its sender sees it. */
export class DeskTimelineField extends Component {
    static template = "mail_desk.TimelineField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ view: "all", sender: null });
        onWillUpdateProps((props) => {
            if (props.record.resId !== this.props.record.resId) {
                this.state.view = "all";
            }
            this.state.sender = null;
            if (this.state.view === "sender") {
                return this.loadSender(props.record.resId);
            }
        });
    }

    get views() {
        return [
            { key: "all", name: _t("Everything") },
            { key: "note", name: _t("Notes") },
            { key: "sender", name: _t("As the sender sees it") },
        ];
    }

    get lines() {
        const lines = this.props.record.data[this.props.name] || [];
        return this.state.view === "note" ? lines.filter((line) => line.kind === "note") : lines;
    }

    async loadSender(letterId) {
        this.state.sender = await this.orm.call("registry.letter", "desk_sender_view", [
            [letterId],
        ]);
    }

    async show(view) {
        if (view === "sender" && !this.state.sender) {
            await this.loadSender(this.props.record.resId);
        }
        this.state.view = view;
    }
}

export const deskTimelineField = {
    component: DeskTimelineField,
    displayName: _t("Timeline of a letter"),
    supportedTypes: ["json", "jsonb"],
    isEmpty: () => false,
};

registry.category("fields").add("desk_timeline", deskTimelineField);
