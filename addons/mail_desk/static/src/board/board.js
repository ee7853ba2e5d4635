import { Component, onWillStart, useExternalListener, useRef, useState } from "@odoo/owl";
import { GovPdfViewer } from "@gov_base/pdf_viewer/pdf_viewer";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { MODEL, useBoardActs } from "./board_acts";
import { emptyForm } from "./board_form";
import { BoardHelp } from "./board_help";
import { useBoardKeys } from "./board_keys";
import { BoardList } from "./board_list";
import { BoardPanel } from "./board_panel";

/** The dispatch board: what waits, the letter, one line to dispatch it; the next one opens by itself. */
export class DispatchBoard extends Component {
    static template = "mail_desk.Board";
    static components = { BoardList, BoardPanel, GovPdfViewer };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.root = useRef("root");
        this.ahead = new Map();
        this.state = useState({
            rows: [],
            count: 0,
            found: 0,
            working: 0,
            late: 0,
            units: [],
            instructions: [],
            agents: {},
            checked: [],
            search: "",
            letter: null,
            documentId: false,
            form: emptyForm(),
            isBulk: false,
            isBusy: false,
            error: "",
            hint: "",
            failed: [],
            done: 0,
        });
        this.acts = useBoardActs(this);
        this.look = useDebounced(() => this.load().then(() => this.openFirst()), 300);
        useExternalListener(window, "keydown", useBoardKeys(this));
        onWillStart(() => this.start());
    }

    // ------------------------------------------------------------------
    // Reading
    // ------------------------------------------------------------------
    async start() {
        await this.load(true);
        const asked = this.props.action.context.active_letter_id;
        if (asked) {
            await this.open(asked);
        } else {
            await this.openFirst();
        }
    }

    async load(withWords = false) {
        const board = await this.orm.call(MODEL, "load", [this.state.search, withWords]);
        const { letters, ...rest } = board;
        const ids = letters.map(({ id }) => id);
        Object.assign(this.state, rest, {
            rows: letters,
            checked: this.state.checked.filter((id) => ids.includes(id)),
        });
    }

    async openFirst() {
        const [first] = this.state.rows;
        if (!first) {
            this.leave();
        } else if (!this.env.isSmall) {
            await this.open(first.id);
        }
    }

    /** One letter; it may have been fetched while the one before was read. */
    async open(id) {
        Object.assign(this.state, { error: "", hint: "" });
        const promise = this.ahead.get(id) || this.fetch(id);
        this.ahead.clear();
        let letter = null;
        try {
            letter = await promise;
        } catch {
            // Gone meanwhile, or fetched too early: once more, and this time it is said.
            letter = await this.fetch(id);
        }
        // What was typed belongs to the letter before: keys are the board's again.
        document.activeElement?.blur?.();
        const [first] = letter.documents;
        const best = this.best(letter);
        Object.assign(this.state, {
            letter,
            documentId: first ? first.id : false,
            isBulk: false,
            form: {
                ...emptyForm(),
                unitId: best ? best.unit : this.ownUnit(letter),
                userId: (best && best.user) || false,
                instructionId: letter.instruction_id || false,
                due: letter.is_late ? "" : letter.due || "",
            },
        });
        await this.meet(this.state.form.unitId);
        this.fetchAhead(id);
    }

    fetch(id) {
        return this.orm.call(MODEL, "open", [id]);
    }

    fetchAhead(id) {
        const place = this.state.rows.findIndex((row) => row.id === id);
        const next = this.state.rows[place + 1];
        if (next && place >= 0) {
            const promise = this.fetch(next.id);
            promise.catch(() => this.ahead.delete(next.id));
            this.ahead.set(next.id, promise);
        }
    }

    /**
     * The proposal the form begins with. That somebody has few letters is a reason only once the unit is
     * known: it would otherwise give every letter to the unit that dispatches.
     */
    best(letter) {
        return letter.proposals.find(({ source }) => source !== "load" || this.ownUnit(letter));
    }

    /** A letter that another unit sent here is for somebody of this unit. */
    ownUnit(letter) {
        return letter.from_unit_id ? letter.unit_id : false;
    }

    /** The people of a unit, fetched once. */
    async meet(unitId) {
        if (unitId && !this.state.agents[unitId]) {
            this.state.agents[unitId] = await this.orm.call(MODEL, "agents", [unitId]);
        }
    }

    leave() {
        Object.assign(this.state, { letter: null, documentId: false, isBulk: false });
    }

    /** After an act: the list again, and the letter that came after. */
    async next(ids) {
        const { letter, rows } = this.state;
        const place = rows.findIndex((row) => letter && row.id === letter.id);
        const after = rows.slice(place + 1).map(({ id }) => id);
        this.state.agents = {};
        await this.load();
        const left = this.state.rows.filter(({ id }) => !ids.includes(id));
        const following = left.find(({ id }) => after.includes(id)) || left[0];
        if (following && !(this.env.isSmall && this.state.isBulk)) {
            await this.open(following.id);
        } else {
            this.leave();
        }
    }

    // ------------------------------------------------------------------
    // The list
    // ------------------------------------------------------------------
    onSearch(words) {
        this.state.search = words;
        this.look();
    }

    check(id) {
        const { checked } = this.state;
        this.setChecked(
            checked.includes(id) ? checked.filter((one) => one !== id) : [...checked, id]
        );
    }

    checkAll() {
        const { checked, rows } = this.state;
        this.setChecked(checked.length === rows.length ? [] : rows.map(({ id }) => id));
    }

    /** One form for all that is ticked; it begins empty, whatever the open letter's says. */
    setChecked(ids) {
        const wasBulk = this.state.isBulk;
        Object.assign(this.state, { checked: ids, isBulk: ids.length > 0, error: "" });
        if (!wasBulk && ids.length) {
            this.state.form = emptyForm();
        } else if (wasBulk && !ids.length && this.state.letter) {
            this.open(this.state.letter.id);
        }
    }

    async move(step) {
        const { letter, rows } = this.state;
        const place = rows.findIndex((row) => letter && row.id === letter.id);
        const row = rows[place + step];
        if (row) {
            await this.open(row.id);
        }
    }

    // ------------------------------------------------------------------
    // The form
    // ------------------------------------------------------------------
    /** Take a proposal as it is; a second time dispatches it. */
    async take(place) {
        const { letter, form, isBulk } = this.state;
        const proposal = letter && !isBulk && letter.proposals[place];
        if (proposal) {
            Object.assign(form, { unitId: proposal.unit, userId: proposal.user || false });
            await this.meet(form.unitId);
        }
    }

    /** Enter dispatches; a whole unit gets its own letter only when that is meant. */
    enter() {
        const { letter, form, isBulk } = this.state;
        if (!isBulk && !(letter && letter.can.dispatch)) {
            return;
        }
        const people = this.state.agents[form.unitId] || [];
        const isOwn = !isBulk && form.unitId === letter.unit_id;
        if (isOwn && !form.userId && people.length && !this.state.hint) {
            this.state.hint = _t("Choose an agent, or press Enter again for the unit as a whole.");
            this.focus("agent");
            return;
        }
        return this.acts.dispatch();
    }

    focus(name) {
        const field = this.root.el.querySelector(`#o_desk_board_${name}`);
        if (field) {
            field.focus();
            field.click();
        }
    }

    /** Open what is folded, then go to the field. */
    async unfold(name) {
        if (this.state.letter || this.state.isBulk) {
            this.state.form.isOpen = true;
            // The fields are there once the page was drawn again.
            await new Promise((resolve) => setTimeout(resolve, 60));
            this.focus(name);
        }
    }

    // ------------------------------------------------------------------
    // Shown
    // ------------------------------------------------------------------
    get shown() {
        const { letter, documentId } = this.state;
        return letter && letter.documents.find(({ id }) => id === documentId);
    }

    get checkedRows() {
        return this.state.rows.filter(({ id }) => this.state.checked.includes(id));
    }

    get workingText() {
        const { working } = this.state;
        if (!working) {
            return _t("No letter is being worked on in your units.");
        }
        return working === 1
            ? _t("1 letter is being worked on in your units.")
            : _t("%s letters are being worked on in your units.", working);
    }

    async openForm() {
        const action = await this.orm.call("registry.letter", "action_open_desk", [
            [this.state.letter.id],
        ]);
        return this.action.doAction(action);
    }

    openWorking() {
        return this.action.doAction("mail_desk.registry_letter_action_desk", {
            additionalContext: { search_default_assigned: 1 },
        });
    }

    help() {
        this.dialog.add(BoardHelp, {});
    }
}

registry.category("actions").add("mail_desk.board", DispatchBoard);
