import { Component, useState } from "@odoo/owl";
import { errorText } from "@gov_base/words/error_text";
import { Dialog } from "@web/core/dialog/dialog";

import { DeskPick, matching } from "./desk_pick";

/** Asks for the right unit and why; who had the letter may keep a copy. */
export class RedirectDialog extends Component {
    static template = "mail_desk.RedirectDialog";
    static components = { DeskPick, Dialog };
    static props = { close: Function, units: Array, confirm: Function };

    setup() {
        this.state = useState({
            unit: null,
            reason: "",
            keepCopy: false,
            error: "",
            isBusy: false,
        });
    }

    get canConfirm() {
        const { unit, reason, isBusy } = this.state;
        return Boolean(unit) && reason.trim() !== "" && !isBusy;
    }

    options(request) {
        return matching(this.props.units, request).map((unit) => ({
            id: unit.id,
            label: unit.name,
            hint: unit.within,
        }));
    }

    pick(option) {
        this.state.unit = option;
    }

    async confirm() {
        Object.assign(this.state, { isBusy: true, error: "" });
        try {
            await this.props.confirm({
                unit_id: this.state.unit.id,
                reason: this.state.reason,
                keep_copy: this.state.keepCopy,
            });
            this.props.close();
        } catch (error) {
            this.state.error = errorText(error);
        } finally {
            this.state.isBusy = false;
        }
    }
}
