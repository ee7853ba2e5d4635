import { HtmlViewer } from "@html_editor/components/html_viewer/html_viewer";
import { MAIN_PLUGINS, NO_EMBEDDED_COMPONENTS_FALLBACK_PLUGINS } from "@html_editor/plugin_sets";
import { Wysiwyg } from "@html_editor/wysiwyg";
import { Component, markup, onWillDestroy, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";

/** What the server cleans is shown and edited; anything else is text. */
const html = (text) => markup(text || "");

/** The text of a block, written in the direction of its language, with the merge fields at hand. */
export class BlockText extends Component {
    static template = "gov_base.BlockText";
    static components = { Wysiwyg, HtmlViewer, Dropdown, DropdownItem };
    static props = {
        block: Object,
        designer: Object,
        language: { type: [Object, { value: null }], optional: true },
        keys: Array,
        placeholder: { type: String, optional: true },
    };

    setup() {
        this.said = useState({ text: "" });
        onWillDestroy(() => this.props.designer.editors.delete(this));
        this.props.designer.editors.add(this);
        // The editor holds the text from here on: it is read from it, never put back while somebody writes.
        this.initial = this.props.block.html;
    }

    get direction() {
        return this.props.language ? this.props.language.direction : "ltr";
    }

    get viewerConfig() {
        return { value: html(this.props.block.html) };
    }

    get config() {
        const { record } = this.props.designer;
        return {
            content: html(this.initial),
            Plugins: [...MAIN_PLUGINS, ...NO_EMBEDDED_COMPONENTS_FALLBACK_PLUGINS],
            onChange: () => this.onChange(),
            direction: this.direction,
            placeholder: this.props.placeholder,
            baseContainers: ["P"],
            allowImage: false,
            allowVideo: false,
            allowFile: false,
            allowMediaDocuments: false,
            allowChecklist: false,
            getRecordInfo: () => ({
                resModel: record.resModel,
                resId: record.resId,
                id: record.id,
            }),
            resources: {},
        };
    }

    onEditorLoad(editor) {
        this.editor = editor;
    }

    onChange() {
        this.dirty = true;
        this.props.designer.touched();
    }

    /** Take the text of the editor into the document; called before it is saved. */
    collect() {
        if (this.dirty && this.editor && !this.editor.isDestroyed) {
            this.props.designer.setText(this.props.block.id, this.editor.getContent());
            this.dirty = false;
        }
    }

    code({ key }) {
        return `{{ ${key} }}`;
    }

    /** Put the field where the cursor is. */
    insert(field) {
        const code = this.code(field);
        this.editor.shared.selection.focusEditable();
        this.editor.shared.dom.insert(code);
        this.editor.shared.history.addStep();
        this.said.text = _t("%s was added to the text.", code);
    }
}
