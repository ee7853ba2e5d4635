import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { DifferencesDialog } from "../differences/differences_dialog";
import { PlacementDialog } from "../placement/placement_dialog";
import { HygieneReport } from "./hygiene_report";

/** Under the documents of a folder: their check, where the blocks stand, what changed between versions. */
export class DocumentsGate extends Component {
    static template = "e_parapheur.DocumentsGate";
    static components = { HygieneReport };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.state = useState({ reports: [], isBusy: false });
        // Files are added and the state changes while the form stays the same.
        useRecordObserver((record) => this.load({ record }));
    }

    get isDraft() {
        return this.props.record.data.state === "draft";
    }

    get documents() {
        return this.state.reports.map(({ document_id, name }) => ({ id: document_id, name }));
    }

    /** Which files the report is about: it is asked for again when they change. */
    key({ record }) {
        const files = record.data.main_ids ? record.data.main_ids.records : [];
        const versions = files.map((file) => (file.data.current_version_id || {}).id);
        return JSON.stringify([record.resId, record.data.state, versions]);
    }

    async load(props) {
        const key = this.key(props);
        if (key === this.known) {
            return;
        }
        this.known = key;
        this.state.reports = props.record.resId
            ? await this.orm.call("parapheur.folder", "get_hygiene", [[props.record.resId]])
            : [];
    }

    async check() {
        const { record } = this.props;
        if (!(await record.save())) {
            return;
        }
        this.state.isBusy = true;
        try {
            this.state.reports = await this.orm.call("parapheur.folder", "action_check_documents", [
                [record.resId],
            ]);
        } finally {
            this.state.isBusy = false;
        }
    }

    async place() {
        const { record } = this.props;
        if (await record.save()) {
            this.dialog.add(PlacementDialog, {
                folderId: record.resId,
                documents: this.documents,
                onPlaced: () => record.load(),
            });
        }
    }

    compare() {
        this.dialog.add(DifferencesDialog, {
            folderId: this.props.record.resId,
            documents: this.documents,
        });
    }
}

registry.category("view_widgets").add("parapheur_documents_gate", {
    component: DocumentsGate,
    fieldDependencies: [{ name: "state", type: "selection" }],
});
