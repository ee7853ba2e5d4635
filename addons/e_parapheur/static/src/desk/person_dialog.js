import { Component, useState } from "@odoo/owl";
import { errorText } from "@gov_base/words/error_text";
import { Dialog } from "@web/core/dialog/dialog";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { user } from "@web/core/user";

/** Asks for a person and for words; closes when it is done. */
export class PersonDialog extends Component {
    static template = "e_parapheur.PersonDialog";
    static components = { Dialog, RecordSelector };
    static props = {
        close: Function,
        title: String,
        explanation: { type: String, optional: true },
        placeholder: { type: String, optional: true },
        button: String,
        isNeeded: { type: Boolean, optional: true },
        confirm: Function,
    };

    setup() {
        this.state = useState({ userId: false, words: "", error: "", isBusy: false });
        // The server has the last word on who can be asked.
        this.domain = [
            ["share", "=", false],
            ["id", "!=", user.userId],
        ];
    }

    get canConfirm() {
        const { userId, words, isBusy } = this.state;
        return !isBusy && userId && (!this.props.isNeeded || words.trim() !== "");
    }

    choose(userId) {
        this.state.userId = userId;
    }

    async confirm() {
        if (!this.canConfirm) {
            return;
        }
        Object.assign(this.state, { isBusy: true, error: "" });
        try {
            await this.props.confirm(this.state.userId, this.state.words);
            this.props.close();
        } catch (error) {
            this.state.error = errorText(error);
        } finally {
            this.state.isBusy = false;
        }
    }
}
