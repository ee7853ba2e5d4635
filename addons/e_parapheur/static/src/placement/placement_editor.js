import { Component, onWillUpdateProps, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/** Points a key moves a block: alone, and with Shift. */
const STEP = 2;
const STRIDE = 20;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Whether two blocks have more than an edge in common. */
export function overlap(one, other) {
    return (
        one.page === other.page &&
        one.x < other.x + other.width &&
        other.x < one.x + one.width &&
        one.y < other.y + other.height &&
        other.y < one.y + one.height
    );
}

/** The nearest place of a block inside its page. */
export function kept(box, page) {
    return {
        x: Math.min(Math.max(box.x, 0), Math.max(page.width - box.width, 0)),
        y: Math.min(Math.max(box.y, 0), Math.max(page.height - box.height, 0)),
    };
}

/**
 * Pages of a document with the blocks that will be drawn on them: moved with the mouse, a finger or the arrows.
 *
 * `pages` and `boxes` are those of `parapheur.folder.get_placement`; `onMoved(boxes)` is called with all of them after
 * each move. A block never leaves its page; one that lies over another is shown so.
 */
export class PlacementEditor extends Component {
    static template = "e_parapheur.PlacementEditor";
    static props = {
        versionId: Number,
        pages: Array,
        boxes: Array,
        editable: { type: Boolean, optional: true },
        isRaw: { type: Boolean, optional: true },
        onMoved: { type: Function, optional: true },
    };

    setup() {
        this.sheet = useRef("sheet");
        this.state = useState({ page: this.firstPage(this.props), chosen: "", drag: null });
        onWillUpdateProps((next) => {
            if (this.state.page >= next.pages.length) {
                this.state.page = 0;
            }
        });
    }

    firstPage({ boxes }) {
        const first = boxes.find((box) => box.kind === "signature") || boxes[0];
        return first ? first.page : 0;
    }

    get page() {
        return this.props.pages[this.state.page];
    }

    get shown() {
        return this.props.boxes.filter((box) => box.page === this.state.page);
    }

    get source() {
        const clean = this.props.isRaw ? 1 : 0;
        return `/parapheur/document/${this.props.versionId}/page/${this.state.page}?width=1100&clean=${clean}`;
    }

    get chosenBox() {
        return this.props.boxes.find((box) => box.name === this.state.chosen);
    }

    get elsewhere() {
        return this.props.boxes
            .filter((box) => box.page !== this.state.page)
            .map((box) => ({ ...box, where: _t("page %s", box.page + 1) }));
    }

    style(box) {
        const part = (value, whole) => `${((100 * value) / whole).toFixed(3)}%`;
        return (
            `left:${part(box.x, this.page.width)};top:${part(box.y, this.page.height)};` +
            `width:${part(box.width, this.page.width)};height:${part(box.height, this.page.height)}`
        );
    }

    isOver(box) {
        return this.props.boxes.some((other) => other.name !== box.name && overlap(box, other));
    }

    origin(box) {
        return {
            person: _t("placed by hand"),
            tag: _t("at its tag"),
            default: _t("usual place"),
        }[box.origin];
    }

    canMove(box) {
        return this.props.editable && !box.signed;
    }

    go(page) {
        this.state.page = Math.min(Math.max(page, 0), this.props.pages.length - 1);
    }

    show(box) {
        this.state.page = box.page;
        this.state.chosen = box.name;
    }

    move(box, change) {
        const moved = { ...box, ...change, origin: "person", isMoved: true, isBack: false };
        Object.assign(moved, kept(moved, this.props.pages[moved.page]));
        this.props.onMoved(
            this.props.boxes.map((other) => (other.name === box.name ? moved : other))
        );
    }

    /** Takes a block that stands on another page to the one that is shown. */
    bringHere(box) {
        this.state.chosen = box.name;
        this.move(box, { page: this.state.page });
    }

    onPointerDown(ev, box) {
        this.state.chosen = box.name;
        if (!this.canMove(box) || ev.button) {
            return;
        }
        ev.currentTarget.setPointerCapture(ev.pointerId);
        this.state.drag = { name: box.name, x: ev.clientX, y: ev.clientY, left: box.x, top: box.y };
    }

    onPointerMove(ev, box) {
        const { drag } = this.state;
        if (!drag || drag.name !== box.name) {
            return;
        }
        const scale = this.page.width / this.sheet.el.getBoundingClientRect().width;
        this.move(box, {
            x: drag.left + (ev.clientX - drag.x) * scale,
            y: drag.top + (ev.clientY - drag.y) * scale,
        });
    }

    onPointerUp() {
        this.state.drag = null;
    }

    onKeydown(ev, box) {
        if (!this.canMove(box)) {
            return;
        }
        const arrow = ARROWS[ev.key];
        if (arrow) {
            const step = ev.shiftKey ? STRIDE : STEP;
            this.move(box, { x: box.x + step * arrow[0], y: box.y + step * arrow[1] });
        } else if (ev.key === "PageUp" || ev.key === "PageDown") {
            this.go(this.state.page + (ev.key === "PageUp" ? -1 : 1));
            this.move(box, { page: this.state.page });
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }
}
