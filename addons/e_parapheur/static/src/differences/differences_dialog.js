import { Component, markup, onWillStart, useState } from "@odoo/owl";
import { errorText } from "@gov_base/words/error_text";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

/** Two versions of a document of a folder, page beside page, with what changed framed and the words compared. */
export class DifferencesDialog extends Component {
    static template = "e_parapheur.DifferencesDialog";
    static components = { Dialog };
    static props = {
        close: Function,
        folderId: Number,
        documents: Array,
        documentId: { type: Number, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({
            documentId: this.props.documentId || this.props.documents[0].id,
            versions: [],
            old: false,
            new: false,
            pages: null,
            at: 0,
            withSame: false,
            error: "",
        });
        // Nothing waits for the pages: the dialog opens and says what it does.
        onWillStart(() => {
            this.open();
        });
    }

    get pages() {
        const { pages, withSame } = this.state;
        return (pages || []).filter((page) => withSame || page.state !== "same");
    }

    get page() {
        return this.pages[this.state.at];
    }

    get isSame() {
        return this.state.pages && this.state.pages.every((page) => page.state === "same");
    }

    get hasSame() {
        return (this.state.pages || []).some((page) => page.state === "same");
    }

    label(page) {
        return {
            same: _t("Page %s: the same", page.new + 1),
            changed: _t("Page %s: changed", page.new + 1),
            added: _t("Page %s: new", page.new + 1),
            removed: _t("Page %s of the earlier version: taken out", page.old + 1),
        }[page.state];
    }

    source(version, page) {
        return `/parapheur/document/${version}/page/${page}?width=900`;
    }

    mark([x, y, width, height]) {
        const part = (value) => `${(100 * value).toFixed(2)}%`;
        return `left:${part(x)};top:${part(y)};width:${part(width)};height:${part(height)}`;
    }

    choose(value) {
        this.state.documentId = Number(value);
        return this.open();
    }

    async open() {
        await this.run(async (folder, documentId) => {
            const found = await this.orm.call("parapheur.folder", "get_document_versions", [
                folder,
                documentId,
            ]);
            Object.assign(this.state, found);
            if (found.old) {
                await this.compare();
            } else {
                this.state.pages = [];
            }
        });
    }

    async compare() {
        await this.run(async (folder, documentId) => {
            const found = await this.orm.call("parapheur.folder", "get_differences", [
                folder,
                documentId,
                Number(this.state.old),
                Number(this.state.new),
            ]);
            this.state.pages = found.pages.map((page) => ({
                ...page,
                // Made by our own comparison, which escapes every word of the document.
                text: page.text ? markup(page.text) : "",
            }));
        });
    }

    async run(work) {
        Object.assign(this.state, { error: "", pages: null, at: 0 });
        try {
            await work([this.props.folderId], this.state.documentId);
        } catch (error) {
            this.state.error = errorText(error);
        }
    }
}
