import { Component, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { getDataURLFromFile } from "@web/core/utils/urls";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const MEGABYTE = 1024 * 1024;
/** As much as a document may have (`gov.document`). */
const MOST = 64;

/** Files to sign with one's own tool: each is downloaded, and chosen again once it is signed. */
export class ElsewhereField extends Component {
    static template = "e_parapheur.ElsewhereField";
    static props = { ...standardFieldProps };

    setup() {
        this.root = useRef("root");
        this.state = useState({ reading: false, refused: {} });
    }

    get lines() {
        return this.props.record.data[this.props.name].records;
    }

    choose(line) {
        this.root.el.querySelector(`input[data-line="${line.id}"]`).click();
    }

    async onChosen(line, ev) {
        const [file] = ev.target.files;
        // The same file may be chosen again after it was signed anew.
        ev.target.value = "";
        if (!file) {
            return;
        }
        this.state.refused[line.id] = this.refusal(file);
        if (this.state.refused[line.id]) {
            await line.update({ signed: false, signed_name: false });
            return;
        }
        this.state.reading = line.id;
        try {
            const signed = (await getDataURLFromFile(file)).split(",")[1];
            await line.update({ signed, signed_name: file.name });
        } catch {
            this.state.refused[line.id] = _t(
                "%s cannot be read. Choose it again; if it was moved, download and sign it anew.",
                file.name
            );
        } finally {
            this.state.reading = false;
        }
    }

    refusal(file) {
        if (file.size > MOST * MEGABYTE) {
            return _t("%(file)s is larger than %(most)s MB and was not taken.", {
                file: file.name,
                most: MOST,
            });
        }
        return file.size
            ? ""
            : _t("%s is empty and was not taken. Choose the signed file.", file.name);
    }
}

export const elsewhereField = {
    component: ElsewhereField,
    displayName: _t("Files signed with one's own tool"),
    supportedTypes: ["one2many"],
    relatedFields: [
        { name: "name", type: "char", readonly: true },
        { name: "field_name", type: "char", readonly: true },
        { name: "version_id", type: "integer", readonly: true },
        { name: "signed", type: "binary", readonly: false },
        { name: "signed_name", type: "char", readonly: false },
    ],
};

registry.category("fields").add("parapheur_elsewhere", elsewhereField);
