import { Component, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus } from "@web/core/utils/hooks";

import { errorText } from "./error_text";

/** Asks for words (an opinion, a reason) and, for a return, for a step; closes when it is done. */
export class ReasonDialog extends Component {
    static template = "gov_base.ReasonDialog";
    static components = { Dialog };
    static props = {
        close: Function,
        title: String,
        explanation: { type: String, optional: true },
        placeholder: { type: String, optional: true },
        button: String,
        isDanger: { type: Boolean, optional: true },
        isNeeded: { type: Boolean, optional: true },
        steps: { type: Array, optional: true },
        confirm: Function,
    };

    setup() {
        useAutofocus({ refName: "words" });
        this.words = useRef("words");
        const steps = this.props.steps || [];
        this.state = useState({
            words: "",
            stepId: steps.length ? steps[steps.length - 1].id : false,
            error: "",
            isBusy: false,
        });
    }

    get canConfirm() {
        return !this.state.isBusy && (!this.props.isNeeded || this.state.words.trim() !== "");
    }

    async confirm() {
        if (!this.canConfirm) {
            return;
        }
        this.state.isBusy = true;
        this.state.error = "";
        try {
            await this.props.confirm(this.state.words, Number(this.state.stepId));
            this.props.close();
        } catch (error) {
            this.state.error = errorText(error);
        } finally {
            this.state.isBusy = false;
        }
    }
}
