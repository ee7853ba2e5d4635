import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { GovPdfViewer } from "./pdf_viewer";

/** `<field name="version_id" widget="gov_pdf_viewer" nolabel="1"/>`: reads, never changes. */
export class GovPdfViewerField extends Component {
    static template = "gov_base.PdfViewerField";
    static components = { GovPdfViewer };
    static props = { ...standardFieldProps };

    get viewerProps() {
        const { record, name } = this.props;
        const value = record.data[name];
        const id = (value && value.id) || false;
        return record.fields[name].relation === "gov.document"
            ? { documentId: id }
            : { versionId: id };
    }
}

export const govPdfViewerField = {
    component: GovPdfViewerField,
    displayName: _t("PDF reader"),
    supportedTypes: ["many2one"],
};

registry.category("fields").add("gov_pdf_viewer", govPdfViewerField);
