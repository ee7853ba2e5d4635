import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { BlockList } from "./block_list";

/** As `lib/blocks.py` counts: lists of blocks in each other. */
const MAX_DEPTH = 3;
const INNER = ["blocks", "first", "second"];
const NOTHING = { keys: [], loops: [], letterheads: [], framed: false, first: null, second: null };

/** A document of blocks, built by clicks: letterhead, texts, two languages, only if, for each, signature. */
export class GovTemplateDesigner extends Component {
    static template = "gov_base.TemplateDesigner";
    static components = { BlockList };
    static props = { ...standardFieldProps };

    setup() {
        this.count = 0;
        this.editors = new Set();
        this.maxDepth = MAX_DEPTH;
        this.state = useState({ blocks: [], said: "" });
        this.isDirty = false;
        const { model } = this.props.record;
        useBus(model.bus, "WILL_SAVE_URGENTLY", () => this.commit());
        useBus(model.bus, "NEED_LOCAL_CHANGES", ({ detail }) => detail.proms.push(this.commit()));
        useRecordObserver((record) => {
            const shown = JSON.stringify(record.data[this.props.name] || []);
            if (!this.isDirty && shown !== this.known) {
                this.known = shown;
                this.state.blocks = this.named(JSON.parse(shown));
            }
        });
    }

    get record() {
        return this.props.record;
    }

    get offers() {
        return this.props.record.data.designer || NOTHING;
    }

    get readonly() {
        return this.props.readonly;
    }

    /** Each block gets a name of its own: an editor stays with its block when this one moves. */
    named(blocks) {
        for (const block of blocks) {
            block.id = ++this.count;
            for (const name of INNER) {
                this.named(block[name] || []);
            }
        }
        return blocks;
    }

    find(id, blocks = this.state.blocks) {
        for (const block of blocks) {
            const found = block.id === id ? block : this.findInside(id, block);
            if (found) {
                return found;
            }
        }
        return null;
    }

    findInside(id, block) {
        for (const name of INNER) {
            const found = block[name] && this.find(id, block[name]);
            if (found) {
                return found;
            }
        }
        return null;
    }

    /** The document without the names of its blocks. */
    plain(blocks) {
        return blocks.map((block) => {
            const copy = { ...block };
            delete copy.id;
            for (const name of INNER) {
                if (copy[name]) {
                    copy[name] = this.plain(copy[name]);
                }
            }
            return copy;
        });
    }

    touched() {
        this.isDirty = true;
        this.props.record.model.bus.trigger("FIELD_IS_DIRTY", true);
    }

    setText(id, text) {
        const block = this.find(id);
        if (block) {
            block.html = text;
        }
    }

    async commit() {
        for (const editor of this.editors) {
            editor.collect();
        }
        if (!this.isDirty) {
            return;
        }
        this.isDirty = false;
        const document = this.plain(this.state.blocks);
        this.known = JSON.stringify(document);
        await this.props.record.update({ [this.props.name]: document });
        this.props.record.model.bus.trigger("FIELD_IS_DIRTY", this.isDirty);
    }

    change(said) {
        this.state.said = said;
        this.touched();
        return this.commit();
    }

    fresh(kind) {
        const { loops, keys } = this.offers;
        const block = { id: ++this.count, kind };
        if (kind === "text" || kind === "signature") {
            block.html = "";
        }
        if (kind === "signature") {
            block.place = "end";
        } else if (kind === "letterhead") {
            block.letterhead = 0;
        } else if (kind === "pair") {
            Object.assign(block, { layout: "side", first: this.oneText(), second: this.oneText() });
        } else if (kind === "if") {
            const key = keys.length ? keys[0].key : "";
            Object.assign(block, { key, present: true, blocks: this.oneText() });
        } else if (kind === "loop") {
            const columns = loops[0].keys.map((field) => field.key);
            Object.assign(block, { over: loops[0].key, style: "table", columns, blocks: [] });
        }
        return block;
    }

    oneText() {
        return [{ id: ++this.count, kind: "text", html: "" }];
    }

    add(blocks, kind) {
        const block = this.fresh(kind);
        const last = blocks.length && blocks[blocks.length - 1].kind === "signature";
        if (kind === "letterhead") {
            blocks.unshift(block);
        } else if (last && kind !== "signature") {
            blocks.splice(blocks.length - 1, 0, block);
        } else {
            blocks.push(block);
        }
        return this.change(_t("A block was added."));
    }

    set(block, values) {
        Object.assign(block, values);
        if (block.kind === "loop" && block.style !== "table" && !block.blocks.length) {
            const field = this.offers.loops.find((loop) => loop.key === block.over);
            const html = field
                ? `<p>{{ ${field.keys[field.keys.length > 1 ? 1 : 0].key} }}</p>`
                : "";
            block.blocks = [{ id: ++this.count, kind: "text", html }];
        }
        return this.change("");
    }

    move(blocks, block, step) {
        const at = blocks.findIndex((one) => one.id === block.id);
        const to = at + step;
        if (to < 0 || to >= blocks.length) {
            return;
        }
        const [moved] = blocks.splice(at, 1);
        blocks.splice(to, 0, moved);
        return this.change(_t("The block was moved."));
    }

    remove(blocks, block) {
        blocks.splice(
            blocks.findIndex((one) => one.id === block.id),
            1
        );
        return this.change(_t("The block was removed."));
    }
}

export const govTemplateDesigner = {
    component: GovTemplateDesigner,
    displayName: _t("Document of blocks"),
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "designer", type: "json" }],
};

registry.category("fields").add("gov_template_designer", govTemplateDesigner);
