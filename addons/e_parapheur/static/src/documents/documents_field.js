import { Component, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/core/utils/numbers";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const MEGABYTE = 1024 * 1024;

function base64(file) {
    return new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(String(reader.result).split(",")[1] || "");
        reader.onerror = () => reject(reader.error);
        reader.readAsDataURL(file);
    });
}

/** Documents of a folder: added by choice or by drop, checked one by one, taken out while it is a draft. */
export class DocumentsField extends Component {
    static template = "e_parapheur.DocumentsField";
    static props = { ...standardFieldProps, role: { type: String, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.input = useRef("input");
        this.state = useState({ busy: "", over: false });
    }

    get role() {
        return this.props.role || "annex";
    }

    get title() {
        return this.role === "main" ? _t("Main documents") : _t("Annexes");
    }

    get hint() {
        return this.role === "main"
            ? _t("PDF to approve or sign: choose it, or drop it here.")
            : _t("Anything that explains the decision: choose it, or drop it here.");
    }

    get accept() {
        return this.role === "main" ? "application/pdf,.pdf" : "";
    }

    get isOpen() {
        return this.props.record.data.state === "draft";
    }

    get isShown() {
        return this.isOpen || this.documents.length > 0;
    }

    get documents() {
        return this.props.record.data[this.props.name].records.map((record) => ({
            id: record.resId,
            ...record.data,
        }));
    }

    size(bytes) {
        return bytes >= MEGABYTE
            ? _t("%s MB", formatFloat(bytes / MEGABYTE, { digits: [16, 1] }))
            : _t("%s kB", Math.ceil(bytes / 1024));
    }

    choose() {
        this.input.el.click();
    }

    onChosen(ev) {
        const files = [...ev.target.files];
        ev.target.value = "";
        return this.add(files);
    }

    onDrop(ev) {
        this.state.over = false;
        if (this.isOpen && !this.state.busy) {
            return this.add([...ev.dataTransfer.files]);
        }
    }

    async add(files) {
        const { record } = this.props;
        // What was typed is kept: the folder is saved before its first file.
        if (!files.length || !(await record.save())) {
            return;
        }
        try {
            for (const file of files) {
                this.state.busy = file.name;
                const content = await base64(file);
                await this.orm.call("parapheur.folder", "action_add_document", [
                    [record.resId],
                    file.name,
                    content,
                    this.role,
                ]);
            }
            if (this.role === "main") {
                // The person sees at once what was found in it, and what will be taken out.
                await this.orm.call("parapheur.folder", "action_check_documents", [[record.resId]]);
            }
        } finally {
            this.state.busy = "";
            await record.load();
        }
    }

    /** One place up or down; the order in which the documents are read and signed. */
    async move(document, step) {
        const { record } = this.props;
        const ids = this.documents.map(({ id }) => id);
        const place = ids.indexOf(document.id);
        ids.splice(place, 1);
        ids.splice(place + step, 0, document.id);
        await record.save();
        await this.orm.call("parapheur.folder", "action_order_documents", [[record.resId], ids]);
        await record.load();
    }

    async remove(document) {
        const { record } = this.props;
        await record.save();
        await this.orm.call("parapheur.folder", "action_remove_document", [
            [record.resId],
            document.id,
        ]);
        await record.load();
    }
}

export const documentsField = {
    component: DocumentsField,
    displayName: _t("Documents of a folder"),
    supportedTypes: ["one2many"],
    relatedFields: [
        { name: "name", type: "char", readonly: true },
        { name: "pages", type: "integer", readonly: true },
        { name: "size", type: "integer", readonly: true },
        { name: "state", type: "selection", readonly: true, selection: [] },
        { name: "notice", type: "char", readonly: true },
        { name: "has_active", type: "boolean", readonly: true },
        { name: "current_version_id", type: "many2one", relation: "gov.document.version" },
    ],
    extractProps: ({ options }) => ({ role: options.role }),
};

registry.category("fields").add("parapheur_documents", documentsField);
