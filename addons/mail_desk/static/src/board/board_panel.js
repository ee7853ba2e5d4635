import { Component } from "@odoo/owl";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

import { BoardForm } from "./board_form";

/** The right column: what the letter is, where it could go and why, and the line that dispatches it. */
export class BoardPanel extends Component {
    static template = "mail_desk.BoardPanel";
    static components = { BoardForm };
    static props = {
        letter: { type: [Object, { value: null }] },
        bulk: Array,
        isBulk: Boolean,
        form: Object,
        units: Array,
        instructions: Array,
        agents: Object,
        today: String,
        error: String,
        hint: String,
        isBusy: Boolean,
        meet: Function,
        take: Function,
        focus: Function,
        clear: Function,
        openForm: Function,
        acts: Object,
    };

    get companyId() {
        const { isBulk, bulk, letter } = this.props;
        return (isBulk ? bulk[0]?.company_id : letter?.company_id) || false;
    }

    can(act) {
        const { isBulk, letter } = this.props;
        return isBulk || Boolean(letter && letter.can[act]);
    }

    unitName(id) {
        const unit = this.props.units.find((one) => one.id === id);
        return unit ? unit.name : "–";
    }

    day(iso) {
        return formatDate(luxon.DateTime.fromISO(iso));
    }

    moment(text) {
        return formatDate(deserializeDateTime(text));
    }

    cameBack(row) {
        const words = { unit: this.unitName(row.unit_id), date: this.day(row.date) };
        return {
            returned: _t("%(unit)s returned it on %(date)s", words),
            redirected: _t("%(unit)s redirected it on %(date)s", words),
            refused: _t("%(unit)s refused it on %(date)s", words),
        }[row.what];
    }

    isTaken(proposal) {
        const { form } = this.props;
        return form.unitId === proposal.unit && form.userId === (proposal.user || false);
    }

    load(proposal) {
        if (proposal.absent_until) {
            return _t("absent until %s", this.day(proposal.absent_until));
        }
        if (!proposal.user) {
            return "";
        }
        return proposal.load === 1 ? _t("1 open") : _t("%s open", proposal.load || 0);
    }

    get where() {
        const { form } = this.props;
        if (!form.unitId) {
            return "";
        }
        const agent = (this.props.agents[form.unitId] || []).find(({ id }) => id === form.userId);
        return agent ? agent.name : this.unitName(form.unitId);
    }
}
