import { Component, onWillStart, useState } from "@odoo/owl";
import { errorText } from "@gov_base/words/error_text";
import { Dialog } from "@web/core/dialog/dialog";
import { useService } from "@web/core/utils/hooks";

import { PlacementEditor, overlap } from "./placement_editor";

/** Shows where the blocks of the main documents of a folder stand, and lets those who may move them. */
export class PlacementDialog extends Component {
    static template = "e_parapheur.PlacementDialog";
    static components = { Dialog, PlacementEditor };
    static props = {
        close: Function,
        folderId: Number,
        documents: Array,
        documentId: { type: Number, optional: true },
        onPlaced: { type: Function, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({
            documentId: this.props.documentId || this.props.documents[0].id,
            placement: null,
            boxes: [],
            error: "",
            isBusy: false,
        });
        // Nothing waits for the pages: the dialog opens and says what it does.
        onWillStart(() => {
            this.load();
        });
    }

    get canSave() {
        const { placement } = this.state;
        return Boolean(placement && placement.editable && placement.boxes.length);
    }

    get hasMoved() {
        return this.state.boxes.some((box) => box.isMoved);
    }

    get hasChosen() {
        return this.state.boxes.some((box) => box.origin === "person" && !box.signed);
    }

    get hasOverlap() {
        const { boxes } = this.state;
        return boxes.some((one) =>
            boxes.some((other) => one.name !== other.name && overlap(one, other))
        );
    }

    choose(value) {
        this.state.documentId = Number(value);
        return this.load();
    }

    load() {
        return this.run("get_placement", []);
    }

    onMoved(boxes) {
        this.state.boxes = boxes;
    }

    async save() {
        const boxes = this.state.boxes
            .filter((box) => box.isMoved)
            .map(({ name, page, x, y }) => ({ name, page, x, y }));
        await this.run("action_place", [boxes], true);
    }

    async reset() {
        const boxes = this.state.boxes
            .filter((box) => box.origin === "person" && !box.signed)
            .map(({ name }) => ({ name, page: null }));
        await this.run("action_place", [boxes], true);
    }

    async run(method, args, isPlaced = false) {
        Object.assign(this.state, { error: "", isBusy: true });
        if (!isPlaced) {
            Object.assign(this.state, { placement: null, boxes: [] });
        }
        const { documentId } = this.state;
        try {
            const placement = await this.orm.call("parapheur.folder", method, [
                [this.props.folderId],
                documentId,
                ...args,
            ]);
            if (documentId === this.state.documentId) {
                this.state.placement = placement;
                this.state.boxes = placement.boxes;
            }
            if (isPlaced && this.props.onPlaced) {
                this.props.onPlaced();
            }
        } catch (error) {
            this.state.error = errorText(error);
        } finally {
            this.state.isBusy = false;
        }
    }
}
