import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

import { BlockText } from "./block_text";

const KINDS = {
    letterhead: { icon: "fa-id-card-o", label: _t("Letterhead") },
    text: { icon: "fa-align-left", label: _t("Text") },
    pair: { icon: "fa-columns", label: _t("Two languages") },
    if: { icon: "fa-question-circle-o", label: _t("Only if") },
    loop: { icon: "fa-repeat", label: _t("For each") },
    signature: { icon: "fa-pencil-square-o", label: _t("Signature") },
};

/** Blocks one under the other; some hold lists of blocks themselves. */
export class BlockList extends Component {
    static template = "gov_base.BlockList";
    static components = { BlockText };
    static props = {
        blocks: Array,
        designer: Object,
        language: { type: [Object, { value: null }], optional: true },
        path: { type: Array, optional: true },
        over: { type: String, optional: true },
    };
    static defaultProps = { path: [], over: "" };

    get offers() {
        return this.props.designer.offers;
    }

    get itemKeys() {
        const loop = this.loop(this.props.over);
        return loop ? loop.keys : [];
    }

    /** The merge fields of a text that stands here: those of the item first. */
    get keys() {
        return [...this.itemKeys, ...this.offers.keys];
    }

    /** What a block “only if” may look at. */
    get conditions() {
        return [...this.keys, ...(this.props.over ? [] : this.offers.loops)];
    }

    get addable() {
        const { path, designer } = this.props;
        return Object.keys(KINDS).filter((kind) => {
            if (kind === "letterhead" || kind === "signature") {
                return (
                    !path.length &&
                    this.offers.framed &&
                    !this.props.blocks.some((block) => block.kind === kind)
                );
            }
            if (path.length >= designer.maxDepth && kind !== "text") {
                return false;
            }
            if (kind === "loop" && !this.offers.loops.length) {
                return false;
            }
            return !(["pair", "loop"].includes(kind) && path.includes(kind));
        });
    }

    look(kind) {
        return KINDS[kind];
    }

    loop(name) {
        return this.offers.loops.find((loop) => loop.key === name);
    }

    columns(block) {
        const loop = this.loop(block.over);
        return loop ? loop.keys : [];
    }

    inside(block) {
        return [...this.props.path, block.kind];
    }

    add(kind) {
        this.props.designer.add(this.props.blocks, kind);
    }

    set(block, name, value) {
        this.props.designer.set(block, { [name]: value });
    }

    setOver(block, over) {
        const loop = this.loop(over);
        this.props.designer.set(block, {
            over,
            columns: loop ? loop.keys.map((field) => field.key) : [],
        });
    }

    toggleColumn(block, key) {
        const chosen = this.columns(block)
            .map((field) => field.key)
            .filter((name) => (name === key) !== block.columns.includes(name));
        this.props.designer.set(block, { columns: chosen });
    }

    move(block, step) {
        this.props.designer.move(this.props.blocks, block, step);
    }

    remove(block) {
        this.props.designer.remove(this.props.blocks, block);
    }
}

BlockList.components.BlockList = BlockList;
