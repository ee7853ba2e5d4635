import { Component, onWillStart, useExternalListener, useState } from "@odoo/owl";
import { CircuitPicture } from "@gov_base/circuit_picture/circuit_picture";
import { GovPdfViewer } from "@gov_base/pdf_viewer/pdf_viewer";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { MODEL, useDeskActs } from "./desk_acts";
import { DeskList } from "./desk_list";
import { DeskPanel } from "./desk_panel";

/** The signatory's desk: what waits, the document, what to do; after an act the next one opens by itself. */
export class ParapheurDesk extends Component {
    static template = "e_parapheur.Desk";
    static components = { CircuitPicture, DeskList, DeskPanel, GovPdfViewer };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({
            basket: "sign",
            counts: {},
            rows: [],
            checked: [],
            hasKey: true,
            consent: { id: "", text: "" },
            folder: null,
            picture: false,
            documentId: false,
            isLoaded: false,
        });
        this.acts = useDeskActs(this);
        useExternalListener(window, "keydown", this.onKeydown.bind(this));
        onWillStart(() => this.start());
    }

    get baskets() {
        return [
            { id: "sign", name: _t("To sign") },
            { id: "visa", name: _t("To approve") },
            { id: "opinion", name: _t("Opinions") },
            { id: "late", name: _t("Late") },
            { id: "done", name: _t("Done") },
        ];
    }

    get shown() {
        const { folder, documentId } = this.state;
        return folder && folder.documents.find((document) => document.id === documentId);
    }

    // ------------------------------------------------------------------
    // Reading
    // ------------------------------------------------------------------
    async start() {
        const asked = this.props.action.context.active_folder_id;
        await this.load("sign");
        // Whoever has nothing to sign begins with what he has.
        const first = this.baskets.find((basket) => this.state.counts[basket.id]);
        if (!this.state.rows.length && first && first.id !== "done") {
            await this.load(first.id);
        }
        if (asked) {
            await this.open(asked);
        } else if (this.state.rows.length && !this.env.isSmall) {
            await this.open(this.state.rows[0].id);
        }
        this.state.isLoaded = true;
    }

    async load(basket) {
        const desk = await this.orm.call(MODEL, "get_desk", [basket]);
        Object.assign(this.state, {
            basket: desk.basket,
            counts: desk.counts,
            rows: desk.folders,
            hasKey: desk.has_key,
            consent: desk.consent,
            checked: [],
        });
    }

    async choose(basket) {
        await this.load(basket);
        const [first] = this.state.rows;
        await (first && !this.env.isSmall ? this.open(first.id) : this.leave());
    }

    async open(id) {
        const folder = await this.orm.call(MODEL, "get_desk_folder", [[id]]);
        const picture = folder.run_id
            ? await this.orm.call("gov.circuit.run", "get_picture", [[folder.run_id]])
            : false;
        const [document] = folder.documents;
        const kept = folder.documents.find((one) => one.id === this.state.documentId);
        Object.assign(this.state, {
            folder,
            picture,
            documentId: (kept || document || { id: false }).id,
        });
    }

    leave() {
        Object.assign(this.state, { folder: null, picture: false, documentId: false });
    }

    /** After an act: the same basket again, and the folder that came after. */
    async next() {
        const { folder, rows, basket } = this.state;
        const place = rows.findIndex((row) => folder && row.id === folder.id);
        const after = rows.slice(place + 1).map(({ id }) => id);
        await this.load(basket);
        const left = this.state.rows;
        const following = left.find(({ id }) => after.includes(id)) || left[left.length - 1];
        await (following ? this.open(following.id) : this.leave());
    }

    async again() {
        await this.load(this.state.basket);
        await this.open(this.state.folder.id);
    }

    // ------------------------------------------------------------------
    // Beside the acts
    // ------------------------------------------------------------------
    openForm() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: MODEL,
            res_id: this.state.folder.id,
            views: [[false, "form"]],
        });
    }

    makeKey() {
        return this.action.doAction("gov_trust.gov_signature_wizard_action", {
            onClose: () => this.load(this.state.basket),
        });
    }

    check(id) {
        const { checked } = this.state;
        this.state.checked = checked.includes(id)
            ? checked.filter((one) => one !== id)
            : [...checked, id];
    }

    checkAll() {
        const { checked, rows } = this.state;
        this.state.checked = checked.length === rows.length ? [] : rows.map(({ id }) => id);
    }

    // ------------------------------------------------------------------
    // Keyboard
    // ------------------------------------------------------------------
    onKeydown(ev) {
        const { target, key } = ev;
        const typing = "input:not([type=checkbox]), textarea, select, [contenteditable]";
        if (
            document.querySelector(".modal, .o_popover, .o_command_palette") ||
            target.closest?.(typing) ||
            // Enter on a button is that button's; on the folder that is open it decides.
            (key === "Enter" && target.closest?.("a, button:not([aria-current=true])")) ||
            ev.ctrlKey ||
            ev.altKey ||
            ev.metaKey
        ) {
            return;
        }
        const { folder } = this.state;
        const act = {
            j: () => this.move(1),
            ArrowDown: () => this.move(1),
            k: () => this.move(-1),
            ArrowUp: () => this.move(-1),
            Enter: () => folder && this.primary(),
            r: () => folder && folder.can.refuse && this.acts.refuse(),
            x: () => folder && this.state.basket === "sign" && this.check(folder.id),
        }[key];
        if (act) {
            ev.preventDefault();
            act();
        }
    }

    primary() {
        const { can } = this.state.folder;
        if (can.sign) {
            this.acts.sign();
        } else if (can.approve) {
            this.acts.approve();
        }
    }

    async move(step) {
        const { folder, rows } = this.state;
        const place = rows.findIndex((row) => folder && row.id === folder.id);
        const row = rows[place + step];
        if (row) {
            await this.open(row.id);
        }
    }
}

registry.category("actions").add("e_parapheur.desk", ParapheurDesk);
