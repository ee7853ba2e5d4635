import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

import { DeskPick, matching } from "./desk_pick";

/** What a dispatch says; people and units are `{ id, name }`. */
export function emptyForm() {
    return {
        unitId: false,
        userId: false,
        instructionId: false,
        due: "",
        isDueTyped: false,
        note: "",
        copies: [],
        opinions: [],
        question: "",
        opinionDue: "",
        visas: [],
        signer: null,
        isOpen: false,
    };
}

function ids(list) {
    return list.map(({ id }) => id);
}

/** The same, as the server reads it. */
export function formValues(form) {
    return {
        unit_id: form.unitId || false,
        user_id: form.userId || false,
        instruction_id: form.instructionId || false,
        due_date: form.due || false,
        note: form.note,
        copy_unit_ids: ids(form.copies.filter(({ isUnit }) => isUnit)),
        copy_user_ids: ids(form.copies.filter(({ isUnit }) => !isUnit)),
        opinion_user_ids: ids(form.opinions),
        opinion_question: form.question,
        opinion_due: form.opinions.length ? form.opinionDue || false : false,
        visa_user_ids: ids(form.visas),
        sign_user_id: form.signer ? form.signer.id : false,
    };
}

/** One line: to which unit and agent, for what, by when; the rest unfolds. */
export class BoardForm extends Component {
    static template = "mail_desk.BoardForm";
    static components = { DeskPick };
    static props = {
        form: Object,
        units: Array,
        instructions: Array,
        agents: Object,
        companyId: { type: [Number, Boolean], optional: true },
        today: String,
        meet: Function,
        focus: Function,
    };

    setup() {
        this.orm = useService("orm");
    }

    get units() {
        const { units, companyId } = this.props;
        return companyId ? units.filter(({ company_id }) => company_id === companyId) : units;
    }

    get instructions() {
        const { instructions, companyId } = this.props;
        return instructions.filter(
            ({ company_id }) => !company_id || !companyId || company_id === companyId
        );
    }

    get unitName() {
        const unit = this.props.units.find(({ id }) => id === this.props.form.unitId);
        return unit ? unit.name : "";
    }

    get people() {
        return this.props.agents[this.props.form.unitId] || [];
    }

    get agentName() {
        const agent = this.people.find(({ id }) => id === this.props.form.userId);
        return agent ? agent.name : "";
    }

    get agentPlaceholder() {
        return this.props.form.unitId && !this.people.length
            ? _t("Nobody works there: the unit alone")
            : _t("The unit decides");
    }

    unitOptions(request) {
        return matching(this.units, request).map((unit) => ({
            id: unit.id,
            label: unit.name,
            hint: unit.within,
        }));
    }

    agentOptions(request) {
        return matching(this.people, request).map((agent) => ({
            id: agent.id,
            label: agent.name,
            hint: this.agentHint(agent),
            isMuted: Boolean(agent.absent_until),
        }));
    }

    agentHint(agent) {
        if (agent.absent_until) {
            return _t("absent until %s", this.day(agent.absent_until));
        }
        const load = agent.load === 1 ? _t("1 open") : _t("%s open", agent.load);
        return agent.is_head ? _t("head · %s", load) : load;
    }

    day(iso) {
        return luxon.DateTime.fromISO(iso).toLocaleString(luxon.DateTime.DATE_SHORT);
    }

    async peopleOptions(request) {
        const found = await this.orm.call("desk.board", "find_people", [
            request,
            this.props.companyId || false,
        ]);
        return found.map(({ id, name, unit }) => ({ id, label: name, hint: unit }));
    }

    async copyOptions(request) {
        const units = this.unitOptions(request).map((option) => ({ ...option, isUnit: true }));
        return [...units.slice(0, 6), ...(await this.peopleOptions(request))];
    }

    async setUnit(option) {
        const { form } = this.props;
        Object.assign(form, { unitId: option ? option.id : false, userId: false });
        await this.props.meet(form.unitId);
        if (form.unitId && this.people.length) {
            this.props.focus("agent");
        }
    }

    setAgent(option) {
        this.props.form.userId = option ? option.id : false;
    }

    setInstruction(ev) {
        const { form } = this.props;
        form.instructionId = Number(ev.target.value) || false;
        const instruction = this.instructions.find(({ id }) => id === form.instructionId);
        if (instruction && instruction.due && !form.isDueTyped) {
            form.due = instruction.due;
        }
    }

    setDue(ev) {
        Object.assign(this.props.form, { due: ev.target.value, isDueTyped: true });
    }

    add(name, option) {
        const list = this.props.form[name];
        const isUnit = Boolean(option && option.isUnit);
        const known = list.some((one) => one.id === option?.id && one.isUnit === isUnit);
        if (option && !known) {
            list.push({ id: option.id, name: option.label, isUnit });
        }
    }

    drop(name, place) {
        this.props.form[name].splice(place, 1);
    }

    setSigner(option) {
        this.props.form.signer = option ? { id: option.id, name: option.label } : null;
    }

    get othersCount() {
        const { copies, opinions, visas, signer } = this.props.form;
        return copies.length + opinions.length + visas.length + (signer ? 1 : 0);
    }
}
