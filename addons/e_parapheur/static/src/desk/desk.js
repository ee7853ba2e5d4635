import { Component, onWillStart, useExternalListener, useState } from "@odoo/owl";
import { GovPdfViewer } from "@gov_base/pdf_viewer/pdf_viewer";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { MODEL, useDeskActs } from "./desk_acts";
import { basketsOf } from "./desk_baskets";
import { useDeskKeys } from "./desk_keys";
import { DeskCheck } from "./desk_check";
import { DeskHead } from "./desk_head";
import { DeskList } from "./desk_list";
import { DeskPanel } from "./desk_panel";
import { DeskTabs } from "./desk_tabs";

/** Rows that are fetched at once when all are ticked: as many as one authentication signs. */
const MOST = 1000;

/** The signatory's desk: what waits, the document, what to do; after an act the next one opens by itself. */
export class ParapheurDesk extends Component {
    static template = "e_parapheur.Desk";
    static components = { DeskCheck, DeskHead, DeskList, DeskPanel, DeskTabs, GovPdfViewer };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({
            basket: "sign",
            personId: 0,
            natureId: 0,
            words: "",
            counts: {},
            delegations: [],
            signatories: [],
            natures: [],
            rows: [],
            total: 0,
            checked: [],
            hasKey: true,
            consent: { id: "", text: "" },
            folder: null,
            picture: false,
            documentId: false,
            isLoaded: false,
        });
        this.reader = null;
        this.opening = new KeepLast();
        this.loading = new KeepLast();
        this.acts = useDeskActs(this);
        this.keys = useDeskKeys(this);
        useExternalListener(window, "keydown", (ev) => this.keys.onKeydown(ev));
        onWillStart(() => this.start());
    }

    get baskets() {
        return basketsOf(this.state);
    }

    isChosen(basket) {
        return basket.id === this.state.basket && basket.personId === this.state.personId;
    }

    /** The first basket in which something is left, when this one is empty. */
    get further() {
        return this.baskets.find((basket) => basket.count && !this.isChosen(basket));
    }

    get shown() {
        const { folder, documentId } = this.state;
        return folder && folder.documents.find((document) => document.id === documentId);
    }

    /** Where the document on the page will be signed and sealed. */
    get marks() {
        if (!this.shown) {
            return [];
        }
        return this.shown.boxes.map((box) => ({
            page: box.page,
            rect: box.rect,
            label: box.is_mine ? _t("You sign here") : box.label,
            isMine: box.is_mine,
        }));
    }

    // ------------------------------------------------------------------
    // Reading
    // ------------------------------------------------------------------
    async start() {
        const asked = this.props.action.context.active_folder_id;
        await this.load({ basket: "sign" });
        // Whoever has nothing to sign begins with what he has.
        const first = this.baskets.find((basket) => basket.count);
        if (!this.state.rows.length && first) {
            await this.load({ basket: first.id, personId: first.personId });
        }
        if (asked) {
            await this.open(asked);
        } else if (this.state.rows.length && !this.env.isSmall) {
            await this.open(this.state.rows[0].id);
        }
        this.state.isLoaded = true;
    }

    /** The first rows of a basket; what is not said stays as it is. */
    async load(changes = {}) {
        const { basket, personId, natureId, words } = { ...this.state, ...changes };
        const desk = await this.loading.add(
            this.orm.call(MODEL, "get_desk", [basket, personId, natureId, words])
        );
        const there = desk.folders.map(({ id }) => id);
        Object.assign(this.state, {
            basket: desk.basket,
            personId: desk.person_id,
            natureId,
            words,
            counts: desk.counts,
            delegations: desk.delegations,
            signatories: desk.signatories,
            natures: desk.natures,
            rows: desk.folders,
            total: desk.total,
            hasKey: desk.has_key,
            consent: desk.consent,
            checked: this.state.checked.filter((id) => there.includes(id)),
        });
    }

    /** @param {number} [limit] how many more; as many as the server gives at once by default */
    async loadMore(limit) {
        const { basket, personId, natureId, words, rows } = this.state;
        const desk = await this.loading.add(
            this.orm.call(MODEL, "get_desk", [
                basket,
                personId,
                natureId,
                words,
                rows.length,
                limit || false,
            ])
        );
        const known = rows.map(({ id }) => id);
        this.state.rows.push(...desk.folders.filter(({ id }) => !known.includes(id)));
        this.state.total = desk.total;
    }

    /** Every row of the basket, and all of them ticked. */
    async checkEvery() {
        await this.loadMore(MOST);
        this.state.checked = this.state.rows.map(({ id }) => id);
    }

    async choose({ id, personId }) {
        this.state.checked = [];
        await this.load({ basket: id, personId, natureId: 0, words: "" });
        await this.openFirst();
    }

    /** @param {{ natureId?: number, words?: string }} changes */
    async filter(changes) {
        this.state.checked = [];
        await this.load(changes);
    }

    async openFirst() {
        const [first] = this.state.rows;
        await (first && !this.env.isSmall ? this.open(first.id) : this.leave());
    }

    async open(id) {
        const reading = async () => {
            const folder = await this.orm.call(MODEL, "get_desk_folder", [[id]]);
            const picture = folder.run_id
                ? await this.orm.call("gov.circuit.run", "get_picture", [[folder.run_id]])
                : false;
            return { folder, picture };
        };
        // Of several that are asked for quickly, the last one is shown.
        const { folder, picture } = await this.opening.add(reading());
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

    /** After an act: the same basket again, and the folder that came after, or the same one while it waits. */
    async next() {
        const { folder, rows } = this.state;
        const place = rows.findIndex((row) => folder && row.id === folder.id);
        const after = rows.slice(place).map(({ id }) => id);
        await this.load();
        const left = this.state.rows;
        const following = left.find(({ id }) => after.includes(id)) || left[left.length - 1];
        await (following ? this.open(following.id) : this.leave());
    }

    /** After something that does not end one's turn. */
    async again() {
        const { id } = this.state.folder;
        await this.load();
        await this.open(id);
    }

    async move(step) {
        const { folder, rows } = this.state;
        const place = rows.findIndex((row) => folder && row.id === folder.id);
        const row = rows[place + step];
        if (row) {
            await this.open(row.id);
        }
    }

    setReader(reader) {
        this.reader = reader;
    }

    get isMain() {
        return Boolean(this.shown && this.shown.role === "main");
    }

    /** What the check found in the document on the page, if anything. */
    get report() {
        const { folder, documentId } = this.state;
        const report = folder.hygiene.find((one) => one.document_id === documentId);
        return report && report.rows.length ? report : null;
    }

    /** Where one signs, or the first place that is signed. */
    showPlace() {
        const mark = this.marks.find(({ isMine }) => isMine) || this.marks[0];
        if (mark && this.reader) {
            this.reader.showMark(mark);
        }
    }

    showDocument(id) {
        this.state.documentId = id;
    }

    /** The next document of the folder, after the last one the first again. */
    turnDocument() {
        const { documents } = this.state.folder;
        const place = documents.findIndex(({ id }) => id === this.state.documentId);
        this.state.documentId = documents[(place + 1) % documents.length].id;
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
            onClose: () => this.load(),
        });
    }

    /** What the rows that are ticked may be done with: `sign`, `approve` or nothing. */
    get together() {
        return { sign: "sign", delegated: "sign", visa: "approve" }[this.state.basket] || false;
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
}

registry.category("actions").add("e_parapheur.desk", ParapheurDesk);
