import { Component, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { getDataURLFromFile } from "@web/core/utils/urls";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The file of Word of a sending: chosen or dropped, checked by the server, shown by its name. */
export class SourceDocx extends Component {
    static template = "e_parapheur.SourceDocx";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.input = useRef("input");
        this.state = useState({ busy: "", over: false });
    }

    get data() {
        return this.props.record.data;
    }

    get isOpen() {
        return this.data.state === "draft";
    }

    get versionId() {
        const version = this.data.docx_version_id;
        return version && (version.id ?? version[0]);
    }

    choose() {
        this.input.el.click();
    }

    onChosen(ev) {
        const [file] = ev.target.files;
        ev.target.value = "";
        return this.put(file);
    }

    onDrop(ev) {
        this.state.over = false;
        if (this.isOpen && !this.state.busy) {
            return this.put(ev.dataTransfer.files[0]);
        }
    }

    async put(file) {
        const { record } = this.props;
        // What was typed is kept: the sending is saved before its file.
        if (!file || !(await record.save())) {
            return;
        }
        this.state.busy = file.name;
        try {
            const content = (await getDataURLFromFile(file)).split(",")[1] || "";
            await this.orm.call("parapheur.source", "action_set_docx", [
                [record.resId],
                file.name,
                content,
            ]);
        } finally {
            this.state.busy = "";
            await record.load();
        }
    }
}

export const sourceDocx = {
    component: SourceDocx,
    displayName: _t("File of Word with merge fields"),
    supportedTypes: ["many2one"],
};

registry.category("fields").add("parapheur_docx", sourceDocx);
